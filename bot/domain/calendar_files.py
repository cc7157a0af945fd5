"""A session as a file for calendars: when, how long, where; not who, and not what about.

Each session has a number of its own for ever (its UID), and SEQUENCE rises with every change, so
that importing it again moves or removes the entry that is there (RFC 5545 and 5546).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from bot.conversation.fields import clean
from bot.domain.availability import instant
from bot.domain.sessions import Session

PRODUCT = "-//Tandem//Tandem//EN"
REFRESH = timedelta(hours=1)
AROUND = timedelta(days=365)
"""How far the rules of its zone are written down on both sides of a session."""


def calendar_file(session: Session, summary: str, now: datetime) -> bytes:
    """The session as it is now; one that was called off, as such. LookupError: never planned."""
    wall = session.planned or session.was
    if wall is None:
        raise LookupError(f"{session.subject} has no time yet")
    start = _start(wall, session.zone)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH" if session.planned else "CANCEL")
    if start.tzinfo != ZoneInfo("UTC"):
        calendar.add_component(_zone(session.zone, start, start))
    calendar.add_component(_event(session, summary, start, now))
    return bytes(calendar.to_ical())


def feed_file(sessions: Iterable[Session], summary: str, now: datetime) -> bytes:
    """All of somebody's planned sessions, as a calendar reads them that comes back for changes.

    Only when: whoever gets hold of the address learns no more. What was called off is not in it.
    """
    planned = [known for known in sessions if known.planned and known.starts_at]
    starts = {s.uid: _start(s.planned, s.zone) for s in planned if s.planned}
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", summary)
    calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    for zone in sorted({s.zone for s in planned} - {"UTC"}):
        theirs = [starts[s.uid] for s in planned if s.zone == zone]
        calendar.add_component(_zone(zone, min(theirs), max(theirs)))
    for known in planned:
        private = replace(known, place="")
        calendar.add_component(_event(private, summary, starts[known.uid], now))
    return bytes(calendar.to_ical())


def _start(wall: datetime, zone: str) -> datetime:
    return instant(wall.date(), wall.time(), zone).astimezone(ZoneInfo(zone))


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


def _zone(zone: str, first: datetime, last: datetime) -> Timezone:
    begin, end = (first - AROUND).date(), (last + AROUND).date()
    return Timezone.from_tzid(zone, first_date=begin, last_date=end)
