"""What time says: each due is an event like any other, once its moment has come."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.conversation.cards import Tell
from bot.domain import acquainting, agreements, lookbacks, members, proposals, reminders, sessions
from bot.domain.dues import Due, Nudge
from bot.domain.hours import waking
from bot.domain.members import Member, Standing
from bot.domain.parcels import Patience
from bot.domain.sessions import Session
from bot.engine import (
    agreeing,
    convening,
    guiding,
    installing,
    keeping,
    knowing,
    looking_back,
    pausing,
    places,
    proposing,
    questions,
    releasing,
    remembering,
    reminding,
    restraining,
    seeking,
)
from bot.engine.desk import Desk
from bot.store import appointments, dues, pairs, suggestions

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
AWAY = reminders.NUDGES | {Nudge.UNPAUSE}
"""These look at a pause themselves."""
JUST_MET = {Nudge.AFTER, Nudge.REFLECT}
"""These ask about a session that is just over."""
AskedOfOne: TypeAlias = (
    agreements.NobodyWrote | agreements.Remind | agreements.Ask | agreements.CheckIn
)
SOON_AFTER = timedelta(hours=1)
"""After their own session people are up, whenever that is."""


def elapse(desk: Desk, due: Due) -> str:
    """Lets a due happen. Returns "" or the reason for which nothing was said.

    What it says to others than the one it concerns wakes nobody either: see `Desk`.
    """
    if due.nudge is Nudge.CUE:
        return guiding.elapse(desk, due)
    if due.nudge in installing.NUDGES:
        return installing.elapse(desk, due)
    desk.just_met = due.nudge in JUST_MET and desk.now - due.at < SOON_AFTER
    if due.member and (reason := _in_peace(desk, due, desk.member(due.member))):
        return reason
    news = looking_back.brings_news(desk, due)
    if due.member and not news and (reason := restraining.held_back(desk, due)):
        return reason
    if due.nudge in reminders.NUDGES:
        return reminding.remind(desk, due)
    if due.nudge not in CHANGING and _late(desk, due):
        return reminders.TOO_LATE
    desk.expires_at, desk.patience = due.until, Patience.NUDGE
    if due.nudge is Nudge.DIARY_NOTICE:
        desk.patience = Patience.REPLY  # what will be deleted is said in a pause, too
    if due.nudge in lookbacks.NUDGES:
        return looking_back.ask(desk, due)
    before = desk.said
    _happen(desk, due, int(due.subject.partition(":")[2]))
    return "" if desk.said > before else "nothing to say"


def _in_peace(desk: Desk, due: Due, member: Member) -> str:
    """What would come at night, or in a pause, waits for its end, if it makes sense then."""
    if due.nudge is Nudge.DIARY_OVER:
        return ""
    if due.nudge in AWAY or not (back := _back(member, desk.now)):
        return _put_off(desk, due, desk.moment(member), reminders.ASLEEP)
    if due.nudge is Nudge.DIARY_NOTICE and back >= due.until:
        return ""
    return _put_off(desk, due, waking(back, member.zone, member.quiet), reminders.PAUSED)


def _back(member: Member, now: datetime) -> datetime | None:
    """When somebody is back who is on pause."""
    until = member.paused_until
    return until if until is not None and until > now else None


def _put_off(desk: Desk, due: Due, moment: datetime, reason: str) -> str:
    if desk.now < moment < due.until:
        dues.put_off(desk.connection, replace(due, at=moment))
    return reason if desk.now < moment else ""


def _late(desk: Desk, due: Due) -> bool:
    """Questions that nobody put for a day are old; that something will be deleted never is."""
    old = due.nudge not in KEPT and desk.now - due.at > lookbacks.OLD
    return old or due.until <= desk.now


def _happen(desk: Desk, due: Due, number: int) -> None:
    match due.nudge:
        case Nudge.RESUME:
            _resume(desk, number)
        case Nudge.SEARCH:
            _search(desk, desk.member(number))
        case Nudge.ROUND | Nudge.CUE | Nudge.UNINSTALLED | Nudge.REINSTALLED:
            raise ValueError("a round is no turn; a cue and a workspace are looked at before")
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
            proposal = suggestions.get_proposal(desk.connection, number)
            proposing.on_proposal(desk, proposal, proposals.Halfway(due.member))
        case Nudge.EXPIRE:
            proposal = suggestions.get_proposal(desk.connection, number)
            proposing.on_proposal(desk, proposal, proposals.Expire())
        case Nudge.DEADLINE | Nudge.DAY_BEFORE | Nudge.SOON:
            raise ValueError("a reminder is said together with others")
        case Nudge.AFTER:
            _after(desk, appointments.get_session(desk.connection, number))
        case Nudge.REFLECT | Nudge.REPEAT:
            raise ValueError("several sessions are asked about together")
        case Nudge.QUIETER:
            restraining.notice(desk, desk.member(number))
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
        seeking.seek(desk, member)


def _after(desk: Desk, session: Session) -> None:
    convening.on_session(desk, session, sessions.After())
    desk.expires_at = None  # how to go on is asked for as long as nobody has answered
    knowing.after_session(desk, session)


def _resume(desk: Desk, number: int) -> None:
    """One hint for somebody who stopped in the middle; none after it."""
    member = desk.member(number)
    talk = questions.current(desk, member)
    if talk is not None and member.standing is Standing.NEW:
        about = {"number": questions.number(talk)}
        desk.tell([Tell(member.id, members.HINT, about)])
