"""Which reminders there are, and how many somebody is sent: against a reference that tries every
quarter of an hour, and in a year of two hundred tandems."""

import heapq
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.conversation.holidays import country, holiday
from bot.domain.dues import Due, Nudge
from bot.domain.hours import AWAKE, Lead, Quiet, on_day, quiet, waking
from bot.domain.members import Address, Member
from bot.domain.reminders import (
    ASLEEP,
    NUDGES,
    OFF,
    PAUSED,
    SAID,
    TOO_LATE,
    TOO_MANY,
    Known,
    Verdict,
    ends,
    judge,
)
from bot.domain.series import Free, Series, again, following
from bot.domain.sessions import Coming, Pause, Session, State, Stop, decide, laid
from bot.domain.sessions.session import instant_of
from scheduler.due import plan

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
QUARTER, MINUTE, HOUR, DAY = (timedelta(minutes=m) for m in (15, 1, 60, 1440))
OPEN = {"20-8": (8, 20), "18-9": (9, 18), "22-7": (7, 22), "23-6": (6, 23)}
zones = st.sampled_from(ZONES)
leads = st.sampled_from(Lead)
quiets = st.builds(Quiet, st.sampled_from(sorted(AWAKE)), st.booleans())
notices = st.sampled_from([0, 2, 12, 24, 48])
starts = st.builds(
    lambda day, quarters: datetime.combine(day, time(quarters // 4, quarters % 4 * 15)),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.integers(0, 95),
)
"""Over clock changes, too: they are at the same hours in every year."""
earlier = st.builds(timedelta, minutes=st.integers(0, 6 * 1440))


def somebody(number: int, zone: str, lead: Lead, wish: Quiet) -> Member:
    address = Address("telegram", "b", str(number), str(number))
    return Member(number, address, "de", zone, lead=lead, quiet=wish)


def meeting(number: int, planned: datetime, zone: str, notice: int, *members: int) -> Session:
    about = {member: {"partner": "Ben"} for member in members}
    return Session(number, number, 1, members, zone, about, planned=planned, notice=notice)


def reminders(session: Session, member: Member, now: datetime) -> list[Due]:
    return [due for due in plan(session, [member], now) if due.nudge in NUDGES]


class Reference:
    """Says the same as the plan, by going through every quarter of an hour before a session."""

    def __init__(self, start: datetime, member: Member) -> None:
        self.start, self.member, self.zone = start, member, ZoneInfo(member.zone)
        self.quarters = [start - QUARTER * back for back in range(9 * 96)]

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def awake(self, at: datetime) -> bool:
        there, (opens, closes) = self.local(at), OPEN[self.member.quiet.hours]
        sunday = f"{there:%a}" == "Sun" and self.member.quiet.sundays
        return not sunday and opens <= there.hour < closes

    def at_five(self, limit: datetime) -> datetime:
        fives = (q for q in self.quarters if f"{self.local(q):%H:%M}" == "17:00")
        return max(q for q in fives if q <= limit and self.awake(q))

    def not_after(self, limit: datetime) -> datetime:
        return limit if self.awake(limit) else self.at_five(limit)

    def eve(self) -> datetime:
        day = self.local(self.start).date()
        return self.at_five(max(q for q in self.quarters if self.local(q).date() < day))

    def morning(self) -> datetime:
        first = "09:00" if self.member.quiet.hours == "18-9" else "08:30"
        day = self.local(self.start).date()
        for q in self.quarters:
            there = self.local(q)
            on_the_day = there.date() == day and f"{there:%H:%M}" == first
            if on_the_day and self.awake(q) and q < self.start - HOUR / 2:
                return q
        return self.eve()

    def all(self, notice: int, since: datetime) -> set[tuple[Nudge, datetime]]:
        soon, found = self.start - HOUR / 2, set[tuple[Nudge, datetime]]()
        deadline = self.start - HOUR * notice if notice else None
        first = {Lead.EVE: self.eve, Lead.MORNING: self.morning}.get(
            self.member.lead, lambda: self.not_after(self.start - 2 * HOUR)
        )
        match self.member.lead:
            case Lead.NONE:
                return set()
            case Lead.SOON:
                found = {(Nudge.SOON, self.not_after(soon))}
            case Lead.EVE if self.awake(soon):
                found = {(Nudge.SOON, soon), (Nudge.DAY_BEFORE, first())}
            case _:
                found = {(Nudge.DAY_BEFORE, first())}
        if self.member.lead is not Lead.SOON and deadline and deadline - 4 * HOUR < first():
            asked = self.not_after(deadline - 4 * HOUR)
            found.add((Nudge.DEADLINE, asked))
            if self.member.lead is Lead.EVE and asked > since:
                found -= {(Nudge.DAY_BEFORE, first())}
        return {(nudge, at) for nudge, at in found if at > since}


people = st.builds(somebody, st.just(1), zones, leads, quiets)


@given(starts, zones, people, notices, earlier)
@example(
    datetime(2026, 11, 10, 17),  # noqa: DTZ001 -- local by design; the notice ends on the eve
    "Europe/Berlin",
    somebody(1, "Europe/Berlin", Lead.EVE, Quiet()),
    24,
    timedelta(days=5),
)
@example(
    datetime(2026, 11, 10, 18),  # noqa: DTZ001 -- likewise; it ends an hour after the eve
    "Europe/Berlin",
    somebody(1, "Europe/Berlin", Lead.EVE, Quiet()),
    24,
    timedelta(days=5),
)
def test_the_plan_is_what_trying_every_moment_finds(
    planned: datetime, zone: str, member: Member, notice: int, back: timedelta
) -> None:
    session = meeting(1, planned, zone, notice, 1)
    start = session.starts_at
    assert start is not None
    now = start - back
    expected = Reference(start, member).all(notice, now - timedelta(minutes=5))
    found = reminders(session, member, now)
    assert {(due.nudge, due.at) for due in found} == expected
    assert len(found) == len(expected) <= 2
    assert all(due.until == ends(due.nudge, start) <= start for due in found)


MONDAY = datetime(2026, 11, 2, 16, tzinfo=UTC)
"""17:00 in Berlin."""
ANA = somebody(1, "Europe/Berlin", Lead.EVE, Quiet())


def due(nudge: Nudge, number: int, at: datetime, start: datetime) -> Due:
    return Due(nudge, f"session:{number}", at, ends(nudge, start), 1)


def both(number: int, start: datetime) -> list[Due]:
    """Those of a session at 18:00, the first one the day before."""
    soon = start - HOUR / 2
    eve = start - 25 * HOUR
    return [due(Nudge.DAY_BEFORE, number, eve, start), due(Nudge.SOON, number, soon, start)]


TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=d, hours=1) for d in (1, 2, 3))


