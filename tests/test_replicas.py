"""Several programs on one PostgreSQL: each input, due and parcel has its effect once, and of what
members do at once nothing is lost."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import Connection, Table, func, select
from structlog.testing import capture_logs

from bot.domain.dues import Due, Nudge
from bot.domain.members import Address, Member, Profile, Standing
from bot.domain.parcels import Patience, Sent
from bot.engine.engine import Engine
from bot.engine.events import Event, Pressed, Said, Sender
from bot.service import Service
from bot.service.service import IN_HAND
from bot.store import (
    database,
    dues,
    holding,
    inbox,
    leases,
    outbox,
    pairs,
    people,
    presence,
    tables,
)
from bot.store.database import DatabaseError
from bot.store.inbox import Payload
from bot.store.outbox import Parcel
from bot.store.sealing import KeyFileError
from tests.house import Fixed, living
from tests.postgres import Place, Server
from tests.stage import HOUSE, MONDAY
from tests.suggesting import suggest
from tests.telegram_standin import TelegramStandin
from tests.ways import telegram_of

T = TypeVar("T")
R = TypeVar("R")
PROGRAMS = 3


@pytest.fixture
def place(postgres: Server) -> Iterator[Place]:
    with postgres.place() as made:
        yield made


@pytest.fixture
def programs(place: Place) -> list[Engine]:
    """Each with connections of its own, as on machines of their own."""
    return [Engine(place.open(), HOUSE) for _ in range(PROGRAMS)]


def at_once(do: Callable[[T], R], them: Iterable[T]) -> list[R]:
    """All begin at the same moment, each on a thread of its own."""
    every = list(them)
    together = Barrier(len(every))

    def begin(one: T) -> R:
        together.wait()
        return do(one)

    with ThreadPoolExecutor(len(every)) as threads:
        return list(threads.map(begin, every))


def sender(number: int) -> Sender:
    return Sender(Address("telegram", "b", str(number), str(number)), f"P{number}", language="de")


def profile(offers: str, seeks: str) -> Profile:
    times = ("de",), ("mon",), ("evening",)
    return Profile("P", (offers,), (seeks,), "Ein Ziel mit Zahl: 3", *times, "weekly")


def these(numbers: list[int]) -> holding.Concerned:
    return holding.Concerned(select(tables.member.c.id).where(tables.member.c.id.in_(numbers)))


def joined(engine: Engine, count: int) -> list[Sender]:
    """Members with a profile who are looking for somebody."""
    senders = [sender(number) for number in range(1, count + 1)]
    with engine.store.begin() as connection:
        for known, swaps in zip(senders, cycle((False, True))):
            told = profile("Singen", "Kochen") if swaps else profile("Kochen", "Singen")
            new = Member(0, known.address, "de", "Europe/Berlin", known.name)
            seeking = replace(new, profile=told, standing=Standing.SEEKING, since=MONDAY)
            people.add(connection, seeking, MONDAY)
    return senders


def count(engine: Engine, table: Table) -> int:
    with engine.store.begin() as connection:
        rows = select(func.count()).select_from(table)
        return int(connection.execute(rows).scalar_one())


def post(engine: Engine, *keys: str) -> None:
    with engine.store.begin() as connection:
        for key in keys:
            there = Parcel(key, "telegram", "b", key, "send", {"text": key, "rows": []})
            outbox.post(connection, there, MONDAY)


def test_an_input_that_several_programs_take_has_its_effect_once(programs: list[Engine]) -> None:
    keys = [("telegram", "b", str(number)) for number in range(8)]
    at_once(lambda one: one.receive([(key, {}) for key in keys], MONDAY), programs)

    def handle(engine: Engine) -> None:
        for number, key in enumerate(keys):
            engine.turn(key, Event(sender(number // 2), Said("hallo")), MONDAY)

    at_once(handle, programs)
    assert count(programs[0], tables.member) == len(keys) // 2
    assert count(programs[0], tables.outbox) == len(keys)
    assert programs[0].waiting("telegram", MONDAY + inbox.BACKOFF) == []


def suggested(engine: Engine, count: int) -> list[Sender]:
    """Members, every two of whom were suggested to each other."""
    senders = joined(engine, count)
    for number, two in enumerate(zip(senders[::2], senders[1::2], strict=True)):
        now = MONDAY + timedelta(seconds=number)
        suggest(engine.store, HOUSE, [one.address for one in two], now)
    return senders


def test_all_who_say_yes_at_once_are_heard(programs: list[Engine]) -> None:
    senders = suggested(programs[0], 12)
    yes = accept_buttons(programs[0])

    def press(one: tuple[int, Sender]) -> None:
        number, who = one
        engine, key = programs[number % PROGRAMS], ("telegram", "b", f"yes {number}")
        engine.receive([(key, {})], MONDAY)
        engine.turn(key, Event(who, Pressed(yes[who.address.chat], "m1")), MONDAY)

    at_once(press, enumerate(senders))
    with programs[0].store.begin() as connection:
        states = connection.execute(select(tables.proposal.c.state)).scalars().all()
        taken = pairs.taken(connection)
    assert states == ["accepted"] * 6
    assert taken == dict.fromkeys(range(1, len(senders) + 1), 1)
    assert count(programs[0], tables.tandem) == len(states)


def test_of_many_who_write_at_once_nobodys_turn_fails(programs: list[Engine]) -> None:
    """Strangers, members, organizers who are told of others: whom else a turn is about differs."""
    senders = suggested(programs[0], 6)
    olga = replace(sender(99), address=Address("telegram", "b", "olga", "olga"))
    doings = "/start", "/profil", "/melden", "Er war unhöflich", "/pause", "/tandem", "/ende", "ja"

    def write(one: tuple[int, Sender]) -> None:
        number, who = one
        for said in doings:
            key = ("telegram", "b", f"{number} {said}")
            programs[number % PROGRAMS].receive([(key, {})], MONDAY)
            programs[number % PROGRAMS].turn(key, Event(who, Said(said)), MONDAY)

    at_once(write, enumerate([*senders, olga, sender(7), sender(8)]))
    with programs[0].store.begin() as connection:
        failed = select(tables.inbox.c.external_id, tables.inbox.c.error)
        assert connection.execute(failed.where(tables.inbox.c.attempts > 0)).all() == []
        undone = select(func.count()).where(tables.inbox.c.done_at.is_(None))
        assert connection.execute(undone).scalar() == 0


def accept_buttons(engine: Engine) -> dict[str, str]:
    """By chat, the handle of the button that says yes."""
    return {
        parcel.chat: button["handle"]
        for parcel in engine.claim("telegram", MONDAY + timedelta(minutes=1), 100)
        for row in parcel.body["rows"]
        for button in row
        if button["label"] == "Kennenlernen"
    }


def test_a_due_happens_once_whoever_ticks(programs: list[Engine]) -> None:
    senders = suggested(programs[0], 10)
    with programs[0].store.begin() as connection:
        moment = connection.execute(select(func.min(tables.due.c.at))).scalar_one()
    late, before = moment + timedelta(minutes=1), count(programs[0], tables.outbox)
    ticked = at_once(lambda one: sum(iter(lambda: one.tick(late), 0)), programs)
    assert sum(ticked) == len(senders)
    assert count(programs[0], tables.outbox) == before + len(senders)


def test_dues_that_a_program_had_in_hand_when_it_ended_are_taken_up(
    programs: list[Engine],
) -> None:
    first, second, _ = programs
    due = Due(Nudge.RESUME, "member:1", MONDAY, MONDAY + timedelta(days=2), 1)
    with first.store.begin() as connection:
        dues.plan(connection, "member:1", [due])
        assert len(dues.due_now(connection, MONDAY, 50)) == 1
    with second.store.begin() as connection:
        assert dues.due_now(connection, MONDAY, 50) == []
        assert len(dues.due_now(connection, MONDAY + dues.LEASE, 50)) == 1


def test_a_parcel_is_claimed_once(programs: list[Engine]) -> None:
    keys = [f"k{number}" for number in range(60)]
    post(programs[0], *keys)
    claimed = at_once(
        lambda one: list(iter(lambda: one.claim("telegram", MONDAY, 7), [])), programs
    )
    found = Counter(parcel.key for batches in claimed for batch in batches for parcel in batch)
    assert found == dict.fromkeys(keys, 1)


def test_a_chat_goes_in_order_whoever_sends(programs: list[Engine]) -> None:
    first, second, _ = programs
    with first.store.begin() as connection:
        for key in ("one", "two"):
            there = Parcel(key, "telegram", "b", "7", "send", {"text": key, "rows": []})
            outbox.post(connection, there, MONDAY)
    [one] = first.claim("telegram", MONDAY, 50)
    assert second.claim("telegram", MONDAY, 50) == []
    first.settle(one, Sent("1"), MONDAY)
    [two] = second.claim("telegram", MONDAY, 50)
    assert (one.key, two.key) == ("one", "two")


def test_one_program_sends_for_all_until_its_lease_runs_out(programs: list[Engine]) -> None:
    led = at_once(lambda one: one.lead("telegram", str(id(one)), MONDAY), programs)
    assert sorted(led) == [False, False, True]
    leader = programs[led.index(True)]
    other = programs[led.index(False)]
    almost = MONDAY + leases.LASTS - timedelta(seconds=1)
    assert leader.lead("telegram", str(id(leader)), almost)
    assert not other.lead("telegram", str(id(other)), MONDAY + leases.LASTS)
    assert other.lead("slack", str(id(other)), MONDAY)
    assert other.lead("telegram", str(id(other)), almost + leases.LASTS)
    assert not leader.lead("telegram", str(id(leader)), almost + leases.LASTS)


def test_whoever_takes_over_asks_nobody_twice(programs: list[Engine]) -> None:
    """What the one before was sending may have arrived: once is enough for an introduction."""
    first, second, _ = programs
    assert first.lead("telegram", "first", MONDAY)
    with first.store.begin() as connection:
        for key, patience in (("reply", Patience.REPLY), ("once", Patience.ONCE)):
            there = Parcel(key, "telegram", "b", key, "send", {"text": key, "rows": []})
            outbox.post(connection, replace(there, patience=patience), MONDAY)
    assert len(first.claim("telegram", MONDAY, 50)) == 2
    now = MONDAY + leases.LASTS
    assert second.lead("telegram", "second", now)
    with second.store.begin() as connection:
        rows = connection.execute(select(tables.outbox.c.key, tables.outbox.c.state))
        assert {row.key: row.state for row in rows} == {"reply": "due", "once": "uncertain"}


async def test_a_service_sends_when_the_one_before_it_has_ended(place: Place) -> None:
    one, other = (Service(Engine(place.open(), HOUSE), Fixed()) for _ in range(2))
    post(Engine(place.open(), HOUSE), "a", "b", "c")
    assert [parcel.key for parcel in await one.claim("telegram", 1)] == ["a"]
    assert await other.claim("telegram", 1) == []
    one.close()
    claimed = await other.claim("telegram", 2)
    assert len(claimed) == 2
    other.close()


async def test_what_is_answered_by_hand_is_left_to_whoever_received_it(place: Place) -> None:
    one, other = (Service(Engine(place.open(), HOUSE), Fixed()) for _ in range(2))
    await one.receive([(("slack", "T1", "1"), {})], by_hand=True)
    await one.receive([(("slack", "T1", "2"), {})])
    waiting = Engine(place.open(), HOUSE).waiting
    assert [key for key, _ in waiting("slack", MONDAY)] == [("slack", "T1", "2")]
    later = MONDAY + IN_HAND
    assert len(waiting("slack", later)) == 2
    one.close()
    other.close()


async def test_two_houses_on_one_database_are_one_to_those_who_write(place: Place) -> None:
    """Also to Telegram, which tells apart two that ask for updates."""
    with capture_logs() as logged:
        async with TelegramStandin() as telegram:
            ana, ben = (telegram.person(name, language="de") for name in ("Ana", "Ben"))
            async with living(place, telegram_of(telegram)):
                async with living(place, telegram_of(telegram)):
                    ana.says("/start")
                    await ana.sees("Ich bin Tandem")
                    ben.says("/start")
                    await ben.sees("Ich bin Tandem")
                ana.presses("Los geht’s")
                await ana.sees("Einwilligung")
            async with living(place, telegram_of(telegram)):
                ben.presses("Los geht’s")
                await ben.sees("Einwilligung")
            assert [message.text.count("Ich bin Tandem") for message in ana.messages].count(1) == 1
            assert telegram.problems == []
    assert [entry for entry in logged if "polling" in entry["event"]] == []


async def test_inputs_of_one_sender_have_their_effect_in_order_beside_those_of_others(
    place: Place,
) -> None:
    service, seen = Service(Engine(place.open(), HOUSE), Fixed()), list[str]()
    keys = [("telegram", "b", f"{number}") for number in range(24)]
    await service.receive([(key, {}) for key in keys])
    done = asyncio.Event()

    async def handle(key: tuple[str, str, str], _payload: Payload) -> None:
        number = int(key[2])
        for _ in range(number % 5):  # some are read sooner than those before them
            await asyncio.sleep(0)
        await service.turn(key, Event(sender(number % 3), Said(f"Nummer {number}")))
        seen.append(key[2])
        if len(seen) == len(keys):
            done.set()

    drain = asyncio.create_task(service.drain("telegram", handle))
    async with asyncio.timeout(20):
        await done.wait()
    drain.cancel()
    service.close()
    theirs = [[int(n) for n in seen if int(n) % 3 == one] for one in range(3)]
    assert theirs == [sorted(one) for one in theirs]


def test_what_two_could_not_do_beside_each_other_is_done_behind_each_other(
    programs: list[Engine],
) -> None:
    """Each takes what the other has: PostgreSQL undoes one of them, which begins anew."""
    first, second, _ = programs
    with first.store.begin() as connection:
        for key in ("a", "b"):
            database.set_meta(connection, key, "")
    both_have_one = Barrier(2)
    tries = Counter[str]()

    def write(one: tuple[Engine, str]) -> None:
        engine, order = one

        def do(connection: Connection) -> None:
            tries[order] += 1
            database.set_meta(connection, order[0], order)
            if tries[order] == 1:
                both_have_one.wait()
            database.set_meta(connection, order[1], order)

        holding.carry_out(engine.store, do, holding.NOBODY)

    at_once(write, [(first, "ab"), (second, "ba")])
    once, anew = sorted(tries.values())
    assert (once, 1 < anew <= holding.TRIES) == (1, True)
    with first.store.begin() as connection:
        assert database.get_meta(connection, "a") == database.get_meta(connection, "b")


def test_what_turns_out_to_be_about_somebody_else_is_done_anew_as_a_whole(
    programs: list[Engine],
) -> None:
    engine = programs[0]
    joined(engine, 3)
    seen: list[list[int]] = []

    def do(connection: Connection) -> None:
        seen.append([])
        for number in (1, 2, 3):
            people.by_id(connection, number)
            seen[-1].append(number)
            database.set_meta(connection, f"tried {len(seen)}", "")

    holding.carry_out(engine.store, do, these([1, 2]))
    assert seen == [[1, 2], [1, 2, 3]]
    with engine.store.begin() as connection:
        assert database.get_meta(connection, "tried 1") is None
        assert database.get_meta(connection, "tried 2") is not None


def test_members_are_changed_by_one_at_a_time(programs: list[Engine]) -> None:
    """Read, then written: without holding them, additions would be lost."""
    joined(programs[0], 4)
    circle = {1: [1, 2], 2: [2, 3], 3: [3, 4], 4: [4, 1]}

    def visit(number: int) -> None:
        def do(connection: Connection) -> None:
            for one in circle[number]:
                known = people.by_id(connection, one)
                people.save(connection, replace(known, name=known.name + "!"))

        for _ in range(5):
            store = programs[number % PROGRAMS].store
            holding.carry_out(store, do, these(circle[number]))

    at_once(visit, circle)
    with programs[0].store.begin() as connection:
        names = [people.by_id(connection, number).name for number in circle]
    assert [name.count("!") for name in names] == [10, 10, 10, 10]


def test_programs_that_start_at_once_make_one_schema_with_one_key(postgres: Server) -> None:
    with postgres.bare() as place:
        engines = at_once(lambda _: place.open(), range(PROGRAMS))
        assert {count(Engine(one, HOUSE), tables.member) for one in engines} == {0}


def test_a_command_that_needs_the_database_to_itself_waits_for_nobody(place: Place) -> None:
    def refused() -> pytest.RaisesExc[DatabaseError]:
        return pytest.raises(DatabaseError, match="stop it first")

    at_work, alone = presence.at_work, presence.alone
    with at_work(place.url), at_work(place.url), refused(), alone(place.url):
        pass
    with alone(place.url), refused(), at_work(place.url):
        pass


def test_without_a_key_file_postgresql_is_refused_with_the_cure(place: Place) -> None:
    with pytest.raises(KeyFileError, match="TANDEM_KEY_FILE"):
        database.connect(place.url)


def test_another_key_is_refused_with_the_cure(place: Place, tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="put that file back"):
        database.connect(place.url, tmp_path / "other.key")
    assert not (tmp_path / "other.key").exists()


def test_a_server_that_is_not_there_is_one_line_with_the_cure(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://tandem:secret@/tandem?host={tmp_path}"
    with pytest.raises(DatabaseError) as caught:
        database.connect(url, tmp_path / "t.key")
    line = str(caught.value)
    assert line.startswith("DATABASE_URL: can't use ")
    assert "\n" not in line
    assert "secret" not in line
