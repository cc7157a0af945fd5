"""A strict stand-in of Slack for tests: the Web API and Socket Mode on 127.0.0.1.

    async with SlackStandin() as slack:
        ana = slack.person("Ana Huber", locale="de-DE")
        ...  # start the app with slack.url, slack.bot_token and slack.app_token
        await slack.connected()
        ana.says("hello")
        await ana.sees("Welcome")
        assert not slack.problems

It enforces what docs.slack.dev documents; each limit names its source where it stands. Rules that
the app breaks are recorded in ``problems``; what did not reach the app in ``failures``. All state
is here, so the app can be a process that is killed and started again.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from typing import Any, Self

from aiohttp import web

from tests import slack_files, slack_responses
from tests.slack_deliveries import Ack, Delivery
from tests.slack_http import Front
from tests.slack_limits import Fault, Kind
from tests.slack_people import Person
from tests.slack_records import Call
from tests.slack_socket import SocketMode
from tests.slack_workspace import Workspace

_LARGEST_UPLOAD = 64 * 2**20


class SlackStandin(Workspace):
    """The server with its workspace; ``limits`` turns rate limits on."""

    def __init__(self) -> None:
        super().__init__()
        self.socket = SocketMode(self)
        self.front = Front(self)
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.1)

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=_LARGEST_UPLOAD)
        app.router.add_route("*", "/api/{method}", self.front.api)
        app.router.add_get("/link/", self.socket.serve)
        app.router.add_post("/response/{key}", self._respond)
        app.router.add_post("/upload/v1/{file}", self._upload)
        return app

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        self._listening = socket.create_server(("127.0.0.1", 0))
        await web.SockSite(self._runner, self._listening).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends within half a second, whatever is open.

        Accepting ends first: asyncio trips over a connection that is accepted while the server
        closes, as when the app connects again at once.
        """
        asyncio.get_running_loop().remove_reader(self._listening)
        await asyncio.sleep(0)
        for fault in self.front.faults:
            fault.release.set()
        await self.socket.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"{self.origin}/api/"

    # What tests set and read

    @property
    def limits(self) -> bool:
        return self.front.limits.on

    @limits.setter
    def limits(self, on: bool) -> None:
        self.front.limits.on = on

    @property
    def patience(self) -> float:
        """Seconds until an envelope without acknowledgement is sent again or has failed."""
        return self.socket.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self.socket.patience = seconds

    @property
    def acks(self) -> list[Ack]:
        return self.socket.acks

    def person(
        self,
        name: str,
        *,
        locale: str = "en-US",
        tz: str = "Europe/Berlin",
        id: str = "",  # noqa: A002 - as the platform calls it
        **more: Any,
    ) -> Person:
        """Someone in the workspace; ``more`` are other fields of Member, e.g. ``is_bot``."""
        ident = id or self.new_id("U")
        username = ".".join(name.lower().split())
        person = Person(self, id=ident, name=name, username=username, locale=locale, tz=tz, **more)
        self.people[ident] = person
        self.names[ident] = name
        return person

    def fault(
        self,
        kind: Kind,
        method: str | None = None,
        channel: str | None = None,
        times: int = 1,
        **more: Any,
    ) -> Fault:
        """Something that happens to the next calls; see Fault for the kinds and ``more``."""
        fault = Fault(kind, method, channel, times, **more)
        self.front.faults.append(fault)
        return fault

    def redeliver(self, event_id: str = "last") -> Delivery:
        """Sends an event again that was acknowledged, to test that it is not handled twice."""
        return self.socket.again(event_id)

    def disconnect(self, reason: str | None = "refresh_requested", grace: float = 1.0) -> None:
        """Ends the connections, announced by a disconnect message; without a reason, abruptly."""
        self.socket.disconnect(reason, grace)

    def until(
        self, condition: Callable[[], Any], timeout: float = 10.0
    ) -> Coroutine[Any, Any, None]:
        """Waits for a condition, which is looked at after each change here."""
        return self._until(condition, timeout)

    async def _until(self, condition: Callable[[], Any], seconds: float) -> None:
        if await self.look(lambda: bool(condition()), seconds) is None:
            raise AssertionError(f"not within {seconds:g} s; problems: {self.problems}")

    def connected(self, timeout: float = 10.0) -> Coroutine[Any, Any, None]:
        """Waits until the app has a connection that is not about to end."""
        return self._until(lambda: any(not line.retiring for line in self.socket.lines), timeout)

    def settled(self, timeout: float = 10.0) -> Coroutine[Any, Any, None]:
        """Waits until the app has acknowledged everything; it may still be working on it."""
        return self._until(lambda: not self.socket.busy, timeout)

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def _respond(self, request: web.Request) -> web.Response:
        return await slack_responses.respond(self, request)

    async def _upload(self, request: web.Request) -> web.Response:
        return await slack_files.upload(self, request)
