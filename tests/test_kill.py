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

from tests.telegram_standin import TelegramStandin
from tests.test_telegram import joins

ROOT = Path(__file__).parent.parent
PEOPLE = 4
SEED = 20261124


async def start(folder: Path, telegram: TelegramStandin) -> asyncio.subprocess.Process:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{folder}/t.db",
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
    }
    command = (sys.executable, "-m", "bot", "run")
    with (folder / "log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=environment, stderr=log
        )


async def keep_killing(folder: Path, telegram: TelegramStandin, kills: list[int]) -> None:
    """Starts the program, lets it work for a random moment, kills it, and so on; then stays."""
    dice = random.Random(SEED)  # noqa: S311 -- to be repeatable, not to be secret
    while True:
        bot = await start(folder, telegram)
        try:
            calls = len(telegram.calls)
            busy = calls + dice.randint(3, 30)
            await telegram.until(lambda: len(telegram.calls) >= busy, timeout=60)  # noqa: B023 -- awaited in the same round
        finally:
            with suppress(ProcessLookupError):
                bot.send_signal(signal.SIGKILL)
            await bot.wait()
        kills.append(calls)


@pytest.mark.kill
async def test_killed_again_and_again_every_answer_arrives_and_little_is_said_twice(
    tmp_path: Path,
) -> None:
    async with TelegramStandin() as telegram:
        people = [telegram.person(f"P{n}", language="de", username=f"p{n}") for n in range(PEOPLE)]
        kills: list[int] = []
        killer = asyncio.create_task(keep_killing(tmp_path, telegram, kills))
        try:
            async with asyncio.timeout(150):
                await asyncio.gather(
                    *(
                        joins(person, f"Thema{n % 2}", f"Thema{1 - n % 2}")
                        for n, person in enumerate(people)
                    )
                )
        finally:
            killer.cancel()
            with suppress(asyncio.CancelledError):
                await killer
        said = Counter((p.id, m.text) for p in people for m in p.messages)
        twice = sum(times - 1 for times in said.values())
        assert len(kills) > PEOPLE, "too few were killed to show anything"
        assert twice <= len(kills)
        assert telegram.problems == []
