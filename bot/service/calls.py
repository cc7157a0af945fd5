"""Calls of the engine: made on its threads, and waited for without holding up the event loop."""

import asyncio
import contextvars
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

import structlog
from sqlalchemy.exc import OperationalError

from bot.service.threads import Threads

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger()

AGAIN_S = 1.0
"""How long a database that can't be used is left alone."""


class Calls:
    def __init__(self, threads: Threads) -> None:
        self._threads = threads

    async def briefly(self, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        done = self._threads.briefly(_in_context(do, *args, **kwargs))
        return await asyncio.wrap_future(done)

    async def first(self, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """For what a platform waits for: it goes before all turns that wait."""
        done = self._threads.briefly(_in_context(do, *args, **kwargs), first=True)
        return await asyncio.wrap_future(done)

    async def alone(self, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """For what takes long: nobody's answer waits for it to be committed."""
        done = self._threads.alone(_in_context(do, *args, **kwargs))
        return await asyncio.wrap_future(done)

    async def insist(self, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """For turns, and loops that never end: a database that is locked or gone is waited for.

        An input is not to blame for it. A loop that ended with it would end all there is, also what
        needs no database: see `bot.conversation.crisis`.
        """
        while True:
            try:
                return await self.briefly(do, *args, **kwargs)
            except OperationalError as error:
                why = str(error.orig)
            log.error("the database can't be used", why=why)
            await asyncio.sleep(AGAIN_S)

    def end(self, last: Callable[[], None]) -> None:
        """Waits for what is under way, and takes no more after one last call."""
        self._threads.alone(last)
        self._threads.close()


def _in_context(do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Callable[[], R]:
    """What is logged there is known by the same name as here."""
    return partial(contextvars.copy_context().run, do, *args, **kwargs)
