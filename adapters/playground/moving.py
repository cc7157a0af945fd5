"""The hand on the clock. Everything due on the way happens, and is said, at its own moment."""

import asyncio
from datetime import datetime, timedelta

from adapters.playground.incoming import PLATFORM
from bot.service import Service

AFTER = timedelta(seconds=1)
"""A move to the next message ends just behind it, so that it has been said."""
LOOK_S = 0.02
PATIENCE_S = 5.0
"""How long a move stops at one moment for what is still to be said then."""


class Hand:
    """One move at a time: of two asked for at once, the second starts where the first ended."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._moving = asyncio.Lock()

    async def by(self, span: timedelta) -> None:
        async with self._moving:
            await self._until(self._service.clock.now() + span)

    async def to_next(self) -> bool:
        """False if nothing is planned; then nothing happens."""
        async with self._moving:
            moment = await self._service.next_moment()
            if moment is not None:
                await self._until(max(moment, self._service.clock.now()) + AFTER)
        return moment is not None

    async def _until(self, end: datetime) -> None:
        while (moment := await self._service.next_moment()) and moment < end:
            await self._go(moment)
        await self._go(end)

    async def _go(self, moment: datetime) -> None:
        """Had the clock gone on before a reminder is out, it would come late, or not at all."""
        await self._service.move_clock(max(moment - self._service.clock.now(), timedelta()))
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not await self._service.all_said(PLATFORM):  # noqa: ASYNC110 -- in the database
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            pass  # it is tried again later, as everywhere
