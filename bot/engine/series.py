"""What members agreed on, as it drives their sessions; without an agreement the rhythm does."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain import sessions
from bot.domain.agreements import Version
from bot.domain.sessions import RHYTHMS, Series, Session
from bot.domain.tandems import State, Tandem
from bot.engine.desk import Desk
from bot.store import agreements


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of the next session. ``kept``: at a time that is not the agreed one."""

    at: datetime | None = None
    kept: bool = False


def series(desk: Desk, tandem: Tandem) -> Series:
    held = agreements.get(desk.connection, tandem).in_force
    return held.series if held else Series(RHYTHMS[tandem.rhythm])


def follower(desk: Desk, tandem: Tandem, past: Session) -> Session:
    """The session after one that is over, not stored yet; without an agreement it has no time."""
    held = agreements.get(desk.connection, tandem).in_force
    serial = tandem.state is State.ACTIVE
    planned = sessions.following(past, series(desk, tandem), desk.now) if serial else None
    return Session(
        id=0,
        tandem=tandem.id,
        number=past.number + 1,
        members=tandem.members,
        zone=past.zone,
        about=tandem.about,
        minutes=held.minutes if held else past.minutes,
        planned=planned,
        place=(held.place if held else "") or past.place,
        notice=held.hours if held else 0,
    )


def settle(
    desk: Desk, tandem: Tandem, session: Session, new: Version, old: Version | None
) -> sessions.Settle:
    """What a version that holds from now on makes of the open session.

    Its first time leaves enough notice, and comes after a pause of any member.
    """
    members = [desk.member(number) for number in tandem.members]
    pauses = [member.paused_until for member in members if member.paused_until]
    earliest = max([desk.now + new.notice, *pauses])
    before = old.series if old else None
    at = sessions.settled(session, new.series, before, earliest, desk.now)
    return sessions.Settle(at, new.minutes, new.place or session.place, new.hours)
