"""Stopping: what was begun is settled, what was not is given back, and the next one goes on."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.apart import apart
from bot.domain.parcels import Patience, Receipt, Sent
from bot.engine.engine import Engine
from bot.matching.people import Request
from bot.service import Service
from bot.store import outbox
from bot.store.outbox import Parcel
from bot.store.tables import outbox as table
from scheduler.delivery import Delivery, Limits
from tests.fresh import fresh
from tests.house import Fixed
from tests.postgres import Place
from tests.stage import HOUSE, MONDAY
from tests.telegram_standin import HoldAnswer, TelegramStandin
from tests.test_kill import ROOT, Program, reached

Rows = list[tuple[str, str, int]]


def rows(service: Service) -> Rows:
    """Key, state and tries of each parcel."""
    with service._engine.store.begin() as connection:  # noqa: SLF001 -- the database behind it
        found = select(table.c.key, table.c.state, table.c.attempts).order_by(table.c.id)
        return [(row.key, row.state, row.attempts) for row in connection.execute(found)]


def house(folder: Path, *parcels: Parcel) -> Service:
    store = fresh(folder / "t.db")
    with store.begin() as connection:
        for parcel in parcels:
            outbox.post(connection, parcel, MONDAY)
    return Service(Engine(store, HOUSE), Fixed())


def parcel(key: str) -> Parcel:
    return Parcel(key, "telegram", "b", key, "send", patience=Patience.ONCE)


async def stopped(task: asyncio.Task[Any]) -> None:  # whatever it would have brought
    task.cancel()
    async with asyncio.timeout(20):
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_what_is_under_way_is_settled_and_the_rest_is_given_back(tmp_path: Path) -> None:
    service = house(tmp_path, parcel("a"), parcel("b"), parcel("c"))
    begun, over = asyncio.Event(), asyncio.Event()

    async def deliver(_: Parcel) -> Receipt:
        begun.set()
        await over.wait()
        return Sent("7")

    task = asyncio.create_task(Delivery(service, "telegram", deliver, Limits(1.0)).run())
    await begun.wait()
    async with asyncio.timeout(20):
        while [one[1] for one in rows(service)] != ["sending", "sending", "due"]:  # noqa: ASYNC110 -- a row tells nobody that it changed
            await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(over.set)
    await stopped(task)
    assert rows(service) == [("a", "sent", 1), ("b", "due", 0), ("c", "due", 0)]
    service.close()


async def test_what_was_claimed_at_the_last_moment_is_given_back(tmp_path: Path) -> None:
    service = house(tmp_path, parcel("a"))
    sent: list[str] = []

    async def deliver(parcel: Parcel) -> Receipt:
        sent.append(parcel.key)
        return Sent()

    task = asyncio.create_task(Delivery(service, "telegram", deliver, Limits(1.0)).run())
    await asyncio.sleep(0)  # it has asked for what is due, and not heard yet
    await stopped(task)
    assert (sent, rows(service)) == ([], [("a", "due", 0)])
    service.close()


async def test_a_round_that_is_being_computed_does_not_hold_up_the_end() -> None:
    computing = asyncio.create_task(apart(Request(MONDAY, ()), semantic=False))
    await asyncio.sleep(0)
    async with asyncio.timeout(20):
        await stopped(computing)


BUSY = """
import asyncio, time
from datetime import datetime
from multiprocessing import active_children
from bot.apart import apart
from bot.matching.people import Request

async def main():
    computing = asyncio.create_task(apart(Request(datetime.now(), ()), semantic=False))
    while not active_children():
        await asyncio.sleep(0)
    print(active_children()[0].pid, flush=True)
    time.sleep(60)

asyncio.run(main())
"""
"""Tells the number of a round's process, and is busy with something else by then."""


@pytest.mark.kill
def test_a_rounds_process_ends_with_the_bot_even_if_that_is_killed() -> None:
    """It holds the bot's output open for as long as it lives."""
    command = (sys.executable, "-c", BUSY)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as bot:  # noqa: S603 -- our own
        assert bot.stdout is not None
        number = int(bot.stdout.readline())
        bot.kill()
        try:
            bot.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.kill(number, signal.SIGKILL)
            raise


@pytest.mark.kill
async def test_told_to_stop_it_ends_within_seconds_and_the_next_one_takes_over(
    tmp_path: Path,
) -> None:
    async with TelegramStandin() as telegram:
        ana, never = telegram.person("Ana", language="de"), asyncio.Event()
        place = Place(f"sqlite:///{tmp_path}/t.db")
        program = Program(tmp_path, reached(telegram), place)
        bot = await program.start()
        held = telegram.fails(HoldAnswer(never), "sendMessage", ana)
        ana.says("/start")
        await held.happens()
        ana.says("/hilfe")  # waits behind the answer that does not come
        await telegram.until(lambda: telegram.pending == [])
        bot.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            assert await bot.wait() == 0
        with closing(sqlite3.connect(tmp_path / "t.db")) as store:
            states = store.execute("SELECT state, attempts FROM outbox ORDER BY id").fetchall()
        assert [state for state, _ in states] == ["due"] * len(states)
        assert states[0] == ("due", 1)
        following = await program.start()
        await ana.sees("Einen Menschen erreichst du", timeout=30)
        following.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            assert await following.wait() == 0
        assert telegram.problems == []
