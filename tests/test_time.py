"""Wall times, common times and dues, also where the clocks change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.holidays import country, holiday
from bot.domain.agreements import Agreement, Version, Yes
from bot.domain.availability import DAYS, TIMES, Week, common, instant, suggestions
from bot.domain.dues import Due, Nudge
from bot.domain.hours import quiet, waking
from bot.domain.members import Address, Member, Standing
from bot.domain.proposals import Proposal
from bot.domain.series import Free, Series, following
from bot.domain.sessions import RHYTHMS, Session, State
from bot.domain.tandems import State as TandemState
from bot.domain.tandems import Tandem
from scheduler.due import plan

LENGTH = timedelta(minutes=60)
ZONES = [
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
    "UTC",
]
zones = st.sampled_from(ZONES)
days = st.dates(date(2024, 1, 1), date(2034, 12, 31))
walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))
moments = st.builds(lambda day, wall: datetime.combine(day, wall, UTC), days, walls)


@pytest.mark.parametrize(
    ("day", "wall", "utc"),
    [
        (date(2026, 11, 24), time(18), datetime(2026, 11, 24, 17, tzinfo=UTC)),
        (date(2027, 3, 28), time(2, 30), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2027, 3, 30), time(18), datetime(2027, 3, 30, 16, tzinfo=UTC)),
    ],
    ids=["winter", "gap", "doubled", "summer"],
)
def test_a_wall_time_in_berlin_is_one_instant(day: date, wall: time, utc: datetime) -> None:
    assert instant(day, wall, "Europe/Berlin") == utc


@given(days, walls, zones)
def test_an_instant_reads_as_its_wall_time_or_the_end_of_a_gap(
    day: date, wall: time, zone: str
) -> None:
    local = instant(day, wall, zone).astimezone(ZoneInfo(zone))
    wished = datetime.combine(day, wall)
    assert timedelta() <= local.replace(tzinfo=None) - wished <= timedelta(days=1)
    if local.replace(tzinfo=None) != wished:
        before = (local - timedelta(minutes=1)).astimezone(UTC)
        shift = local.utcoffset() or timedelta()
        assert before.astimezone(ZoneInfo(zone)).utcoffset() != shift or local.dst() is not None


def session(planned: datetime | None, zone: str = "Europe/Berlin", **changes: object) -> Session:
    fresh = Session(5, 1, 1, (1, 2), zone, {1: {"partner": "Ben"}, 2: {"partner": "Ana"}})
    return Session(
        **{**{f: getattr(fresh, f) for f in fresh.__slots__}, "planned": planned, **changes}
    )


def member(
    number: int, zone: str = "Europe/Berlin", standing: Standing = Standing.RESTING
) -> Member:
    return Member(
        number, Address("telegram", "b", str(number), str(number)), "de", zone, standing=standing
    )


@given(zones, st.sampled_from(["weekly", "biweekly"]), days, walls)
def test_a_series_stays_on_its_weekday_and_wall_time(
    zone: str, rhythm: str, day: date, wall: time
) -> None:
    current = session(datetime.combine(day, wall), zone)
    seen = []
    for _ in range(60):
        start = current.starts_at
        assert start is not None
        free = Free(zone, start + LENGTH, start + LENGTH)
        planned = following(current, Series(RHYTHMS[rhythm]), free).at
        assert planned is not None
        seen.append(planned)
        current = session(planned, zone)
    step = timedelta(weeks=1 if rhythm == "weekly" else 2)
    assert seen == [datetime.combine(day, wall) + step * n for n in range(1, 61)]


@given(zones, zones, days, st.integers(0, 47))
def test_reminders_come_awake_before_the_session_and_at_most_two(
    hers: str, his: str, day: date, half_hours: int
) -> None:
    planned = datetime.combine(day, time(half_hours // 2, half_hours % 2 * 30))
    meeting = session(planned, hers)
    start = meeting.starts_at
    assert start is not None
    people = [member(1, hers), member(2, his)]
    dues = list(plan(meeting, people, start - timedelta(days=10)))
    for person in people:
        mine = [due for due in dues if due.member == person.id]
        assert len(mine) <= 2
        assert all(not quiet(due.at, person.zone) for due in mine)
        assert all(due.at < due.until <= start for due in mine)
    [after] = [due for due in dues if due.nudge is Nudge.AFTER]
    assert start + LENGTH <= after.at <= start + LENGTH + timedelta(hours=16)


def test_what_is_past_is_not_reminded_of() -> None:
    meeting = session(datetime(2026, 11, 24, 18))  # noqa: DTZ001 -- local by design
    start = meeting.starts_at
    assert start is not None
    people = [member(1), member(2)]
    assert {d.nudge for d in plan(meeting, people, start - timedelta(hours=5))} == {
        Nudge.SOON,
        Nudge.AFTER,
    }
    assert [d.nudge for d in plan(meeting, people, start)] == [Nudge.AFTER]


@pytest.mark.parametrize(
    ("planned", "zone", "asked"),
    [
        ("2026-11-24T18:00", "Europe/Berlin", "2026-11-24T19:05"),
        ("2026-11-24T21:00", "Europe/Berlin", "2026-11-25T08:30"),
        ("2026-11-24T06:00", "Europe/Berlin", "2026-11-24T08:30"),
        ("2026-11-22T16:00", "Europe/Berlin", "2026-11-22T17:05"),  # they met on a Sunday
        ("2026-11-21T21:30", "Europe/Berlin", "2026-11-23T08:30"),  # but are not woken on one
        ("2026-11-24T18:00", "Asia/Tokyo", "2026-11-25T08:30"),
        ("2026-11-24T18:00", "America/New_York", "2026-11-24T13:05"),
    ],
)
def test_each_is_asked_how_it_was_once_it_is_over_and_they_are_awake(
    planned: str, zone: str, asked: str
) -> None:
    past = session(datetime.fromisoformat(planned), state=State.PAST)
    start = past.starts_at
    assert start is not None
    person = member(1, zone)
    dues = plan(past, [person], start + LENGTH)
    [at] = [due.at for due in dues if due.nudge is Nudge.REFLECT]
    assert at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.fromisoformat(asked)
    told = replace(past, reflected=frozenset({1}))
    assert list(plan(told, [person], start + LENGTH)) == []
    late = plan(past, [person], start + timedelta(days=5))
    assert list(late) == []


@pytest.mark.parametrize(
    ("since", "zone", "at"),
    [
        ("2026-11-03", "Europe/Berlin", "2027-01-02T17:00"),
        ("2026-11-03", "Asia/Tokyo", "2027-01-02T17:00"),
        ("2026-11-04", "Europe/Berlin", "2027-01-04T08:30"),  # not on a Sunday
    ],
)
def test_in_the_middle_of_what_was_agreed_on_each_is_offered_a_look_back(
    since: str, zone: str, at: str
) -> None:
    now = datetime(2026, 11, 3, 9, tzinfo=UTC)
    yes = {1: Yes(now), 2: Yes(now)}
    version = Version(1, 1, 0, {"since": since, "months": "4"}, now, yes)
    agreed = Agreement(5, (1, 2), {1: {}, 2: {}}, (version,))
    planned = list(plan(agreed, [member(1, zone)], now))
    [due] = [due for due in planned if due.nudge is Nudge.DIARY_HALFWAY]
    assert {due.nudge for due in planned} == {Nudge.DIARY_HALFWAY, Nudge.CHECK_IN}
    assert due.subject == "agreement:5"
    assert due.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.fromisoformat(at)
    later = now + timedelta(days=100)
    dues = plan(agreed, [member(1, zone)], later)
    assert Nudge.DIARY_HALFWAY not in {due.nudge for due in dues}
    waiting = replace(agreed, versions=(replace(version, yes={1: Yes(now)}),))
    dues = plan(waiting, [member(1, zone)], now)
    assert Nudge.DIARY_HALFWAY not in {due.nudge for due in dues}


@pytest.mark.parametrize(
    ("ended", "at"),
    [
        ("2026-11-03T09:00", "2026-11-04T09:00"),
        ("2026-11-03T22:00", "2026-11-05T08:30"),
        ("2026-11-07T12:00", "2026-11-09T08:30"),  # the day after is a Sunday
    ],
)
def test_the_day_after_the_end_each_is_offered_another_one(ended: str, at: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    over = datetime.fromisoformat(ended).replace(tzinfo=berlin).astimezone(UTC)
    tandem = Tandem(5, (1, 2), "weekly", "Europe/Berlin", over, {}, TandemState.ENDED)
    [due] = plan(replace(tandem, ended_at=over), [member(1)], over)
    assert (due.nudge, due.subject, due.member) == (Nudge.DIARY_END, "tandem:5", 1)
    assert due.at.astimezone(berlin).replace(tzinfo=None) == datetime.fromisoformat(at)


def test_a_session_without_a_time_or_called_off_plans_nothing() -> None:
    open_ = session(None)
    off = session(datetime(2026, 11, 24, 18), state=State.OFF)  # noqa: DTZ001 -- local by design
    now = datetime(2026, 11, 20, tzinfo=UTC)
    assert [list(plan(thing, [member(1)], now)) for thing in (open_, off)] == [[], []]


@given(moments, zones)
def test_the_waking_moment_is_the_next_one_that_is_not_quiet(at: datetime, zone: str) -> None:
    woken = waking(at, zone)
    assert not quiet(woken, zone)
    assert at <= woken <= at + timedelta(hours=62)
    assert quiet(at, zone) or woken == at


def test_a_proposal_reminds_whoever_is_silent_and_ends() -> None:
    made = datetime(2026, 11, 2, 9, tzinfo=UTC)
    end = made + timedelta(days=7)
    proposal = Proposal(3, (1, 2), made, end, {}, accepted=frozenset({1}))
    dues = list(plan(proposal, [member(1), member(2)], made))
    assert dues == [
        Due(Nudge.HALFWAY, "proposal:3", datetime(2026, 11, 6, 7, 30, tzinfo=UTC), end, 2),
        Due(Nudge.EXPIRE, "proposal:3", end, end + timedelta(days=30)),
    ]


some_days = st.sets(st.sampled_from(DAYS), min_size=1).map(sorted)
some_times = st.sets(st.sampled_from(sorted(TIMES)), min_size=1).map(sorted)
weeks = st.tuples(some_days, some_times, zones)


def free(week: Week, at: datetime) -> bool:
    wanted, times, zone = week
    local = at.astimezone(ZoneInfo(zone))
    within = any(TIMES[t][0] <= local.time() < TIMES[t][1] for t in times)
    return DAYS[local.weekday()] in wanted and within


@given(weeks, weeks, moments)
def test_common_times_are_those_in_which_both_are_free(
    one: Week, other: Week, now: datetime
) -> None:
    spans = common([one, other], now, now + timedelta(days=7))
    for start, end in spans:
        for at in (start, start + (end - start) / 2, end - timedelta(seconds=1)):
            assert free(one, at)
            assert free(other, at)
    assert spans == sorted(spans)


@given(weeks, weeks, moments)
def test_suggestions_leave_a_whole_session_within_the_common_time(
    one: Week, other: Week, now: datetime
) -> None:
    found = suggestions([one, other], now, 3)
    spans = common([one, other], now, now + timedelta(days=15))
    assert len(found) <= 3
    assert all(any(s <= at and at + LENGTH <= e for s, e in spans) for at in found)


def test_tuesday_and_thursday_after_work_come_first() -> None:
    week: Week = (DAYS, tuple(TIMES), "Europe/Berlin")
    found = suggestions([week, week], datetime(2026, 11, 2, 8, tzinfo=UTC), 3)
    assert [f"{at.astimezone(ZoneInfo('Europe/Berlin')):%a %H:%M}" for at in found] == [
        "Tue 18:00",
        "Thu 18:00",
        "Tue 18:00",
    ]


@given(weeks, weeks, moments, st.sampled_from([60, 75, 90]), st.sets(days, max_size=400))
def test_suggestions_are_as_long_as_wished_and_on_no_day_off(
    one: Week, other: Week, now: datetime, minutes: int, feasts: set[date]
) -> None:
    length = timedelta(minutes=minutes)
    found = suggestions([one, other], now, 5, length, lambda day, _zone: day in feasts)
    spans = common([one, other], now, now + timedelta(days=15))
    assert all(any(s <= at and at + length <= e for s, e in spans) for at in found)
    assert all(now + timedelta(hours=20) <= at < now + timedelta(days=14) for at in found)
    for *_, zone in (one, other):
        assert not feasts & {at.astimezone(ZoneInfo(zone)).date() for at in found}
    assert len({at.astimezone(ZoneInfo(one[2])).date() for at in found}) == len(found)


def test_a_time_near_six_for_all_comes_before_one_for_the_first_only() -> None:
    berlin: Week = (DAYS, tuple(TIMES), "Europe/Berlin")
    york: Week = (DAYS, ("midday", "afternoon", "evening"), "America/New_York")
    [at] = suggestions([berlin, york], datetime(2026, 11, 2, 8, tzinfo=UTC), 1)
    assert at == datetime(2026, 11, 3, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "code"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/Vienna", "AT"),
        ("Europe/Zurich", "CH"),
        ("Europe/London", "GB"),
        ("GB", "GB"),
        ("Asia/Katmandu", "NP"),
        ("Australia/Lord_Howe", "AU"),
        ("UTC", ""),
        ("Etc/GMT+3", ""),
    ],
)
def test_a_zone_lies_in_a_country(zone: str, code: str) -> None:
    assert country(zone) == code


@pytest.mark.parametrize(
    ("day", "code", "parts", "german", "english"),
    [
        (date(2027, 10, 3), "DE", {}, "Tag der Deutschen Einheit", "German Unity Day"),
        (date(2027, 1, 6), "DE", {}, "", ""),
        (date(2027, 1, 6), "DE", {"DE": "BY"}, "Heilige Drei Könige", "Epiphany"),
        (date(2027, 1, 6), "AT", {"DE": "BY"}, "Heilige Drei Könige", "Epiphany"),
        (date(2026, 12, 25), "GB", {}, "Christmas Day", "Christmas Day"),
        (date(2026, 11, 3), "DE", {}, "", ""),
        (date(2026, 12, 25), "", {}, "", ""),
    ],
)
def test_a_holiday_has_a_name_in_the_readers_language(
    day: date, code: str, parts: dict[str, str], german: str, english: str
) -> None:
    assert holiday(day, code, parts, "de") == german
    assert holiday(day, code, parts, "en") == english


@given(zones, days, walls, st.sampled_from([60, 75, 90]))
def test_reminders_stand_by_the_instant_over_clock_changes(
    zone: str, day: date, wall: time, minutes: int
) -> None:
    """Planned long before: the wall time stays, and what is said comes before or after it."""
    meeting = session(datetime.combine(day, wall), zone, minutes=minutes)
    start = meeting.starts_at
    assert start is not None
    assert start == instant(day, wall, zone)
    dues = list(plan(meeting, [member(1, zone)], start - timedelta(days=200)))
    for due in dues:
        there = due.at.astimezone(ZoneInfo(zone))
        if due.nudge is Nudge.DAY_BEFORE:
            assert there.time() == time(17)
        if due.nudge is Nudge.SOON:
            assert due.at == start - timedelta(minutes=30)
        if due.nudge is Nudge.AFTER:
            assert due.at >= start + timedelta(minutes=minutes)
