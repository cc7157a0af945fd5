"""Three who live by different clocks: each reads their own, and one time stands for all."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine as Database

from bot.domain import sessions
from bot.domain.members import Address, Member, Profile
from bot.domain.sessions import Session
from bot.domain.tandems import State, Tandem
from bot.engine import convening
from bot.engine.desk import Desk
from bot.engine.meeting import minutes, slots
from bot.store import appointments, pairs, people
from bot.store.tables import outbox
from tests.fresh import fresh
from tests.stage import HOUSE, MONDAY, plain

PEOPLE = {
    1: ("Ana", "de", "Europe/Berlin", "60"),
    2: ("Ben", "en", "Europe/London", "75"),
    3: ("Cem", "en", "America/New_York", "60"),
}
THURSDAY = datetime(2026, 11, 5, 19)  # noqa: DTZ001 -- local by design


def profile(name: str, length: str) -> Profile:
    days, times = ("tue", "thu"), ("midday", "afternoon", "evening")
    return Profile(name, ("x",), ("y",), "z", ("en",), days, times, "weekly", length=length)


@pytest.fixture
def store(tmp_path: Path) -> Database:
    store = fresh(tmp_path / "house.db")
    with store.begin() as connection:
        for name, language, zone, length in PEOPLE.values():
            address = Address("telegram", "b", name, name)
            known = profile(name, length)
            new = people.add(connection, Member(0, address, language, zone), MONDAY)
            people.save(connection, Member(new, address, language, zone, profile=known))
        about = {1: {"partner": "Ben und Cem"}, 2: {"partner": "Ana and Cem"}}
        about[3] = {"partner": "Ana and Ben"}
        new_one = Tandem(0, (1, 2, 3), "weekly", "Europe/Berlin", MONDAY, about, State.ACTIVE)
        tandem = pairs.add_tandem(connection, new_one, dict.fromkeys(new_one.members, 1))
        appointments.add_session(
            connection, Session(0, tandem.id, 1, (1, 2, 3), "Europe/Berlin", about, minutes=75)
        )
    return store


def happens(store: Database, key: str, *events: sessions.Event) -> dict[int, list[str]]:
    """What each of them reads of it, first sentence by first sentence."""
    with store.begin() as connection:
        before = len(connection.execute(select(outbox.c.id)).all())
        for number, event in enumerate(events):
            desk = Desk(connection, MONDAY, f"{key}:{number}", HOUSE)
            convening.on_session(desk, appointments.get_session(connection, 1), event)
        rows = connection.execute(select(outbox).order_by(outbox.c.id)).all()[before:]
    said: dict[int, list[str]] = {}
    for row in rows:
        first = plain(row.body["text"]).splitlines()[0]
        said.setdefault(row.member, []).extend(re.split(r"(?<=[)a-z]\.) ", first))
    return said


def test_each_reads_their_own_time_and_it_stands_once_all_agreed(store: Database) -> None:
    assert happens(store, "wish", sessions.Wish(1, THURSDAY)) == {
        1: [
            "Ich habe Ben und Cem gefragt: Do, 5.11., 19:00 Uhr (Berlin).",
            "Sobald alle zugesagt haben, sage ich dir Bescheid.",
        ],
        2: ["Ana suggests: Thu 5 Nov, 18:00 (London)"],
        3: ["Ana suggests: Thu 5 Nov, 13:00 (New York)"],
    }
    assert happens(store, "agree", sessions.Agree(3, THURSDAY)) == {
        3: [
            "Noted, Thu 5 Nov, 13:00 (New York) suits you.",
            "I’ll tell you as soon as everybody has agreed.",
        ]
    }
    assert happens(store, "all", sessions.Agree(2, THURSDAY)) == {
        1: ["Abgemacht: Do, 5.11., 19:00 bis 20:15 Uhr (Berlin)"],
        2: ["It’s settled: Thu 5 Nov, 18:00 to 19:15 (London)"],
        3: ["It’s settled: Thu 5 Nov, 13:00 to 14:15 (New York)"],
    }
    assert happens(store, "off", sessions.Cancel(2, THURSDAY))[1] == [
        "Dein Treffen mit Ben und Cem am Do, 5.11., 19:00 Uhr (Berlin), fällt aus.",
        "Möchtest du einen neuen Termin vorschlagen?",
    ]


def test_what_one_of_them_celebrates_is_said_to_all_and_where(store: Database) -> None:
    thanksgiving = datetime(2026, 11, 26, 19)  # noqa: DTZ001 -- local by design
    with store.begin() as connection:
        desk = Desk(connection, MONDAY, "wish", HOUSE)
        session = appointments.get_session(connection, 1)
        convening.on_session(desk, session, sessions.Wish(1, thanksgiving))
        rows = connection.execute(select(outbox).order_by(outbox.c.member)).all()
    texts = [row.body["text"] for row in rows]
    assert "Das ist ein Feiertag: Thanksgiving Day (Vereinigte Staaten)." in texts[0]
    assert "That is a public holiday: Thanksgiving Day (United States)." in texts[1]
    assert "That is a public holiday: Thanksgiving Day." in texts[2]


def test_times_suggested_suit_all_for_the_longest_session(store: Database) -> None:
    late = datetime(2026, 11, 20, 8, tzinfo=UTC)
    with store.begin() as connection:
        desk = Desk(connection, late, "slots", HOUSE)
        members = [desk.member(number) for number in PEOPLE]
        assert minutes(members) == 75
        assert slots(desk, members, "Europe/Berlin") == [
            "2026-11-24T19:00",
            "2026-12-01T19:00",
            "2026-12-03T19:00",
        ]
