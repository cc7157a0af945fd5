"""Fields without options: somebody's own words, and a phone number that is theirs."""

import re
from dataclasses import dataclass
from datetime import date

from bot.conversation.answers import SKIPPED, Answer, Facts, Problem, clean
from bot.conversation.reaching import reaches
from bot.conversation.shapes import SHAPES

NUMBER = re.compile(r"\+\d{5,15}")
"""A phone number as E.164 writes it."""
LONGEST_TOPIC = 60
"""Characters; with a tick before it, it still fits a button."""


@dataclass(frozen=True, slots=True)
class Text:
    """Something to type. ``limit`` counts characters after cleaning.

    ``shape``: what it has to look like, see `SHAPES`; "" for anything. ``private``: nothing in it
    may lead to somebody outside the bot.
    """

    name: str
    limit: int = 300
    optional: bool = False
    lines: bool = False
    shape: str = ""
    private: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return ()

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        text = clean(raw) if isinstance(raw, str) else ""
        if not text:
            return SKIPPED if self.optional else Problem("empty")
        if len(text) > self.limit:
            return Problem("too_long")
        if self.private and reaches(text):
            return Problem("contact")
        return (SHAPES[self.shape](text) or Problem("unknown")) if self.shape else text


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number that the platform vouches for: sent with a button of its own.

    A typed one is not taken: it may be anybody's. It comes here as a list.
    """

    name: str
    optional: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return ()

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        if raw == SKIPPED and self.optional:
            return SKIPPED
        number = raw if isinstance(raw, str) else ""
        return number if NUMBER.fullmatch(number) else Problem("unknown")


@dataclass(frozen=True, slots=True)
class Steps:
    """Up to ``most`` titles of ``limit`` characters, each with a date or without.

    Each is ``2027-03-12|Title``, or ``|Title``.
    """

    name: str
    most: int = 3
    limit: int = 100
    optional: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return ()

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        steps = [clean(step) for step in (raw.splitlines() if isinstance(raw, str) else raw)]
        try:
            titles = [title for _, title in map(step_of, steps)]
        except ValueError:
            return Problem("unknown")
        if not all(titles) or (not steps and not self.optional):
            return Problem("empty")
        if any(len(title) > self.limit for title in titles):
            return Problem("too_long")
        return steps if len(steps) <= self.most else Problem("too_many")


def step_of(step: str) -> tuple[date | None, str]:
    """A step's day, if it has one, and its title."""
    day, _, title = step.partition("|")
    return date.fromisoformat(day) if day else None, title


@dataclass(frozen=True, slots=True)
class Topics:
    """A list of topics in somebody's own words, at most ``most`` of ``limit`` characters each.

    What is typed is added to the list until they say that it is complete. ``unsure`` is a form
    that helps whoever does not know what to say.
    """

    name: str
    most: int = 16
    limit: int = LONGEST_TOPIC
    unsure: str = ""
    optional: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return ()

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        parts = raw.split(",") if isinstance(raw, str) else raw
        topics = list(dict.fromkeys(found for part in parts if (found := clean(part))))
        if not topics:
            return Problem("empty")
        if any(len(topic) > self.limit for topic in topics):
            return Problem("too_long")
        return topics if len(topics) <= self.most else Problem("too_many")
