"""A session as a file for calendars: when, how long, where; not who, and not what about.

Each session has a number of its own for ever (its UID), and SEQUENCE rises with every change, so
that importing it again moves or removes the entry that is there (RFC 5545 and 5546).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Component,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
)

from bot.conversation.answers import clean
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
    """Its rules around some sessions, each change for itself; icalendar's own misses short times,
    such as Ramadan in Casablanca, and has changes in spring an hour late."""
    tz, rules = ZoneInfo(zone), Timezone()
    rules.add("tzid", zone)
    begin, end = first.astimezone(UTC) - AROUND, last.astimezone(UTC) + AROUND
    rules.add_component(_observance(tz, begin, begin))
    for day in range((end - begin).days):
        early = begin + timedelta(days=day)
        late = early + timedelta(days=1)
        if early.astimezone(tz).utcoffset() != late.astimezone(tz).utcoffset():
            rules.add_component(_observance(tz, early, _change(tz, early, late)))
    return rules


def _change(tz: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """The first second with the later offset, between two instants of which each has another."""
    before = early.astimezone(tz).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // timedelta(seconds=2) * timedelta(seconds=1)
        if middle.astimezone(tz).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def _observance(tz: ZoneInfo, early: datetime, change: datetime) -> Component:
    """What holds from a change on. It begins at the wall time of before (RFC 5545, 3.6.5); said
    as a date as well, since not every reader counts the beginning as one."""
    before, after = early.astimezone(tz).utcoffset(), change.astimezone(tz)
    part = TimezoneDaylight() if after.dst() else TimezoneStandard()
    wall = (change + (before or timedelta())).replace(tzinfo=None)
    part.add("dtstart", wall)
    part.add("rdate", [wall])
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after.utcoffset())
    part.add("tzname", after.tzname())
    return part
