"""From the outbox to a platform: claimed in order, paced, settled by what the platform said.

Sending is tried again here and nowhere else, so that no layer multiplies the tries of another.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from structlog.contextvars import bound_contextvars

from bot.domain.parcels import Receipt, Uncertain
from bot.service import Service
from bot.store.outbox import Parcel

log = structlog.get_logger()

AT_ONCE = 32
"""Parcels under way at the same time: for different chats, since a chat goes in order."""
AHEAD_S = 0.14
"""For so long parcels are claimed ahead: what is asked for meanwhile waits for no more of them."""
PATIENCE_S = 45.0
"""After this the outcome of a send is uncertain; shorter than the outbox's lease."""
GRACE_S = 3.0
"""How long stopping waits for them."""
REMEMBERED = 1000
"""Chats whose last messages are kept in mind, at least those of the last seconds."""

Deliver = Callable[[Parcel], Awaitable[Receipt]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform takes: ``rate`` sends a second in all, one after the other, and to one chat
    so many messages ``at_once`` within so many seconds."""

    rate: float
    at_once: int = 5
    within_s: float = 5.2


@dataclass(slots=True)
class Pace:
    """A bucket of tokens: ``rate`` sends a second on average, ``burst`` of them at once."""

    rate: float
    burst: float
    _tokens: float = field(init=False)
    _filled_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._tokens, self._filled_at = self.burst, time.monotonic()

    def wait_s(self, now_s: float) -> float:
        """Takes a token, and tells how long to wait until it is there."""
        filled = self._tokens + (now_s - self._filled_at) * self.rate
        self._tokens, self._filled_at = min(self.burst, filled) - 1, now_s
        return max(0.0, -self._tokens / self.rate)


class Chats:
    """When messages went to each chat: of so many in a row the next has to wait."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sent: dict[str, deque[float]] = {}

    def wait_s(self, chat: str, now_s: float) -> float:
        """Takes a place, and tells how long to wait for it."""
        if len(self._sent) > REMEMBERED:
            recently = now_s - self._limits.within_s
            self._sent = {one: at for one, at in self._sent.items() if at[-1] > recently}
        times = self._sent.setdefault(chat, deque(maxlen=self._limits.at_once))
        full = len(times) == self._limits.at_once
        moment = max(now_s, times[0] + self._limits.within_s) if full else now_s
        times.append(moment)
        return moment - now_s


class Delivery:
    """Sends what is due on one platform, until it is cancelled.

    Then the sends under way come to an end, so that no outcome is left unknown; what was claimed
    and not begun is given back.
    """

    def __init__(self, service: Service, platform: str, deliver: Deliver, limits: Limits) -> None:
        self._service = service
        self._platform = platform
        self._deliver = deliver
        self._pace = Pace(limits.rate, burst=1)
        self._chats = Chats(limits)
        self._stopping = asyncio.Event()
        self._calls: set[asyncio.Future[Receipt]] = set()
        self._under_way: set[asyncio.Task[None]] = set()
        self._ahead = 0
        self._most_ahead = max(1, round(limits.rate * AHEAD_S))
        self._room = asyncio.Event()
        self._failed: BaseException | None = None

    async def run(self) -> None:
        async with self._service.leases.keeping(self._platform):
            try:
                while True:
                    await self._go_on()
            except asyncio.CancelledError:
                await self._finish()
                raise

    async def _go_on(self) -> None:
        """Takes as many as there is room for, and waits until there may be more of both."""
        if self._failed:
            raise self._failed
        room = min(AT_ONCE - len(self._under_way), self._most_ahead - self._ahead)
        if room <= 0:
            self._room.clear()
            await self._room.wait()
            return
        parcels = await self._claimed(room)
        for parcel in parcels:
            self._begin(parcel)
        if len(parcels) < room:
            await self._service.something_to_send(self._platform)

    async def _claimed(self, room: int) -> list[Parcel]:
        claiming = asyncio.ensure_future(self._service.claim(self._platform, room))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            for parcel in await claiming:
                await self._service.give_back(parcel)
            raise

    async def _finish(self) -> None:
        self._stopping.set()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE_S)
        for call in self._calls:
            call.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)

    def _begin(self, parcel: Parcel) -> None:
        self._ahead += 1
        sending = asyncio.create_task(self._send(parcel))
        self._under_way.add(sending)
        sending.add_done_callback(self._over)

    def _over(self, sending: asyncio.Task[None]) -> None:
        self._under_way.discard(sending)
        if not sending.cancelled():
            self._failed = self._failed or sending.exception()
        self._room.set()

    async def _send(self, parcel: Parcel) -> None:
        with bound_contextvars(request=f"out-{parcel.id}"):
            if await self._its_moment(parcel):
                await self._service.settle(parcel, await self._receipt(parcel))
            else:
                await self._service.give_back(parcel)

    async def _its_moment(self, parcel: Parcel) -> bool:
        """Waits for it. False where it is time to stop before it comes."""
        now_s = time.monotonic()
        wait_s = 0.0 if parcel.method == "edit" else self._chats.wait_s(parcel.chat, now_s)
        if wait_s:  # other chats need not wait for this one
            self._move_on()
            await self._stops_within(wait_s)
            self._ahead += 1
        stops = await self._stops_within(self._pace.wait_s(time.monotonic()))
        self._move_on()
        return not stops

    def _move_on(self) -> None:
        self._ahead -= 1
        self._room.set()

    async def _stops_within(self, seconds: float) -> bool:
        if not seconds:
            return self._stopping.is_set()
        try:
            async with asyncio.timeout(seconds):
                return await self._stopping.wait()
        except TimeoutError:
            return False

    async def _receipt(self, parcel: Parcel) -> Receipt:
        call = asyncio.ensure_future(self._deliver(parcel))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await call
        except (TimeoutError, asyncio.CancelledError):  # also when stopping waits no longer
            return Uncertain()
        except Exception as error:  # the edge of a send: a bug must not stop the others
            error.add_note(f"parcel {parcel.id}, {parcel.method}")
            log.exception("send failed", platform=self._platform, parcel=parcel.id)
            return Uncertain()
