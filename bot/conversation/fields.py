"""Fields: single questions, as data.

The rule of the place: a person's mistake is a value (a `Problem` with a code), never an
exception, and a field reads its own answer again without complaint, since the position in
a form is derived by reading what was answered.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import TypeAlias
from zoneinfo import available_timezones

from bot.conversation.reaching import reaches
from bot.conversation.shapes import SHAPES

Answer: TypeAlias = str | list[str]
Answers: TypeAlias = Mapping[str, Answer]
Facts: TypeAlias = Mapping[str, Answer]
"""What a form was opened with: its dynamic options and whom it is about."""

SKIPPED = ""
NUMBER = re.compile(r"\+\d{5,15}")
"""A phone number as E.164 writes it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer can't be taken. The words for it are in the templates.

    ``at``: moments or days, local and naive, that they speak of.
    """

    code: str
    at: tuple[datetime, ...] = ()


def clean(text: str) -> str:
    """User text without control characters and bidi overrides, in composed form."""
    if not text.isprintable():  # nearly everything is, and is read again at every turn
        kept = (c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
        text = "".join(kept)
    return unicodedata.normalize("NFC", text).strip()


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
class Choice:
    """One of several options. ``own_back``: the way back from it has words of its own."""

    name: str
    among: tuple[str, ...]
    optional: bool = False
    own_back: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return self.among

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        if raw == SKIPPED and self.optional:
            return SKIPPED
        return raw if raw in self.among else Problem("unknown")


def yes_no(name: str) -> Choice:
    return Choice(name, ("yes", "no"))


@dataclass(frozen=True, slots=True)
class Choices:
    """Several of several options, at least ``least``; kept in the order they are offered.

    ``sentences``: so long that each is read on a line of its own.
    """

    name: str
    among: tuple[str, ...]
    least: int = 1
    optional: bool = False
    sentences: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return self.among

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        chosen = [raw] if isinstance(raw, str) and raw else list(raw)
        if not set(chosen) <= set(self.among):
            return Problem("unknown")
        if len(set(chosen)) < self.least and not self.optional:
            return Problem("too_few")
        return [option for option in self.among if option in chosen]


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from ``low`` to ``high``, few enough for a button each."""

    name: str
    low: int
    high: int
    optional: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return tuple(str(n) for n in range(self.low, self.high + 1))

    def read(self, raw: Answer, facts: Facts) -> Answer | Problem:
        if raw == SKIPPED and self.optional:
            return SKIPPED
        return raw if raw in self.options(facts) else Problem("unknown")


@dataclass(frozen=True, slots=True)
class Moment:
    """A local date and wall time, ``2026-11-24T18:00``, in the zone the form was opened with.

    Suggestions come from ``facts["slots"]``; nothing before ``facts["earliest"]`` is taken.
    """

    name: str
    optional: bool = False

    def options(self, facts: Facts) -> tuple[str, ...]:
        return tuple(facts.get("slots", ()))

    def read(self, raw: Answer, facts: Facts) -> Answer | Problem:
        try:
            moment = datetime.fromisoformat(str(raw)).replace(second=0, microsecond=0)
        except ValueError:
            return Problem("unknown")
        if moment.tzinfo is not None:
            return Problem("unknown")
        written = moment.isoformat(timespec="minutes")
        return written if written >= str(facts.get("earliest", "")) else Problem("past")


@dataclass(frozen=True, slots=True)
class Weekly:
    """A weekday and a wall time, ``1 18:00``, Monday being 0; suggestions in ``facts["slots"]``."""

    name: str
    optional: bool = False

    def options(self, facts: Facts) -> tuple[str, ...]:
        return tuple(facts.get("slots", ()))

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        day, _, wall = str(raw).partition(" ")
        try:
            at = time.fromisoformat(wall)
        except ValueError:
            return Problem("unknown")
        known = day in set("0123456") and at.tzinfo is None
        return f"{day} {at:%H:%M}" if known else Problem("unknown")


@dataclass(frozen=True, slots=True)
class Day:
    """A local date, ``2027-03-12``, none before ``facts["today"]``; suggestions in ``days``."""

    name: str
    optional: bool = False

    def options(self, facts: Facts) -> tuple[str, ...]:
        return tuple(facts.get("days", ()))

    def read(self, raw: Answer, facts: Facts) -> Answer | Problem:
        if raw == SKIPPED and self.optional:
            return SKIPPED
        try:
            day = date.fromisoformat(str(raw)).isoformat()
        except ValueError:
            return Problem("unknown")
        return day if day >= str(facts.get("today", "")) else Problem("past")


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


LONGEST_TOPIC = 60
"""Characters; with a tick before it, it still fits a button."""


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


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class Zone:
    """An IANA time zone; the guess to confirm is in ``facts["zone"]``."""

    name: str
    optional: bool = False

    def options(self, facts: Facts) -> tuple[str, ...]:
        return (str(facts["zone"]),) if "zone" in facts else ()

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        return raw if isinstance(raw, str) and raw in zones() else Problem("unknown")


OTHER = "0"
"""Of what is picked from, none."""


@dataclass(frozen=True, slots=True)
class Picked:
    """One of what the form was opened with: values in ``facts[name]``, their labels beside.

    Or `OTHER`, which has words of its own.
    """

    name: str
    optional: bool = False

    def options(self, facts: Facts) -> tuple[str, ...]:
        return (*facts.get(self.name, ()), OTHER)

    def label(self, value: str, facts: Facts) -> str:
        return facts[f"{self.name}_labels"][self.options(facts).index(value)]

    def read(self, raw: Answer, facts: Facts) -> Answer | Problem:
        return raw if raw in self.options(facts) else Problem("unknown")


@dataclass(frozen=True, slots=True)
class Review:
    """Everything answered so far, to be confirmed, with a way back to each line."""

    name: str
    optional: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return ("yes",)

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        return raw if raw == "yes" else Problem("unknown")


Field: TypeAlias = (
    Text
    | Phone
    | Topics
    | Choice
    | Choices
    | Number
    | Moment
    | Weekly
    | Day
    | Steps
    | Zone
    | Picked
    | Review
)


def answered(field: Field, answers: Answers, facts: Facts) -> bool:
    """Whether there is an answer the field would still take today."""
    if field.name not in answers:
        return False
    return not isinstance(field.read(answers[field.name], facts), Problem)


def blocks(field: Field) -> Iterator[str]:
    """The texts a field needs in every language."""
    yield field.name
    match field:
        case Choice() | Choices() | Review():
            yield from (f"{field.name}__{option}" for option in field.options({}))
            if isinstance(field, Choice) and field.own_back:
                yield f"{field.name}__back"
        case Picked():
            yield f"{field.name}__other"
        case Phone():
            yield f"{field.name}__share"
        case Topics(unsure=str(form)) if form:
            yield f"{field.name}__unsure"
        case Zone():
            yield f"{field.name}__guess"
        case _:
            return
