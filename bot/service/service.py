"""The house for an asynchronous edge: what comes in, what is to go out, and what time says.

Nothing waits for the database on the event loop. On SQLite turns never overlap: one thread writes.
On PostgreSQL there are several, in as many programs as the operator likes.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from bot.conversation import crisis
from bot.domain.gauges import Gauge
from bot.domain.parcels import Later, Receipt
from bot.engine.engine import Engine
from bot.engine.events import Commanded, Event, Key, Pressed, Reply, Said
from bot.meters import Meters
from bot.service.calls import Calls
from bot.service.clock import Clock
from bot.service.leases import Leases
from bot.service.line import Lines
from bot.service.news import IN, OUT, News
from bot.service.rounds import Rounds
from bot.service.threads import Threads
from bot.store.inbox import Payload
from bot.store.outbox import Parcel

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger()

IN_HAND = timedelta(seconds=10)
"""Longer than any turn takes: past it, whoever had an input in hand is taken to have failed."""
ANSWER_S = 1.0
"""How long the engine may take to answer that it lives."""
TICKED_S = 120.0
"""How long ago time may have spoken last: several ticks."""
SLICE = 10
"""Dues at a time: whoever writes in between waits for no more of them."""

Handle: TypeAlias = Callable[[Key, Payload], Awaitable[None]]


def _named(key: Key) -> AbstractContextManager[None]:
    """What is logged below is known by its input, from which nobody can be told."""
    name = hashlib.sha256("\n".join(key).encode()).hexdigest()[:12]
    return bound_contextvars(request=f"in-{name}")


class Service:
    def __init__(self, engine: Engine, clock: Clock, *, semantic: bool = False) -> None:
        """``semantic``: whether rounds are made with the language model's help."""
        self._engine = engine
        self.zone = engine.house.zone
        self._crisis = crisis.pages(engine.house.texts)
        self._calls = Calls(Threads(engine.store))
        self.clock = clock
        self.leases = Leases(engine, self._calls, clock)
        self._lines = Lines()
        self._news = News()
        self.meters = Meters()
        self.rounds = Rounds(
            engine,
            self._calls,
            clock,
            leases=self.leases,
            news=self._news,
            meters=self.meters,
            semantic=semantic,
        )
        self.links: dict[str, bool] = {}
        """By platform, whether it can be reached now; its adapter says so."""
        self._ticked = time.monotonic()

    def crisis(self, event: Event | None) -> str:
        """The page of professional contacts, if that is what somebody asks for; else "".

        Asked before anything is committed, and answered by the adapter itself: it needs neither
        the database nor the engine, and leaves no trace in either.
        """
        match event.what if event else None:
            case Said(text) | Pressed(text):
                language = crisis.asked(text)
            case Commanded(word):
                language = crisis.asked(f"/{word}")
            case _:
                language = None
        return str(self._crisis[language]) if language else ""

    async def receive(self, inputs: list[tuple[Key, Payload]], *, by_hand: bool = False) -> int:
        """Commits raw input. Once this returns, it may be confirmed to the platform.

        ``by_hand``: who received it also takes the turn, since the reply is shown at once;
        `drain` leaves it alone for a while, or the reply would go to nobody.
        """
        hold = IN_HAND if by_hand else timedelta()
        platform = inputs[0][0][0] if inputs else "none"
        with self.meters.kept.labels(platform).time():
            now = self.clock.now()
            new = await self._calls.first(self._engine.receive, inputs, now, hold)
        for key, _ in inputs:
            self._news.tell(f"{IN}{key[0]}")
        return new

    async def turn(self, key: Key, event: Event | None) -> Reply:
        """Gives a received input its effect. An input that means nothing to us has none."""
        if event:
            await self._lines.come(key, event.sender.address)
        with _named(key), self.meters.turns.labels(key[0]).time():
            reply = await self._calls.insist(self._engine.turn, key, event, self.clock.now())
        self._news.wake()
        return reply

    async def failed(self, key: Key, error: Exception) -> None:
        """Counts a try at an input that could not even be read."""
        with _named(key):
            await self._calls.insist(self._engine.failed, key, None, error, self.clock.now())

    async def drain(self, platform: str, handle: Handle) -> None:
        """Hands over what was received and had no effect yet, for ever: each sender's in order."""
        while True:
            waiting = await self._calls.insist(self._engine.waiting, platform, self.clock.now())
            await self._lines.handle(
                {key: partial(self._handled, key, payload, handle) for key, payload in waiting}
            )
            if not waiting:
                await self._news.wait(f"{IN}{platform}")

    async def tick(self) -> None:
        """Lets everything happen that is due now."""
        try:
            while await self._calls.alone(self._engine.tick, self.clock.now(), SLICE):
                self._news.wake()
        finally:
            self._ticked = time.monotonic()

    async def alive(self) -> dict[str, bool]:
        """Whether the engine's thread answers, and time has spoken lately."""
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._calls.briefly(lambda: None)
            answers = True
        except TimeoutError:
            answers = False
        return {"engine": answers, "time": time.monotonic() - self._ticked < TICKED_S}

    async def ready(self) -> dict[str, bool]:
        """Whether the database is there with its newest schema, and each platform in reach."""
        try:
            async with asyncio.timeout(ANSWER_S):
                usable = await self._calls.briefly(self._engine.usable)
        except (TimeoutError, SQLAlchemyError):
            usable = False
        return {"database": usable, **self.links}

    async def gauges(self) -> list[Gauge]:
        """How much waits, and for how long."""
        return await self._calls.briefly(self._engine.gauges, self.clock.now())

    async def tidy(self) -> None:
        await self._calls.alone(self._engine.tidy, self.clock.now())

    async def check(self) -> None:
        """Looks through the whole database, beside everything else, and logs what is wrong."""
        damages = await asyncio.to_thread(self._engine.damages)
        if damages:
            log.error("the database is damaged; see tandem doctor", **damages)
        else:
            log.info("the database is whole")

    async def claim(self, platform: str, limit: int) -> list[Parcel]:
        """What is to be sent now; nothing where another program sends on this platform."""
        if not await self.leases.take(platform):
            return []
        return await self._calls.insist(self._engine.claim, platform, self.clock.now(), limit)

    async def settle(self, parcel: Parcel, receipt: Receipt) -> None:
        self.meters.sends.labels(parcel.platform, type(receipt).__name__.lower()).inc()
        if isinstance(receipt, Later):
            self.meters.held.labels(parcel.platform).inc(receipt.wait.total_seconds())
        await self._calls.insist(self._engine.settle, parcel, receipt, self.clock.now())
        self._news.wake()

    async def give_back(self, parcel: Parcel) -> None:
        """It was claimed and not begun: whoever comes next sends it, and no try is counted."""
        await self._calls.insist(self._engine.give_back, parcel)

    async def something_to_send(self, platform: str) -> None:
        """Returns when there may be something to send, at the latest after a second."""
        await self._news.wait(f"{OUT}{platform}")

    async def home(self, member: int) -> list[dict[str, Any]]:
        return await self._calls.alone(self._engine.home, member, self.clock.now())

    async def file(self, parcel: Parcel) -> bytes:
        """The bytes of a parcel with a file. They are never stored: ask for them when sending."""
        return await self._calls.alone(self._engine.file, parcel, self.clock.now())

    async def feed(self, secret: str) -> bytes | None:
        """A member's calendar, by the secret part of its address; None where it is nobody's."""
        return await self._calls.alone(self._engine.feed, secret, self.clock.now())

    async def transact(
        self,
        do: Callable[Concatenate[Connection, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """One transaction on a table of an adapter's own, such as `bot.store.workspaces`."""
        return await self._calls.briefly(lambda: self._engine.transact(do, *args, **kwargs))

    async def next_moment(self) -> datetime | None:
        return await self._calls.briefly(self._engine.next_moment, self.clock.now())

    async def all_said(self, platform: str) -> bool:
        return await self._calls.briefly(self._engine.all_said, platform, self.clock.now())

    async def move_clock(self, by: timedelta) -> None:
        """Moves the house's time forwards, keeps that over a restart, and lets time speak."""
        self.clock.ahead += by
        await self._calls.alone(self._engine.move_clock, self.clock.ahead)
        await self.tick()
        await self.rounds.make()

    def close(self) -> None:
        """Waits for the turn under way, and takes no more."""
        self._calls.end(self.leases.give_up)

    async def _handled(self, key: Key, payload: Payload, handle: Handle) -> None:
        try:
            with _named(key):
                await handle(key, payload)
        except Exception as error:  # noqa: BLE001 -- the edge of a turn
            await self.failed(key, error)
