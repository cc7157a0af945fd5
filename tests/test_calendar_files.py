"""Calendar files, read back by a library of another hand: the same instant, whatever the zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from ical.timezone import IcsTimezoneInfo
from icalendar import Calendar as Written

from bot.domain.calendar_files import calendar_file, calendar_file_name
from bot.domain.sessions import Agree, Cancel, Place, Session, State, Stop, Wish, decide
from tests.test_time import ZONES, days, walls, zones

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 10, 18)  # noqa: DTZ001 -- local by design
lengths = st.sampled_from([60, 75, 90])
ABOUT: dict[int, dict[str, object]] = {n: {"partner": "Ben", "goal": "Chor"} for n in (1, 2, 3)}


def session(planned: datetime | None, zone: str = "Europe/Berlin", place: str = "") -> Session:
    return Session(5, 7, 2, (1, 2, 3), zone, ABOUT, planned=planned, place=place, uid="0f" * 16)


def read(known: Session) -> tuple[Calendar, Event]:
    written = calendar_file(known, "Tandem", NOW).decode()
    calendar = IcsCalendarStream.calendar_from_ics(written)
    [event] = calendar.events
    return calendar, event


@settings(deadline=None)
@given(days, walls, zones, lengths)
@example(date(2027, 3, 28), time(2, 30), "Europe/Berlin", 60)
@example(date(2026, 10, 25), time(2, 30), "Europe/Berlin", 90)
@example(date(2027, 4, 4), time(1, 45), "Australia/Lord_Howe", 60)
@example(date(2027, 2, 7), time(3), "Africa/Casablanca", 75)
@example(date(2029, 11, 4), time(1), "America/New_York", 75)
def test_the_instant_read_back_is_the_sessions(
    day: date, wall: time, zone: str, minutes: int
) -> None:
    known = replace(session(datetime.combine(day, wall), zone), minutes=minutes)
    _, event = read(known)
    assert isinstance(event.dtstart, datetime)
    assert event.dtstart.astimezone(UTC) == known.starts_at
    assert event.duration == timedelta(minutes=minutes)


@settings(deadline=None)
@given(days, st.integers(8, 20), zones)
def test_the_zone_written_down_says_the_same(day: date, hour: int, zone: str) -> None:
    """For calendars that believe the file, and know no zones themselves."""
    known = session(datetime.combine(day, time(hour)), zone)
    written = Written.from_ical(calendar_file(known, "Tandem", NOW))
    assert isinstance(written, Written)
    assert len(written.timezones) == (zone != "UTC")
    for rules in written.timezones:
        start = datetime.combine(day, time(hour), rules.to_tz(lookup_tzid=False))
        assert start.astimezone(UTC) == known.starts_at


@settings(deadline=None)
@given(days, walls, st.sampled_from(ZONES))
@example(date(2032, 1, 1), time(18), "Africa/Casablanca")
@example(date(2027, 3, 28), time(3, 30), "Europe/Berlin")
@example(date(2026, 10, 25), time(4), "Europe/Berlin")
@example(date(2026, 10, 4), time(2, 45), "Australia/Lord_Howe")
@example(date(2028, 2, 27), time(4), "Africa/Casablanca")
def test_another_hand_reads_the_same_rules_of_the_zone(day: date, wall: time, zone: str) -> None:
    """Also in the hours after a change; where clocks show a time twice or never, no rule tells."""
    known = session(datetime.combine(day, wall), zone)
    calendar, event = read(known)
    assert calendar.method == "PUBLISH"
    assert [rules.tz_id for rules in calendar.timezones] == ([zone] if zone != "UTC" else [])
    assert known.starts_at is not None
    for rules in calendar.timezones:
        tz = IcsTimezoneInfo.from_timezone(rules)
        assert event.dtstart is not None
        at = datetime.combine(event.dtstart, known.starts_at.astimezone(ZoneInfo(zone)).time())
        if at.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC) == known.starts_at:
            assert at - tz.utcoffset(at) == known.starts_at.replace(tzinfo=None)


def test_a_calendar_gets_the_least_there_is_to_say() -> None:
    written = calendar_file(session(TUESDAY), "Tandem", NOW).decode()
    names = {line.split(":")[0].split(";")[0] for line in written.splitlines()}
    event = {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DURATION", "SUMMARY", "STATUS"}
    assert event <= names
    assert not {"LOCATION", "DESCRIPTION", "ATTENDEE", "ORGANIZER", "URL"} & names
    assert "Ben" not in written
    assert "Chor" not in written
    assert written.splitlines().count("SUMMARY:Tandem") == 1
    assert calendar_file_name(session(TUESDAY)) == "tandem-2026-11-10.ics"


def test_the_same_session_makes_the_same_bytes() -> None:
    known = session(TUESDAY)
    assert calendar_file(known, "Tandem", NOW) == calendar_file(known, "Tandem", NOW)


@settings(deadline=None)
@given(st.text(max_size=200))
@example("Raum 1\r\nATTENDEE:mailto:x@example.org\r\nEND:VEVENT")
@example("a\\n;b,c\u2028\u202e\x00\ud800")
def test_what_is_typed_as_a_place_stays_a_place(place: str) -> None:
    calendar, event = read(session(TUESDAY, place=place))
    plain, _ = read(session(TUESDAY))
    assert len(calendar.events) == 1
    assert event.location is None or "\n" not in event.location
    assert event.attendees == []
    assert (event.dtstart, event.uid, calendar.prodid) == (
        datetime.fromisoformat("2026-11-10T18:00").replace(tzinfo=event.dtstart.tzinfo),  # type: ignore[union-attr]  # it has a time
        f"{'0f' * 16}@tandem",
        plain.prodid,
    )


def test_called_off_it_says_so_of_the_time_that_was_planned() -> None:
    off, _ = decide(session(TUESDAY), Cancel(1, TUESDAY), NOW)
    calendar, event = read(off)
    assert calendar.method == "CANCEL"
    assert event.status == "CANCELLED"
    assert isinstance(event.dtstart, datetime)
    assert event.dtstart.replace(tzinfo=None) == TUESDAY


changes = st.lists(
    st.one_of(
        st.integers(0, 40).map(lambda day: TUESDAY + timedelta(days=day)),
        st.sampled_from(["Café", "https://meet.example.org/x", ""]),
        st.sampled_from(["cancel", "stop"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(changes)
def test_whatever_changes_is_the_same_entry_with_a_higher_number(
    what: list[datetime | str],
) -> None:
    known = session(None)
    for change in what:
        before, known = known, _changed(known, change)
        differs = (before.planned, before.place) != (known.planned, known.place)
        assert known.sequence >= before.sequence + differs
        assert known.uid == before.uid
        if known.planned or known.was:
            _, event = read(known)
            assert event.sequence == known.sequence


def _changed(known: Session, change: datetime | str) -> Session:
    match change:
        case datetime():
            for event in (Wish(1, change), Agree(2, change), Agree(3, change)):
                known, _ = decide(known, event, NOW)
            assert known.planned == change
        case "cancel":
            known, _ = decide(known, Cancel(2, known.planned), NOW)
        case "stop":
            known, _ = decide(known, Stop(), NOW)
        case place:
            known, _ = decide(known, Place(3, place), NOW)
    assert known.state is State.OPEN
    return known
