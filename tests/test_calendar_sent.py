"""Calendar files on their way: pressed for, made when they are sent, and as things are by then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import update
from sqlalchemy.engine import Engine as Database

from bot.domain import sessions
from bot.domain.members import Address, Member
from bot.domain.sessions import Session
from bot.domain.tandems import State, Tandem
from bot.engine import convening
from bot.engine.desk import Desk
from bot.engine.engine import Engine
from bot.engine.meeting import send_calendar, spoken
from bot.store import appointments, dues, pairs, people
from bot.store.outbox import Parcel
from bot.store.tables import due
from bot.store.tables import session as stored
from tests.fresh import fresh
from tests.house import living
from tests.slack_standin import SlackStandin
from tests.stage import HOUSE, MONDAY
from tests.telegram_standin import TelegramStandin
from tests.test_playground import ANA, opened
from tests.ways import slack_of, telegram_of

TUESDAY = datetime(2026, 11, 10, 18)  # noqa: DTZ001 -- local by design


def meet(store: Database, at: datetime = TUESDAY, zone: str = "Europe/Berlin") -> Session:
    """The first two members are a tandem and have agreed on a time; each reads so."""
    with store.begin() as connection:
        about = {1: {"partner": "Ben"}, 2: {"partner": "Ana"}}
        new = Tandem(0, (1, 2), "weekly", zone, MONDAY, about, State.ACTIVE)
        tandem = pairs.add_tandem(connection, new, dict.fromkeys(new.members, 1))
        open_ = Session(0, tandem.id, 1, (1, 2), zone, about, place="Café, hinten")
        known = appointments.add_session(connection, sessions.at_another_time(open_, at))
        desk = Desk(connection, MONDAY, "meet", HOUSE)
        desk.replan(known.subject, known, [desk.member(1), desk.member(2)])
        desk.tell(spoken(desk, known, [sessions.overview(known, m) for m in known.members]))
    return known


def met(folder: Path) -> Session:
    store = fresh(folder / "house.db")
    known = meet(store)
    store.dispose()
    return known


def read(content: bytes) -> tuple[str | None, int | None, datetime, str | None]:
    """Method, sequence, instant and place of the one event in a file."""
    calendar = IcsCalendarStream.calendar_from_ics(content.decode())
    [event] = calendar.events
    assert isinstance(event.dtstart, datetime)
    return calendar.method, event.sequence, event.dtstart.astimezone(UTC), event.location


async def test_it_arrives_on_telegram_and_in_slack_as_it_was_made(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram, SlackStandin() as slack:
        ana = telegram.person("Ana", language="de")
        ben = slack.person("Ben Koch", locale="en-GB", tz="Europe/London")
        async with living(tmp_path, telegram_of(telegram), slack_of(slack)):
            await slack.connected()
            ana.says("/start")
            await ana.sees("Ich bin Tandem")
            ben.commands("/tandem", "")
            await ben.sees("I am")
            known = met(tmp_path)
            await ana.sees("Nächster Termin: Di, 10.11., 18:00 Uhr (Berlin)")
            ana.presses("Kalender-Datei")
            hers = await ana.sees("Der Termin für deinen Kalender")
            await ben.sees("Next session: Tue 10 Nov, 17:00 (London)")
            ben.presses("Calendar file")
            await ben.sees("The session for your calendar")
            await slack.settled()
        assert hers.document is not None
        assert (hers.document.name, hers.document.mime) == (
            "tandem-2026-11-10.ics",
            "text/calendar",
        )
        expected = ("PUBLISH", 1, known.starts_at, "Café, hinten")
        assert read(hers.document.content) == expected
        [his] = [m for m in ben.messages if m.files]
        [file] = his.files
        assert file["name"] == "tandem-2026-11-10.ics"
        assert read(slack.files[file["id"]]["data"]) == expected
        assert telegram.problems == []
        assert slack.problems == []
        assert slack.failures == []


async def test_the_playground_has_it_for_download_as_it_is_by_then(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        await web.post("people", {"action": "a2", "name": "Ben", "language": "de"})
        await web.texts(1)
        await web.texts(1, person=1)
        known = met(tmp_path)
        assert "Nächster Termin: Di, 10.11., 18:00 Uhr" in (await web.texts(2))[1]
        store = fresh(tmp_path / "house.db")
        with store.begin() as connection:
            desk = Desk(connection, MONDAY, "press", HOUSE)
            send_calendar(desk, desk.member(1), known)
        store.dispose()
        await web.texts(3)
        messages = (await web.state())["people"][0]["messages"]
        [message] = [m for m in messages if m["file"]]
        assert message["file"] == "tandem-2026-11-10.ics"
        async with web.session.get(f"{web.playground.url}/files/{message['id']}") as answer:
            assert read(await answer.read())[:3] == ("PUBLISH", 1, known.starts_at)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    store = fresh(tmp_path / "house.db")
    with store.begin() as connection:
        for user, zone in (("a", "Europe/Berlin"), ("b", "Europe/London"), ("c", "UTC")):
            address = Address("telegram", "b", user, user)
            people.add(connection, Member(0, address, "de", zone), MONDAY)
    return Engine(store, HOUSE)


def sent(engine: Engine, now: datetime, member: int = 1) -> bytes:
    body = {"text": "", "rows": [], "name": "x.ics"}
    parcel = Parcel("", "telegram", "b", "a", "file", body, member=member, subject="session:1")
    return engine.file(parcel, now)


def test_what_is_sent_is_what_holds_by_then(engine: Engine) -> None:
    known = meet(engine.store)
    first = sent(engine, MONDAY)
    assert read(first)[:3] == ("PUBLISH", 1, known.starts_at)
    wednesday = TUESDAY + timedelta(days=1)
    happened: list[sessions.Event] = [
        sessions.Wish(1, wednesday),
        sessions.Agree(2, wednesday),
        sessions.Place(2, "Bibliothek"),
        sessions.Cancel(2, wednesday),
    ]
    for number, event in enumerate(happened):
        with engine.store.begin() as connection:
            desk = Desk(connection, MONDAY, f"event:{number}", HOUSE)
            convening.on_session(desk, appointments.get_session(connection, 1), event)
    off = sent(engine, MONDAY + timedelta(hours=1))
    assert read(off) == ("CANCEL", 4, datetime(2026, 11, 11, 17, tzinfo=UTC), "Bibliothek")
    assert [line for line in off.splitlines() if line[:3] == b"UID"] == [
        line for line in first.splitlines() if line[:3] == b"UID"
    ]


def test_nobody_gets_the_file_of_others(engine: Engine) -> None:
    meet(engine.store)
    with pytest.raises(LookupError, match="none of theirs"):
        sent(engine, MONDAY, member=3)


def test_sessions_are_told_apart_by_random_numbers(engine: Engine) -> None:
    one = meet(engine.store)
    with engine.store.begin() as connection:
        other = appointments.add_session(connection, replace(one, number=2))
    assert len({one.uid, other.uid}) == 2
    assert one.uid.isalnum()
    assert len(one.uid) == 32


def test_new_rules_of_a_zone_move_the_instant_and_the_reminders(engine: Engine) -> None:
    """The wall time stays. What was reckoned by the rules of before is put right at the start."""
    known = meet(engine.store)
    assert known.starts_at is not None
    planned, hour = [at for _, at in _dues(engine)], timedelta(hours=1)
    with engine.store.begin() as connection:
        connection.execute(update(stored).values(starts_at=known.starts_at - hour))
        for at in planned:
            connection.execute(update(due).where(due.c.at == at).values(at=at - hour))
    engine.recover(MONDAY)
    assert [at for _, at in _dues(engine)] == planned
    with engine.store.begin() as connection:
        assert appointments.shifted_sessions(connection) == []
        assert appointments.get_session(connection, 1).planned == TUESDAY


def _dues(engine: Engine) -> list[tuple[str, datetime]]:
    with engine.store.begin() as connection:
        far = MONDAY + timedelta(days=30)
        return [(found.nudge, found.at) for _, found in dues.due_now(connection, far, 50)]
