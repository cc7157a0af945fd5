"""Pauses and public holidays on a real database, against a calendar walked day by day.

The reference knows no slots, no steps and nothing that was left out: it looks at every day for
itself, and asks whether anybody was away or had a holiday.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine as Database
from sqlalchemy import select
from sqlmodel import SQLModel

from bot.domain.agreements import Version, Yes
from bot.domain.dues import Nudge
from bot.domain.hours import AWAKE, UP, Lead, Quiet, quiet
from bot.domain.members import Address, Member, Standing
from bot.domain.reminders import NUDGES, PAUSED, TOO_MANY
from bot.domain.sessions import RHYTHMS, State
from bot.domain.tandems import End
from bot.engine import agreeing, partnering, pausing
from bot.engine.desk import Desk
from bot.engine.engine import Engine
from bot.store import agreements, diaries, pairs, people
from bot.store.tables import due, outbox, session
from tests.founding import found
from tests.fresh import fresh
from tests.stage import HOUSE
from tests.test_reminders import Reference

pytestmark = pytest.mark.whole

LIVES = {
    "Europe/Berlin": ("DE", "BY"),
    "Europe/Vienna": ("AT", None),
    "Europe/London": ("GB", None),
    "America/New_York": ("US", "NY"),
    "Australia/Sydney": ("AU", "NSW"),
    "UTC": ("", None),
}
PARTS = {code: part for code, part in LIVES.values() if part}
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NOTICE = timedelta(hours=24)
WEEKS = 11


@dataclass(frozen=True)
class Away:
    """A pause: who, when they said so, until the morning of how many days later; and after what
    part of that they came back by themselves, if they did."""

    who: int
    after: timedelta
    days: int
    part: float | None


@dataclass(frozen=True)
class Case:
    begin: datetime
    when: str
    rhythm: str
    lives: tuple[str, ...]
    leads: tuple[Lead, ...]
    wishes: tuple[Quiet, ...]
    pauses: tuple[Away, ...]
    outages: tuple[tuple[timedelta, timedelta], ...] = ()
    """After how long, and for how long."""


zones = st.sampled_from(sorted(LIVES))
aways = st.builds(
    Away,
    st.integers(1, 3),
    st.builds(timedelta, minutes=st.integers(0, (WEEKS - 3) * 7 * 1440)),
    st.integers(1, 35),
    st.none() | st.floats(0.01, 0.95),
)
cases = st.builds(
    Case,
    st.builds(
        lambda day, hour: datetime.combine(day, time(hour), UTC),
        st.dates(date(2026, 1, 1), date(2028, 12, 31)),
        st.integers(7, 17),
    ),
    st.builds("{} {}".format, st.integers(0, 6), st.sampled_from(["09:00", "18:00", "20:30"])),
    st.sampled_from(sorted(RHYTHMS)),
    st.lists(zones, min_size=2, max_size=3).map(tuple),
    st.lists(st.sampled_from(Lead), min_size=3, max_size=3).map(tuple),
    st.lists(
        st.builds(Quiet, st.sampled_from(sorted(AWAKE)), st.booleans()), min_size=3, max_size=3
    ).map(tuple),
    st.lists(aways, max_size=5).map(tuple),
    st.lists(
        st.tuples(
            st.builds(timedelta, hours=st.integers(1, (WEEKS * 7 - 4) * 24)),  # over by the end
            st.builds(timedelta, hours=st.integers(1, 72)),
        ),
        max_size=2,
    ).map(tuple),
)

BERLIN = ("Europe/Berlin", "Europe/Berlin")
TUESDAYS = Case(
    datetime(2026, 11, 2, 9, tzinfo=UTC),
    "1 18:00",
    "weekly",
    BERLIN,
    (Lead.EVE,) * 3,
    (Quiet(),) * 3,
    (),
)
BOTH_BACK_EARLY = replace(
    TUESDAYS,
    pauses=(Away(1, 9 * DAY, 14, 0.5), Away(2, 9 * DAY + HOUR, 28, 0.4)),
)
"""Ana is away for two sessions, Ben for four; both are back in the middle."""
IN_THE_SESSION = replace(TUESDAYS, pauses=(Away(1, 8 * DAY + 8 * HOUR + 30 * MINUTE, 14, None),))
"""They meet, and agree to rest for a while: it is 18:30, and they have not hung up."""
OVER_A_CLOCK_CHANGE = replace(
    TUESDAYS,
    begin=datetime(2026, 10, 12, 9, tzinfo=UTC),
    pauses=(Away(1, 9 * DAY, 7, None), Away(2, 10 * DAY, 14, 0.6)),
)
ASKED_BEFORE_SOMEBODY_IS_BACK = Case(
    datetime(2026, 12, 23, 17, tzinfo=UTC),
    "5 20:30",
    "weekly",
    ("America/New_York", "Europe/London", "Europe/Vienna"),
    (Lead.SOON, Lead.EVE, Lead.NONE),
    (Quiet("20-8"), Quiet("22-7"), Quiet("20-8", sundays=False)),
    (Away(3, 51 * HOUR + 36 * MINUTE, 1, None),),
)
"""One was asked in time, and on the day before another one comes back: it was told already."""
ASKED_WHILE_AWAY = Case(
    datetime(2027, 9, 9, 12, tzinfo=UTC),
    "5 09:00",
    "biweekly",
    ("Europe/London", "America/New_York"),
    (Lead.EVE, Lead.SOON, Lead.HOURS),
    (Quiet("23-6", sundays=False), Quiet("18-9", sundays=False), Quiet("18-9", sundays=False)),
    (Away(1, 3 * MINUTE, 1, None),),
)
"""Whether it fits would have been asked in a pause. Back before the eve, they are told then."""
CASES = (
    TUESDAYS,
    BOTH_BACK_EARLY,
    IN_THE_SESSION,
    OVER_A_CLOCK_CHANGE,
    ASKED_BEFORE_SOMEBODY_IS_BACK,
    ASKED_WHILE_AWAY,
)


class Told:
    """What is said of a case, and when: the pauses as they came, and what was meant by them."""

    def __init__(self, case: Case) -> None:
        self.case, self.number = case, len(case.lives)
        self.zone = ZoneInfo(case.lives[0])
        weekday, _, wall = case.when.partition(" ")
        self.weekday, self.wall = int(weekday), time.fromisoformat(wall)
        self.step = RHYTHMS[case.rhythm].days // 7
        self.pauses: list[tuple[int, datetime, datetime, datetime]] = []
        """Who, since when, until when they meant to be away, and until when they were."""

    def up(self, at: datetime) -> datetime:
        """What is due while the house is down happens when it is up again."""
        moment = at
        for after, span in sorted(self.case.outages):
            down = self.case.begin + after
            moment = down + span if down <= moment < down + span else moment
        return moment

    def did(self, member: int) -> list[datetime]:
        """When somebody pressed or wrote something themselves."""
        mine = [(since, meant, was) for who, since, meant, was in self.pauses if who == member]
        return [since for since, _, _ in mine] + [was for _, meant, was in mine if was < meant]

    def undisturbed(self, at: datetime) -> bool:
        """Whether no outage can have moved what was due then to another moment."""
        downs = [(self.case.begin + after, span) for after, span in self.case.outages]
        return not any(down <= at < down + span + 3 * DAY for down, span in downs)

    def instant(self, day: date) -> datetime:
        there = datetime.combine(day, self.wall, self.zone)
        return there.astimezone(UTC)

    def feast(self, at: datetime) -> bool:
        for zone in self.case.lives:
            code, part = LIVES[zone]
            day = at.astimezone(ZoneInfo(zone)).date()
            if code and day in country_holidays(code, subdiv=part, years=day.year, expand=False):
                return True
        return False

    def away(self, at: datetime) -> bool:
        """Whether a time falls away: somebody is not there, or came back too short before it."""
        return any(
            since <= at < meant and at < (was if was == meant else was + NOTICE)
            for _, since, meant, was in self.pauses
        )

    def days(self) -> Iterator[date]:
        first = self.case.begin.date() - DAY
        for n in range(WEEKS * 7 + 2):
            yield first + n * DAY

    def times(self) -> Iterator[datetime]:
        begun: date | None = None
        for day in self.days():
            at = self.instant(day)
            if day.weekday() != self.weekday or at < self.case.begin + NOTICE:
                continue
            begun = begun or day
            theirs = (day - begun).days // 7 % self.step == 0
            if theirs and not self.feast(at):
                yield at

    def meetings(self) -> list[datetime]:
        return [at for at in self.times() if not self.away(at)]

    def fell_away(self, at: datetime) -> datetime:
        """By when it was known that nothing comes of it: before that it may be spoken of."""
        return max(since for _, since, meant, _ in self.pauses if since <= at < meant)


class House:
    """The same in the house itself: time passes from due to due."""

    def __init__(self, store: Database, case: Case) -> None:
        self.store, self.told, self.now = store, Told(case), case.begin
        self.engine = Engine(store, replace(HOUSE, holidays=PARTS))
        self.turns = 0
        self.members = [
            self._member(n, zone, case.leads[n], case.wishes[n])
            for n, zone in enumerate(case.lives)
        ]
        users = [member.address for member in self.members]
        self.tandem = found(store, users, self.now)
        self._agree(case)

    def _member(self, number: int, zone: str, lead: Lead, wish: Quiet) -> Member:
        address = Address("telegram", "b", f"u{number}", f"u{number}")
        with self.store.begin() as connection:
            id_ = people.add(connection, Member(0, address, "de", zone, f"M{number}"), self.now)
            kept = Member(id_, address, "de", zone, f"M{number}", standing=Standing.RESTING)
            people.save(connection, replace(kept, lead=lead, quiet=wish))
            return people.by_id(connection, id_)

    def desk(self) -> Iterator[Desk]:
        self.turns += 1
        with self.store.begin() as connection:
            yield Desk(connection, self.now, f"test:{self.turns}", self.engine.house)

    def _agree(self, case: Case) -> None:
        for desk in self.desk():
            tandem = pairs.get_tandem(desk.connection, self.tandem)
            before = agreements.get(desk.connection, tandem)
            written = agreeing.with_suggestion(desk, tandem)
            newest = written.newest
            assert newest is not None
            lines = {"when": case.when, "rhythm": case.rhythm, "months": "6", "notice": "24"}
            version = Version(
                newest.number + 1,
                tandem.members[0],
                newest.number,
                {**newest.content, **lines},
                self.now,
                {m: Yes(self.now) for m in tandem.members[1:]},
            )
            after = replace(written, versions=(*written.versions, version))
            agreements.save(desk.connection, written, after)
            assert before.versions == ()
            first = desk.member(tandem.members[0])
            agreeing.confirm(desk, tandem, first, version.number, "…")

    def wait_until(self, moment: datetime) -> None:
        while (at := self.engine.next_moment(self.now)) and at <= moment:
            self.now = self.told.up(max(self.now, at))
            self.engine.tick(self.now)
        self.now = max(self.now, self.told.up(moment))

    def pause(self, away: Away) -> None:
        """Whoever is away already does not go away once more."""
        back: datetime | None = None
        who = self.members[(away.who - 1) % self.told.number].id
        self.wait_until(self.told.case.begin + away.after)
        for desk in self.desk():
            member = desk.member(who)
            if member.paused_until is not None:
                return
            today = self.now.astimezone(ZoneInfo(member.zone)).date()
            pausing.begin(desk, member, today + away.days * DAY)
            back = desk.member(who).paused_until
        if back is not None:
            meant, was = back, back
            if away.part is not None:
                was = min(back, self.told.up(self.now + (back - self.now) * away.part))
            self.told.pauses.append((who, self.now, meant, was))

    def resume(self, who: int, at: datetime) -> None:
        self.wait_until(at)
        for desk in self.desk():
            if desk.member(who).paused_until is not None:
                pausing.end(desk, desk.member(who))

    def run(self) -> None:
        """Pauses begin in their order, and between them those end that end early."""
        for away in sorted(self.told.case.pauses, key=lambda away: away.after):
            self._those_back(self.told.case.begin + away.after)
            self.pause(away)
        self.end = self.told.case.begin + WEEKS * 7 * DAY
        self._those_back(self.end)
        self.wait_until(self.end)

    def _those_back(self, before: datetime) -> None:
        ends = sorted((was, who) for who, _, meant, was in self.told.pauses if was < meant)
        for was, who in ends:
            if self.now <= was < before:
                self.resume(who, was)

    def met(self) -> list[datetime]:
        with self.store.begin() as connection:
            rows = connection.execute(select(session).where(session.c.state == State.PAST))
            return sorted(row.starts_at for row in rows)

    def settled(self) -> list[tuple[int, str, datetime, datetime, str, str]]:
        with self.store.begin() as connection:
            rows = connection.execute(select(due).where(due.c.at <= self.now)).all()
        return [(r.member, r.nudge, r.at, r.settled_at, r.state, r.reason) for r in rows]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Database:
    folder = tmp_path_factory.mktemp("pauses")
    return fresh(folder / "house.db")


def lived(store: Database, case: Case) -> House:
    """One after the other in the same database."""
    house = House(empty(store), case)
    house.run()
    return house


def empty(store: Database) -> Database:
    with store.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            connection.execute(table.delete())
    return store


def check(house: House) -> None:
    told = house.told
    expected = [at for at in told.meetings() if at + HOUR + 5 * MINUTE <= house.end]
    assert house.met() == expected
    rows = house.settled()
    assert {state for *_, state, _ in rows} <= {"done", "dropped"}
    assert all(reason for *_, state, reason in rows if state == "dropped")
    check_nights(house)
    for member in house.members:
        mine = [row for row in rows if row[0] == member.id]
        check_peace(house, member, mine)
        check_reminders(house, member, mine, expected)


def check_nights(house: House) -> None:
    """Whatever is said to whomever, they are up: by their hours, from what they did just now, or
    because they have met just before."""
    zones = {member.id: member for member in house.members}
    with house.store.begin() as connection:
        rows = connection.execute(select(outbox).where(outbox.c.method == "send")).all()
    for row in rows:
        if row.made_at < house.told.case.begin + HOUR:
            continue
        member = zones[row.member]
        there = row.not_before.astimezone(ZoneInfo(member.zone))
        met = row.subject.startswith("session:") and 8 <= there.hour < 22
        up = any(at <= row.not_before < at + UP for at in house.told.did(row.member))
        assert met or up or not quiet(row.not_before, member.zone, member.quiet), row.subject


def check_peace(
    house: House, member: Member, rows: list[tuple[int, str, datetime, datetime, str, str]]
) -> None:
    """Nothing in a pause, and nothing at night; of how it was, soon after, on a Sunday as well."""
    pauses = [(since, was) for who, since, _, was in house.told.pauses if who == member.id]
    for _, nudge, _, at, state, _ in rows:
        if state == "done":
            assert not any(since < at < was for since, was in pauses), nudge
            assert nudge == "reflect" or not quiet(at, member.zone, member.quiet), nudge


def check_reminders(
    house: House,
    member: Member,
    rows: list[tuple[int, str, datetime, datetime, str, str]],
    meetings: list[datetime],
) -> None:
    """Each is said of each session for which there was time enough, and no other ones are."""
    of_mine = [row for row in rows if row[1] in NUDGES]
    said = {(Nudge(nudge), at) for _, nudge, at, _, state, _ in of_mine if state == "done"}
    assert len([row for row in of_mine if row[4] == "done"]) == len(said)
    crowded = {(Nudge(nudge), at) for _, nudge, at, *_, reason in of_mine if reason == TOO_MANY}
    touched = [house.told.case.begin, *(at + HOUR + 5 * MINUTE for at in meetings)]
    touched += [moment for _, since, _, was in house.told.pauses for moment in (since, was)]
    pauses = [(since, was) for who, since, _, was in house.told.pauses if who == member.id]
    could = set[tuple[Nudge, datetime]]()
    for start in meetings:
        since = max(at for at in touched if at < start)
        reference = Reference(start, member)
        must = reference.all(24, since - 5 * MINUTE)
        if member.lead is Lead.EVE and any(
            nudge is Nudge.DEADLINE for nudge, _ in reference.all(24, house.told.case.begin) & said
        ):  # it came instead of the day before, whatever has been planned anew since
            must = {(nudge, at) for nudge, at in must if nudge is not Nudge.DAY_BEFORE}
        could |= must | reference.all(24, house.told.case.begin)
        there = [one for one in must if house.told.undisturbed(one[1])]
        free = {(n, at) for n, at in there if not any(b <= at < e for b, e in pauses)}
        assert free - crowded <= said
    for start in set(house.told.times()) - set(house.told.meetings()):
        known = house.told.fell_away(start)
        spoken = Reference(start, member).all(24, house.told.case.begin)
        could |= {(nudge, at) for nudge, at in spoken if at <= known}
    early = house.end - 10 * DAY
    settled = {one for one in said if one[1] < early and house.told.undisturbed(one[1])}
    assert settled <= could


@pytest.mark.parametrize("case", CASES)
def test_who_is_away_misses_only_what_falls_into_it(store: Database, case: Case) -> None:
    check(lived(store, case))


def test_any_pauses_and_holidays_leave_what_a_calendar_shows(
    store: Database, request: pytest.FixtureRequest
) -> None:
    """More of them with ``--long``."""

    @settings(
        max_examples=200 if request.config.getoption("--long") else 12,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink one takes minutes
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(cases)
    @example(OVER_A_CLOCK_CHANGE)
    def tried(case: Case) -> None:
        check(lived(store, case))

    tried()


def test_a_check_in_waits_for_the_end_of_a_pause(store: Database) -> None:
    house = lived(store, replace(TUESDAYS, pauses=(Away(1, 27 * DAY, 7, None),)))
    [(who, _, back, _)] = house.told.pauses
    rows = [row for row in house.settled() if row[0] == who and row[1] == "check_in"]
    before, after = sorted(rows, key=lambda row: row[2])[:2]
    assert before[5] == PAUSED
    assert back <= after[2] <= back + 2 * DAY


def test_before_a_diary_goes_its_owner_is_told_in_a_pause_as_well(store: Database) -> None:
    house = House(empty(store), TUESDAYS)
    ana = house.members[0]
    for desk in house.desk():
        diaries.write(desk.connection, ana.id, "Ein Takt nach dem anderen.", house.now)
        partnering.on_tandem(desk, pairs.get_tandem(desk.connection, house.tandem), End(ana.id))
        pausing.begin(desk, desk.member(ana.id), (house.now + 300 * DAY).date())
        desk.connection.execute(outbox.delete())
    goes = house.now + 90 * DAY
    house.wait_until(goes - 10 * DAY)
    parcels = house.engine.claim("telegram", house.now, 50)
    assert [p.member for p in parcels if "Tagebuch" in p.body["text"]] == [ana.id]
