"""When the bot speaks up by itself: every moment at which it does is laid down here.

Pure: a thing, the members concerned and the moment in; dues out. The engine notes them down in
the transaction that changed the thing, so a session that is moved takes its reminders along.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.acquainting import ANSWER, Acquainting
from bot.domain.agreements import BOT, Agreement
from bot.domain.diary import Keeping
from bot.domain.dues import Due, Nudge
from bot.domain.members import Member, Standing
from bot.domain.proposals import Proposal
from bot.domain.proposals import State as ProposalState
from bot.domain.sessions import Session
from bot.domain.sessions import State as SessionState
from bot.domain.tandems import State as TandemState
from bot.domain.tandems import Tandem

RESUME_AFTER = timedelta(hours=24)
SEARCH_AFTER = timedelta(days=7)
DIARY_NOTICE = timedelta(days=14)
LONG = timedelta(days=365)
DAY_BEFORE_AT = time(17)
SOON = timedelta(minutes=30)
AFTER = timedelta(minutes=5)
REPEAT_AT = time(17)
UNDATED_AFTER: tuple[timedelta, ...] = (timedelta(days=5), timedelta(days=10))
ASK_AGAIN_AFTER: tuple[timedelta, ...] = (timedelta(days=2),)
MORNING = time(8, 30)
QUIET_FROM, QUIET_TO = time(20), time(8)
LATE_EVENING = time(22)
"""After their own session people are up, on a Sunday as well: only from here on the question
waits for the next morning."""
ASKED_FOR = timedelta(days=2)
"""How a session was is asked no later."""
SUNDAY = 6
WRITE_AFTER, CONFIRM_AFTER = timedelta(days=3), timedelta(days=3)
UNAGREED_AFTER = timedelta(days=14)
DAY_AFTER, REMEMBERED = timedelta(days=1), timedelta(days=7)
LAG = timedelta(minutes=5)
"""A reminder whose moment passed longer ago than a tick may lag was not asked for in time."""


def plan(
    thing: Member | Proposal | Session | Tandem | Acquainting | Agreement | Keeping,
    members: Iterable[Member],
    now: datetime,
) -> Iterator[Due]:
    match thing:
        case Member():
            yield from _member(thing, now)
        case Proposal(state=ProposalState.OPEN):
            yield from _proposal(thing, list(members), now)
        case Session(state=SessionState.OPEN, planned=datetime()):
            yield from _session(thing, members, now)
        case Session(state=SessionState.PAST):
            yield from _reflections(thing, members, now)
        case Agreement():
            everybody = list(members)
            yield from _agreement(thing, everybody, now)
            yield from _halfway(thing, everybody, now)
        case Acquainting():
            yield from _acquainting(thing, list(members), now)
        case Tandem(state=TandemState.ENDED, ended_at=datetime()):
            yield from _ended(thing, members, now)
        case Keeping(until=until):
            for member in members:
                at = waking(until - DIARY_NOTICE, member.zone)
                yield Due(Nudge.DIARY_NOTICE, thing.subject, at, until, member.id)
                yield Due(Nudge.DIARY_OVER, thing.subject, until, until + LONG, member.id)
        case _:
            return


def _member(member: Member, now: datetime) -> Iterator[Due]:
    subject = f"member:{member.id}"
    if member.paused_until is not None:
        at = waking(member.paused_until, member.zone)
        yield Due(Nudge.UNPAUSE, subject, at, at + timedelta(days=30), member.id)
    elif member.standing is Standing.NEW:
        at = waking(now + RESUME_AFTER, member.zone)
        yield Due(Nudge.RESUME, subject, at, at + timedelta(days=2), member.id)
    elif member.standing is Standing.SEEKING:
        at = waking(now + SEARCH_AFTER, member.zone)
        yield Due(Nudge.SEARCH, subject, at, at + timedelta(days=30), member.id)


def _proposal(proposal: Proposal, members: list[Member], now: datetime) -> Iterator[Due]:
    halfway = proposal.made_at + (proposal.expires_at - proposal.made_at) / 2
    for member in members:
        at = waking(halfway, member.zone)
        if at > now - LAG and member.id not in proposal.accepted:
            yield Due(Nudge.HALFWAY, proposal.subject, at, proposal.expires_at, member.id)
    at = waking(proposal.expires_at, members[0].zone)
    yield Due(Nudge.EXPIRE, proposal.subject, at, at + timedelta(days=30))


def _session(session: Session, members: Iterable[Member], now: datetime) -> Iterator[Due]:
    start = session.starts_at
    assert start is not None
    for member in members:
        day_before, soon = _day_before(start, member.zone), start - SOON
        if day_before > now - LAG:
            until = start - timedelta(hours=2)
            yield Due(Nudge.DAY_BEFORE, session.subject, day_before, until, member.id)
        if soon > now - LAG and not quiet(soon, member.zone):
            yield Due(Nudge.SOON, session.subject, soon, start, member.id)
    after = _over(session)
    yield Due(Nudge.AFTER, session.subject, after, after + ASKED_FOR)


def _reflections(session: Session, members: Iterable[Member], now: datetime) -> Iterator[Due]:
    start = session.starts_at
    assert start is not None
    for member in (m for m in members if m.id not in session.reflected):
        asked = _asked_back(session, member.zone)
        if asked + ASKED_FOR > now:
            until = asked + ASKED_FOR
            yield Due(Nudge.REFLECT, session.subject, asked, until, member.id)
        at = _at(start, member.zone, 1, REPEAT_AT)
        if at.astimezone(ZoneInfo(member.zone)).weekday() == SUNDAY:
            at = _at(start, member.zone, 2, REPEAT_AT)
        if at > now - LAG:
            yield Due(Nudge.REPEAT, session.subject, at, at + timedelta(days=1), member.id)


def _agreement(agreement: Agreement, members: Iterable[Member], now: datetime) -> Iterator[Due]:
    """One reminder for whoever is waited for; and a question to all if nothing comes of it."""
    newest, begun = agreement.newest, next(iter(agreement.versions), None)
    if newest is None or begun is None:
        return
    stands = min((yes.at for yes in newest.yes.values()), default=newest.at)
    written = newest.by != BOT or bool(newest.yes)
    dues = [(Nudge.CONFIRM, stands + CONFIRM_AFTER)] if written else []
    if not written:
        dues.append((Nudge.NOBODY_WROTE, newest.at + WRITE_AFTER))
    for member in members:
        waited = dues if member.id in agreement.missing else []
        late = [] if agreement.in_force else [(Nudge.UNAGREED, begun.at + UNAGREED_AFTER)]
        for nudge, moment in [*waited, *late]:
            at = waking(moment, member.zone)
            if at > now - LAG:
                yield Due(nudge, agreement.subject, at, at + timedelta(days=3), member.id)


def _acquainting(known: Acquainting, members: list[Member], now: datetime) -> Iterator[Due]:
    """Until there is a date; after the talk, until everybody has said how to go on."""
    end = known.asked_at + ANSWER if known.asked_at is not None else known.until
    for member in members:
        yield from _asked_again(known, member, end, now)
    at = _all_awake(end, members)
    yield Due(Nudge.RUN_OUT, known.subject, at, at + timedelta(days=30))


def _asked_again(known: Acquainting, member: Member, end: datetime, now: datetime) -> Iterator[Due]:
    """A reminder that is late gives way to the next one."""
    nudge, start, waits = Nudge.UNDATED, known.since, UNDATED_AFTER
    if known.asked_at is not None:
        nudge, start, waits = Nudge.ASK_AGAIN, known.asked_at, ASK_AGAIN_AFTER
    if member.id in known.words or (known.asked_at is None and known.last):
        return
    moments = [waking(start + wait, member.zone) for wait in waits]
    for at, until in pairwise([*(moment for moment in moments if moment < end), end]):
        if now - LAG < at:
            yield Due(nudge, known.subject, at, until, member.id)


def _halfway(agreement: Agreement, members: Iterable[Member], now: datetime) -> Iterator[Due]:
    """In the middle of what was agreed on everybody is offered a look at what they wrote."""
    if agreement.in_force is None:
        return
    since = date.fromisoformat(str(agreement.in_force.content["since"]))
    middle = since + (agreement.in_force.until - since) / 2
    for member in members:
        moment = datetime.combine(middle, REPEAT_AT, ZoneInfo(member.zone))
        at = waking(moment.astimezone(UTC), member.zone)
        if at > now - LAG:
            yield Due(Nudge.DIARY_HALFWAY, agreement.subject, at, at + REMEMBERED, member.id)


def _ended(tandem: Tandem, members: Iterable[Member], now: datetime) -> Iterator[Due]:
    """The day after the end, once more."""
    assert tandem.ended_at is not None
    for member in members:
        at = waking(tandem.ended_at + DAY_AFTER, member.zone)
        if at > now - LAG:
            yield Due(Nudge.DIARY_END, tandem.subject, at, at + REMEMBERED, member.id)


def quiet(at: datetime, zone: str) -> bool:
    """Whether somebody is left alone at this instant: at night, and on Sundays."""
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() == SUNDAY or not QUIET_TO <= local.time() < QUIET_FROM


def waking(at: datetime, zone: str) -> datetime:
    """The instant itself, or the next morning on which somebody may be spoken to."""
    moment = at
    while quiet(moment, zone):
        local = moment.astimezone(ZoneInfo(zone))
        early = local.weekday() != SUNDAY and local.time() < QUIET_TO
        moment = _at(moment, zone, 0 if early else 1, MORNING)
    return moment


def _all_awake(at: datetime, members: Iterable[Member]) -> datetime:
    """When all of them may be spoken to; where their days hardly meet, the last one's morning."""
    moment = at
    for member in [*members] * 3:
        moment = waking(moment, member.zone)
    return moment


def _day_before(start: datetime, zone: str) -> datetime:
    """The day before in the member's zone; before a Monday that is the Saturday."""
    at = _at(start, zone, -1, DAY_BEFORE_AT)
    if at.astimezone(ZoneInfo(zone)).weekday() == SUNDAY:
        return _at(start, zone, -2, DAY_BEFORE_AT)
    return at


def _over(session: Session) -> datetime:
    assert session.ends_at is not None
    return session.ends_at + AFTER


def _asked_back(session: Session, zone: str) -> datetime:
    """When a member is asked how it was: at once, or the next morning where it is late by then."""
    at = _over(session)
    wall = at.astimezone(ZoneInfo(zone)).time()
    if QUIET_TO <= wall < LATE_EVENING:
        return at
    return waking(_at(at, zone, 0 if wall < QUIET_TO else 1, MORNING), zone)


def _at(moment: datetime, zone: str, days: int, wall: time) -> datetime:
    """A wall time some days from a moment's local date, in UTC."""
    day = moment.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)
