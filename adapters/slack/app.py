"""The Slack adapter: a Bolt application on Socket Mode, and sending.

Bolt acknowledges after its listeners here (``process_before_response``), and the first thing a
listener does is to commit what came in: in Bolt's usual order, a crash in between loses it.
"""

import asyncio
import logging
import operator
import re
from functools import partial
from types import TracebackType
from typing import Self

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from adapters.slack.door import (
    AT_MOST_S,
    Identity,
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
from adapters.slack.intake import Intake
from adapters.slack.line import stay_connected
from adapters.slack.sender import Sender
from adapters.slack.signed import Signed
from bot.domain.parcels import Receipt
from bot.service import Service
from bot.store.outbox import Parcel

__all__ = ["Slack", "SlackError", "greet"]

log = structlog.get_logger()

ANYTHING = re.compile("")


class Slack:
    """``app`` is Bolt's application, ``ping_s`` how often the connection is looked after."""

    platform = "slack"
    app: AsyncApp
    ping_s = 5.0

    def __init__(
        self,
        service: Service,
        *,
        bot_token: str,
        app_token: str,
        signing_secret: str = "",
        api_url: str = "https://slack.com/api/",
    ) -> None:
        self._service = service
        self._bot_token, self._app_token = bot_token, app_token
        self._signing_secret = signing_secret
        self._api_url = api_url
        self._urls: list[str] = []

    async def __aenter__(self) -> Self:
        """Waits for Slack to be reachable; a refused token ends the start."""
        self._http = session()
        try:
            self._client = web_client(self._http, self._api_url, self._bot_token)
            identity = await patiently(lambda: identify(self._client))
            self._urls.append(await patiently(self._socket_url))
        except BaseException:  # also when stopped while waiting
            await self._http.close()
            raise
        if identity.missing:
            log.error(lacking(identity))
        self._intake = Intake(self._service, self._client, identity.team)
        files = Files(self._client, self._http, self._service.file)
        self._sender = Sender(self._client, self._service.home, files)
        self.app = self._application(identity)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._intake.close()
        await self._http.close()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as loops:
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

    def _application(self, identity: Identity) -> AsyncApp:
        """One listener for each kind: what is meant is found out by the engine, not by Bolt."""
        known = AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_user_id=identity.user,
            bot_id=identity.bot,
            bot_token=self._bot_token,
        )

        async def authorize() -> AuthorizeResult:  # known since the start: no call for each event
            return known

        app = AsyncApp(
            name="tandem",
            client=web_client(self._http, self._api_url),  # `authorize` brings the token
            logger=quiet("slack_bolt", logging.ERROR),
            authorize=authorize,
            before_authorize=Signed(self._signing_secret),
            request_verification_enabled=False,
            ssl_check_enabled=False,
            process_before_response=True,
        )
        for kind in (app.event, app.action, app.view, app.command):
            kind(ANYTHING)(self._intake.hear)
        return app

    async def _socket_url(self) -> str:
        return await socket_url(self._client, self._app_token)

    async def _url(self) -> str:
        """The one got at the start, then new ones. A token refused by then may be mended yet."""
        while not self._urls:
            try:
                self._urls.append(await patiently(self._socket_url))
            except SlackError as error:
                log.warning(str(error))
                await asyncio.sleep(AT_MOST_S)
        return self._urls.pop()
