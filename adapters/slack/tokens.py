"""With whose token Slack is spoken to: in each workspace it is another one.

Either the operator's own, for one workspace, or one of each workspace that installed the bot. Such
a token may expire: the next one is fetched before, by whoever needs it first, and by one at a time.
"""

import asyncio
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from adapters.slack.door import Identity, web_client
from adapters.slack.outgoing import FAILURES, NotInstalledError, NoTokenError, code
from bot.service import Service
from bot.store import workspaces
from bot.store.workspaces import BEFORE, Workspace

log = structlog.get_logger()

KNOWN_S = 30.0
"""How long a token is used without a look at what another replica has learnt of it."""
LEAST = timedelta(minutes=1)
"""How long a token has to be good for a call to be worth a try."""
READ_S = 1.0
"""How long that look may take."""


class Tokens(Protocol):
    """``team`` is a workspace's id everywhere, and an account in the engine."""

    async def client(self, team: str) -> AsyncWebClient:
        """Raises `NotInstalledError` or `NoTokenError`; both say what becomes of a parcel."""

    async def authorized(self, team: str) -> AuthorizeResult | None:
        """Who the bot is there; None where it is not."""

    def forget(self, team: str) -> None:
        """What was known of it is no longer true."""

    async def close(self) -> None: ...


class OneToken:
    def __init__(self, client: AsyncWebClient, identity: Identity) -> None:
        self._client = client
        self._known = AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_user_id=identity.user,
            bot_id=identity.bot,
            bot_token=client.token,
        )

    async def client(self, team: str) -> AsyncWebClient:
        del team
        return self._client

    async def authorized(self, team: str) -> AuthorizeResult | None:
        del team
        return self._known

    def forget(self, team: str) -> None:
        """It is the operator's, who alone can change it."""

    async def close(self) -> None:
        """Nothing is ever under way."""


@dataclass(frozen=True, slots=True)
class App:
    """The Slack app itself, as whoever fetches tokens proves to be it."""

    client_id: str
    client_secret: str = field(repr=False)
    api_url: str
    workspaces: frozenset[str] = frozenset()
    """Which may install it; all may where none is named."""


async def access(http: aiohttp.ClientSession, app: App, **given: str) -> AsyncSlackResponse:
    """A token for something the app was given. The secret is in the form: the library's own way
    is one that aiohttp gives up."""
    form = {"client_id": app.client_id, "client_secret": app.client_secret, **given}
    return await web_client(http, app.api_url).api_call("oauth.v2.access", data=form)


@dataclass(frozen=True, slots=True)
class _Known:
    workspace: Workspace
    client: AsyncWebClient
    until_s: float


class InstalledTokens:
    def __init__(self, service: Service, http: aiohttp.ClientSession, app: App) -> None:
        self._service = service
        self._http = http
        self._app = app
        self._known: dict[str, _Known] = {}
        self._renewals: dict[str, asyncio.Task[_Known]] = {}

    async def client(self, team: str) -> AsyncWebClient:
        """While a token is good nobody waits for the next one: the page may have to go out."""
        try:
            known = await self._find(team)
            if self._expires(known, BEFORE):
                renewal = self._renewal(team)
                if self._expires(known, LEAST):
                    known = await asyncio.shield(renewal)
        except SQLAlchemyError as error:
            log.warning("a workspace's token is not known", why=type(error).__name__)
            raise NoTokenError from None
        return known.client

    async def authorized(self, team: str) -> AuthorizeResult | None:
        try:
            found = (await self._find(team)).workspace
        except NotInstalledError:
            return None
        return AuthorizeResult(
            enterprise_id=None, team_id=team, bot_user_id=found.user, bot_token=found.token
        )

    def forget(self, team: str) -> None:
        self._known.pop(team, None)

    async def close(self) -> None:
        """A token under way is waited for: it can't be fetched twice."""
        if self._renewals:
            await asyncio.wait(self._renewals.values())

    async def _find(self, team: str) -> _Known:
        """Without a database what was known last has to do: somebody may need the page."""
        known = self._known.get(team)
        if known is not None and known.until_s > time.monotonic():
            return known
        try:
            async with asyncio.timeout(READ_S if known else None):
                found = await self._service.transact(workspaces.find, team)
        except Exception as error:
            if known is None:
                raise
            log.warning("a workspace's token is not looked up", why=type(error).__name__)
            return known
        self.forget(team)
        if found is None:
            raise NotInstalledError
        return self._learnt(found)

    def _learnt(self, found: Workspace) -> _Known:
        client = web_client(self._http, self._app.api_url, found.token)
        known = _Known(found, client, time.monotonic() + KNOWN_S)
        self._known[found.account] = known
        return known

    def _expires(self, known: _Known, within: timedelta) -> bool:
        return known.workspace.expires_within(within, self._service.clock.now())

    def _renewal(self, team: str) -> asyncio.Task[_Known]:
        """One for all who wait; nobody's impatience cuts it off, since half-way it is lost."""
        task = self._renewals.get(team)
        if task is None:
            task = self._renewals[team] = asyncio.create_task(self._renewed(team))
            task.add_done_callback(lambda done: self._ended(team, done))
        return task

    def _ended(self, team: str, renewal: asyncio.Task[_Known]) -> None:
        """Maybe nobody waits for it, and so nobody else would tell."""
        del self._renewals[team]
        error = None if renewal.cancelled() else renewal.exception()
        if error is not None and not isinstance(error, FAILURES):
            log.error("a workspace's token is not renewed", workspace=team, exc_info=error)

    async def _renewed(self, team: str) -> _Known:
        """The next token if it could be had, else this one for as long as it is good."""
        ours = await self._service.transact(workspaces.lease, team, self._service.clock.now())
        new = await self._fetched(ours) if ours else None
        if ours and new:
            await self._kept(ours, new)
        self.forget(team)
        known = await self._find(team)
        if self._expires(known, LEAST):
            raise NoTokenError
        return known

    async def _fetched(self, old: Workspace) -> Workspace | None:
        """None if Slack gave none; after the lease it is tried again."""
        try:
            answer = await access(
                self._http, self._app, grant_type="refresh_token", refresh_token=old.refresh
            )
        except FAILURES as error:
            why = code(error) or type(error).__name__
        else:
            lasts = timedelta(seconds=int(answer["expires_in"]))
            return replace(
                old,
                token=answer["access_token"],
                refresh=answer["refresh_token"],
                expires_at=self._service.clock.now() + lasts,
            )
        log.error("a workspace's next token can't be had", workspace=old.account, why=why)
        return None

    async def _kept(self, old: Workspace, new: Workspace) -> None:
        """Before it is used, and however long the database takes: the old one is good no more."""
        while True:
            try:
                await self._service.transact(workspaces.renew, old, new)
            except OperationalError as error:
                why = str(error.orig)
            else:
                return
            log.error("a workspace's next token is not kept yet", workspace=old.account, why=why)
            await asyncio.sleep(READ_S)
