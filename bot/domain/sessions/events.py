"""What may happen to a session."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.domain.dues import Nudge


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes next in a series, and what was left out before it; local wall times."""

    at: datetime | None
    skipped: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """``at`` is local in the session's zone."""

    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Agree:
    by: int
    at: datetime | None
    """What the pressed button said; an older wish is no longer agreed to."""


@dataclass(frozen=True, slots=True)
class Place:
    by: int
    place: str


@dataclass(frozen=True, slots=True)
class Cancel:
    by: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Fits:
    by: int


@dataclass(frozen=True, slots=True)
class Remind:
    to: int
    nudge: Nudge


@dataclass(frozen=True, slots=True)
class After:
    """The session's time is over."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Nobody reflected yet: one repeat, then silence."""

    to: int


@dataclass(frozen=True, slots=True)
class Reflected:
    by: int


@dataclass(frozen=True, slots=True)
class Pause:
    """One of them pauses until ``back``: the series goes on with what comes after it."""

    back: datetime
    coming: Coming


@dataclass(frozen=True, slots=True)
class Settle:
    """What was agreed on holds from now on: the time, local in the session's zone, the length and
    the place. A wish that waits for an answer goes on waiting."""

    at: datetime | None
    minutes: int
    place: str
    notice: int = 0
    slot: datetime | None = None
    skipped: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Restore:
    """A time that was left out takes place after all; 0 if nobody wished for it."""

    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody has left; the members are the others."""

    by: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing stands any more: the tandem itself has stopped."""


Event: TypeAlias = (
    Wish
    | Agree
    | Place
    | Cancel
    | Fits
    | Remind
    | After
    | Repeat
    | Reflected
    | Pause
    | Settle
    | Restore
    | Part
    | Stop
)
