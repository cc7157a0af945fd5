"""Storms: a platform that refuses and forgets to answer, a database that stands still or is full,
two programs on one file, a clock that jumps. Nothing is lost, and nothing comes twice.

How long an acknowledgement takes meanwhile is printed with ``--soak N``, N times as many; that it
comes before Slack gives up is asked always.
"""

import asyncio
import random
import sqlite3
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import event, func, select

from bot.engine.engine import Engine
from bot.engine.events import Event, Said
from bot.service import Clock, Service
from bot.store import tables
from bot.store.database import connect
from scheduler import delivery
from tests.fresh import fresh
from tests.house import Fixed, living
from tests.postgres import Place
from tests.slack_standin import SlackStandin
from tests.stage import HOUSE, MONDAY, Stage
from tests.telegram_faults import Fault, Script
from tests.telegram_standin import HoldAnswer, LoseAnswer, ServerError, TelegramStandin, TooMany
from tests.test_replicas import sender
from tests.test_slack_faults import bots, german
from tests.test_telegram import joins
from tests.ways import SLACK, TELEGRAM, OnSlack, OnTelegram, telegram_of

pytestmark = pytest.mark.whole

AT_ONCE, UNDER_WAY = 50, delivery.AT_ONCE
GIVES_UP_S = 2.5
"""Slack waits for three seconds."""
FAULTS: tuple[Fault, ...] = (TooMany(1), LoseAnswer(), ServerError(502))
IN_ORDER = ["Hallo! Ich", "Ich bringe"]
SENDING = ("sendMessage", "editMessageText")


