"""What time says: each due is an event like any other, once its moment has come."""

from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from bot.conversation.cards import Tell
from bot.domain import acquainting, agreements, members, proposals, reminders, sessions, tandems
from bot.domain.dues import Due, Nudge
from bot.domain.hours import waking
from bot.domain.members import Member, Standing
from bot.domain.parcels import Patience
from bot.domain.sessions import Session
from bot.engine import (
    agreeing,
    guiding,
    happening,
    keeping,
    knowing,
    pausing,
    places,
    questions,
    releasing,
    remembering,
    reminding,
)
from bot.engine.desk import Desk
from bot.store import pairs, queues

CHANGING = {
    Nudge.SEARCH,
    Nudge.UNPAUSE,
    Nudge.DIARY_OVER,
    Nudge.EXPIRE,
    Nudge.AFTER,
    Nudge.RUN_OUT,
    Nudge.SILENT,
}
"""These change something and happen however late it is; what they say may still be too late."""
KEPT = {Nudge.DIARY_NOTICE, Nudge.DIARY_HALFWAY, Nudge.DIARY_END}
"""These are no less welcome for being late."""
AskedOfOne: TypeAlias = (
    agreements.NobodyWrote | agreements.Remind | agreements.Ask | agreements.CheckIn
)
OLD, SOON_AFTER = timedelta(hours=24), timedelta(hours=1)
"""After their own session people are up, whenever that is."""


def elapse(desk: Desk, due: Due) -> str:
    """Lets a due happen. Returns "" or the reason for which nothing was said."""
    if due.nudge is Nudge.CUE:
        return guiding.elapse(desk, due)
    if due.member and due.nudge is not Nudge.DIARY_OVER and _asleep(desk, due):
        return reminders.ASLEEP
    if due.nudge in reminders.NUDGES:
        return reminding.remind(desk, due)
    if due.nudge not in CHANGING and _late(desk, due):
        return reminders.TOO_LATE
    desk.expires_at, desk.patience = due.until, Patience.NUDGE
    before = desk.said
    _happen(desk, due, int(due.subject.partition(":")[2]))
    return "" if desk.said > before else "nothing to say"


def _asleep(desk: Desk, due: Due) -> bool:
    """What comes late because the house was down waits for the morning, if it makes sense then."""
    if due.nudge is Nudge.REFLECT and desk.now - due.at < SOON_AFTER:
        return False
    member = desk.member(due.member)
    morning = waking(desk.now, member.zone, member.quiet)
    if desk.now < morning < due.until:
        queues.put_off(desk.connection, replace(due, at=morning))
    return desk.now < morning


def _late(desk: Desk, due: Due) -> bool:
    """Questions that nobody put for a day are old; that something will be deleted never is."""
    old = due.nudge not in KEPT and desk.now - due.at > OLD
    return old or due.until <= desk.now


def _happen(desk: Desk, due: Due, number: int) -> None:
    match due.nudge:
        case Nudge.RESUME:
            _resume(desk, number)
        case Nudge.SEARCH:
            _search(desk, desk.member(number))
        case Nudge.ROUND | Nudge.CUE:
            raise ValueError("a round is no turn, and a cue says nothing anew")
        case Nudge.UNPAUSE:
            member = desk.member(number)
            if member.paused_until is not None and member.paused_until <= desk.now:
                pausing.end(desk, member)
        case Nudge.DIARY_HALFWAY | Nudge.DIARY_END:
            member = desk.member(due.member)
            tandem = pairs.get_tandem(desk.connection, number).to(member.id)
            halfway = due.nudge is Nudge.DIARY_HALFWAY
            remembering.offer(desk, tandem, member, halfway=halfway)
        case Nudge.DIARY_NOTICE:
            keeping.notice(desk, desk.member(number))
        case Nudge.DIARY_OVER:
            keeping.over(desk, desk.member(number))
        case Nudge.HALFWAY:
            proposal = pairs.get_proposal(desk.connection, number)
            happening.on_proposal(desk, proposal, proposals.Halfway(due.member))
        case Nudge.EXPIRE:
            proposal = pairs.get_proposal(desk.connection, number)
            happening.on_proposal(desk, proposal, proposals.Expire())
        case Nudge.DEADLINE | Nudge.DAY_BEFORE | Nudge.SOON:
            raise ValueError("a reminder is said together with others")
        case Nudge.AFTER:
            _after(desk, pairs.get_session(desk.connection, number))
        case Nudge.REFLECT:
            happening.ask_to_reflect(desk, number, due.member)
        case Nudge.REPEAT:
            _repeat(desk, number, due.member)
        case Nudge.UNDATED:
            knowing.remind(desk, pairs.get_tandem(desk.connection, number), due.member)
        case Nudge.ASK_AGAIN:
            _acquainting(desk, number, acquainting.Repeat(due.member))
        case Nudge.RUN_OUT:
            _acquainting(desk, number, acquainting.RunOut())
        case Nudge.SILENT:
            releasing.elapse(desk, pairs.get_tandem(desk.connection, number), due.member)
        case Nudge.NOBODY_WROTE:
            _agreement(desk, number, agreements.NobodyWrote(due.member))
        case Nudge.CONFIRM:
            _agreement(desk, number, agreements.Remind(due.member))
        case Nudge.UNAGREED:
            _agreement(desk, number, agreements.Ask(due.member))
        case Nudge.CHECK_IN:
            _agreement(desk, number, agreements.CheckIn(due.member))


def _acquainting(desk: Desk, number: int, event: acquainting.Event) -> None:
    knowing.happens(desk, pairs.get_tandem(desk.connection, number), event)


def _agreement(desk: Desk, number: int, event: AskedOfOne) -> None:
    """Whoever pauses is left in peace, and so is a tandem that rests."""
    tandem, member = pairs.get_tandem(desk.connection, number), desk.member(event.to)
    if tandem.state in agreeing.OPEN and member.paused_until is None:
        agreeing.on_agreement(desk, tandem, event)


def _search(desk: Desk, member: Member) -> None:
    looking = member.standing is Standing.SEEKING and member.paused_until is None
    if looking and places.free(desk, member) > 0 and not desk.house.calendar.fixed:
        happening.seek(desk, member)


def _after(desk: Desk, session: Session) -> None:
    happening.on_session(desk, session, sessions.After())
    desk.expires_at = None  # how to go on is asked for as long as nobody has answered
    knowing.after_session(desk, session)


def _repeat(desk: Desk, number: int, member: int) -> None:
    """Nobody is asked to look back once the tandem is over, or rests."""
    session = pairs.get_session(desk.connection, number)
    if pairs.get_tandem(desk.connection, session.tandem).state in tandems.MEETING:
        happening.on_session(desk, session, sessions.Repeat(member))


def _resume(desk: Desk, number: int) -> None:
    """One hint for somebody who stopped in the middle; none after it."""
    member = desk.member(number)
    talk = questions.current(desk, member)
    if talk is not None and member.standing is Standing.NEW:
        about = {"number": questions.number(talk)}
        desk.tell([Tell(member.id, members.HINT, about)])
