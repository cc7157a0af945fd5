"""The Slack adapter: a Bolt application, its ways in, and sending.

Bolt acknowledges after its listeners here (``process_before_response``), and the first thing a
listener does is to commit what came in: in Bolt's usual order, a crash in between loses it.
"""

import asyncio
import logging
import operator
import re
from functools import partial
from http import HTTPStatus
from types import TracebackType
from typing import Self

import structlog
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from adapters.slack.door import (
    AT_MOST_S,
    SlackError,
    greet,
    identify,
    lacking,
    patiently,
    quiet,
    session,
    socket_url,
    web_client,
)
from adapters.slack.files import Files
from adapters.slack.installing import INSTALL, RETURN, Installing
from adapters.slack.intake import Intake
from adapters.slack.line import stay_connected
from adapters.slack.posted import Posted
from adapters.slack.sender import Sender
from adapters.slack.tokens import App, InstalledTokens, OneToken, Tokens
from bot.domain.parcels import Receipt
from bot.service import Service
from bot.store.outbox import Parcel

__all__ = ["App", "Slack", "SlackError", "greet"]

log = structlog.get_logger()

ANYTHING = re.compile("")


class Slack:
    """``app`` is Bolt's application, ``ping_s`` how often the connection is looked after.

    With an ``app_token`` it connects to Slack (Socket Mode); else Slack posts to `routes`, signed
    with ``signing_secret``. Without a ``bot_token`` workspaces install ``installed`` by themselves,
    at ``public_url``.
    """

    platform = "slack"
    app: AsyncApp
    ping_s = 5.0

    def __init__(  # noqa: PLR0913 -- what an operator gets from Slack
        self,
        service: Service,
        *,
        bot_token: str = "",
        app_token: str = "",
        signing_secret: str = "",
        installed: App | None = None,
        public_url: str = "",
        api_url: str = "https://slack.com/api/",
    ) -> None:
        self._service = service
        self._bot_token, self._app_token = bot_token, app_token
        self._installed, self._public_url = installed, public_url
        self._posted = None if app_token else Posted(signing_secret, lambda: self._open)
        self._open: AsyncApp | None = None
        self._installing: Installing | None = None
        self._api_url = api_url
        self._urls: list[str] = []

    async def __aenter__(self) -> Self:
        """Waits for Slack to be reachable; a refused token ends the start."""
        self._http = session()
        try:
            self._tokens = await self._find_tokens()
            if self._app_token:
                self._urls.append(await patiently(self._socket_url))
        except BaseException:  # also when stopped while waiting
            await self._http.close()
            raise
        self._intake = Intake(self._service, self._tokens)
        files = Files(self._http, self._service.file)
        self._sender = Sender(self._tokens, self._service.home, files)
        self.app = self._open = self._application()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open = None
        await self._intake.close()
        await self._tokens.close()
        await self._http.close()

    def routes(self) -> list[web.RouteDef]:
        if self._posted is None:
            return []
        pages = [web.get(path, self._visit, allow_head=False) for path in (INSTALL, RETURN)]
        return [*self._posted.routes(), *(pages if self._installed else [])]

    async def run(self) -> None:
        async with asyncio.TaskGroup() as loops:
            if self._app_token:
                line = stay_connected(
                    self.app,
                    self._app_token,
                    self._url,
                    self._intake.finish,
                    self.ping_s,
                    partial(operator.setitem, self._service.links, self.platform),
                )
                loops.create_task(line)
            loops.create_task(self._service.drain(self.platform, self._intake.handle))

    async def deliver(self, parcel: Parcel) -> Receipt:
        return await self._sender.deliver(parcel)

    async def _visit(self, request: web.Request) -> web.Response:
        """Of whoever installs the bot, as soon as it is up."""
        if self._installing is None or self._open is None:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return await self._installing.page(request)

    async def _find_tokens(self) -> Tokens:
        if self._installed:
            tokens = InstalledTokens(self._service, self._http, self._installed)
            self._installing = Installing(
                self._service, self._http, self._installed, tokens, self._public_url
            )
            return tokens
        client = web_client(self._http, self._api_url, self._bot_token)
        identity = await patiently(lambda: identify(client))
        if identity.missing:
            log.error(lacking(identity))
        return OneToken(client, identity)

    def _application(self) -> AsyncApp:
        """One listener for each kind: what is meant is found out by the engine, not by Bolt."""
        nowhere = AuthorizeResult(enterprise_id=None, team_id=None)

        async def authorize(team_id: str | None) -> AuthorizeResult:  # no call for each event
            return await self._tokens.authorized(team_id or "") or nowhere

        app = AsyncApp(
            name="tandem",
            client=web_client(self._http, self._api_url),  # `authorize` brings the token
            logger=quiet("slack_bolt", logging.ERROR),
            authorize=authorize,
            request_verification_enabled=False,  # see `signed`
            ssl_check_enabled=False,
            process_before_response=True,
        )
        for kind in (app.event, app.action, app.view, app.command):
            kind(ANYTHING)(self._intake.hear)
        return app

    async def _socket_url(self) -> str:
        return await socket_url(web_client(self._http, self._api_url), self._app_token)

    async def _url(self) -> str:
        """The one got at the start, then new ones. A token refused by then may be mended yet."""
        while not self._urls:
            try:
                self._urls.append(await patiently(self._socket_url))
            except SlackError as error:
                log.warning(str(error))
                await asyncio.sleep(AT_MOST_S)
        return self._urls.pop()
