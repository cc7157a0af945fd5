"""What must hold in every community, whatever people do and whatever fails.

Each rule is a function of its own, asked at the end of every simulated week; it says what is
wrong, or nothing. Read from top to bottom, they are what the bot promises.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.members import Member, Standing
from bot.domain.parcels import Patience
from bot.domain.reminders import NUDGES
from bot.domain.sessions.session import instant_of
from bot.domain.tandems import State as TandemState
from bot.store import agreements, pairs, people
from bot.store.outbox import HEARD
from bot.store.tables import due, member, proposal, session, tandem, tandem_member
from tests.habits import SURNAME
from tests.simulation import DAY, HOUR, MINUTE, Arrival, Check, World

AWAKE = {"20-8": (8, 20), "18-9": (9, 18), "22-7": (7, 22), "23-6": (6, 23)}
"""From when until when somebody may be spoken to, by what they chose."""
UP = HOUR + MINUTE
"""Whoever did something within this is up."""
BELATED = 15 * MINUTE
"""A message that failed on the way may arrive so much later than it was to be sent."""
MOST_REMINDERS, IN_DAYS = 3, 7
WORD_WITHIN = timedelta(days=10)
"""Whoever looks for a partner hears of it once a week, not on a Sunday nor at night."""
TANDEM_SILENT = timedelta(weeks=8)
"""The longest that nobody in a running tandem is told anything: with a rhythm of four weeks, and
three weeks of patience with somebody who does not answer."""


# People are answered


def nobody_is_left_without_an_answer(world: World) -> Iterator[str]:
    """Whatever somebody writes or presses, something comes of it that they can see."""
    for at, act in world.unanswered:
        yield f"{act.sender.name} did {act.what} at {at} and heard nothing"


def whoever_looks_for_somebody_hears_of_it(world: World) -> Iterator[str]:
    """Nobody waits for a partner in silence."""
    with world.connection() as connection:
        waits = member.c.standing == Standing.SEEKING, member.c.paused_until.is_(None)
        for number in connection.execute(select(member.c.id).where(*waits)).scalars():
            somebody = people.by_id(connection, number)
            heard = world.heard.get(number)
            alone = not pairs.running_tandems(connection, number)
            if alone and somebody.reachable and heard and world.now - heard > WORD_WITHIN:
                yield f"member {number} has heard nothing since {heard}"


def no_tandem_is_forgotten(world: World) -> Iterator[str]:
    """Whatever becomes of a tandem, its members hear of it, and something is planned for it."""
    with world.connection() as connection:
        running = tandem.c.state.not_in([TandemState.ENDED, TandemState.PAUSED])
        for number in connection.execute(select(tandem.c.id).where(running)).scalars():
            known = pairs.get_tandem(connection, number)
            members = [people.by_id(connection, one) for one in known.members]
            if any(one.paused_until or not one.reachable for one in members):
                continue
            heard = max(world.heard.get(one.id, known.made_at) for one in members)
            if world.now - heard > TANDEM_SILENT:
                yield f"tandem {number} ({known.state}) has heard nothing since {heard}"


# People are left in peace


def nothing_unasked_comes_in_quiet_hours(world: World) -> Iterator[str]:
    """Nobody is woken: what time says comes when they may be spoken to, or right after a session of
    theirs, as long as it is not late."""
    for arrival in _unasked(world):
        somebody = arrival.member
        if somebody is None or not _quiet(somebody, arrival.at - BELATED):
            continue
        if _quiet(somebody, arrival.at) and not _just_met(world, somebody, arrival.at):
            yield f"{_named(arrival)} at {_local(somebody, arrival.at):%a %H:%M}"


def what_a_partner_does_wakes_nobody(world: World) -> Iterator[str]:
    """It is told at once, as by any messenger, but without a sound, unless there is a session that
    somebody may be on their way to. Where it is held up it waits for the morning."""
    for arrival in world.recent():
        somebody, parcel = arrival.member, arrival.parcel
        heard = parcel.method in HEARD and not parcel.body.get("silent")
        if somebody is None or not heard or not arrival.by_partner or arrival.near:
            continue
        at_rest = _quiet(somebody, arrival.at) and arrival.at - arrival.acted > UP
        if at_rest and _quiet(somebody, arrival.at - BELATED):
            yield f"{_named(arrival)} at {_local(somebody, arrival.at):%a %H:%M}"


def reminders_stay_within_what_was_promised(world: World) -> Iterator[str]:
    """At most three messages with reminders in any seven days on end."""
    days: defaultdict[int, set[tuple[date, int]]] = defaultdict(set)
    for arrival in world.recent(14 * DAY):
        if arrival.nudge in NUDGES and arrival.member:
            there = _local(arrival.member, arrival.at).date()
            days[arrival.member.id].add((there, arrival.parcel.id))
    for number, said in days.items():
        for begin, _ in said:
            week = [one for one in said if begin <= one[0] < begin + IN_DAYS * DAY]
            if len(week) > MOST_REMINDERS:
                yield f"member {number} was reminded {len(week)} times from {begin} on"


def no_reminder_comes_after_its_session_began(world: World) -> Iterator[str]:
    """Nor does anything else that was to be said by then."""
    for arrival in world.recent():
        until = arrival.parcel.expires_at
        if until and arrival.at > until:
            yield f"{_named(arrival)} at {arrival.at}, of use until {until}"


def nothing_comes_to_whoever_is_gone(world: World) -> Iterator[str]:
    """After somebody's data are deleted they hear no more than that, unless they come back."""
    for arrival in world.recent():
        if arrival.member is None and arrival.parcel.member:
            yield f"{_named(arrival)} at {arrival.at} came to somebody who is gone"


