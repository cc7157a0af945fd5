"""When people are brought together: as they come, or at dates the organizers set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.availability import instant, local

AT = time(9)


@dataclass(frozen=True, slots=True)
class Calendar:
    """``least`` people have to be looking before anybody is matched, so that the first two are
    not brought together only because they came first; nobody waits for that longer than
    ``patience``. With a ``weekday`` (0 is Monday) or ``dates`` it happens then, and only then.
    """

    least: int = 1
    patience: timedelta = timedelta(days=3)
    weekday: int | None = None
    dates: tuple[date, ...] = ()

    @property
    def fixed(self) -> bool:
        return self.weekday is not None or bool(self.dates)

    def next(self, now: datetime, zone: str, since: Sequence[datetime]) -> datetime:
        """When the next round is, for people who have been looking ``since`` then."""
        if self.fixed:
            return self._next_date(now, zone)
        if len(since) >= self.least:
            return now
        return max(now, min(since) + self.patience)

    def _next_date(self, now: datetime, zone: str) -> datetime:
        """After the last of the dates people are not forgotten: then it goes on week by week."""
        today = local(now, zone).date()
        days = [today + timedelta(days=ahead) for ahead in range(8)]
        weekly = [day for day in days if self.weekday in {None, day.weekday()}]
        coming = sorted(self.dates) if any(instant(d, AT, zone) > now for d in self.dates) else []
        starts = (instant(day, AT, zone) for day in coming or weekly)
        return next(start for start in starts if start > now)
