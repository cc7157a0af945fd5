"""The program is killed at random points while people write to it: nothing gets lost."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests.postgres import Place
from tests.telegram_standin import TelegramStandin
from tests.test_telegram import joins

ROOT = Path(__file__).parent.parent
PEOPLE = 4
SEED = 20261124


async def start(
    folder: Path, telegram: TelegramStandin, place: Place | None = None
) -> asyncio.subprocess.Process:
    there = place or Place(f"sqlite:///{folder}/t.db")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": there.url,
        "TANDEM_KEY_FILE": str(there.key or folder / "t.key"),
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
    }
    command = (sys.executable, "-m", "bot", "run")
    with (folder / "log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=environment, stderr=log
        )


async def keep_killing(
    folder: Path, place: Place, telegram: TelegramStandin, stop: asyncio.Event
) -> int:
    """Starts the program, lets it work for a random moment, kills it, and so on until stopped."""
    dice, kills = random.Random(SEED), 0  # noqa: S311 -- to be repeatable, not to be secret
    while not stop.is_set():
        bot = await start(folder, telegram, place)
        await busy(telegram, len(telegram.calls) + dice.randint(3, 30), stop)
        with suppress(ProcessLookupError):
            bot.send_signal(signal.SIGKILL)
        await bot.wait()
        kills += 1
    return kills


async def busy(telegram: TelegramStandin, calls: int, stop: asyncio.Event) -> None:
    """Waits until the program has made so many calls, or is to stop."""
    waiting = [
        asyncio.create_task(telegram.until(lambda: len(telegram.calls) >= calls, timeout=60)),
        asyncio.create_task(stop.wait()),
    ]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.kill
async def test_killed_again_and_again_every_answer_arrives_and_little_is_said_twice(
    tmp_path: Path, place: Place
) -> None:
    async with TelegramStandin() as telegram:
        people = [telegram.person(f"P{n}", language="de", username=f"p{n}") for n in range(PEOPLE)]
        stop = asyncio.Event()
        killer = asyncio.create_task(keep_killing(tmp_path, place, telegram, stop))
        try:
            async with asyncio.timeout(150):
                await asyncio.gather(
                    *(
                        joins(person, f"Thema{n % 2}", f"Thema{1 - n % 2}", timeout=120)
                        for n, person in enumerate(people)
                    )
                )
        finally:
            stop.set()
            kills = await killer
        said = Counter((p.id, m.text) for p in people for m in p.messages)
        twice = sum(times - 1 for times in said.values())
        assert kills > PEOPLE, "too few were killed to show anything"
        assert twice <= kills
        assert telegram.problems == []
