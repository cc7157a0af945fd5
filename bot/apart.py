"""A round computed in a process of its own, which takes its memory with it when it ends.

That process imports this module and what it computes with, and nothing else of the house.
"""

import asyncio
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context

from bot.matching.people import Outcome, Request


async def apart(request: Request, *, semantic: bool) -> Outcome:
    loop, fresh = asyncio.get_running_loop(), get_context("spawn")
    with ProcessPoolExecutor(1, fresh, initializer=_uninterrupted) as process:
        try:
            return await loop.run_in_executor(process, _computed, request, semantic)
        except asyncio.CancelledError:  # the round is made anew after the next start
            for child in active_children():
                child.kill()
            raise


def _computed(request: Request, semantic: bool) -> Outcome:
    from bot.matching.rounds import computed  # noqa: PLC0415 -- loads what only a round needs

    return computed(request, semantic=semantic)


def _uninterrupted() -> None:
    """Stopping is meant for the bot, which ends the round itself."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
