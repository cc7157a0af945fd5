"""When the bot speaks up by itself: every moment at which it does is laid down here.

Pure: a thing, the members concerned and the moment in; dues out. The engine notes them down in
the transaction that changed the thing, so a session that is moved takes its reminders along.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.domain import cues, reminders
from bot.domain.acquainting import ANSWER, Acquainting
from bot.domain.agreements import BOT, Agreement
from bot.domain.cues import Cues
from bot.domain.diary import Keeping
from bot.domain.dues import Due, Nudge
from bot.domain.hours import EVENING, afterwards, on_day, quiet, waking
from bot.domain.members import Member, Standing
from bot.domain.proposals import Proposal
from bot.domain.proposals import State as ProposalState
from bot.domain.sessions import Session
from bot.domain.sessions import State as SessionState
from bot.domain.silence import Silence
from bot.domain.tandems import State as TandemState
from bot.domain.tandems import Tandem

RESUME_AFTER = timedelta(hours=24)
SEARCH_AFTER = timedelta(days=7)
DIARY_NOTICE = timedelta(days=14)
LONG = timedelta(days=365)
AFTER = timedelta(minutes=5)
ASKED_WITHIN = timedelta(hours=12)
"""How a session was is asked soon after it, or with the repeat on the next day."""
UNDATED_AFTER: tuple[timedelta, ...] = (timedelta(days=5), timedelta(days=10))
ASK_AGAIN_AFTER: tuple[timedelta, ...] = (timedelta(days=2),)
WRITE_AFTER, CONFIRM_AFTER = timedelta(days=3), timedelta(days=3)
UNAGREED_AFTER = timedelta(days=14)
DAY_AFTER, REMEMBERED = timedelta(days=1), timedelta(days=7)
NOON = time(12)
LAG = timedelta(minutes=5)
"""A reminder whose moment passed longer ago than a tick may lag was not asked for in time."""


Thing: TypeAlias = (
    Member | Proposal | Session | Tandem | Acquainting | Agreement | Silence | Keeping | Cues
)


def plan(
    thing: Thing,
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
            yield from _check_ins(thing, everybody, now)
        case Acquainting():
            yield from _acquainting(thing, list(members), now)
        case Tandem(state=TandemState.ENDED, ended_at=datetime()):
            yield from _ended(thing, members, now)
        case Silence():
            yield from _silence(thing, list(members), now)
        case Cues():
            yield from cues.plan(thing, now)
        case Keeping(until=until):
            for member in members:
                at = waking(until - DIARY_NOTICE, member.zone, member.quiet)
                yield Due(Nudge.DIARY_NOTICE, thing.subject, at, until, member.id)
                yield Due(Nudge.DIARY_OVER, thing.subject, until, until + LONG, member.id)
        case _:
            return


def _member(member: Member, now: datetime) -> Iterator[Due]:
    subject = f"member:{member.id}"
    if member.paused_until is not None:
        at = waking(member.paused_until, member.zone, member.quiet)
        yield Due(Nudge.UNPAUSE, subject, at, at + timedelta(days=30), member.id)
    elif member.standing is Standing.NEW:
        at = waking(now + RESUME_AFTER, member.zone, member.quiet)
        yield Due(Nudge.RESUME, subject, at, at + timedelta(days=2), member.id)
    elif member.standing is Standing.SEEKING:
        at = waking(now + SEARCH_AFTER, member.zone, member.quiet)
        yield Due(Nudge.SEARCH, subject, at, at + timedelta(days=30), member.id)


def _proposal(proposal: Proposal, members: list[Member], now: datetime) -> Iterator[Due]:
    halfway = proposal.made_at + (proposal.expires_at - proposal.made_at) / 2
    for member in members:
        at = waking(halfway, member.zone, member.quiet)
        if at > now - LAG and member.id not in proposal.accepted:
            yield Due(Nudge.HALFWAY, proposal.subject, at, proposal.expires_at, member.id)
    at = waking(proposal.expires_at, members[0].zone, members[0].quiet)
    yield Due(Nudge.EXPIRE, proposal.subject, at, at + timedelta(days=30))


def _session(session: Session, members: Iterable[Member], now: datetime) -> Iterator[Due]:
    for member in members:
        yield from reminders.plan(session, member, now - LAG)
    after = _over(session)
    yield Due(Nudge.AFTER, session.subject, after, after + LONG)


def _reflections(session: Session, members: Iterable[Member], now: datetime) -> Iterator[Due]:
    start = session.starts_at
    assert start is not None
    for member in (m for m in members if m.id not in session.reflected):
        asked = _asked_back(session, member)
        if asked + ASKED_WITHIN > now:
            until = asked + ASKED_WITHIN
            yield Due(Nudge.REFLECT, session.subject, asked, until, member.id)
        at = on_day(start, member.zone, 1, EVENING)
        if quiet(at, member.zone, member.quiet):
            at = on_day(start, member.zone, 2, EVENING)
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
            at = waking(moment, member.zone, member.quiet)
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
    moments = [waking(start + wait, member.zone, member.quiet) for wait in waits]
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
        moment = datetime.combine(middle, EVENING, ZoneInfo(member.zone))
        at = waking(moment.astimezone(UTC), member.zone, member.quiet)
        if at > now - LAG:
            yield Due(Nudge.DIARY_HALFWAY, agreement.subject, at, at + REMEMBERED, member.id)


def _check_ins(agreement: Agreement, members: Iterable[Member], now: datetime) -> Iterator[Due]:
    """At noon, so that nobody reads two things at once on the evening of half-time."""
    days = agreement.in_force.check_ins if agreement.in_force else ()
    for day, member in product(days, members):
        moment = datetime.combine(day, NOON, ZoneInfo(member.zone))
        at = waking(moment.astimezone(UTC), member.zone, member.quiet)
        if at > now - LAG:
            yield Due(Nudge.CHECK_IN, agreement.subject, at, at + REMEMBERED, member.id)


def _ended(tandem: Tandem, members: Iterable[Member], now: datetime) -> Iterator[Due]:
    """The day after the end, once more."""
    assert tandem.ended_at is not None
    for member in members:
        at = waking(tandem.ended_at + DAY_AFTER, member.zone, member.quiet)
        if at > now - LAG:
            yield Due(Nudge.DIARY_END, tandem.subject, at, at + REMEMBERED, member.id)


def _silence(silence: Silence, members: list[Member], now: datetime) -> Iterator[Due]:
    """One step after the other: nobody is set free before somebody was asked and had their time."""
    for member in silence.waits:
        at = _all_awake(max(silence.next_step(member), now), members)
        yield Due(Nudge.SILENT, silence.subject, at, at + LONG, member)


def _all_awake(at: datetime, members: Iterable[Member]) -> datetime:
    """When all of them may be spoken to; where their days hardly meet, the last one's morning."""
    moment = at
    for member in [*members] * 3:
        moment = waking(moment, member.zone, member.quiet)
    return moment


def _over(session: Session) -> datetime:
    assert session.ends_at is not None
    return session.ends_at + AFTER


def _asked_back(session: Session, member: Member) -> datetime:
    """When a member is asked how it was: at once, or the next morning where it is late by then."""
    return afterwards(_over(session), member.zone, member.quiet)
