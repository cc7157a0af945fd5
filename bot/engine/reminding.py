"""Reminding: several that are due for one member become one message, within what they are sent;
and how each wants it to be."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.conversation.cards import Tell
from bot.conversation.talk import Press
from bot.domain import members, reminders, sessions
from bot.domain.availability import local
from bot.domain.dues import Due, Nudge
from bot.domain.guides import read
from bot.domain.hours import Lead, Quiet, falls_quiet
from bot.domain.members import Member
from bot.domain.parcels import Patience
from bot.domain.reminders import Known
from bot.domain.sessions import Session
from bot.domain.tandems import Tandem
from bot.engine import guiding, milestones
from bot.engine.desk import Desk
from bot.engine.events import NOTHING, Reply
from bot.engine.introducing import with_guide
from bot.engine.meeting import spoken
from bot.store import appointments, dues, outbox, pairs

REMEMBERED = timedelta(days=60)
"""Longer than before any session somebody is reminded of it."""
SOON = timedelta(hours=1)
"""When what matters of a session is its link and how it goes, not how to move it."""
LATE = timedelta(hours=1)
"""Past it a message says why it comes only now."""


def remind(desk: Desk, due: Due) -> str:
    """Says what is due for a member, with whatever else is near. Returns "", or the reason for
    which the due itself was not said; the others are settled here."""
    member = desk.member(due.member)
    rows = dues.waiting_for(desk.connection, member.id, reminders.NUDGES)
    waiting = [due, *(other for _, other in rows)]
    near = [other for other in waiting if other.at <= desk.now + reminders.TOGETHER]
    tells = {other: _told(desk, other) for other in near}
    said = dues.said_since(desk.connection, member.id, reminders.NUDGES, desk.now - REMEMBERED)
    void = [other for other, told in tells.items() if not told]
    verdict = reminders.judge(Known(member, desk.now, waiting, said), void)
    reasons = {**dict.fromkeys(verdict.say, ""), **dict(verdict.drop)}
    for number, other in rows:
        if other in reasons:
            dues.settle(desk.connection, number, reasons[other], desk.now)
    _say(desk, member, verdict.say, [tells[one][0] for one in reminders.one_each(verdict.say)])
    if due.nudge is Nudge.DEADLINE and reasons[due] == reminders.OFF:
        _plan(desk, _session(desk, due))
    return reasons[due]


def _told(desk: Desk, due: Due) -> list[Tell]:
    """Nothing if the session is off, or planned for another time by now."""
    session = _session(desk, due)
    start = session.starts_at
    if start is None or due.until != reminders.ends(due.nudge, start):
        return []
    return reminder(desk, session, sessions.Remind(due.member, due.nudge))


def _session(desk: Desk, due: Due) -> Session:
    return appointments.get_session(desk.connection, int(due.subject.partition(":")[2]))


def _say(desk: Desk, member: Member, dues: Sequence[Due], tells: Sequence[Tell]) -> None:
    """It goes out while all of it holds and the member may be spoken to, or not at all."""
    if not tells:
        return
    asleep = falls_quiet(desk.now, member.zone, member.quiet)
    desk.expires_at = min(asleep, *(due.until for due in dues))
    desk.patience = Patience.NUDGE
    late = desk.now - min(due.at for due in dues) > LATE
    told = tells[0] if len(tells) == 1 else reminders.joined(member.id, tells)
    desk.tell([replace(told, about={**told.about, "late": late})])


def settings(desk: Desk, member: Member, _rest: str) -> Reply:
    desk.tell([reminders.settings(member)])
    return NOTHING


def lead(desk: Desk, member: Member, press: Press) -> None:
    _change(desk, replace(member, lead=Lead(press.value)))


def hours(desk: Desk, member: Member, press: Press) -> None:
    _change(desk, replace(member, quiet=replace(member.quiet, hours=press.value)))


def sundays(desk: Desk, member: Member, _press: Press) -> None:
    _change(desk, replace(member, quiet=Quiet(member.quiet.hours, not member.quiet.sundays)))


def _change(desk: Desk, member: Member) -> None:
    changed = desk.save(member)
    live_by(desk, changed)
    desk.tell([reminders.settings(changed, replaces=True)])


def live_by(desk: Desk, member: Member) -> None:
    """Their hours or their zone are others from now on: what is planned is planned anew, and what
    waits for their morning waits for the one there is now."""
    plan_anew(desk, member)
    outbox.wait_for(desk.connection, member.id, desk.moment(member), desk.now)


def plan_anew(desk: Desk, member: Member) -> None:
    """What reminds of a member's sessions. Nothing is said a second time by that."""
    for tandem in pairs.running_tandems(desk.connection, member.id):
        for session in appointments.open_sessions(desk.connection, tandem.id):
            _plan(desk, session)


def _plan(desk: Desk, session: Session) -> None:
    people = [desk.member(number) for number in session.members]
    desk.replan(session.subject, session, people)


def look(desk: Desk, member: Member, press: Press) -> None:
    """One of several sessions that somebody was reminded of, with all that can be done about it."""
    session = appointments.get_session(desk.connection, int(press.value.partition(":")[2]))
    if member.id not in session.members or session.state is not sessions.State.OPEN:
        desk.tell([Tell(member.id, members.STALE)])
    elif session.starts_at and timedelta() < session.starts_at - desk.now < SOON:
        soon = sessions.Remind(member.id, Nudge.SOON)
        desk.tell(reminder(desk, session, soon))
    else:
        desk.tell(spoken(desk, session, [sessions.overview(session, member.id)]))


def reminder(desk: Desk, session: Session, event: sessions.Remind) -> list[Tell]:
    """What somebody is reminded of, not said yet; nothing where that makes no sense any more."""
    tandem = pairs.get_tandem(desk.connection, session.tandem)
    _, tells = sessions.decide(session, event, desk.now)
    tells = _with_steps(desk, session, guiding.fitting(tandem, tells))
    if event.nudge is not Nudge.SOON:
        tells = _with_milestones(desk, session, tandem, tells)
    people = [desk.member(number) for number in session.members]
    return with_guide(tandem, people, spoken(desk, session, tells))


def _with_milestones(desk: Desk, session: Session, tandem: Tandem, tells: list[Tell]) -> list[Tell]:
    """The day before, also what is to be reached until the session after."""
    if session.planned is None:
        return tells
    after = session.planned.date() + sessions.RHYTHMS[tandem.rhythm]
    today = local(desk.now, session.zone).date()
    found = milestones.coming(desk, tandem.id, today, after)
    return [replace(told, about={**told.about, "steps": found}) for told in tells]


def _with_steps(desk: Desk, session: Session, tells: list[Tell]) -> list[Tell]:
    """Also what each of them wanted to do since they met."""
    names = guiding.names(desk, session)
    steps = {told.member: guiding.agreed_last(desk, session, told.member) for told in tells}
    return [
        replace(t, about={**t.about, "resolved": read(steps[t.member], names, t.member)})
        for t in tells
    ]
