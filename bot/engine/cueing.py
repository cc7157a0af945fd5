"""Cues within a turn: which message shows the phase whose time is watched, and when it is over."""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.cues import Cue, Cues
from bot.domain.members import Member
from bot.domain.sessions import Session
from bot.engine.desk import Desk
from bot.store import cues


def keep(desk: Desk, session: Session, known: Iterable[Cue], by: int) -> None:
    """What was just said to somebody is the message that shows them their phase from now on."""
    shown = (replace(cue, parcel=desk.newest) if cue.member == by else cue for cue in known)
    _save(desk, session, list(shown))


def put_aside(desk: Desk, session: Session, member: Member) -> None:
    """Something else stands in the place of the phase; its time runs on."""
    known = cues.of(desk.connection, session.id).values()
    if any(cue.member == member.id for cue in known):
        left = (replace(c, parcel="") if c.member == member.id else c for c in known)
        _save(desk, session, list(left))


def forget(desk: Desk, session: Session) -> None:
    """It is over, off, or at another time."""
    _save(desk, session, [])


def _save(desk: Desk, session: Session, known: list[Cue]) -> None:
    cues.save(desk.connection, session.id, known)
    planned = Cues(session.id, known)
    desk.replan(planned.subject, planned, [])
