"""When people have time, as local weekdays and times of day, and the times they share.

Everything is computed per date in each one's zone, so a clock change moves nobody's evening.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIMES = {
    "morning": (time(8), time(12)),
    "midday": (time(12), time(14)),
    "afternoon": (time(14), time(17)),
    "evening": (time(17), time(21)),
}
SESSION = timedelta(minutes=60)
AHEAD = timedelta(days=14)
NOTICE = timedelta(hours=20)
"""The earliest suggestion: nobody is asked to meet within the next hours."""
FAVOURITES = ("tue", "thu")
AFTER_WORK, LATE = time(17), time(20)
"""After work on Tuesday or Thursday is what has proved itself, says the guide."""
BEST = 18 * 60
"""In minutes of the day."""

Span: TypeAlias = tuple[datetime, datetime]
Week: TypeAlias = tuple[Sequence[str], Sequence[str], str]
"""Somebody's days, times of day, and zone."""
Off: TypeAlias = Callable[[date, str], bool]
"""Whether nobody should be asked to meet on a local date in a zone."""


def instant(day: date, wall: time, zone: str) -> datetime:
    """The UTC instant of a wall time; a doubled time takes the first, a gap ends at its end."""
    local = datetime.combine(day, wall, ZoneInfo(zone))
    there = local.astimezone(UTC)
    back = there.astimezone(ZoneInfo(zone))
    if back.replace(tzinfo=None) == local.replace(tzinfo=None):
        return there
    return _gap_end(there, zone)


def local(at: datetime, zone: str) -> datetime:
    """The wall time of an instant, naive."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _gap_end(after: datetime, zone: str) -> datetime:
    """The transition itself: the last whole minute whose offset is still the old one, plus one."""
    tz = ZoneInfo(zone)
    offset, moment = after.astimezone(tz).utcoffset(), after.replace(second=0, microsecond=0)
    while (moment - timedelta(minutes=1)).astimezone(tz).utcoffset() == offset:
        moment -= timedelta(minutes=1)
    return moment


def spans(week: Week, start: datetime, end: datetime) -> Iterator[Span]:
    """When somebody has time between two instants, in order, neighbours joined."""
    joined: list[Span] = []
    for begin, finish in _parts(week, start, end):
        if joined and joined[-1][1] >= begin:
            joined[-1] = (joined[-1][0], finish)
        else:
            joined.append((begin, finish))
    return ((max(b, start), min(f, end)) for b, f in joined if f > start and b < end)


def _parts(week: Week, start: datetime, end: datetime) -> Iterator[Span]:
    days, times, zone = week
    day, last = start.astimezone(ZoneInfo(zone)).date(), end.astimezone(ZoneInfo(zone)).date()
    while day <= last:
        if DAYS[day.weekday()] in days:
            for name in (name for name in TIMES if name in times):
                begin, finish = TIMES[name]
                yield instant(day, begin, zone), instant(day, finish, zone)
        day += timedelta(days=1)


def common(weeks: Sequence[Week], start: datetime, end: datetime) -> list[Span]:
    """When all of them have time between two instants."""
    shared = list(spans(weeks[0], start, end))
    for week in weeks[1:]:
        shared = list(_overlaps(shared, list(spans(week, start, end))))
    return shared


def _overlaps(ours: Iterable[Span], theirs: Sequence[Span]) -> Iterator[Span]:
    for begin, finish in ours:
        for other_begin, other_finish in theirs:
            start, end = max(begin, other_begin), min(finish, other_finish)
            if start < end:
                yield start, end


def suggestions(
    weeks: Sequence[Week],
    now: datetime,
    count: int,
    length: timedelta = SESSION,
    off: Off = lambda _day, _zone: False,
) -> list[datetime]:
    """Good starts within the next two weeks, one a day, evenings of the favourite days first.

    UTC instants in time order; as many as ``count``, fewer where there is less common time. None
    is on a day that is ``off`` where one of them lives.
    """
    zones = [ZoneInfo(zone) for zone in dict.fromkeys(zone for _, _, zone in weeks)]
    per_day: dict[date, datetime] = {}
    for begin, end in common(weeks, now + NOTICE, now + AHEAD):
        for start in _starts(begin, end - length):
            if any(off(start.astimezone(zone).date(), zone.key) for zone in zones):
                continue
            day = start.astimezone(zones[0]).date()
            best = per_day.get(day)
            if best is None or _rank(start, zones) < _rank(best, zones):
                per_day[day] = start
    ranked = sorted(per_day.values(), key=lambda start: (_rank(start, zones), start))
    return sorted(ranked[:count])


def _starts(first: datetime, last: datetime) -> Iterator[datetime]:
    """Half hours from ``first`` to ``last``."""
    past = first.minute % 30 * 60 + first.second
    start = first if not past else first + timedelta(seconds=1800 - past)
    while start <= last:
        yield start.replace(microsecond=0)
        start += timedelta(minutes=30)


def _rank(start: datetime, zones: Sequence[ZoneInfo]) -> tuple[int, bool, int]:
    """After work for most, on the hour, and near six o'clock for everybody, not for one only."""
    there = [start.astimezone(zone) for zone in zones]
    others = sum(not _favourite(at) for at in there)
    return others, bool(there[0].minute), sum(_far_from_best(at) ** 2 for at in there)


def _favourite(at: datetime) -> bool:
    return DAYS[at.weekday()] in FAVOURITES and AFTER_WORK <= at.time() < LATE


def _far_from_best(at: datetime) -> int:
    return abs(at.hour * 60 + at.minute - BEST)
