"""Installing the bot to a workspace, in a browser
(docs.slack.dev/authentication/installing-with-oauth).

What begins here can end on any replica, once, within ten minutes, and in the same browser. The
pages are for administrators and say what to do, in the operator's language.
"""

import hashlib
import secrets
from datetime import timedelta
from hmac import compare_digest
from http import HTTPStatus
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.door import SCOPES, web_client
from adapters.slack.outgoing import FAILURES, code
from adapters.slack.tokens import App, InstalledTokens, access
from bot.service import Service
from bot.store import workspaces
from bot.store.workspaces import OPEN_FOR, Workspace

log = structlog.get_logger()

INSTALL = "/slack/install"
RETURN = "/slack/oauth_redirect"
COOKIE = "__Host-tandem-install"
"""By its name no other host may set it."""
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
AGAIN = f"Nothing was installed. Begin again at {INSTALL}."


class Installing:
    """``tokens`` learns at once of what is installed here."""

    def __init__(
        self,
        service: Service,
        http: aiohttp.ClientSession,
        app: App,
        tokens: InstalledTokens,
        public_url: str,
    ) -> None:
        self._service = service
        self._http = http
        self._app = app
        self._tokens = tokens
        self._return_to = f"{public_url.rstrip('/')}{RETURN}"
        self._to_slack = AuthorizeUrlGenerator(
            client_id=app.client_id, redirect_uri=self._return_to, scopes=sorted(SCOPES)
        )

    async def page(self, request: web.Request) -> web.Response:
        try:
            return await (self._end(request) if request.path == RETURN else self._begin())
        except Exception:  # the edge; aiohttp itself would log who asked
            log.exception("a page for installing failed")
            return _page(HTTPStatus.SERVICE_UNAVAILABLE, "Something went wrong. Try again later.")

    async def _begin(self) -> web.Response:
        state = secrets.token_urlsafe(32)
        now = self._service.clock.now()
        if not await self._service.transact(workspaces.begin, _digest(state), now):
            return _page(HTTPStatus.SERVICE_UNAVAILABLE, "Too many at once. Try again later.")
        answer = _to(self._to_slack.generate(state))
        answer.set_cookie(
            COOKIE,
            state,
            max_age=int(OPEN_FOR.total_seconds()),
            httponly=True,
            secure=True,
            samesite="Lax",
        )
        return answer

    async def _end(self, request: web.Request) -> web.Response:
        """The state is spent first, whatever comes of it."""
        if not await self._was_begun(request):
            return _page(HTTPStatus.BAD_REQUEST, f"This link is used, or too old. {AGAIN}")
        if "code" not in request.query:
            return _page(HTTPStatus.BAD_REQUEST, f"Slack was not allowed to. {AGAIN}")
        try:
            answer = await self._exchanged(request.query["code"])
        except FAILURES as error:
            why = code(error) or type(error).__name__
            log.warning("a workspace was not installed", why=why)
            return _page(HTTPStatus.BAD_GATEWAY, f"Slack says {why}. {AGAIN}")
        return await self._installed(answer)

    async def _was_begun(self, request: web.Request) -> bool:
        state, cookie = request.query.get("state", ""), request.cookies.get(COOKIE, "")
        if not state or not compare_digest(state.encode(), cookie.encode()):
            return False
        now = self._service.clock.now()
        return await self._service.transact(workspaces.end, _digest(state), now)

    async def _exchanged(self, given: str) -> dict[str, Any]:  # Slack's JSON
        answer = await access(self._http, self._app, code=given, redirect_uri=self._return_to)
        assert isinstance(answer.data, dict), "the client reads JSON"
        return answer.data

    async def _installed(self, answer: dict[str, Any]) -> web.Response:  # Slack's JSON
        """A whole organisation has no workspace that its members' words could be filed under."""
        client = web_client(self._http, self._app.api_url, answer["access_token"])
        team = (answer.get("team") or {}).get("id")
        if not team or answer.get("is_enterprise_install"):
            await _revoke(client)
            return _page(HTTPStatus.BAD_REQUEST, f"Choose one workspace of it. {AGAIN}")
        if self._app.workspaces and team not in self._app.workspaces:
            await _revoke(client)
            return _page(HTTPStatus.FORBIDDEN, "This bot is not open to your workspace.")
        now = self._service.clock.now()
        lasts = answer.get("expires_in")
        new = Workspace(
            account=team,
            user=answer["bot_user_id"],
            token=answer["access_token"],
            refresh=answer.get("refresh_token", ""),
            expires_at=now + timedelta(seconds=int(lasts)) if lasts else None,
        )
        await self._service.transact(workspaces.add, new, now)
        self._tokens.forget(team)
        log.info("installed", workspace=team)
        return _to(f"https://slack.com/app_redirect?app={answer['app_id']}&team={team}")


async def _revoke(client: AsyncWebClient) -> None:
    """What is not kept is not to be good for anything either."""
    try:
        await client.auth_revoke()
    except FAILURES as error:
        log.warning("a token was not revoked", why=code(error) or type(error).__name__)


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _page(status: HTTPStatus, words: str) -> web.Response:
    return web.Response(status=status, text=words, headers=HEADERS)


def _to(address: str) -> web.Response:
    return web.Response(status=HTTPStatus.FOUND, headers={**HEADERS, "Location": address})
