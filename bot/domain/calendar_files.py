"""A session as a file for calendars: when, how long, where; not who, and not what about.

Each session has a number of its own for ever (its UID), and SEQUENCE rises with every change, so
that importing it again moves or removes the entry that is there (RFC 5545 and 5546).
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from bot.conversation.fields import clean
from bot.domain.availability import instant
from bot.domain.sessions import Session

PRODUCT = "-//Tandem//Tandem//EN"
AROUND = timedelta(days=365)
"""How far the rules of its zone are written down on both sides of a session."""


def calendar_file(session: Session, summary: str, now: datetime) -> bytes:
    """The session as it is now; one that was called off, as such. LookupError: never planned."""
    wall = session.planned or session.was
    if wall is None:
        raise LookupError(f"{session.subject} has no time yet")
    start = instant(wall.date(), wall.time(), session.zone).astimezone(ZoneInfo(session.zone))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH" if session.planned else "CANCEL")
    if start.tzinfo != ZoneInfo("UTC"):
        calendar.add_component(_zone(session.zone, start))
    calendar.add_component(_event(session, summary, start, now))
    return bytes(calendar.to_ical())


def calendar_file_name(session: Session) -> str:
    wall = session.planned or session.was
    return f"tandem-{wall:%Y-%m-%d}.ics" if wall else "tandem.ics"


def _event(session: Session, summary: str, start: datetime, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{session.uid}@tandem")
    event.add("sequence", session.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", start)
    event.add("duration", timedelta(minutes=session.minutes))
    event.add("summary", summary)
    event.add("status", "CONFIRMED" if session.planned else "CANCELLED")
    if place := " ".join(clean(session.place).split()):
        event.add("location", place)
    return event


def _zone(zone: str, around: datetime) -> Timezone:
    first, last = (around - AROUND).date(), (around + AROUND).date()
    return Timezone.from_tzid(zone, first_date=first, last_date=last)
