"""What one program does for all that are at work on the same database: which one that is."""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import OperationalError

from bot.engine.engine import Engine
from bot.service.calls import Calls
from bot.service.clock import Clock

ANSWER_S = 1.0
"""How long the database may take to say whose something is."""
RENEW_S = 2.0
"""Several times within a lease, see `bot.store.leases`."""


class Leases:
    def __init__(self, engine: Engine, calls: Calls, clock: Clock) -> None:
        self._engine = engine
        self._calls = calls
        self._clock = clock
        self._owner = secrets.token_hex(8)
        self._held: defaultdict[str, bool] = defaultdict(lambda: True)

    async def take(self, name: str) -> bool:
        """Whether it is this program that does something for all, from now on for a while."""
        if not self._engine.shared:
            return True
        return await self._calls.insist(self._engine.lead, name, self._owner, self._clock.now())

    async def still_held(self, name: str) -> bool:
        """The same for what goes on without the database: then it is as it was."""
        if self._engine.shared:
            with suppress(OperationalError, TimeoutError):
                async with asyncio.timeout(ANSWER_S):
                    lead, now = self._engine.lead, self._clock.now()
                    self._held[name] = await self._calls.briefly(lead, name, self._owner, now)
        return self._held[name]

    @asynccontextmanager
    async def keeping(self, name: str) -> AsyncIterator[None]:
        """It goes on to be the one, however long it takes."""
        renewing = asyncio.create_task(self._renew(name))
        try:
            yield
        finally:
            renewing.cancel()

    def give_up(self) -> None:
        """Before a program ends: another goes on at once."""
        self._engine.step_down(self._owner)

    async def _renew(self, name: str) -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            await self.take(name)
