"""The series that an agreement lays out: which of its times comes next, and which are left out.

A session stands for one time of the series, its slot, wherever it was moved. So the series goes on
at its own times: a session that was moved, called off or added makes none of them disappear, and
none come twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from bot.domain.availability import instant, local
from bot.domain.sessions import Coming, Session

BY_HAND = timedelta(days=7)
"""A time that members chose themselves stays if it is that near, whatever they agree on."""
MOST_SKIPPED = 4
"""More in a row are left out for no holiday: then it is a day on which these people meet."""

Off: TypeAlias = Callable[[datetime], bool]
"""Of a wall time of the series."""


@dataclass(frozen=True, slots=True)
class Series:
    """How sessions follow each other. Without a weekday and wall time each has those of the one
    before; after ``until``, a local date, there is none. Monday is 0."""

    step: timedelta
    weekday: int | None = None
    wall: time | None = None
    until: date | None = None

    def has(self, planned: datetime) -> bool:
        """Whether a wall time is one of the series, as far as it has times of its own."""
        if self.weekday is None or self.wall is None:
            return True
        return (planned.weekday(), planned.time()) == (self.weekday, self.wall)

    def goes_on(self, planned: datetime) -> bool:
        return self.until is None or planned.date() <= self.until


@dataclass(frozen=True, slots=True)
class Free:
    """Which times of a series can take place."""

    zone: str
    now: datetime
    earliest: datetime
    """What is between now and this instant is left out, like a holiday."""
    holiday: Off = lambda _wall: False
    taken: Off = lambda _wall: False
    """They meet then already."""


def following(session: Session, series: Series, free: Free) -> Coming:
    """The next time of the series after a session, none that is already past."""
    return _coming(_after(session, series), series, free)


def again(session: Session, series: Series, free: Free) -> Coming:
    """The same from the time on for which the session itself stands."""
    stands = _stands_for(session, series) or session.planned
    return _coming(_nearest(stands, series) if stands else None, series, free)


def passed(session: Session, series: Series, free: Free) -> datetime | None:
    """The next time of the series if the session was moved past it, so that it would be lost."""
    own, planned = _stands_for(session, series), session.planned
    if own is None or planned is None or session.extra:
        return None
    at = following(replace(session, planned=own), series, free).at
    return at if at is not None and at < planned else None


def apart(session: Session, at: datetime, series: Series) -> bool:
    """Whether a session is so much later than a time of the series that both can take place; if it
    is not, it takes the place of that one as well."""
    return session.planned is not None and session.planned - at > series.step / 2


def settled(session: Session, new: Series, old: Series | None, free: Free) -> Coming:
    """When a session takes place once a series is agreed on: at its first free time.

    It stays where it is if that is a time of the series, if it has begun, or if the members chose
    a time near by themselves or in the same series; ``old`` is what they had agreed on before.
    """
    planned, starts_at = session.planned, session.starts_at
    if planned is None or starts_at is None:
        return _coming(_first(new, free), new, free)
    by_hand = old is None or not old.has(planned)
    near = starts_at <= free.now or (by_hand and starts_at < free.now + BY_HAND)
    stays = new.has(planned) or (session.slot is not None and _same(new, old))
    if near or (stays and new.goes_on(planned)):
        return Coming(planned, session.skipped)
    return _coming(_first(new, free), new, free)


def slot(session: Session, series: Series, coming: Coming) -> datetime | None:
    """The time of a series that a session stands for, once it takes place as it comes."""
    if coming.at is None or series.weekday is None:
        return None
    return coming.at if series.has(coming.at) else _stands_for(session, series)


def _stands_for(session: Session, series: Series) -> datetime | None:
    """Its time in a series that has times of its own; None if it is none of theirs."""
    known = series.weekday is not None and session.slot is not None and series.has(session.slot)
    return session.slot if known else None


def _same(new: Series, old: Series | None) -> bool:
    return old is not None and replace(old, until=new.until) == new


def _after(session: Session, series: Series) -> datetime | None:
    """The first time that is neither the session's own nor before it took place."""
    own = _stands_for(session, series)
    if own is None:
        return _nearest(session.planned + series.step, series) if session.planned else None
    moment = own + series.step
    while session.planned and moment <= session.planned:
        moment += series.step
    return moment


def _coming(start: datetime | None, series: Series, free: Free) -> Coming:
    """The first time from ``start`` on that is free, without too many holidays before it."""
    skipped: list[datetime] = []
    holidays: list[int] = []
    for wall in _times(start, series):
        begins = instant(wall.date(), wall.time(), free.zone)
        if begins <= free.now or not _exists(wall, free.zone) or free.taken(wall):
            continue
        feast = begins >= free.earliest and free.holiday(wall)
        if not feast and begins >= free.earliest:
            return Coming(wall, tuple(skipped))
        holidays += [len(skipped)] if feast else []
        skipped.append(wall)
        if len(holidays) > MOST_SKIPPED:
            first = holidays[0]
            return Coming(skipped[first], tuple(skipped[:first]))
    return Coming(None, tuple(skipped))


def _times(start: datetime | None, series: Series) -> Iterator[datetime]:
    while start is not None and series.goes_on(start):
        yield start
        start += series.step


def _exists(wall: datetime, zone: str) -> bool:
    """Whether there is such a day: where a zone crosses the date line, there may be none."""
    return local(instant(wall.date(), wall.time(), zone), zone).date() == wall.date()


def _first(series: Series, free: Free) -> datetime | None:
    """The first time of a series with a weekday that is not before the earliest moment."""
    if series.wall is None or series.weekday is None:
        return None
    there = local(free.earliest, free.zone)
    moment = datetime.combine(there.date(), series.wall)
    while moment < there or moment.weekday() != series.weekday:
        moment += timedelta(days=1)
    return moment


def _nearest(moment: datetime, series: Series) -> datetime:
    """The time of the series that is nearest; at most three days away."""
    if series.weekday is None or series.wall is None:
        return moment
    days = (series.weekday - moment.weekday() + 3) % 7 - 3
    return datetime.combine(moment.date() + timedelta(days=days), series.wall)
