"""A Slack app that many workspaces install: OAuth, tokens that expire, and being thrown out.

Source: docs.slack.dev/authentication/installing-with-oauth, .../using-token-rotation, and
docs.slack.dev/reference/methods/oauth.v2.access.
"""

import itertools
import secrets
import socket
import time
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

import aiohttp
from aiohttp import web

from tests.slack_given import Given, SlackError, given_in
from tests.slack_posting import Posting
from tests.slack_shapes import Json
from tests.slack_standin import SlackStandin
from tests.slack_workspace import SCOPES

LIFE_S: Final = 12 * 3600
PUBLIC: Final = "https://tandem.example.org"


@dataclass
class Grant:
    """A token, and what the next one is got with."""

    slack: SlackStandin
    token: str
    refresh: str
    expires: float
    revoked: bool = False


@dataclass
class Visit:
    """A browser on its way to Slack and back."""

    state: str
    cookie: str
    query: dict[str, list[str]]


@dataclass
class Distribution:
    """One app, its Web API and its workspaces. ``rotating``: whether its tokens expire."""

    rotating: bool = True
    client_id: str = "1234.5678"
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    urls: list[str] = field(default_factory=list)
    """Where the app is, each asked in turn."""
    workspaces: list[SlackStandin] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    """Refresh tokens that were used, in this order."""
    problems: list[str] = field(default_factory=list)
    offset: float = 0.0
    _codes: dict[str, tuple[SlackStandin, str]] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        self._listening = socket.create_server(("127.0.0.1", 0))
        await web.SockSite(self._runner, self._listening).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/"
        return self

    async def __aexit__(self, *_: object) -> None:
        for slack in self.workspaces:
            await slack.socket.close()
        await self._runner.cleanup()

    def workspace(self) -> SlackStandin:
        slack = SlackStandin()
        slack.numbers = itertools.count(0x1000 * (len(self.workspaces) + 1))  # ids of its own
        slack.team, slack.bot_user = slack.new_id("T"), slack.new_id("U")
        slack.names = {slack.bot_user: "Tandem"}
        slack.socket = Posting(slack, self.signing_secret, self.urls)
        self.workspaces.append(slack)
        return slack

    # In a browser

    async def visits(self, url: str) -> Visit:
        """Begins at the app, as far as Slack's page with the scopes."""
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"{url}/slack/install", allow_redirects=False) as answer,
        ):
            assert answer.status == 302, await answer.text()
            to, cookie = urlsplit(answer.headers["Location"]), answer.headers["Set-Cookie"]
        assert (to.scheme, to.netloc, to.path) == ("https", "slack.com", "/oauth/v2/authorize")
        for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Max-Age=600"):
            assert flag in cookie, cookie
        query = parse_qs(to.query)
        assert query["client_id"] == [self.client_id]
        assert set(query["scope"][0].split(",")) == set(SCOPES)
        return Visit(query["state"][0], cookie.partition(";")[0], query)

    def allows(self, slack: SlackStandin, visit: Visit) -> str:
        """An administrator presses Allow: the code that goes back."""
        code = secrets.token_hex(8)
        self._codes[code] = (slack, visit.query["redirect_uri"][0])
        return code

    async def returns(self, url: str, visit: Visit, **query: str) -> tuple[int, str]:
        """Comes back to the app: the status, and where it sends to or what it says."""
        given = {"state": visit.state, **query}
        async with (
            aiohttp.ClientSession(headers={"Cookie": visit.cookie}) as client,
            client.get(
                f"{url}/slack/oauth_redirect", params=given, allow_redirects=False
            ) as answer,
        ):
            return answer.status, answer.headers.get("Location") or await answer.text()

    async def installs(self, slack: SlackStandin, *urls: str) -> tuple[int, str]:
        """All of it; from the first address to the last."""
        visit = await self.visits(urls[0])
        return await self.returns(urls[-1], visit, code=self.allows(slack, visit))

    def uninstalls(self, slack: SlackStandin, *kinds: str) -> None:
        """The events come in the order of ``kinds``; the tokens are void at once."""
        for grant in self.grants:
            grant.revoked |= grant.slack is slack
        for kind in kinds:
            tokens = {"tokens": {"oauth": [], "bot": [slack.bot_user]}}
            slack.socket.event({"type": kind} | (tokens if kind == "tokens_revoked" else {}))

    # The Web API

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        try:
            if method == "oauth.v2.access":
                return web.json_response(self._access(await given_in(request)))
            return await self._of_a_workspace(request, method)
        except SlackError as refusal:
            return web.json_response(refusal.answer)

    async def _of_a_workspace(self, request: web.Request, method: str) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        grant = next((one for one in self.grants if one.token == token), None)
        if grant is None:
            raise SlackError("invalid_auth")
        if grant.revoked:
            raise SlackError("token_revoked")
        if self.rotating and self.now() >= grant.expires:
            raise SlackError("token_expired")
        if method == "auth.revoke":
            grant.revoked = True
            return web.json_response({"ok": True, "revoked": True})
        grant.slack.bot_token = token
        return await grant.slack.front.api(request)

    def now(self) -> float:
        return time.time() + self.offset

    def _access(self, given: Given) -> Json:
        if given.text("client_id") != self.client_id:
            raise SlackError("invalid_client_id")
        if given.text("client_secret") != self.client_secret:
            raise SlackError("bad_client_secret")
        if given.text("grant_type") == "refresh_token":
            return self._answer(self._refreshed(given.text("refresh_token")))
        slack, redirect = self._codes.pop(given.text("code"), (None, ""))
        if slack is None:
            raise SlackError("invalid_code")
        if given.text("redirect_uri") != redirect:
            raise SlackError("bad_redirect_uri")
        if not redirect.startswith(f"{PUBLIC}/"):
            self.problems.append(f"sent back to {redirect}")
        return self._answer(self._grant(slack))

    def _refreshed(self, token: str) -> Grant:
        """A refresh token is good once."""
        old = next((one for one in self.grants if one.refresh == token), None)
        if old is None or old.revoked or token in self.refreshed:
            self.problems.append("a refresh token was used that is good no more")
            raise SlackError("invalid_refresh_token")
        self.refreshed.append(token)
        return self._grant(old.slack)

    def _grant(self, slack: SlackStandin) -> Grant:
        new = Grant(
            slack,
            f"xoxe.xoxb-1-{secrets.token_hex(12)}"
            if self.rotating
            else f"xoxb-{secrets.token_hex()}",
            f"xoxe-1-{secrets.token_hex(12)}",
            self.now() + LIFE_S,
        )
        self.grants.append(new)
        return new

    def _answer(self, grant: Grant) -> Json:
        slack = grant.slack
        expiring = {"expires_in": LIFE_S, "refresh_token": grant.refresh} if self.rotating else {}
        return {
            "ok": True,
            "app_id": slack.app_id,
            "authed_user": {"id": "U0ADMIN"},
            "scope": ",".join(sorted(slack.scopes)),
            "token_type": "bot",
            "access_token": grant.token,
            "bot_user_id": slack.bot_user,
            "team": {"id": slack.team, "name": "Stand-in"},
            "enterprise": None,
            "is_enterprise_install": False,
            **expiring,
        }
