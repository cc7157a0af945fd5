"""An agreement: what a tandem settles for itself, in versions that are all kept.

The rule of the place: only the newest version can be agreed to, and it holds once every member
has. What somebody wrote beside a version they had not seen is kept, but is nobody's newest.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from bot.conversation.answers import Answer
from bot.domain.series import Series
from bot.domain.sessions import RHYTHMS

FOUR_WEEKS, APART = timedelta(weeks=4), timedelta(days=12)
"""From one check-in to the next; how near to the middle or the end none is of use."""
BOT = 0
"""Whoever suggests first: nobody of the members."""
Content: TypeAlias = Mapping[str, Answer]
"""A version by its lines: the answers of the form, with the day it counts from and a room."""
ASIDE = frozenset({"since", "room"})
"""What nobody edits."""


@dataclass(frozen=True, slots=True)
class Yes:
    """A member agreed to a version; their goal is their own and changes without the others."""

    at: datetime
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """``base`` is the version it was made of."""

    number: int
    by: int
    base: int
    content: Content
    at: datetime
    yes: Mapping[int, Yes] = field(default_factory=dict)

    @property
    def is_meant(self) -> bool:
        """Whether anybody stands behind it, so that an answer is waited for."""
        return self.by != BOT or bool(self.yes)

    @property
    def check_ins(self) -> tuple[date, ...]:
        """When it is asked whether it still suits them: every four weeks, and in the middle."""
        since = date.fromisoformat(str(self.content["since"]))
        middle = since + (self.until - since) / 2
        found = {since + FOUR_WEEKS * number for number in range(1, 8)}
        apart = {day for day in found if abs(day - middle) >= APART and self.until - day >= APART}
        return tuple(sorted({*apart, middle}))

    @property
    def until(self) -> date:
        """The last day, in the tandem's zone."""
        since = date.fromisoformat(str(self.content["since"]))
        return months_later(since, int(str(self.content["months"])))

    @property
    def notice(self) -> timedelta:
        """Up to how long before it a session can be called off in time."""
        return timedelta(hours=self.hours)

    @property
    def hours(self) -> int:
        """The notice in hours."""
        return int(str(self.content["notice"]))

    @property
    def misses(self) -> tuple[int, int]:
        """After how many missed sessions, of how many, they talk about it."""
        few, _, of = str(self.content["misses"]).partition("of")
        return int(few), int(of)

    @property
    def agreed_at(self) -> datetime:
        """Since when it holds, once all have agreed to it."""
        return max((yes.at for yes in self.yes.values()), default=self.at)

    @property
    def minutes(self) -> int:
        return int(str(self.content["length"]))

    @property
    def series(self) -> Series:
        weekday, wall = weekly(str(self.content["when"]))
        step = RHYTHMS[str(self.content["rhythm"])]
        return Series(step, weekday, wall, self.until)

    @property
    def place(self) -> str:
        """Where they meet, or "" if they settle that each time."""
        match self.content["medium"]:
            case "jitsi":
                return str(self.content["room"])
            case "own":
                return str(self.content["place"])
            case _:
                return ""


@dataclass(frozen=True, slots=True)
class Agreement:
    tandem: int
    members: tuple[int, ...]
    about: Mapping[int, Mapping[str, object]]
    versions: tuple[Version, ...] = ()
    """All there are, in the order of their numbers."""

    @property
    def subject(self) -> str:
        return f"agreement:{self.tandem}"

    @property
    def chain(self) -> tuple[Version, ...]:
        """Those that followed one another; what was written beside them is not among them."""
        found: list[Version] = []
        for version in self.versions:
            if not found or version.base == found[-1].number:
                found.append(version)
        return tuple(found)

    @property
    def newest(self) -> Version | None:
        return self.chain[-1] if self.versions else None

    @property
    def in_force(self) -> Version | None:
        """What holds: the newest version that all have agreed to."""
        everybody = set(self.members)
        return next((v for v in reversed(self.chain) if everybody <= set(v.yes)), None)

    @property
    def missing(self) -> tuple[int, ...]:
        """Who has not agreed to the newest version yet."""
        yes = self.newest.yes if self.newest else {}
        return tuple(member for member in self.members if member not in yes)

    @property
    def awaited(self) -> tuple[int, ...]:
        """Whose word on the newest version is waited for: somebody stands behind it."""
        return self.missing if self.newest and self.newest.is_meant else ()

    def version(self, number: int) -> Version | None:
        return next((v for v in self.versions if v.number == number), None)

    def seen(self, member: int) -> Version | None:
        """What a member knows a newer version to differ from: the last they agreed to, or that
        holds, or else the first suggestion. None for the first suggestion itself."""
        before, held = self.chain[:-1], self.in_force
        known = (v for v in reversed(before) if member in v.yes or v == held)
        return next(known, next(iter(before), None))

    def goal(self, member: int) -> str:
        """A member's own goal, in their newest words."""
        said = (v.yes[member].goal for v in reversed(self.chain) if member in v.yes)
        return next(filter(None, said), "")


def weekly(when: str) -> tuple[int, time]:
    """A weekday, Monday being 0, and a wall time, of "1 18:00"."""
    day, _, wall = when.partition(" ")
    return int(day), time.fromisoformat(wall)


def months_later(since: date, months: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    years, month = divmod(since.month - 1 + months, 12)
    year = since.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(since.day, last))
