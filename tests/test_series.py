"""A series over ten years in twelve zones, against a calendar that is walked day by day.

The reference knows nothing of steps and nearest times: it looks at every single day.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.holidays import country, holiday
from bot.domain.series import (
    MOST_SKIPPED,
    Free,
    Series,
    again,
    apart,
    following,
    passed,
    settled,
    slot,
)
from bot.domain.sessions import (
    RHYTHMS,
    Agree,
    Cancel,
    Coming,
    Pause,
    Restore,
    Session,
    Wish,
    decide,
    laid,
)
from scheduler.due import plan
from tests.test_time import member

ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Africa/Casablanca",
    "UTC",
)
BEGIN, END = date(2009, 1, 6), date(2019, 1, 6)
"""In these years Apia skipped a day, and Casablanca had clocks for Ramadan."""
ABOUT: dict[int, dict[str, object]] = {1: {"partner": "Ben"}, 2: {"partner": "Ana"}}
LENGTH = timedelta(minutes=60)


def session(planned: datetime, zone: str) -> Session:
    return Session(5, 1, 1, (1, 2), zone, ABOUT, planned=planned, slot=planned)


def days(begin: date, end: date) -> Iterator[date]:
    for number in range(begin.toordinal(), end.toordinal() + 1):
        yield date.fromordinal(number)


def there_is(day: date, zone: str) -> bool:
    """Whether a zone had this day: seen on a clock that is read every quarter of an hour."""
    midnight = datetime.combine(day, time(), UTC) - timedelta(hours=26)
    tz = ZoneInfo(zone)
    return any(
        (midnight + timedelta(minutes=15 * n)).astimezone(tz).date() == day for n in range(4 * 52)
    )


def walked(begin: date, wall: time, weeks: int, until: date, zone: str) -> list[datetime]:
    """Every so many weeks on the weekday, each day looked at for itself."""
    return [
        datetime.combine(day, wall)
        for day in days(begin, until)
        if day.strftime("%a") == begin.strftime("%a")
        and (day - begin).days // 7 % weeks == 0
        and there_is(day, zone)
    ]


def held(first: datetime, series: Series, zone: str) -> Iterator[Session]:
    """One after the other, each laid out when the one before is over."""
    current: Session | None = session(first, zone)
    while current is not None:
        yield current
        assert current.ends_at is not None
        free = Free(zone, current.ends_at, current.ends_at)
        coming = following(current, series, free)
        assert coming.skipped == ()
        current = laid(replace(current, planned=None), coming) if coming.at else None


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_ten_years_shift_lose_and_double_nothing(zone: str, rhythm: str) -> None:
    """At six in the evening, and at an hour at which clocks change."""
    weeks = RHYTHMS[rhythm].days // 7
    for wall, begin in ((time(18), BEGIN), (time(2, 15), BEGIN - timedelta(days=2))):
        series = Series(RHYTHMS[rhythm], begin.weekday(), wall, END)
        seen = list(held(datetime.combine(begin, wall), series, zone))
        assert [one.planned for one in seen] == walked(begin, wall, weeks, END, zone)
        for one in seen:
            assert one.starts_at is not None
            there = one.starts_at.astimezone(ZoneInfo(zone))
            assert there.strftime("%A") == begin.strftime("%A")
            assert there.time() == wall or _in_a_gap(one, there)


def _in_a_gap(one: Session, there: datetime) -> bool:
    """The first minute after a wall time that no clock showed."""
    assert one.planned is not None
    assert one.starts_at is not None
    tz, shown = ZoneInfo(one.zone), there.replace(tzinfo=None)
    before = (one.starts_at - timedelta(minutes=1)).astimezone(tz).replace(tzinfo=None)
    return before < one.planned < shown


@pytest.mark.parametrize("begin", [date(2011, 12, 2), date(2011, 12, 16)])
def test_a_day_that_apia_never_had_is_no_session(begin: date) -> None:
    friday = date(2011, 12, 30)
    series = Series(timedelta(weeks=1), begin.weekday(), time(18), date(2012, 1, 31))
    seen = [one.planned for one in held(datetime.combine(begin, time(18)), series, "Pacific/Apia")]
    assert datetime.combine(friday, time(18)) not in seen
    assert datetime.combine(friday + timedelta(days=7), time(18)) in seen


@pytest.mark.parametrize(
    ("begin", "zones"),
    [
        (date(2026, 11, 6), ("Europe/Berlin", "Europe/Berlin")),
        (date(2026, 11, 5), ("Europe/Berlin", "America/New_York")),
        (date(2026, 11, 9), ("Australia/Sydney", "Pacific/Auckland")),
    ],
)
def test_holidays_of_either_are_left_out_and_nothing_else(
    begin: date, zones: tuple[str, str]
) -> None:
    ours = zones[0]
    until = begin + timedelta(days=3652)

    def off(wall: datetime) -> bool:
        at = wall.replace(tzinfo=ZoneInfo(ours))
        return any(holiday(at.astimezone(ZoneInfo(z)).date(), country(z), {}, "en") for z in zones)

    series = Series(timedelta(weeks=1), begin.weekday(), time(18), until)
    every = walked(begin, time(18), 1, until, ours)
    current, met, left_out = session(every[0], ours), [every[0]], set[datetime]()
    while True:
        assert current.ends_at is not None
        free = Free(ours, current.ends_at, current.ends_at, holiday=off)
        coming = following(current, series, free)
        left_out |= set(coming.skipped)
        if coming.at is None:
            break
        met.append(coming.at)
        current = laid(current, coming)
    assert [at for at in every if not off(at)] == met
    assert sorted(left_out) == [at for at in every if off(at)]


def test_a_day_that_is_always_a_holiday_is_met_on() -> None:
    first = datetime(2026, 11, 3, 18)  # noqa: DTZ001 -- local by design
    known, series = session(first, "UTC"), Series(timedelta(weeks=1), 1, time(18))
    assert known.ends_at is not None
    free = Free("UTC", known.ends_at, known.ends_at, holiday=lambda _: True)
    assert following(known, series, free) == Coming(first + timedelta(weeks=1))
    some = replace(free, holiday=lambda wall: wall <= first + MOST_SKIPPED * timedelta(weeks=1))
    coming = following(known, series, some)
    assert coming.at == first + (MOST_SKIPPED + 1) * timedelta(weeks=1)
    assert len(coming.skipped) == MOST_SKIPPED


moves = st.one_of(
    st.just("met"),
    st.just("cancelled"),
    st.tuples(st.just("moved"), st.integers(-6, 6), st.integers(8, 20)),
    st.tuples(st.just("paused"), st.integers(1, 40), st.booleans()),
)


@settings(deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(sorted(RHYTHMS)),
    st.dates(date(2026, 1, 1), date(2035, 12, 31)),
    st.lists(moves, min_size=1, max_size=25),
)
def test_whatever_becomes_of_one_the_series_goes_on_at_its_own_times(
    zone: str, rhythm: str, begin: date, happened: list[str | tuple[str, int, int | bool]]
) -> None:
    """Each time of the series is used once, unless it went by while they were away or met late."""
    wall = time(18)
    step = RHYTHMS[rhythm]
    series = Series(step, begin.weekday(), wall)
    current = session(datetime.combine(begin, wall), zone)
    begins = current.starts_at
    assert begins is not None
    now = begins - timedelta(hours=30)
    for what in happened:
        before = current.slot
        assert before is not None
        match what:
            case ("moved", int(by), int(hour)):
                assert current.planned is not None
                at = datetime.combine(current.planned.date() + timedelta(days=by), time(hour))
                current, _ = decide(current, Wish(1, at), now)
                current, _ = decide(current, Agree(2, at), now)
                assert current.slot == before
            case ("paused", int(length), early):
                back = now + timedelta(days=length)
                coming = again(current, series, Free(zone, now, back))
                current, _ = decide(current, Pause(back, coming), now)
                assert current.starts_at is not None
                assert current.starts_at >= back
                if early and current.skipped:
                    wanted = current.skipped[0]
                    current, _ = decide(current, Restore(0, wanted), now)
                    assert current.planned == current.slot == wanted
                    assert current.skipped == ()
            case _:
                pass
        assert current.slot is not None
        assert (current.slot - before) % step == timedelta()
        assert current.ends_at is not None
        if what == "cancelled":
            called_off, _ = decide(current, Cancel(1, current.planned), now)
            assert called_off.planned is None
        else:
            now = current.ends_at
        coming = following(current, series, Free(zone, now, now))
        assert coming.at is not None
        assert series.has(coming.at)
        assert coming.at > current.slot
        between = (coming.at - current.slot) // step - 1
        late = [current.slot + step * n for n in range(1, between + 1)]
        assert all(at <= (current.planned or at) for at in late), what
        current = replace(laid(current, coming), wish=None)


@given(st.integers(0, 6), st.integers(0, 23), st.integers(0, 60), st.sampled_from(ZONES))
def test_a_new_agreement_lays_the_series_out_anew(
    weekday: int, hour: int, minutes: int, zone: str
) -> None:
    first = datetime(2027, 1, 5, 18)  # noqa: DTZ001 -- local by design
    known, old = session(first, zone), Series(timedelta(weeks=1), 1, time(18))
    begins = known.starts_at
    assert begins is not None
    now = begins - timedelta(days=2, minutes=minutes)
    new = Series(timedelta(weeks=2), weekday, time(hour, 30))
    free = Free(zone, now, now + timedelta(hours=24))
    coming = settled(known, new, old, free)
    assert coming.at is not None
    assert new.has(coming.at)
    after = laid(known, coming)
    assert after.starts_at is not None
    assert free.earliest <= after.starts_at < free.earliest + timedelta(days=8)
    assert slot(known, new, coming) == coming.at
    assert settled(known, replace(old, until=date(2027, 6, 1)), old, free).at == first


@pytest.mark.parametrize("zone", ZONES)
def test_each_is_reminded_of_each_session_once(zone: str) -> None:
    """Two of the zone, for three years: a session's end comes once, and reminders before it."""
    series = Series(timedelta(weeks=1), 1, time(18), BEGIN + timedelta(days=1000))
    people = [member(1, zone), member(2, zone)]
    for one in held(datetime.combine(BEGIN, time(18)), series, zone):
        assert one.starts_at is not None
        dues = list(plan(one, people, one.starts_at - timedelta(days=6)))
        assert [due.at for due in dues if due.member == 0] == [one.starts_at + LENGTH * 13 / 12]
        for person in people:
            mine = [due for due in dues if due.member == person.id]
            assert len(mine) == 2
            assert all(due.at < one.starts_at for due in mine)


@given(
    st.sampled_from(sorted(RHYTHMS)),
    st.dates(date(2026, 1, 1), date(2035, 12, 31)),
    st.integers(1, 90),
    st.integers(0, 23),
)
def test_a_session_moved_ahead_takes_the_place_of_one_time_that_is_near_and_of_no_other(
    rhythm: str, begin: date, by: int, hour: int
) -> None:
    step, own = RHYTHMS[rhythm], datetime.combine(begin, time(18))
    series = Series(step, begin.weekday(), time(18))
    target = datetime.combine(begin + timedelta(days=by), time(hour))
    moved = replace(session(own, "Europe/Berlin"), planned=target)
    assert moved.slot == own
    begins = session(own, "Europe/Berlin").starts_at
    assert begins is not None
    free = Free("Europe/Berlin", begins, begins)
    found = passed(moved, series, free)
    both = found is not None and apart(moved, found, series)
    goes_on = following(replace(moved, planned=own) if both else moved, series, free).at
    assert goes_on is not None
    times = [own + step * n for n in range(1, 20)]
    lost = [at for at in times if at < goes_on and at != target]
    assert lost == ([] if both or found is None else [found])
    assert all(timedelta() < target - at <= step / 2 for at in lost)
