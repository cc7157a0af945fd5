"""A round computed in a process of its own, which takes its memory with it when it ends.

That process imports this module and what it computes with, and nothing else of the house.
"""

import asyncio
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context, parent_process
from threading import Thread

from bot.matching.people import Outcome, Request


async def apart(request: Request, *, semantic: bool) -> Outcome:
    loop, fresh = asyncio.get_running_loop(), get_context("spawn")
    with ProcessPoolExecutor(1, fresh, initializer=_begin) as process:
        try:
            return await loop.run_in_executor(process, _computed, request, semantic)
        except asyncio.CancelledError:  # the round is made anew after the next start
            for child in active_children():
                child.kill()
            raise


def _computed(request: Request, semantic: bool) -> Outcome:
    from bot.matching.rounds import computed  # noqa: PLC0415 -- loads what only a round needs

    return computed(request, semantic=semantic)


def _begin() -> None:
    """Stopping is meant for the bot, which ends the round itself; or has no more time for that."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    Thread(target=_ends_with_the_bot, daemon=True).start()


def _ends_with_the_bot() -> None:
    """Killed, the bot tells nobody: this process would wait for another round for ever."""
    bot = parent_process()
    assert bot is not None, "the bot starts it"
    bot.join()
    os._exit(1)
