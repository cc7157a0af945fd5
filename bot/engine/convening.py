"""What an event sets in motion for a session, and in the series that it stands in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversation.cards import Tell
from bot.domain import members, sessions, tandems
from bot.domain.availability import instant, local
from bot.domain.members import Member
from bot.domain.sessions import Session
from bot.domain.tandems import Tandem
from bot.engine import caring, cueing
from bot.engine.desk import Desk
from bot.engine.meeting import spoken
from bot.engine.series import beside, follower, goes_on, passed
from bot.store import appointments, pairs, people

BY_MEMBERS = (
    sessions.Wish
    | sessions.Agree
    | sessions.Place
    | sessions.Cancel
    | sessions.Fits
    | sessions.Restore
)


def on_session(desk: Desk, session: Session, event: sessions.Event) -> None:
    tandem = pairs.get_tandem(desk.connection, session.tandem)
    if tandem.state is tandems.State.PAUSED and isinstance(event, BY_MEMBERS):
        desk.tell([tandems.tell(tandem, event.by, tandems.PAUSED)])
        return
    after, tells = sessions.decide(session, event, desk.now)
    if after.planned != session.planned and goes_on(desk, tandem):
        if isinstance(event, sessions.Cancel):
            after, tells = _without(desk, tandem, session, after, tells)
        elif isinstance(event, sessions.Agree | sessions.Wish):
            after = _moved(desk, tandem, after)
        elif isinstance(event, sessions.Restore) and session.moved:
            _both(desk, tandem, session, event.by)
            return
    appointments.save_session(desk.connection, after)
    pair = [desk.member(number) for number in after.members]
    desk.tell(spoken(desk, after, tells))
    if after != session:
        desk.replan(after.subject, after, pair)
    if (session.state, session.planned) != (after.state, after.planned):
        cueing.forget(desk, after)
    if (session.state, after.state) == (sessions.State.OPEN, sessions.State.PAST):
        _follow(desk, after, pair)
    if isinstance(event, sessions.Cancel) and session.planned and after.planned is None:
        caring.called_off(desk, tandem, session)
    if after != session:
        caring.watch(desk, tandem)


def wish(desk: Desk, session: Session, member: Member, at: datetime) -> None:
    """A member would like to meet at a time, local where they are; they are asked no more."""
    there = local(instant(at.date(), at.time(), member.zone), session.zone)
    for talk in people.open_conversations(desk.connection, member.id):
        if (
            talk.form == "meeting"
            and appointments.tandem_of(desk.connection, talk.subject).id == session.tandem
        ):
            people.close(desk.connection, member.id, talk)
    on_session(desk, session, sessions.Wish(member.id, there))


def wish_beside(desk: Desk, tandem: Tandem, member: Member, at: datetime) -> None:
    """A member would like to meet once more than the series has it; ``at`` is where they are. At a
    time that overlaps with the next session that is the one they mean."""
    session = appointments.open_session(desk.connection, tandem.id)
    if session is None or tandem.state is not tandems.State.ACTIVE:
        desk.tell([Tell(member.id, members.STALE)])
        return
    there = local(instant(at.date(), at.time(), member.zone), session.zone)
    known = session if session.overlaps(there) else beside(desk, tandem, session)
    wish(desk, known, member, at)


def call_off(desk: Desk, session: Session, pair: Sequence[Member]) -> None:
    off = replace(sessions.at_another_time(session, None), state=sessions.State.OFF)
    appointments.save_session(desk.connection, off)
    desk.replan(off.subject, off, pair)
    cueing.forget(desk, off)


def reckon_anew(desk: Desk, session: Session) -> None:
    """The wall time stays; its instant, and with it every reminder, is derived again."""
    appointments.save_session(desk.connection, session)
    members = [desk.member(number) for number in session.members]
    desk.replan(session.subject, session, members)


def _without(
    desk: Desk, tandem: Tandem, before: Session, off: Session, tells: list[Tell]
) -> tuple[Session, list[Tell]]:
    """One session less: the series goes on with the next, and if another time is found for this
    one, that is beside the series."""
    after = replace(off, extra=True)
    if not before.extra:
        appointments.save_session(desk.connection, after)
        new = appointments.add_session(desk.connection, follower(desk, tandem, before))
        desk.replan(new.subject, new, [desk.member(number) for number in new.members])
    coming = appointments.open_session(desk.connection, tandem.id)
    next_at = coming.starts_at if coming else None
    return after, [replace(told, about={**told.about, "next_at": next_at}) for told in tells]


def _moved(desk: Desk, tandem: Tandem, after: Session) -> Session:
    """Past a time of the series: far past it, both take place; else that time is left out, which
    is said, and can be taken back."""
    match passed(desk, tandem, after):
        case None:
            return after
        case at, both:
            return _beside(desk, tandem, after) if both else replace(after, skipped=(at,))


def _both(desk: Desk, tandem: Tandem, moved: Session, by: int) -> None:
    """They meet at the time that a session was moved past as well."""
    after = _beside(desk, tandem, moved)
    desk.replan(after.subject, after, [desk.member(number) for number in after.members])
    new = appointments.open_session(desk.connection, tandem.id)
    assert new is not None, "it was laid out just now"
    found = replace(new, wished_by=by)
    desk.tell(spoken(desk, found, [sessions.restored(found, m) for m in found.members]))
    caring.watch(desk, tandem)


def _beside(desk: Desk, tandem: Tandem, moved: Session) -> Session:
    """A session that was moved stays where it is, and the series goes on at its own next time."""
    after = replace(moved, extra=True, skipped=())
    appointments.save_session(desk.connection, after)
    stood = replace(moved, planned=moved.slot)
    new = appointments.add_session(desk.connection, follower(desk, tandem, stood))
    desk.replan(new.subject, new, [desk.member(number) for number in new.members])
    return after


def _follow(desk: Desk, past: Session, pair: Sequence[Member]) -> None:
    """The series goes on as agreed; how the last one was, each is asked in their own time.

    Of the first talk only one thing is asked: how they would like to go on.
    """
    tandem = pairs.get_tandem(desk.connection, past.tandem)
    if not past.extra:
        new = appointments.add_session(desk.connection, follower(desk, tandem, past))
        desk.replan(new.subject, new, pair)
        _tidy(desk, tandem, pair)
    if tandem.state is tandems.State.ACQUAINTING:
        desk.forget_plans(past.subject)


def _tidy(desk: Desk, tandem: Tandem, pair: Sequence[Member]) -> None:
    """What was called off, and got no other time until the next session, is over."""
    for session in appointments.open_sessions(desk.connection, tandem.id):
        if session.extra and session.planned is None and session.wish is None:
            call_off(desk, session, pair)
