"""When somebody may be spoken to unasked, and how long before a session they want to hear of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MORNING = time(8, 30)
"""When somebody is first spoken to on a day, unless they sleep longer."""
EVENING = time(17)
"""In nobody's quiet hours, but on a quiet Sunday."""
SUNDAY = 6
EARLY, LATE_EVENING = time(8), time(22)
"""After their own session people are up, on a Sunday as well: only from here on what is asked of it
waits for the next morning."""
UP = timedelta(hours=1)
"""For so long after they wrote or pressed something somebody is up, whatever the hour."""
AWAKE = {
    "20-8": (time(8), time(20)),
    "18-9": (time(9), time(18)),
    "22-7": (time(7), time(22)),
    "23-6": (time(6), time(23)),
}
"""By their quiet hours, from when until when somebody may be spoken to."""


class Lead(StrEnum):
    """How long before a session somebody wants to be reminded of it."""

    EVE = "eve"
    """The day before, and again shortly before."""
    MORNING = "morning"
    HOURS = "hours"
    SOON = "soon"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Quiet:
    hours: str = "20-8"
    sundays: bool = True
    """Whether all of a Sunday is quiet."""

    @property
    def morning(self) -> time:
        return max(MORNING, AWAKE[self.hours][0])


USUAL = Quiet()


def quiet(at: datetime, zone: str, wish: Quiet = USUAL) -> bool:
    """Whether somebody is left alone at this instant."""
    there = at.astimezone(ZoneInfo(zone))
    begin, end = AWAKE[wish.hours]
    return (wish.sundays and there.weekday() == SUNDAY) or not begin <= there.time() < end


def waking(at: datetime, zone: str, wish: Quiet = USUAL) -> datetime:
    """The instant itself, or the next morning on which somebody may be spoken to."""
    moment = at
    while quiet(moment, zone, wish):
        there = moment.astimezone(ZoneInfo(zone))
        free = not (wish.sundays and there.weekday() == SUNDAY)
        early = free and there.time() < AWAKE[wish.hours][0]
        moment = on_day(moment, zone, 0 if early else 1, wish.morning)
    return moment


def belated(at: datetime, zone: str, wish: Quiet, seen_at: datetime | None) -> datetime:
    """When somebody is told what waited for long: now, if they did something a moment ago."""
    return at if up(seen_at, at) else waking(at, zone, wish)


def up(seen_at: datetime | None, at: datetime) -> bool:
    """Whether somebody did something a moment ago, and is spoken to at any hour."""
    return seen_at is not None and at - seen_at < UP


def afterwards(at: datetime, zone: str, wish: Quiet = USUAL) -> datetime:
    """The same for somebody who has just met others."""
    wall = at.astimezone(ZoneInfo(zone)).time()
    if EARLY <= wall < LATE_EVENING:
        return at
    return waking(on_day(at, zone, 0 if wall < EARLY else 1, MORNING), zone, wish)


def before(at: datetime, zone: str, wish: Quiet = USUAL) -> datetime:
    """The instant itself, or the last evening before it on which somebody may be spoken to."""
    moment, back = at, 0
    while moment > at or quiet(moment, zone, wish):
        moment = on_day(at, zone, -back, EVENING)
        back += 1
    return moment


def falls_quiet(at: datetime, zone: str, wish: Quiet = USUAL) -> datetime:
    """When quiet hours begin next after an instant at which somebody may be spoken to."""
    return on_day(at, zone, 0, AWAKE[wish.hours][1])


def on_day(moment: datetime, zone: str, days: int, wall: time) -> datetime:
    """A wall time some days from a moment's local date, in UTC."""
    day = moment.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)
