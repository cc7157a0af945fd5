"""Marks: what a text says about time, written as one character of private use each.

A text stays a text that way, to be compared as a whole, and a mark carries its value: how many
days from today, or how many minutes after midnight.
"""

import re
from datetime import date, time, timedelta
from enum import Enum


class Kind(Enum):
    """The characters of each kind."""

    LENGTH = range(0xE000, 0xF8FF)
    """Two weeks. Its day is the one on which they are over."""
    DAY = range(0xF0000, 0xF8000)
    PERIOD = range(0xF8000, 0xFFFFE)
    """Next week, or January: no single day. Its day is the first one."""
    TIME = range(0x100000, 0x10FFFE)

    @property
    def pattern(self) -> str:
        return f"[{chr(self.value[0])}-{chr(self.value[-1])}]"


UNSURE = chr(Kind.TIME.value[-1])
"""A time of day that can be in the morning or in the evening: "at 7"."""


def mark_day(kind: Kind, day: date, today: date) -> str | None:
    """None for a day that is past, or a lifetime ahead."""
    days = (day - today).days
    return f" {chr(kind.value[days])} " if 0 <= days < len(kind.value) else None


def mark_time(at: time | None) -> str:
    return f" {chr(Kind.TIME.value[at.hour * 60 + at.minute]) if at else UNSURE} "


def marked_day(mark: str, today: date) -> date:
    [kind] = (kind for kind in Kind if ord(mark) in kind.value)
    return today + timedelta(ord(mark) - kind.value[0])


def marked_time(mark: str) -> time | None:
    return None if mark == UNSURE else time(*divmod(ord(mark) - Kind.TIME.value[0], 60))


def coming_days(text: str, today: date) -> list[date]:
    """All days in a text, in its order; today is none of them, since nobody waits for it."""
    kinds = "|".join(kind.pattern for kind in Kind if kind is not Kind.TIME)
    days = (marked_day(mark, today) for mark in re.findall(kinds, text))
    return [day for day in days if day > today]
