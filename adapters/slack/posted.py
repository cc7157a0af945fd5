"""What Slack posts to us: events, presses, sheets and commands, all to one address."""

from collections.abc import Callable
from http import HTTPStatus

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.signed import Signed

PATH = "/slack/events"


class Posted:
    """``app`` is Bolt's application, or None as long as nothing can be taken in."""

    def __init__(self, signing_secret: str, app: Callable[[], AsyncApp | None]) -> None:
        self._signed = Signed(signing_secret)
        self._app = app

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.take)]

    async def take(self, request: web.Request) -> web.Response:
        """Nothing is read out of a body before its signature is checked."""
        body, app = await request.read(), self._app()
        if not self._signed.is_slacks(body, request.headers):
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        if app is None:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            read = AsyncBoltRequest(body=body.decode(), headers=dict(request.headers))
        except Exception:  # noqa: BLE001 -- signed or not: no JSON, no form, or no object in it
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        return await to_aiohttp_response(await app.async_dispatch(read))
