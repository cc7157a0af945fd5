"""The engine on a real database: once each, whatever comes in whatever order, and never lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine as Database
from sqlalchemy import func, insert, select, text
from sqlmodel import SQLModel

from bot.domain.dues import Due, Nudge
from bot.domain.members import Address
from bot.domain.parcels import Patience, Refused, Sent
from bot.engine.engine import Engine
from bot.engine.events import (
    Commanded,
    Event,
    Left,
    Looked,
    Migrated,
    Pressed,
    Returned,
    Said,
    Sender,
    Submitted,
    Unreadable,
)
from bot.store import dues, outbox, tables
from bot.store.database import DatabaseError, connect
from bot.store.inbox import BACKOFF
from bot.store.outbox import Parcel
from tests.fresh import fresh
from tests.postgres import Place, Server
from tests.stage import HOUSE, MONDAY, Stage

ANA = Sender(Address("telegram", "b", "1", "1"), "Ana", language="de")
KEY = ("telegram", "b", "1")
ONCE = Patience.ONCE


def count(store: Database, table: str) -> int:
    with store.begin() as connection:
        rows = select(func.count()).select_from(SQLModel.metadata.tables[table])
        return int(connection.execute(rows).scalar_one())


def organized(store: Database) -> Engine:
    """A house with somebody who organizes, greeted in a message that waits to be sent."""
    engine, olga = Engine(store, HOUSE), Sender(Address("telegram", "b", "olga", "olga"), "Olga")
    engine.receive([(KEY, {})], MONDAY)
    engine.turn(KEY, Event(olga, Said("hello")), MONDAY)
    return engine


def test_an_input_has_its_effect_once_however_often_it_is_delivered(store: Database) -> None:
    engine = Engine(store, HOUSE)
    received = [engine.receive([(KEY, {"raw": "hello"})], MONDAY) for _ in range(4)]
    assert received == [1, 0, 0, 0]
    for _ in range(4):
        engine.turn(KEY, Event(ANA, Said("hello")), MONDAY)
    assert (count(store, "member"), count(store, "outbox")) == (1, 1)
    assert engine.waiting("telegram", MONDAY) == []


@pytest.mark.file
def test_what_somebody_had_in_hand_when_the_program_ended_is_taken_up_at_the_next_start(
    tmp_path: Path,
) -> None:
    """Where several programs are at work, another may have it in hand: then its time runs out."""
    store = fresh(tmp_path / "t.db")
    before, after = Engine(store, HOUSE), Engine(store, HOUSE)
    before.receive([(KEY, {"raw": "hello"})], MONDAY, hold=timedelta(seconds=10))
    assert after.waiting("telegram", MONDAY) == []
    after.recover(MONDAY)
    assert after.waiting("telegram", MONDAY) == [(KEY, {"raw": "hello"})]
    store.dispose()


def test_an_input_that_was_never_committed_has_no_effect(store: Database) -> None:
    Engine(store, HOUSE).turn(KEY, Event(ANA, Said("hello")), MONDAY)
    assert count(store, "member") == 0


def test_what_was_received_before_a_crash_is_waiting_after_it(store: Database) -> None:
    Engine(store, HOUSE).receive([(KEY, {"raw": "hello"})], MONDAY)
    assert Engine(store, HOUSE).waiting("telegram", MONDAY) == [(KEY, {"raw": "hello"})]


def test_the_words_of_an_input_are_not_kept_once_it_had_its_effect(store: Database) -> None:
    engine = Engine(store, HOUSE)
    engine.receive([(KEY, {"raw": "something private"})], MONDAY)
    engine.turn(KEY, Event(ANA, Said("something private")), MONDAY)
    with store.begin() as connection:
        assert connection.execute(select(tables.inbox.c.payload)).scalars().all() == [None]


def test_a_turn_that_fails_leaves_nothing_behind_and_is_parked_after_three(
    store: Database,
) -> None:
    olga = Sender(Address("telegram", "b", "olga", "olga"), "Olga")
    engine, now = Engine(store, HOUSE), MONDAY
    for number, sender in (("10", olga), ("11", ANA)):
        key = ("telegram", "b", number)
        engine.receive([(key, {})], now)
        engine.turn(key, Event(sender, Said("hello")), now)
    with store.begin() as connection:
        broken = {"0": ["x", "act", "nobody.knows", "", "", ""]}
        row = {"token": "h", "member": 2, "presses": broken}
        connection.execute(insert(tables.button).values(**row, expires_at=now + BACKOFF * 100))
    engine.receive([(KEY, {})], now)
    said = count(store, "outbox")
    for _ in range(3):
        assert engine.waiting("telegram", now) == [(KEY, {})]
        engine.turn(KEY, Event(ANA, Pressed("0.h", "")), now)
        now += BACKOFF
    assert engine.waiting("telegram", now) == []
    with store.begin() as connection:
        new = connection.execute(
            select(tables.outbox.c.body).order_by(tables.outbox.c.id)
        ).scalars()
        words = [body["text"] for body in new.all()[said:]]
    assert [line[:33] for line in words] == [
        "Da ist bei mir etwas schiefgegang",
        "Für das Organisationsteam: Eingan",
    ]


def test_a_due_that_fails_is_set_aside_after_three_tries_and_told_to_the_organizers(
    store: Database,
) -> None:
    engine = organized(store)
    said = count(store, "outbox")
    with store.begin() as connection:
        nobodys = Due(Nudge.SOON, "session:99", MONDAY, MONDAY + BACKOFF * 100, 1)
        dues.plan(connection, nobodys.subject, [nobodys])
    for tries in range(3):
        assert count(store, "outbox") == said, tries
        engine.tick(MONDAY)
    assert engine.tick(MONDAY) == 0
    with store.begin() as connection:
        bodies = connection.execute(select(tables.outbox.c.body).order_by(tables.outbox.c.id))
        [words] = [body["text"] for body in bodies.scalars().all()[said:]]
    assert words.startswith("Für das Organisationsteam: Etwas, das fällig war")


def test_an_introduction_cut_off_by_a_kill_is_told_to_the_organizers(store: Database) -> None:
    engine = organized(store)
    [hello] = engine.claim("telegram", MONDAY, 50)
    engine.settle(hello, Sent("1"), MONDAY)
    with store.begin() as connection:
        once = Parcel("k", "telegram", "b", "7", "send", {"text": "x", "rows": []}, patience=ONCE)
        outbox.post(connection, once, MONDAY)
    assert len(engine.claim("telegram", MONDAY, 50)) == 1
    engine.recover(MONDAY)
    engine.lead("telegram", "after it", MONDAY)
    [told] = engine.claim("telegram", MONDAY, 50)
    assert told.body["text"].startswith("Für das Organisationsteam: Bei Sendung")


def test_what_a_platform_refuses_for_good_is_told_to_the_organizers_once(store: Database) -> None:
    """They are not called because a call did not reach them."""
    engine = organized(store)
    [hello] = engine.claim("telegram", MONDAY, 50)
    engine.settle(hello, Refused("bad request"), MONDAY)
    [told] = engine.claim("telegram", MONDAY, 50)
    assert told.body["text"].startswith("Für das Organisationsteam: Sendung 1 ließ sich nicht")
    engine.settle(told, Refused("bad request"), MONDAY)
    assert engine.claim("telegram", MONDAY, 50) == []


def test_a_proposal_that_came_to_nothing_keeps_nobodys_words(place: Place) -> None:
    script = Path(__file__).parent / "transcripts" / "second_thoughts.de.chat"
    stage = Stage(place)
    stage.perform(script.read_text(encoding="utf-8").partition("ben > /tandem")[0])
    with stage.store.begin() as connection:
        assert connection.execute(select(tables.proposal.c.about)).scalars().all() == [{}]
        profiles = connection.execute(select(tables.member.c.profile).order_by(tables.member.c.id))
        assert [bool(profile) for profile in profiles.scalars()] == [False, True]
    stage.store.dispose()


TEXTS = st.one_of(
    st.text(max_size=200),
    st.sampled_from(
        [
            "/start",
            "/hilfe",
            "/profil",
            "/tandem",
            "/termin",
            "/ende",
            "/abbrechen",
            "/sprache",
            "ja, einverstanden",
            "weiter",
            "zurück",
            "überspringen",
            "di do",
            "abends",
            "wöchentlich",
            "stimmt so",
            "Do 19:30",
            "x" * 10_000,
            "<b>{{ 7*7 }}</b> <!channel> \u202e",
        ]
    ),
)
WHATS = st.one_of(
    TEXTS.map(Said),
    TEXTS.map(Commanded),
    st.builds(Pressed, st.sampled_from(["", "nonsense"]), st.sampled_from(["", "m1"])),
    st.builds(Submitted, st.just("nonsense"), st.just({"name": "x"})),
    st.sampled_from([Unreadable(), Looked(), Left(), Returned(), Migrated("2")]),
    st.integers(0, 60).map(lambda number: f"press {number}"),
)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(["ana", "ben"]), WHATS), max_size=40))
def test_whatever_people_do_no_turn_fails(
    tmp_path_factory: pytest.TempPathFactory, doings: list[tuple[str, object]]
) -> None:
    _nothing_fails(Stage(tmp_path_factory.mktemp("stage")), doings)


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(["ana", "ben"]), WHATS), max_size=30))
def test_whatever_people_do_no_turn_fails_on_postgresql(
    postgres: Server, doings: list[tuple[str, object]]
) -> None:
    with postgres.place() as place:
        _nothing_fails(Stage(place), doings)


def _nothing_fails(stage: Stage, doings: list[tuple[str, object]]) -> None:
    stage.join("ana", "telegram", username="ana_h")
    stage.join("ben", "slack", language="en")
    for who, what in doings:
        labels = sorted(stage.people[who].buttons)
        if isinstance(what, str):
            if labels:
                stage.act(who, stage.press(who, labels[int(what.split()[1]) % len(labels)]))
        else:
            stage.act(who, what)  # type: ignore[arg-type]  # one of WHATS
    list(stage.pass_time(timedelta(days=20)))
    with stage.store.begin() as connection:
        failed = connection.execute(
            text(
                "SELECT error FROM inbox WHERE attempts > 0 "
                "UNION SELECT reason FROM due WHERE attempts > 0"
            )
        )
        assert failed.scalars().all() == []


def test_the_migrations_make_the_tables_as_they_are_declared(store: Database) -> None:
    with store.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_database_of_a_newer_program_is_refused_with_the_cure(place: Place) -> None:
    engine = place.open()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseError, match="newer Tandem"):
        place.open()


def test_a_file_that_is_no_database_is_refused_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_text("not a database, but long enough to be looked at" * 50)
    with pytest.raises(DatabaseError, match="DATABASE_URL"):
        connect(f"sqlite:///{tmp_path}/t.db")