# Nothing is lost, and nothing is doubled


def every_input_had_its_effect_once(world: World) -> Iterator[str]:
    """Whatever was confirmed to a platform was handled, at the first try that was not cut off."""
    for row in _rows(world, "SELECT id, error FROM inbox WHERE done_at IS NULL OR attempts > 0"):
        yield f"input {row[0]} failed: {row[1]}"


def every_due_is_said_or_dropped_for_a_reason(world: World) -> Iterator[str]:
    """What time was to say is never overdue, never failed, and never dropped in silence."""
    late = f"state = 'due' AND at <= '{_stored(world.now - MINUTE)}'"
    bad = f"{late} OR attempts > 0 OR (state = 'dropped' AND reason = '')"
    for row in _rows(world, f"SELECT id, nudge, at, reason FROM due WHERE {bad}"):  # noqa: S608
        yield f"due {row[0]} ({row[1]} of {row[2]}) is left: {row[3]}"


def every_message_ends_in_a_known_state(world: World) -> Iterator[str]:
    """Sent, or not for a reason; nothing is on its way for ever while its platform is there."""
    reached = ", ".join(f"'{name}'" for name in world.away if not world.is_away(name, HOUR))
    waits = f"state = 'due' AND not_before <= '{_stored(world.now - HOUR)}'"
    late = f"({waits} AND platform IN ({reached}))"
    bad = f"state = 'sending' OR {late} OR (state NOT IN ('sent', 'due') AND reason = '')"
    for row in _rows(world, f"SELECT id, key, state, reason FROM outbox WHERE {bad}"):  # noqa: S608
        yield f"parcel {row[0]} ({row[1]}) is {row[2]}: {row[3]}"


def nothing_comes_twice_but_after_a_lost_answer(world: World) -> Iterator[str]:
    """Once more for each time that nobody learned whether it had arrived; and an introduction or
    an ending not even then."""
    came = Counter(arrival.parcel.key for arrival in world.recent(14 * DAY))
    for arrival in world.recent(14 * DAY):
        once = arrival.parcel.patience is Patience.ONCE
        allowed = 0 if once else world.uncertain[arrival.parcel.key]
        if came[arrival.parcel.key] > 1 + allowed:
            yield f"{_named(arrival)} came again at {arrival.at}, {allowed} times uncertain"


def nothing_waits_for_what_is_not_there(world: World) -> Iterator[str]:
    """There is no due without the thing it is about, and none for somebody who is gone."""
    tables = {"session": session, "tandem": tandem, "proposal": proposal, "member": member}
    tables |= {"agreement": tandem, "silence": tandem, "acquainting": tandem}
    with world.connection() as connection:
        rows = connection.execute(select(due).where(due.c.state == "due")).all()
        for row in rows:
            kind, _, number = row.subject.partition(":")
            table = tables.get(kind)
            if table is not None and number.isdecimal():
                known = select(table.c.id).where(table.c.id == int(number))
                if connection.execute(known).first() is None:
                    yield f"due {row.id} ({row.nudge}) is about {row.subject}, which is not there"
            if row.member:
                known = select(member.c.standing).where(member.c.id == row.member)
                if connection.execute(known).scalar() in {None, Standing.GONE}:
                    yield f"due {row.id} ({row.nudge}) is for member {row.member}, who is gone"


# Tandems are what they were agreed to be


def nobody_is_in_more_tandems_than_they_want(world: World) -> Iterator[str]:
    """As many as they said at any time, and no more."""
    with world.connection() as connection:
        taken = pairs.taken(connection)
        for number, many in taken.items():
            profile = people.by_id(connection, number).profile
            room = max(world.room[number], int(profile.capacity) if profile else 0)
            if many > room:
                yield f"member {number} has {many} tandems or proposals, and room for {room}"


def nobody_is_alone_in_a_tandem(world: World) -> Iterator[str]:
    """There are two or more of them, or it has ended."""
    here = tandem_member.c.tandem == tandem.c.id, tandem_member.c.left_at.is_(None)
    with world.connection() as connection:
        for number in connection.execute(
            select(tandem.c.id).where(tandem.c.state != TandemState.ENDED)
        ).scalars():
            rows = (
                connection.execute(
                    select(tandem_member.c.member)
                    .select_from(tandem)
                    .join(tandem_member, here[0])
                    .where(tandem.c.id == number, here[1])
                )
                .scalars()
                .all()
            )
            gone = [n for n in rows if people.by_id(connection, n).standing is Standing.GONE]
            if len(rows) - len(gone) < 2:
                yield f"tandem {number} has members {rows}, of whom {gone} are gone"


