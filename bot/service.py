"""The engine on threads of its own, for an asynchronous edge.

Nothing waits for the database on the event loop. On SQLite turns never overlap: one thread writes.
On PostgreSQL there are several, in as many programs as the operator likes.
"""

import asyncio
import contextvars
import hashlib
import secrets
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from structlog.contextvars import bound_contextvars

from bot.apart import apart
from bot.conversation import crisis
from bot.domain.gauges import Gauge
from bot.domain.parcels import Later, Receipt
from bot.engine.engine import Engine
from bot.engine.events import Commanded, Event, Key, Pressed, Reply, Said
from bot.engine.rounds import Begun
from bot.line import Place, line
from bot.meters import Meters
from bot.store.outbox import Parcel
from bot.store.queues import Payload
from bot.threads import Threads

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger()

IN_HAND = timedelta(seconds=10)
"""Longer than any turn takes: past it, whoever had an input in hand is taken to have failed."""
LOOK_AGAIN_S = 1.0
"""How long a loop sleeps when nothing wakes it: what another process wrote is found then."""
ANSWER_S = 1.0
"""How long the engine may take to answer that it lives, or whose something is."""
TICKED_S = 120.0
"""How long ago time may have spoken last: several ticks."""


SLICE = 10
"""Dues at a time: whoever writes in between waits for no more of them."""
RENEW_S = 2.0
"""Several times within a lease, see `bot.store.leases`."""
ROUND = "round"


def _named(key: Key) -> AbstractContextManager[None]:
    """What is logged below is known by its input, from which nobody can be told."""
    name = hashlib.sha256("\n".join(key).encode()).hexdigest()[:12]
    return bound_contextvars(request=f"in-{name}")


