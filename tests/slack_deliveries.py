"""What goes to the app over Socket Mode, and the connections over which it goes."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.slack_records import Member
from tests.slack_shapes import Json

EVENTS = "events_api"


@dataclass(frozen=True)
class Ack:
    """An acknowledgement: of which envelope and kind, how long it took, with what payload."""

    envelope_id: str
    kind: str
    seconds: float
    payload: Any


def _future() -> asyncio.Future[bool]:
    return asyncio.get_running_loop().create_future()


@dataclass(eq=False)
class Delivery:
    """Something for the app, over all attempts; ``done`` says whether it was acknowledged."""

    kind: str
    payload: Json
    about: str
    owner: Member | None = None
    answerable: bool = False
    on_ack: Callable[[Any], None] = lambda _payload: None
    attempt: int = 0
    done: asyncio.Future[bool] = field(default_factory=_future)

    @property
    def event_id(self) -> str:
        return str(self.payload.get("event_id", ""))

    @property
    def acknowledged(self) -> bool:
        return self.done.done() and self.done.result()

    @property
    def is_own(self) -> bool:
        """Whether it tells of a message of the bot."""
        event = self.payload.get("event", {})
        about = [event, event.get("message", {}), event.get("previous_message", {})]
        return any("bot_id" in one for one in about)


@dataclass(eq=False)
class Line:
    """One open WebSocket. A ``retiring`` one gets nothing more: a disconnect was announced."""

    socket: web.WebSocketResponse
    request: web.Request
    queue: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    retiring: bool = False

    async def write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self.socket.send_str(json.dumps(await self.queue.get()))

    def drop(self) -> None:
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass(eq=False)
class InFlight:
    delivery: Delivery
    line: Line
    at: float
    timer: asyncio.TimerHandle | None = None
