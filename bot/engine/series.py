"""What members agreed on, as it drives their sessions; without an agreement the rhythm does."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.conversation.holidays import country, holiday
from bot.domain import series as times
from bot.domain import sessions
from bot.domain.agreements import Version
from bot.domain.availability import instant, local
from bot.domain.members import Member
from bot.domain.series import Free, Off, Series
from bot.domain.sessions import RHYTHMS, Coming, Session
from bot.domain.tandems import State, Tandem
from bot.engine.desk import Desk
from bot.store import agreements, appointments

HOUR = 60
"""Minutes of a session where nothing is agreed on."""


def series(desk: Desk, tandem: Tandem) -> Series:
    held = agreements.get(desk.connection, tandem).in_force
    return held.series if held else Series(RHYTHMS[tandem.rhythm])


def goes_on(desk: Desk, tandem: Tandem) -> bool:
    """Whether there are times of a series, which go on whatever becomes of one session."""
    return tandem.state is State.ACTIVE and series(desk, tandem).weekday is not None


def meant(desk: Desk, subject: str) -> Session | None:
    """Which session a card or form is about: the one it shows while that is open, else the next."""
    kind, _, number = subject.partition(":")
    if kind != "session":
        return appointments.open_session(desk.connection, int(number))
    known = appointments.get_session(desk.connection, int(number))
    if known.state is sessions.State.OPEN:
        return known
    return appointments.open_session(desk.connection, known.tandem)


def follower(desk: Desk, tandem: Tandem, past: Session) -> Session:
    """The session after one that is over, not stored yet; without an agreement it has no time."""
    held, known = agreements.get(desk.connection, tandem).in_force, series(desk, tandem)
    serial = tandem.state is State.ACTIVE
    moment = desk.now + timedelta.resolution
    coming = Coming(None)
    if serial:
        coming = times.following(past, known, free(desk, tandem, past.zone, moment))
    return Session(
        id=0,
        tandem=tandem.id,
        number=appointments.next_number(desk.connection, tandem.id),
        members=tandem.members,
        zone=past.zone,
        about=tandem.about,
        minutes=held.minutes if held else past.minutes,
        planned=coming.at,
        place=(held.place if held else "") or past.place,
        notice=held.hours if held else 0,
        slot=times.slot(past, known, coming) or past.slot,
        skipped=coming.skipped,
    )


def passed(desk: Desk, tandem: Tandem, moved: Session) -> tuple[datetime, bool] | None:
    """The time of the series that a session was moved past, and whether both can take place."""
    known = series(desk, tandem)
    at = times.passed(moved, known, free(desk, tandem, moved.zone, desk.now))
    return (at, times.apart(moved, at, known)) if at else None


def beside(desk: Desk, tandem: Tandem, known: Session) -> Session:
    """A session beside the series, with no time yet; one that waits for an answer is taken up."""
    for other in appointments.open_sessions(desk.connection, tandem.id):
        if other.extra and other.planned is None and other.wish is not None:
            return other
    number = appointments.next_number(desk.connection, tandem.id)
    about, zone, minutes = tandem.about, known.zone, known.minutes
    new = Session(0, tandem.id, number, tandem.members, zone, about, minutes=minutes)
    return appointments.add_session(desk.connection, replace(new, place=known.place, extra=True))


def paused(desk: Desk, tandem: Tandem, session: Session, back: datetime) -> sessions.Pause:
    """What a pause until ``back`` makes of the open session."""
    known = free(desk, tandem, session.zone, back)
    return sessions.Pause(back, times.again(session, series(desk, tandem), known))


def resumed(desk: Desk, tandem: Tandem, session: Session) -> sessions.Restore | None:
    """Somebody is back before their time: a session that fell into the pause takes place again."""
    held = agreements.get(desk.connection, tandem).in_force
    if held is None or session.planned != session.slot:
        return None
    known = free(desk, tandem, session.zone, desk.now + held.notice)
    for wall in session.skipped:
        begins = instant(wall.date(), wall.time(), session.zone)
        if begins >= known.earliest and not known.holiday(wall) and not known.taken(wall):
            return sessions.Restore(0, wall)
    return None


def settle(
    desk: Desk, tandem: Tandem, session: Session, new: Version, old: Version | None
) -> sessions.Settle:
    """What a version that holds from now on makes of the open session.

    Its first time leaves enough notice, and comes after a pause of any member.
    """
    known = free(desk, tandem, session.zone, desk.now + new.notice)
    coming = times.settled(session, new.series, old.series if old else None, known)
    stands = times.slot(session, new.series, coming)
    place = new.place or session.place
    return sessions.Settle(coming.at, new.minutes, place, new.hours, stands, coming.skipped)


def free(desk: Desk, tandem: Tandem, zone: str, earliest: datetime) -> Free:
    """When a tandem can meet: not while one of them is away, and not on their holidays."""
    people = [desk.member(number) for number in tandem.members]
    back = [member.paused_until for member in people if member.paused_until]
    extras = [s for s in appointments.open_sessions(desk.connection, tandem.id) if s.extra]
    met = [(s.starts_at, s.ends_at) for s in extras if s.starts_at and s.ends_at]
    held = agreements.get(desk.connection, tandem).in_force
    span = timedelta(minutes=held.minutes if held else HOUR)
    earliest = max([earliest, *back])

    def taken(wall: datetime) -> bool:
        begins = instant(wall.date(), wall.time(), zone)
        return any(start < begins + span and begins < end for start, end in met)

    return Free(zone, desk.now, earliest, _celebrated(desk, people, zone), taken)


def _celebrated(desk: Desk, people: list[Member], zone: str) -> Off:
    def on(wall: datetime) -> bool:
        begins = instant(wall.date(), wall.time(), zone)
        return any(_feast(desk, begins, member) for member in people)

    return on


def _feast(desk: Desk, at: datetime, member: Member) -> str:
    day, code = local(at, member.zone).date(), country(member.zone)
    return holiday(day, code, desk.house.holidays, member.language)
