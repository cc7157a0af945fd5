"""A session: one meeting of a tandem at a local wall time in an IANA zone.

The next one stands in ``planned``; a wish to meet at another time waits beside it until the
others agree, so that nothing is lost while somebody thinks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.availability import instant

RHYTHMS = {
    "weekly": timedelta(weeks=1),
    "biweekly": timedelta(weeks=2),
    "three_weeks": timedelta(weeks=3),
    "four_weeks": timedelta(weeks=4),
}


class State(StrEnum):
    OPEN = "open"
    """The tandem's next session, whether or not a time is agreed."""
    PAST = "past"
    OFF = "off"
    """Called off with the tandem, or without another time until the next session."""


NEAR = timedelta(hours=3)
"""So long before a session, and after it, people are up, whatever their quiet hours."""


@dataclass(frozen=True, slots=True)
class Session:
    """``planned``, ``was`` and ``wish`` are naive local times in ``zone``."""

    id: int
    tandem: int
    number: int
    members: tuple[int, ...]
    zone: str
    about: Mapping[int, Mapping[str, object]]
    state: State = State.OPEN
    minutes: int = 60
    planned: datetime | None = None
    was: datetime | None = None
    """What was planned before it was moved or called off."""
    sequence: int = 0
    """Rises whenever a calendar has to learn of a change."""
    uid: str = ""
    """By which a calendar knows it; random, and the same for ever."""
    wish: datetime | None = None
    wished_by: int = 0
    agreed: frozenset[int] = frozenset()
    place: str = ""
    notice: int = 0
    """Hours, as agreed on; 0 if nothing is."""
    reflected: frozenset[int] = frozenset()
    slot: datetime | None = None
    """The time of the series that it stands for, wherever it was moved."""
    skipped: tuple[datetime, ...] = ()
    """Times of the series just before it that were left out, for a holiday or a pause."""
    extra: bool = False
    """Beside the series, which goes on as if it were not there."""
    turn: int = 0
    """Whose topic had the main part, as they noted it; 0 where nobody did."""

    @property
    def subject(self) -> str:
        return f"session:{self.id}"

    @property
    def starts_at(self) -> datetime | None:
        """The UTC instant, derived from wall time and zone."""
        if self.planned is None:
            return None
        return instant_of(self.planned, self.zone)

    @property
    def deadline(self) -> datetime | None:
        """Until when it can be called off as agreed; None if nothing is agreed on."""
        if self.starts_at is None or not self.notice:
            return None
        return self.starts_at - timedelta(hours=self.notice)

    @property
    def moved(self) -> bool:
        """Whether it takes place at another time than the one of the series it stands for."""
        return None not in {self.slot, self.planned} and self.planned != self.slot

    def overlaps(self, at: datetime) -> bool:
        """Whether one as long that begins at a local time would begin before this one ends."""
        return self.planned is not None and abs(at - self.planned) < timedelta(minutes=self.minutes)

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None


def to_come(session: Session, now: datetime) -> Session:
    """Without a wish whose time has passed: nobody can agree to it any more."""
    waits = session.wish is not None and instant_of(session.wish, session.zone) > now
    return session if waits else replace(session, wish=None)


def phases(minutes: int) -> tuple[int, int, int]:
    """Minutes to arrive, for the main topic, and for next steps: 10, 40 and 10 of an hour."""
    edge = minutes // 6
    return edge, minutes - 2 * edge, edge


def is_near(walls: Iterable[datetime | None], zone: str, now: datetime) -> bool:
    """Whether somebody is up, or has to be, for a session at one of these local times."""
    return any(abs(instant_of(at, zone) - now) < NEAR for at in walls if at is not None)


def instant_of(at: datetime, zone: str) -> datetime:
    return instant(at.date(), at.time(), zone)


def slower(rhythms: Iterable[str]) -> str:
    """The rhythm that nobody finds too fast."""
    return max(rhythms, key=list(RHYTHMS).index)
