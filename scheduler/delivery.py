"""From the outbox to a platform: claimed in order, paced, settled by what the platform said.

Sending is tried again here and nowhere else, so that no layer multiplies the tries of another.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from structlog.contextvars import bound_contextvars

from bot.domain.parcels import Receipt, Uncertain
from bot.service import Service
from bot.store.outbox import Parcel

log = structlog.get_logger()

AT_ONCE = 16
"""Parcels under way at the same time: for different chats, since a chat goes in order."""
PATIENCE_S = 45.0
"""After this the outcome of a send is uncertain; shorter than the outbox's lease."""
GRACE_S = 3.0
"""How long stopping waits for them."""

Deliver = Callable[[Parcel], Awaitable[Receipt]]


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


class Delivery:
    """Sends what is due on one platform, until it is cancelled.

    Then the sends under way come to an end, so that no outcome is left unknown; what was claimed
    and not begun is given back.
    """

    def __init__(self, service: Service, platform: str, deliver: Deliver, rate: float) -> None:
        self._service = service
        self._platform = platform
        self._deliver = deliver
        self._pace = Pace(rate, burst=rate)
        self._stopping = asyncio.Event()
        self._calls: set[asyncio.Future[Receipt]] = set()

    async def run(self) -> None:
        while True:
            parcels = await self._claimed()
            if parcels:
                async with self._service.leading(self._platform):
                    await self._finish(asyncio.ensure_future(self._send_all(parcels)))
            else:
                await self._service.something_to_send(self._platform)

    async def _claimed(self) -> list[Parcel]:
        claiming = asyncio.ensure_future(self._service.claim(self._platform, AT_ONCE))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            for parcel in await claiming:
                await self._service.give_back(parcel)
            raise

    async def _finish(self, sending: asyncio.Future[None]) -> None:
        try:
            await asyncio.shield(sending)
        except asyncio.CancelledError:
            self._stopping.set()
            await asyncio.wait({sending}, timeout=GRACE_S)
            for call in self._calls:
                call.cancel()
            await asyncio.wait({sending})
            raise

    async def _send_all(self, parcels: list[Parcel]) -> None:
        async with asyncio.TaskGroup() as sending:
            for parcel in parcels:
                sending.create_task(self._send(parcel))

    async def _send(self, parcel: Parcel) -> None:
        with bound_contextvars(request=f"out-{parcel.id}"):
            if await self._stops_within(self._pace.wait_s(time.monotonic())):
                await self._service.give_back(parcel)
            else:
                await self._service.settle(parcel, await self._receipt(parcel))

    async def _stops_within(self, seconds: float) -> bool:
        """Waits for a parcel's turn, unless it is time to stop."""
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