class Clock:
    """What time it is for the house. Only the playground moves it, and only forwards."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Adapter(Protocol):
    """A platform: what comes in goes to the service, what goes out comes as parcels.

    Used as ``async with adapter``; then `run` takes in until it is cancelled.
    """

    platform: str

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    async def run(self) -> None: ...

    async def deliver(self, parcel: Parcel) -> Receipt: ...


class Service:
    def __init__(self, engine: Engine, clock: Clock, *, semantic: bool = False) -> None:
        """``semantic``: whether rounds are made with the language model's help."""
        self._semantic = semantic
        self._engine = engine
        self.zone = engine.house.zone
        self._crisis = crisis.pages(engine.house.texts)
        self._threads = Threads(engine.store)
        self._name = secrets.token_hex(8)
        self.clock = clock
        self._matching = asyncio.Lock()
        self._places: dict[Key, Place] = {}
        self._led: defaultdict[str, bool] = defaultdict(lambda: True)
        self._news: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.meters = Meters()
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
            new = await self._first(self._engine.receive, inputs, now, hold)
        for key, _ in inputs:
            self._news[f"in:{key[0]}"].set()
        return new

    async def turn(self, key: Key, event: Event | None) -> Reply:
        """Gives a received input its effect. An input that means nothing to us has none."""
        if event and (place := self._places.get(key)):
            await place.come(event.sender.address)
        with _named(key), self.meters.turns.labels(key[0]).time():
            reply = await self._insist(self._engine.turn, key, event, self.clock.now())
        self._wake()
        return reply

    async def failed(self, key: Key, error: Exception) -> None:
        """Counts a try at an input that could not even be read."""
        with _named(key):
            await self._insist(self._engine.failed, key, None, error, self.clock.now())

    async def drain(self, platform: str, handle: Callable[[Key, Payload], Awaitable[None]]) -> None:
        """Hands over what was received and had no effect yet, for ever: each sender's in order."""
        while True:
            waiting = await self._insist(self._engine.waiting, platform, self.clock.now())
            await self._beside(waiting, handle)
            if not waiting:
                await self._sleep(f"in:{platform}")

    async def tick(self) -> None:
        """Lets everything happen that is due now."""
        try:
            while await self._alone(self._engine.tick, self.clock.now(), SLICE):
                self._wake()
        finally:
            self._ticked = time.monotonic()

    async def alive(self) -> dict[str, bool]:
        """Whether the engine's thread answers, and time has spoken lately."""
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._call(lambda: None)
            answers = True
        except TimeoutError:
            answers = False
        return {"engine": answers, "time": time.monotonic() - self._ticked < TICKED_S}

    async def ready(self) -> dict[str, bool]:
        """Whether the database is there with its newest schema, and each platform in reach."""
        try:
            async with asyncio.timeout(ANSWER_S):
                usable = await self._call(self._engine.usable)
        except (TimeoutError, SQLAlchemyError):
            usable = False
        return {"database": usable, **self.links}

    async def gauges(self) -> list[Gauge]:
        """How much waits, and for how long."""
        return await self._call(self._engine.gauges, self.clock.now())

    async def matching(self) -> None:
        """Lets every round happen whose time has come, for ever; nobody's chat waits for it."""
        while True:
            await self.match()
            await self._sleep(ROUND)

    async def match(self) -> None:
        """The same, until none is due. A round that fails is tried again later, a few times."""
        async with self._matching:
            try:
                while begun := await self._begun():
                    await self._made(begun)
            except Exception as error:  # noqa: BLE001 -- the edge of a round
                await self._insist(self._engine.fail_round, error, self.clock.now())

    async def tidy(self) -> None:
        await self._alone(self._engine.tidy, self.clock.now())

    async def leads(self, name: str) -> bool:
        """Whether this program is the one that does something for all that are at work here."""
        if not self._engine.shared:
            return True
        return await self._insist(self._engine.lead, name, self._name, self.clock.now())

    async def still_leads(self, name: str) -> bool:
        """The same for what goes on without the database: then it is as it was."""
        if self._engine.shared:
            with suppress(OperationalError, TimeoutError):
                async with asyncio.timeout(ANSWER_S):
                    now = self.clock.now()
                    self._led[name] = await self._call(self._engine.lead, name, self._name, now)
        return self._led[name]

    @asynccontextmanager
    async def leading(self, name: str) -> AsyncIterator[None]:
        """It goes on to be the one, however long it takes."""
        renewing = asyncio.create_task(self._renew(name))
        try:
            yield
        finally:
            renewing.cancel()

    async def check(self) -> None:
        """Looks through the whole database, beside everything else, and logs what is wrong."""
        damages = await asyncio.to_thread(self._engine.damages)
        if damages:
            log.error("the database is damaged; see tandem doctor", **damages)
        else:
            log.info("the database is whole")

    async def claim(self, platform: str, limit: int) -> list[Parcel]:
        """What is to be sent now; nothing where another program sends on this platform."""
        if not await self.leads(platform):
            return []
        return await self._insist(self._engine.claim, platform, self.clock.now(), limit)

    async def settle(self, parcel: Parcel, receipt: Receipt) -> None:
        self.meters.sends.labels(parcel.platform, type(receipt).__name__.lower()).inc()
        if isinstance(receipt, Later):
            self.meters.held.labels(parcel.platform).inc(receipt.wait.total_seconds())
        await self._insist(self._engine.settle, parcel, receipt, self.clock.now())
        self._wake()

    async def give_back(self, parcel: Parcel) -> None:
        """It was claimed and not begun: whoever comes next sends it, and no try is counted."""
        await self._insist(self._engine.give_back, parcel)

    async def something_to_send(self, platform: str) -> None:
        """Returns when there may be something to send, at the latest after a second."""
        await self._sleep(f"out:{platform}")

    async def home(self, member: int) -> list[dict[str, Any]]:
        return await self._alone(self._engine.home, member, self.clock.now())

    async def file(self, parcel: Parcel) -> bytes:
        """The bytes of a parcel with a file. They are never stored: ask for them when sending."""
        return await self._alone(self._engine.file, parcel, self.clock.now())

    async def feed(self, secret: str) -> bytes | None:
        """A member's calendar, by the secret part of its address; None where it is nobody's."""
        return await self._alone(self._engine.feed, secret, self.clock.now())

    async def transact(
        self,
        do: Callable[Concatenate[Connection, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """One transaction on a table of an adapter's own, such as `bot.store.workspaces`."""
        return await self._call(lambda: self._engine.transact(do, *args, **kwargs))

    async def next_moment(self) -> datetime | None:
        return await self._call(self._engine.next_moment, self.clock.now())

    async def all_said(self, platform: str) -> bool:
        return await self._call(self._engine.all_said, platform, self.clock.now())

    async def move_clock(self, by: timedelta) -> None:
        """Moves the house's time forwards, keeps that over a restart, and lets time speak."""
        self.clock.ahead += by
        await self._alone(self._engine.move_clock, self.clock.ahead)
        await self.tick()
        await self.match()

    def close(self) -> None:
        """Waits for the turn under way, and takes no more."""
        self._threads.alone(lambda: self._engine.step_down(self._name))
        self._threads.close()

    async def _call(self, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        context = contextvars.copy_context()
        done = self._threads.briefly(lambda: context.run(do, *args, **kwargs))
        return await asyncio.wrap_future(done)

    async def _first(self, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """For what a platform waits for: it goes before all turns that wait."""
        context = contextvars.copy_context()
        done = self._threads.briefly(lambda: context.run(do, *args, **kwargs), first=True)
        return await asyncio.wrap_future(done)

    async def _alone(self, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """For what takes long: nobody's answer waits for it to be committed."""
        context = contextvars.copy_context()
        done = self._threads.alone(lambda: context.run(do, *args, **kwargs))
        return await asyncio.wrap_future(done)

    async def _insist(self, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """For turns, and loops that never end: a database that is locked or gone is waited for.

        An input is not to blame for it. A loop that ended with it would end all there is, also what
        needs no database: see `crisis`.
        """
        while True:
            try:
                return await self._call(do, *args, **kwargs)
            except OperationalError as error:
                why = str(error.orig)
            log.error("the database can't be used", why=why)
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _made(self, begun: Begun) -> None:
        with self.meters.rounds.time():
            async with self.leading(ROUND):
                outcome = await apart(begun.request, semantic=self._semantic)
            await self._alone(self._engine.close_round, begun, outcome, self.clock.now())
        self._wake()

    async def _begun(self) -> Begun | None:
        """A round that is due, if it is for this program to make it."""
        if not await self.leads(ROUND):
            return None
        return await self._insist(self._engine.begin_round, self.clock.now())

    async def _renew(self, name: str) -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            await self.leads(name)

    def _wake(self) -> None:
        """There may be something to send, or a round to be made."""
        for name, news in self._news.items():
            if name.startswith("out:") or name == ROUND:
                news.set()

    async def _handled(
        self, key: Key, payload: Payload, handle: Callable[[Key, Payload], Awaitable[None]]
    ) -> None:
        try:
            with _named(key):
                await handle(key, payload)
        except Exception as error:  # noqa: BLE001 -- the edge of a turn
            await self.failed(key, error)

    async def _beside(
        self,
        waiting: list[tuple[Key, Payload]],
        handle: Callable[[Key, Payload], Awaitable[None]],
    ) -> None:
        """All at once; a turn waits for those of the same sender that came before it."""
        places = dict(zip((key for key, _ in waiting), line(len(waiting)), strict=True))
        self._places |= places  # beside those of other platforms
        async with asyncio.TaskGroup() as turns:
            for key, payload in waiting:
                turns.create_task(self._in_line(key, payload, handle))

    async def _in_line(
        self, key: Key, payload: Payload, handle: Callable[[Key, Payload], Awaitable[None]]
    ) -> None:
        try:
            await self._handled(key, payload, handle)
        finally:
            self._places.pop(key).leave()

    async def _sleep(self, name: str) -> None:
        news = self._news[name]
        try:
            async with asyncio.timeout(LOOK_AGAIN_S):
                await news.wait()
        except TimeoutError:
            pass
        news.clear()