def test_two_on_one_evening_become_one_message_and_a_day_has_no_other() -> None:
    waiting = [*both(1, TUESDAY), *both(2, TUESDAY + HOUR)]
    waiting[2] = replace(waiting[2], at=MONDAY)
    verdict = judge(Known(ANA, MONDAY, waiting, []))
    assert verdict == Verdict((waiting[0], waiting[2]))
    later = [waiting[1], waiting[3]]
    said = [(one, MONDAY) for one in verdict.say]
    assert judge(Known(ANA, waiting[1].at, later, said)) == Verdict(tuple(later))


def test_the_one_that_tells_early_gives_way_to_the_last_ones() -> None:
    waiting = [*both(1, TUESDAY), *both(2, WEDNESDAY), *both(3, THURSDAY)]
    verdict = judge(Known(ANA, MONDAY, waiting, []))
    assert verdict == Verdict((), ((waiting[0], TOO_MANY),))
    assert judge(Known(ANA, MONDAY, waiting[:4], [])) == Verdict((waiting[0],))


def test_nothing_is_said_twice_of_a_time_and_a_moved_session_begins_anew() -> None:
    first, _ = both(1, TUESDAY)
    said = [(first, MONDAY)]
    again = replace(first, at=MONDAY + HOUR)
    moved = replace(both(1, WEDNESDAY)[0], at=MONDAY + HOUR)
    now = MONDAY + HOUR
    assert judge(Known(ANA, now, [again], said)) == Verdict((), ((again, SAID),))
    assert judge(Known(ANA, now, [moved], said)) == Verdict((moved,))