async def test_a_storm_of_refusals_and_lost_answers_delays_and_loses_nothing(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """About a third of the calls go wrong, each in one of three ways."""
    async with (
        TelegramStandin() as telegram,
        living(tmp_path, telegram_of(telegram), clock=Clock()),
    ):
        struck: list[Script] = []
        storm = asyncio.create_task(storms(telegram, struck))
        for number in range(max(1, request.config.getoption("--soak") // 10)):
            ana = telegram.person(f"P{number}", language="de")
            await joins(ana, "Kochen", "Singen", timeout=60)
            said = Counter(m.text for m in ana.messages if m.from_bot)
            lost = sum(script.met for script in struck if isinstance(script.fault, LoseAnswer))
            assert sum(times - 1 for times in said.values()) <= lost
        storm.cancel()
        assert len(struck) > 3, "too little went wrong to show anything"
        assert telegram.problems == [], "nothing was sent before the wait was over"
        assert telegram.pending == []


async def storms(telegram: TelegramStandin, struck: list[Script]) -> None:
    """After every few calls the next message is refused, or nobody hears that it arrived."""
    dice = random.Random(6)  # noqa: S311 -- to be repeatable, not to be secret
    while True:
        seen = len(telegram.calls) + dice.randint(3, 9)
        await telegram.until(lambda seen=seen: len(telegram.calls) >= seen, timeout=600)  # type: ignore[misc]  # bound at once
        fault = dice.choice(FAULTS)
        struck.append(telegram.fails(fault, dice.choice(SENDING)))


@pytest.mark.parametrize("way", TELEGRAM.values(), ids=TELEGRAM.keys())
async def test_while_telegram_takes_its_time_everything_is_taken_in(
    tmp_path: Path, way: OnTelegram
) -> None:
    """Nothing that is sent comes to an end, and more people write than messages are under way."""
    place = Place(f"sqlite:///{tmp_path}/house.db")
    async with TelegramStandin() as telegram, way(place, telegram):
        slow = HoldAnswer(asyncio.Event())
        telegram.fails(slow, "sendMessage", times=UNDER_WAY)
        people = [telegram.person(f"P{number}", language="de") for number in range(AT_ONCE)]
        for person in people:
            person.says("/start")
        await telegram.until(lambda: not telegram.pending)
        sent = [call for call in telegram.calls if call.method == "sendMessage"]
        assert len(sent) <= UNDER_WAY
        for person in people:
            person.says("hilfe")
        await telegram.until(lambda: not telegram.pending)
        slow.until.set()
        for person in people:
            await person.sees("Ich bringe Menschen zum")
            assert [m.text[:10] for m in person.messages if m.from_bot] == IN_ORDER
        assert telegram.problems == []


@pytest.mark.parametrize("way", SLACK.values(), ids=SLACK.keys())
async def test_while_slack_takes_its_time_everything_is_acknowledged(
    tmp_path: Path, way: OnSlack
) -> None:
    place = Place(f"sqlite:///{tmp_path}/house.db")
    async with SlackStandin() as slack, way(place, slack):
        slow = slack.fault("hold", "chat.postMessage", times=UNDER_WAY)
        people = [german(slack, f"P{number}") for number in range(AT_ONCE)]
        for words in ("hallo", "hilfe"):
            for person in people:
                person.says(words)
            await slack.settled()
        assert len(slack.calls_of("chat.postMessage")) <= UNDER_WAY
        slow.release.set()
        for person in people:
            await person.sees("Ich bringe Menschen zum")
            assert bots(person) == IN_ORDER
        assert max(ack.seconds for ack in slack.acks) < GIVES_UP_S
        assert (slack.problems, slack.failures) == ([], [])


@pytest.mark.file
async def test_with_the_database_standing_still_all_are_acknowledged_in_time(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """For a second, while fifty write at once; and fifty more when it goes on."""
    path = tmp_path / "house.db"
    service = Service(Engine(fresh(path), HOUSE), Fixed())
    took: dict[str, list[float]] = {"stalled": [], "not stalled": []}

    async def writes(kind: str, number: int) -> None:
        begun = time.monotonic()
        await service.receive([(("telegram", "b", f"{kind} {number}"), {})])
        took[kind].append(time.monotonic() - begun)

    for turn in range(max(1, request.config.getoption("--soak") // 100)):
        standing = Thread(target=stands_still, args=(path,))
        standing.start()
        for kind in took:
            numbers = range(turn * AT_ONCE, (turn + 1) * AT_ONCE)
            await asyncio.gather(*(writes(kind, number) for number in numbers))
            standing.join()
    kept = Engine(fresh(path), HOUSE)
    with kept.store.begin() as connection:
        rows = connection.execute(select(func.count()).select_from(tables.inbox)).scalar_one()
    service.close()
    assert rows == sum(len(times) for times in took.values())
    for kind, times in took.items():
        print(f"{kind}: p99 {sorted(times)[len(times) * 99 // 100] * 1000:.0f} ms")  # noqa: T201
    assert max(took["stalled"] + took["not stalled"]) < 2 * GIVES_UP_S


def stands_still(path: Path, seconds: float = 1.0) -> None:
    """Somebody else writes to the file, and takes that long."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        other.execute("UPDATE meta SET value = value").fetchall()
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.file
async def test_what_a_full_disk_can_not_keep_is_not_confirmed_and_comes_again(
    tmp_path: Path,
) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)) as service:
        store = service._engine.store  # noqa: SLF001 -- the database behind it
        ana = telegram.person("Ana", language="de")
        ana.says("/start")
        await ana.sees("Ich bin Tandem")
        full = True

        @event.listens_for(store, "begin")
        def limit(connection) -> None:  # type: ignore[no-untyped-def]  # SQLAlchemy's
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar() if full else 1 << 30
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        for _ in range(20):
            ana.says("x" * 4000)
        seen = len(telegram.calls)
        await telegram.until(lambda: len(telegram.calls) > seen + 3)
        assert telegram.pending, "none of it was confirmed as long as it could not be kept"
        full = False
        await telegram.until(lambda: not telegram.pending)
        ana.presses("Los geht’s")
        await ana.sees("Einwilligung")
        assert telegram.problems == []


async def test_two_programs_on_one_file_are_one_to_those_who_write(tmp_path: Path) -> None:
    """They are told not to; until they are stopped nothing is lost, and nothing happens twice."""
    url = f"sqlite:///{tmp_path}/house.db"
    connect(url).dispose()
    programs = [Service(Engine(connect(url), HOUSE), Fixed()) for _ in range(2)]
    keys = [("telegram", "b", str(number)) for number in range(20)]

    async def handles(service: Service) -> None:
        for number, key in enumerate(keys):
            await service.receive([(key, {})])
            await service.turn(key, Event(sender(number), Said("hallo")))

    await asyncio.gather(*map(handles, programs))
    with connect(url).begin() as connection:
        for table in (tables.member, tables.outbox, tables.inbox):
            rows = select(func.count()).select_from(table)
            assert connection.execute(rows).scalar_one() == len(keys)
    for service in programs:
        service.close()


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(days=-40), timedelta(hours=3)])
def test_a_clock_that_jumps_says_nothing_twice(place: Place, jump: timedelta) -> None:
    """Set back, it waits; set forward, what was due in between comes once, if it is of use yet."""
    stage = Stage(place)
    script = (
        "(ana is on telegram)\n(ben is on telegram)\n(ana has joined: Kochen for Singen)\n"
        "(ben has joined: Singen for Kochen)\n(ana and ben are a tandem)\n"
        "ana > termin\nana > morgen 18 Uhr\nben > [Passt]\n(1 day passes)\n"
    )
    stage.perform(script)
    before = Counter(parcel.key for parcel in stage.sent)
    there = stage.now
    stage.now = max(MONDAY, there + jump)
    engine = Engine(stage.store, HOUSE)
    engine.recover(stage.now)
    while engine.tick(stage.now):
        pass
    stage.deliver()
    stage.now = there
    list(stage.pass_time(timedelta(days=1)))
    came = Counter(parcel.key for parcel in stage.sent)
    assert set(came.values()) == {1}
    assert before < came
