"""Ten thousand reminders due at one instant: ``python -m benchmarks.due``.

How fast they are in the outbox, whether the event loop goes on meanwhile and an answer comes in
time, and that none is lost or doubled where four programs share them and are killed again and
again. At last, how fast dues can be taken in hand on PostgreSQL.
"""

import asyncio
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Engine as Database
from sqlalchemy import func, select, update

from benchmarks.crowd import FIRST, NOW, Crowd, Somebody
from benchmarks.measuring import Row, ms, share, table
from bot.engine.engine import Engine
from bot.engine.events import Event, Pressed
from bot.running import keep_what_is_loaded
from bot.service import Service
from bot.store import dues
from bot.store.database import connect
from bot.store.tables import due, outbox
from tests.house import Fixed
from tests.postgres import Place, server
from tests.stage import HOUSE

ALL, WORKERS, KILLS = 10_000, 4, 12
CLAIMED, AT_ONCE = 20_000, 100
WHY = (
    "each is a turn of its own: member and conversation read, its words said, a button and the "
    "text sealed; the platform takes 30 a second, so that the first goes out at once"
)


async def at_once(folder: str) -> list[Row]:
    crowd = Crowd(f"sqlite:///{folder}/due.db")
    [ana] = crowd.people(["5000000001"])
    crowd.many(ALL, reminded=True)
    service = Service(crowd.engine, Fixed())
    keep_what_is_loaded()  # as the program does
    start = time.perf_counter()
    async with _watched() as gaps:
        answers = asyncio.create_task(_answers(service, crowd.account, ana))
        await service.tick()
        answers.cancel()
    spent, blocked = time.perf_counter() - start, max(gaps)
    [done] = await asyncio.gather(answers, return_exceptions=True)
    assert isinstance(done, asyncio.CancelledError), done
    new = _reminded(crowd.store)
    service.close()
    crowd.store.dispose()
    return [
        Row(
            f"{ALL:,} due at one instant, in the outbox",
            f"{spent:.1f} s",
            "≤ 1 s",
            spent <= 1,
            why=WHY,
        ),
        Row(
            "meanwhile, the event loop stands still",
            f"{blocked * 1000:.0f} ms",
            "≤ 25 ms",
            blocked <= 0.025,
            why="the thread that words them shares Python's lock, and garbage is looked for",
        ),
        Row("meanwhile, a turn (p50 / p99)", ms(TURNS), "≤ 1 s", share(TURNS, 99) <= 1),
        Row(
            "reminded, of those at one instant",
            f"{new:,}",
            f"{ALL:,}",
            new == ALL,
        ),
    ]


TURNS: list[float] = []


async def _answers(service: Service, account: str, ana: Somebody) -> None:
    """Somebody presses a button, again and again."""
    while True:
        key = ("telegram", account, f"meanwhile {len(TURNS)}")
        start = time.perf_counter()
        await service.receive([(key, {})])
        await service.turn(key, Event(ana.sender, Pressed(ana.chip, "1")))
        TURNS.append(time.perf_counter() - start)
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _watched() -> AsyncIterator[list[float]]:
    """How late a sleep of a millisecond is over."""
    gaps: list[float] = []

    async def watch() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(0.001)
            gaps.append(time.perf_counter() - start - 0.001)

    watching = asyncio.create_task(watch())
    yield gaps
    watching.cancel()


def _reminded(store: Database) -> int:
    with store.begin() as connection:
        theirs = select(func.count()).where(outbox.c.member >= FIRST)
        return connection.execute(theirs).scalar_one()


async def killed(place: Place) -> Row:
    crowd = Crowd(place.url, place.key)
    crowd.many(ALL, reminded=True)
    dice, kills = random.Random(1), 0
    workers = [await _worker(place) for _ in range(WORKERS)]
    while any(worker.returncode is None for worker in workers):
        await asyncio.sleep(dice.uniform(0.5, 2))
        alive = [n for n, worker in enumerate(workers) if worker.returncode is None]
        if alive and kills < KILLS:
            chosen = dice.choice(alive)
            workers[chosen].send_signal(signal.SIGKILL)
            await workers[chosen].wait()
            workers[chosen], kills = await _worker(place), kills + 1
    while crowd.engine.tick(NOW + 2 * dues.LEASE):  # what those who were killed had in hand
        pass
    with crowd.store.begin() as connection:
        counts = connection.execute(
            select(func.count(), func.count(outbox.c.member.distinct()))
        ).one()
    crowd.store.dispose()
    lost, doubled = ALL - counts[1], counts[0] - counts[1]
    what = f"{ALL:,} due, {WORKERS} programs, {kills} killed: lost / doubled"
    return Row(what, f"{lost} / {doubled}", "0 / 0", (lost, doubled) == (0, 0))


async def _worker(place: Place) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "benchmarks.due", place.url, str(place.key))
    return await asyncio.create_subprocess_exec(*command)


def work(url: str, key: str) -> None:
    engine = Engine(connect(url, Path(key)), HOUSE)
    while engine.tick(NOW, 10):
        pass


def claims(place: Place) -> Row:
    crowd = Crowd(place.url, place.key)
    crowd.many(CLAIMED, reminded=True)
    taken, spent = 0, 0.0
    while True:
        start = time.perf_counter()
        with crowd.store.begin() as connection:
            found = dues.due_now(connection, NOW, AT_ONCE)
        spent += time.perf_counter() - start
        if not found:
            break
        taken += len(found)
        with crowd.store.begin() as connection:  # as they are once they have happened
            numbers = [number for number, _ in found]
            connection.execute(update(due).where(due.c.id.in_(numbers)).values(state="done"))
    rate = taken / spent
    crowd.store.dispose()
    why = "the server shares two processors with all else"
    what = "dues taken in hand on PostgreSQL, by the hundred"
    return Row(what, f"{rate:,.0f} rows/s", "≥ 15,000 rows/s", rate >= 15_000, why=why)


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        rows = await at_once(folder)
    with server() as running:
        with running.place() as place:
            rows.append(await killed(place))
        with running.place() as place:
            rows.append(claims(place))
    return rows


if __name__ == "__main__":
    if len(sys.argv) > 2:
        work(*sys.argv[1:])
    else:
        print(table(asyncio.run(measure())))