@pytest.mark.parametrize(
    ("now", "member", "off", "reason"),
    [
        (TUESDAY, ANA, False, TOO_LATE),
        (MONDAY, replace(ANA, paused_until=THURSDAY), False, PAUSED),
        (MONDAY, ANA, True, OFF),
    ],
)
def test_whatever_is_not_said_has_a_reason(
    now: datetime, member: Member, off: bool, reason: str
) -> None:
    first, _ = both(1, TUESDAY)
    void = [first] if off else []
    assert judge(Known(member, now, [first], []), void) == Verdict((), ((first, reason),))


@dataclass
class World:
    """A year of tandems on a clock of its own, with the plan and the judgement as they are.

    Sessions are moved, called off and added, members pause, holidays are left out, and now and
    then nothing happens for hours or days.
    """

    seed: int
    tandems: int
    days: int
    begin: datetime = datetime(2026, 1, 5, 6, tzinfo=UTC)
    queue: list[tuple[datetime, int, str, int]] = field(default_factory=list)
    waiting: dict[int, list[Due]] = field(default_factory=lambda: defaultdict(list))
    said: dict[int, list[tuple[Due, datetime]]] = field(default_factory=lambda: defaultdict(list))
    fates: list[tuple[Due, datetime, str]] = field(default_factory=list)
    planned: set[Due] = field(default_factory=set)
    dropped_plans: set[Due] = field(default_factory=set)
    planned_at: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    pauses: list[tuple[int, datetime, datetime]] = field(default_factory=list)
    """Who, since when, and until when they were away."""
    happened: set[str] = field(default_factory=set)
    count: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 -- the same year every time
        size = self.tandems
        self.members = {n: self._member(n) for n in range(1, size + 1)}
        self.sessions: dict[int, Session] = {}
        self.series: dict[int, Series] = {}
        self.current: dict[int, int] = {}
        places = [n for n in self.members for _ in range(self.random.choice([1, 2, 3]))]
        self.random.shuffle(places)
        self.groups = [
            (places[2 * i % len(places)], places[(2 * i + 1) % len(places)]) for i in range(size)
        ]
        self.outages = [
            (at, at + HOUR * hours)
            for at, hours in (
                (self._some_time(), self.random.choice([1, 9, 30, 72]))
                for _ in range(max(1, self.days // 60))
            )
        ]

    def _some_time(self) -> datetime:
        return self.begin + MINUTE * self.random.randrange(self.days * 24 * 60)

    def _member(self, number: int) -> Member:
        lead = self.random.choice([Lead.EVE, *Lead])
        wish = Quiet(self.random.choice(sorted(AWAKE)), self.random.random() < 0.8)
        return somebody(number, self.random.choice(ZONES[:3]), lead, wish)

    def run(self) -> None:
        for number, pair in enumerate(self.groups, 1):
            if pair[0] != pair[1]:
                self._meet(number, pair)
        for number in self.members:
            for _ in range(self.random.choice([0, 1, 2])):
                self._push(self._some_time(), "pause", number)
        end = self.begin + DAY * self.days
        while self.queue and self.queue[0][0] < end:
            at, _, what, number = heapq.heappop(self.queue)
            self._happen(self._up(at), what, number)

    def _up(self, at: datetime) -> datetime:
        """What is due in an outage happens at its end."""
        return max([at, *(end for begin, end in self.outages if begin <= at < end)])

    def _push(self, at: datetime, what: str, number: int) -> None:
        self.count += 1
        heapq.heappush(self.queue, (at, self.count, what, number))

    def _meet(self, number: int, pair: tuple[int, int]) -> None:
        pick = self.random.choice
        day = date(2026, 1, 5) + timedelta(days=self.random.randrange(3, 10))
        planned = datetime.combine(day, time(pick([8, 12, 17, 18, 19, 20]), pick([0, 15, 30])))
        zone, notice = self.members[pair[0]].zone, pick([0, 2, 12, 24, 48])
        weeks = timedelta(weeks=pick([1, 1, 1, 2, 3, 4]))
        self.series[number] = Series(weeks, planned.weekday(), planned.time())
        first = replace(meeting(number, planned, zone, notice, *pair), slot=planned)
        self._next(replace(first, id=0), self.begin)

    def _next(self, session: Session, now: datetime) -> None:
        """One more; of the series, unless it is beside it."""
        new = replace(session, id=len(self.sessions) + 1, was=None, wish=None)
        if not new.extra:
            self.current[new.tandem] = new.id
        self._plan(new, now)

    def _follow(self, past: Session, now: datetime) -> None:
        coming = following(past, self.series[past.tandem], self._free(past, now, now))
        assert coming.at is not None
        self._next(laid(past, coming), now)

    def _free(self, session: Session, now: datetime, earliest: datetime) -> Free:
        people = [self.members[number] for number in session.members]
        back = [member.paused_until for member in people if member.paused_until]

        def off(wall: datetime) -> bool:
            at = instant_of(wall, session.zone)
            days = {m.zone: at.astimezone(ZoneInfo(m.zone)).date() for m in people}
            return any(holiday(day, country(zone), {}, "en") for zone, day in days.items())

        return Free(session.zone, now, max([earliest, *back]), off)

    def _plan(self, session: Session, now: datetime) -> None:
        self.sessions[session.id] = session
        start = session.starts_at
        for number in session.members:
            self.planned_at[number].append(now)
            kept = [due for due in self.waiting[number] if due.subject != session.subject]
            gone = set(self.waiting[number]) - set(kept)
            new = [d for d in reminders(session, self.members[number], now) if self._new(d, gone)]
            self.dropped_plans |= gone - set(new)
            self.waiting[number] = kept + new
            for due in new:
                self.planned.add(due)
                self._push(due.at, "due", number)
        if start is None or session.ends_at is None:
            return
        self._push(session.ends_at, "over", session.id)
        for what, often in (("move", 0.1), ("cancel", 0.04), ("extra", 0.04)):
            if self.random.random() < often:
                self._push(now + (start - now) * self.random.random(), what, session.id)

    def _new(self, due: Due, gone: set[Due]) -> bool:
        return due in gone or due not in self.planned

    def _happen(self, now: datetime, what: str, number: int) -> None:
        match what:
            case "due":
                self._remind(now, number)
            case "pause":
                self._pause(now, number)
            case "back":
                self._back(number)
            case _:
                self._of_session(now, what, self.sessions[number])

    def _of_session(self, now: datetime, what: str, session: Session) -> None:
        start, ends = session.starts_at, session.ends_at
        if start is None or ends is None or session.state is not State.OPEN:
            return
        if what == "over" and ends <= now:
            self.sessions[session.id] = replace(session, state=State.PAST)
            if not session.extra:
                self._follow(session, now)
        elif now < start and what != "over":
            self.happened.add(what)
            self._change(now, what, session)

    def _change(self, now: datetime, what: str, session: Session) -> None:
        assert session.planned is not None
        days = timedelta(days=self.random.choice([1, 2, 3]))
        if what == "move":
            self._plan(replace(session, planned=session.planned + days), now)
        elif what == "cancel":
            self._plan(replace(session, planned=None, extra=True), now)
            if not session.extra:
                self._follow(session, now)
        elif not session.extra:
            beside = replace(session, planned=session.planned + days, extra=True, slot=None)
            self._next(beside, now)

    def _pause(self, now: datetime, number: int) -> None:
        member = self.members[number]
        if member.paused_until is not None:
            return
        self.happened.add("pause")
        back = on_day(now, member.zone, self.random.randrange(1, 40), time(9))
        self.members[number] = replace(member, paused_until=back)
        early = self.random.random() < 0.3
        comes = now + (back - now) * self.random.random() if early else back
        self.pauses.append((number, now, self._up(comes)))
        self._push(comes, "back", number)
        for session in [one for one in self.sessions.values() if number in one.members]:
            start, extra = session.starts_at, session.extra
            if session.state is not State.OPEN or start is None or not now < start < back:
                continue
            series, free = self.series[session.tandem], self._free(session, now, back)
            coming = Coming(None) if extra else again(session, series, free)
            after, _ = decide(session, Stop() if extra else Pause(back, coming), now)
            self._plan(after, now)

    def _back(self, number: int) -> None:
        self.members[number] = replace(self.members[number], paused_until=None)

    def _remind(self, now: datetime, number: int) -> None:
        """As the engine does it, one due after the other."""
        member, rows = self.members[number], self.waiting[number]
        if not any(due.at <= now for due in rows):
            return
        if quiet(now, member.zone, member.quiet):
            self._put_off(now, member)
            return
        void = [due for due in rows if self._void(due, now)]
        said = [(due, at) for due, at in self.said[number][-30:] if now - at < 60 * DAY]
        verdict = judge(Known(member, now, rows, said), void)
        for due in verdict.say:
            self.said[number].append((due, now))
            self.fates.append((due, now, ""))
            start = self.sessions[int(due.subject.partition(":")[2])].starts_at
            assert start is not None
            assert now < due.until == ends(due.nudge, start)
        self.fates += [(due, now, reason) for due, reason in verdict.drop]
        settled = {*verdict.say, *dict(verdict.drop)}
        self.waiting[number] = [due for due in rows if due not in settled]
        assert not any(due.at <= now for due in self.waiting[number])

    def _put_off(self, now: datetime, member: Member) -> None:
        rows, morning = self.waiting[member.id], waking(now, member.zone, member.quiet)
        for due in [due for due in rows if due.at <= now]:
            rows.remove(due)
            self.fates.append((due, now, ASLEEP))
            if morning < due.until:
                later = replace(due, at=morning)
                rows.append(later)
                self.planned.add(later)
                self._push(morning, "due", member.id)

    def _void(self, due: Due, now: datetime) -> bool:
        session = self.sessions[int(due.subject.partition(":")[2])]
        deadline = session.deadline
        if due.nudge is Nudge.DEADLINE:
            return deadline is None or deadline <= now
        return False

    def messages(self, number: int) -> list[datetime]:
        return sorted({at for _, at in self.said[number]})


def most_in_a_week(days: Sequence[date]) -> int:
    """By trying every day that a week can begin on."""
    first, last = min(days), max(days)
    weeks = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return max(sum(0 <= (day - week).days < 7 for day in days) for week in weeks)


@pytest.fixture(scope="module")
def year(request: pytest.FixtureRequest) -> World:
    """Of two hundred tandems; of a thousand with ``--long``."""
    world = World(seed=1, tandems=1000 if request.config.getoption("--long") else 200, days=365)
    world.run()
    return world


def test_in_a_year_nobody_is_reminded_too_often(year: World) -> None:
    messages = 0
    for number, member in year.members.items():
        said, zone = year.said[number], ZoneInfo(member.zone)
        sent = year.messages(number)
        messages += len(sent)
        if sent:
            assert most_in_a_week([at.astimezone(zone).date() for at in sent]) <= 3
        assert not any(quiet(at, member.zone, member.quiet) for at in sent)
        assert all(at < due.until for due, at in said)
        assert len({(due.nudge, due.subject, due.until) for due, _ in said}) == len(said)
        assert member.lead is not Lead.NONE or not said
        of_one = defaultdict(set)
        for due, at in said:
            late = timedelta() if due.nudge is Nudge.SOON else HOUR / 2
            of_one[due.subject, due.until + late].add(at)
        assert all(len(moments) <= 2 for moments in of_one.values())
    assert messages > year.tandems * 20


def test_in_a_year_none_is_lost_and_each_has_its_reason(year: World) -> None:
    assert lost(year) == set()
    assert {reason for *_, reason in year.fates} >= {"", TOO_MANY, TOO_LATE, ASLEEP, PAUSED}
    assert year.happened == {"move", "cancel", "extra", "pause"}


def test_in_a_year_nobody_hears_anything_in_a_pause(year: World) -> None:
    assert len(year.pauses) > year.tandems / 2
    for number, since, until in year.pauses:
        assert not [at for at in year.messages(number) if since < at < until]


def test_after_an_outage_each_reads_one_message_for_all_of_it(year: World) -> None:
    """Whose sessions stay as they are hears nothing more for twelve hours."""
    assert {end - begin for begin, end in year.outages} & {30 * HOUR, 72 * HOUR}
    heard = 0
    for _, end in year.outages:
        for number in year.members:
            soon = end + 12 * HOUR
            if not any(end - HOUR / 12 <= at <= soon for at in year.planned_at[number]):
                found = [at for at in year.messages(number) if end <= at < soon]
                heard += len(found)
                assert len(found) <= 1
    assert heard > 0


def lost(world: World) -> set[Due]:
    """Planned, and neither said nor dropped nor planned anew nor still to come."""
    known = {due for due, *_ in world.fates} | world.dropped_plans
    waiting: Iterator[Due] = (due for rows in world.waiting.values() for due in rows)
    return world.planned - known - set(waiting)