def a_series_stays_on_its_weekday(world: World) -> Iterator[str]:
    """At the weekday and time of day agreed on, by the clock on the wall, also after the clocks
    change; a session that was moved stands for one of them, and one beside them for none."""
    with world.connection() as connection:
        open_ = session.c.state == "open", session.c.slot.is_not(None), ~session.c.extra
        for row in connection.execute(select(session).where(*open_)).all():
            known = pairs.get_tandem(connection, row.tandem)
            force = agreements.get(connection, known).in_force
            if known.state is TandemState.ACTIVE and force and row.slot:
                slot, series = datetime.fromisoformat(row.slot), force.series
                if slot.weekday() != series.weekday:
                    yield f"session {row.id} is for {slot:%A}, not for day {series.weekday}"
            if row.planned and row.starts_at:
                planned = datetime.fromisoformat(row.planned)
                if instant_of(planned, row.zone) != row.starts_at:
                    yield f"session {row.id} is at {planned} {row.zone}, but {row.starts_at}"


def sessions_are_over_when_they_are(world: World) -> Iterator[str]:
    """None is past that has not been yet, and none is still to come that is long over."""
    with world.connection() as connection:
        for row in connection.execute(select(session).where(session.c.starts_at.is_not(None))):
            if row.state == "past" and row.starts_at > world.now:
                yield f"session {row.id} is past, and begins at {row.starts_at}"
            if row.state == "open" and row.starts_at < world.now - 5 * HOUR:
                yield f"session {row.id} is to come, and began at {row.starts_at}"


# What is private stays private


def private_words_are_read_by_nobody_else(world: World) -> Iterator[str]:
    """What somebody wrote for themselves is in nobody else's messages."""
    for arrival in world.recent():
        said = str(arrival.parcel.body.get("text", ""))
        for somebody in world.people:
            if somebody.secret in said and somebody.user != arrival.parcel.chat:
                yield f"{_named(arrival)} shows what {somebody.name} wrote for themselves"


def what_people_write_lies_there_as_ciphertext(world: World) -> Iterator[str]:
    """Neither names nor anybody's words can be read in the database without its key."""
    tables = [row[0] for row in _rows(world, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in tables:
        for row in _rows(world, f"SELECT * FROM {name}"):  # noqa: S608 -- the names are its own
            if any(SURNAME in str(value) or "geheimnis" in str(value) for value in row):
                yield f"a row of {name} can be read"


def _unasked(world: World) -> Iterator[Arrival]:
    for arrival in world.recent():
        told = arrival.parcel.method in HEARD
        theirs = arrival.parcel.key.startswith("in:")
        if told and not theirs and arrival.at - arrival.acted > UP:
            yield arrival


def _quiet(somebody: Member, at: datetime) -> bool:
    there, (opens, closes) = _local(somebody, at), AWAKE[somebody.quiet.hours]
    return not opens <= there.hour < closes or (somebody.quiet.sundays and there.weekday() == 6)


def _just_met(world: World, somebody: Member, at: datetime) -> bool:
    """They were in a session up to an hour ago, and it is between 8 and 22."""
    if not 8 <= _local(somebody, at).hour < 22:
        return False
    with world.connection() as connection:
        theirs = select(tandem_member.c.tandem).where(tandem_member.c.member == somebody.id)
        began = session.c.starts_at.between(at - 3 * HOUR, at)
        met = select(session.c.id).where(session.c.tandem.in_(theirs), began)
        return connection.execute(met).first() is not None


def _local(somebody: Member, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(somebody.zone))


def _named(arrival: Arrival) -> str:
    parcel = arrival.parcel
    what = arrival.nudge or parcel.key.partition(":")[0]
    said = str(parcel.body.get("text"))[:60]
    return f"parcel {parcel.id} ({what} of {parcel.subject}, {parcel.chat}, {said!r})"


def _stored(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _rows(world: World, statement: str) -> list[tuple[object, ...]]:
    return world.look.execute(statement).fetchall()


ALL: tuple[Check, ...] = (
    nobody_is_left_without_an_answer,
    whoever_looks_for_somebody_hears_of_it,
    no_tandem_is_forgotten,
    nothing_unasked_comes_in_quiet_hours,
    what_a_partner_does_wakes_nobody,
    reminders_stay_within_what_was_promised,
    no_reminder_comes_after_its_session_began,
    nothing_comes_to_whoever_is_gone,
    every_input_had_its_effect_once,
    every_due_is_said_or_dropped_for_a_reason,
    every_message_ends_in_a_known_state,
    nothing_comes_twice_but_after_a_lost_answer,
    nothing_waits_for_what_is_not_there,
    nobody_is_in_more_tandems_than_they_want,
    nobody_is_alone_in_a_tandem,
    a_series_stays_on_its_weekday,
    sessions_are_over_when_they_are,
    private_words_are_read_by_nobody_else,
    what_people_write_lies_there_as_ciphertext,
)
