"""Wishes that are about one tandem: whoever is in several is asked which one it is about, and what
they wished for goes on from there."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from bot.conversation.cards import Tell
from bot.conversation.talk import Press
from bot.domain import members, milestones, tandems, wishes
from bot.domain.availability import instant, local
from bot.domain.members import Member
from bot.domain.sessions import Session
from bot.domain.tandems import State, Tandem
from bot.engine import guiding, knowing, partnering, questions, status
from bot.engine.desk import Desk
from bot.engine.meeting import spoken
from bot.engine.milestones import on_milestones
from bot.engine.series import goes_on
from bot.store import appointments, pairs

Doing: TypeAlias = Callable[[Desk, Member, Tandem, str], None]


def about_one(
    desk: Desk, member: Member, name: str, found: Sequence[Tandem], rest: str = ""
) -> None:
    """Does what was wished for with the only tandem it can be about, or asks which it is."""
    match found:
        case []:
            desk.tell([Tell(member.id, members.NO_TANDEM)])
        case [only]:
            DOING[name](desk, member, only, rest)
        case _:
            desk.tell([tandems.which(member.id, found, f"choose:{name}:{rest}")])


def chosen(desk: Desk, member: Member, press: Press) -> None:
    """They said which one. What has ended by now is answered by what they wished for."""
    _, name, rest = press.subject.split(":", 2)
    tandem = pairs.get_tandem(desk.connection, int(press.value))
    if member.id in tandem.members:
        DOING[name](desk, member, tandem, rest)


def meeting(desk: Desk, member: Member) -> list[Tandem]:
    """Those in which there are sessions; if there are none, those that rest."""
    found = pairs.running_tandems(desk.connection, member.id)
    meets = [tandem for tandem in found if tandem.state in tandems.MEETING]
    return meets or [tandem for tandem in found if tandem.state is State.PAUSED]


def _session(desk: Desk, member: Member, tandem: Tandem, _rest: str) -> None:
    if tandem.state is State.PAUSED:
        desk.tell([tandems.tell(tandem, member.id, tandems.PAUSED)])
    else:
        questions.begin(desk, member, "meeting", tandem.subject, sheet=False)


def _cannot(desk: Desk, member: Member, tandem: Tandem, rest: str) -> None:
    session = _on(desk, member, tandem, rest)
    if session is None or tandem.state not in tandems.MEETING:
        _session(desk, member, tandem, rest)
    else:
        desk.tell(spoken(desk, session, [wishes.cannot(session, member.id)]))


def _on(desk: Desk, member: Member, tandem: Tandem, day: str) -> Session | None:
    """The session on somebody's day; if there is none, the next one."""
    found = appointments.open_sessions(desk.connection, tandem.id)
    dated = sorted((s.starts_at, s.id, s) for s in found if s.starts_at)
    named = (s for at, _, s in dated if local(at, member.zone).date().isoformat() == day)
    return next(named, dated[0][-1] if dated else None)


def _move(desk: Desk, member: Member, tandem: Tandem, rest: str) -> None:
    session = appointments.open_session(desk.connection, tandem.id)
    if session is None or not rest or tandem.state not in tandems.MEETING:
        _session(desk, member, tandem, rest)
    else:
        told = wishes.propose(session, member.id, datetime.fromisoformat(rest))
        desk.tell(spoken(desk, session, [told]))


def _extra(desk: Desk, member: Member, tandem: Tandem, rest: str) -> None:
    """One session more. Where there is no series every time is asked for alike; one that overlaps
    with the next session can only be instead."""
    session = appointments.open_session(desk.connection, tandem.id)
    if session is None or session.planned is None or not goes_on(desk, tandem):
        _move(desk, member, tandem, rest)
    elif rest:
        at = datetime.fromisoformat(rest)
        there = local(instant(at.date(), at.time(), member.zone), session.zone)
        asks = wishes.propose if session.overlaps(there) else wishes.one_more
        desk.tell(spoken(desk, session, [asks(session, member.id, at)]))
    else:
        _session(desk, member, tandem, rest)


def _agenda(desk: Desk, member: Member, tandem: Tandem, _rest: str) -> None:
    """The guide through the session that begins next, or through the one that has no time yet."""
    found = appointments.open_sessions(desk.connection, tandem.id)
    dated = sorted((s.starts_at, s.id, s) for s in found if s.starts_at)
    session = dated[0][-1] if dated else appointments.open_session(desk.connection, tandem.id)
    if tandem.state is State.PAUSED:
        desk.tell([tandems.tell(tandem, member.id, tandems.PAUSED)])
    elif session is None or tandem.state is State.ACQUAINTING:
        knowing.guide(desk, member, tandem)
    else:
        guiding.begin(desk, member, session.subject)


def _milestones(desk: Desk, member: Member, tandem: Tandem, _rest: str) -> None:
    if tandem.state is State.CONTACTS:
        desk.tell(status.tells(desk, member))
    else:
        on_milestones(desk, tandem.id, milestones.Look(member.id))


def _end(desk: Desk, member: Member, tandem: Tandem, _rest: str) -> None:
    partnering.on_tandem(desk, tandem, tandems.Ask(member.id))


DOING: dict[str, Doing] = {
    "session": _session,
    "cannot": _cannot,
    "move": _move,
    "extra": _extra,
    "agenda": _agenda,
    "milestones": _milestones,
    "end": _end,
}
