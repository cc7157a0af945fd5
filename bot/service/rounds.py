"""Rounds of matching, made when their time has come, while nobody's chat waits for it."""

import asyncio

from bot.apart import apart
from bot.engine.engine import Engine
from bot.engine.rounds import Begun
from bot.meters import Meters
from bot.service.calls import Calls
from bot.service.clock import Clock
from bot.service.leases import Leases
from bot.service.news import ROUND, News


class Rounds:
    def __init__(  # noqa: PLR0913 -- all that a round needs of the house
        self,
        engine: Engine,
        calls: Calls,
        clock: Clock,
        *,
        leases: Leases,
        news: News,
        meters: Meters,
        semantic: bool,
    ) -> None:
        """``semantic``: whether they are made with the language model's help."""
        self._engine = engine
        self._calls = calls
        self._clock = clock
        self._leases = leases
        self._news = news
        self._meters = meters
        self._semantic = semantic
        self._one = asyncio.Lock()

    async def run(self) -> None:
        """Lets every round happen whose time has come, for ever."""
        while True:
            await self.make()
            await self._news.wait(ROUND)

    async def make(self) -> None:
        """The same, until none is due. A round that fails is tried again later, a few times."""
        async with self._one:
            try:
                while begun := await self._begun():
                    await self._made(begun)
            except Exception as error:  # noqa: BLE001 -- the edge of a round
                await self._calls.insist(self._engine.fail_round, error, self._clock.now())

    async def _begun(self) -> Begun | None:
        """A round that is due, if it is for this program to make it."""
        if not await self._leases.take(ROUND):
            return None
        return await self._calls.insist(self._engine.begin_round, self._clock.now())

    async def _made(self, begun: Begun) -> None:
        with self._meters.rounds.time():
            async with self._leases.keeping(ROUND):
                outcome = await apart(begun.request, semantic=self._semantic)
            await self._calls.alone(self._engine.close_round, begun, outcome, self._clock.now())
        self._news.wake()
