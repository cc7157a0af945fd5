"""What matching knows of somebody, what it is asked, and what it answers.

Nothing that somebody leaves out restricts them: no language said is any language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TypeAlias

from bot.matching.weights import Weights

Couple: TypeAlias = frozenset[str]
"""The ids of two people."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Free time on a weekday, 0 is Monday, local; from ``start`` to ``end``, 0:00 as midnight."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be matched. Texts are as they were written."""

    id: str
    name: str = ""
    offers: tuple[str, ...] = ()
    seeks: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    zone: str = "Europe/Berlin"
    hours: tuple[Hours, ...] = ()
    rhythm: str = "any"
    """weekly, biweekly or any."""
    format: str = "any"
    """video, in_person or any."""
    city: str = ""
    minutes: int = 60
    """How long a session is to be."""
    capacity: int = 1
    """For how many more tandems there is room."""
    group: str = "any"
    """pair, group or any."""
    waiting_since: datetime | None = None
    doubtful: tuple[str, ...] = ()
    """Of what they seek, what led to somebody whose topics did not fit: it counts half."""
    served: tuple[str, ...] = ()
    """What running tandems are about already; another is to have another topic."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who is to be matched, and who must not meet; who ``met`` is not brought together again."""

    now: datetime
    people: tuple[Person, ...]
    exclude: frozenset[Couple] = frozenset()
    met: frozenset[Couple] = frozenset()
    seed: int = 0
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why people fit, as a code and the facts its sentence needs.

    Codes: gets (who, whom, topics), shared (topics), time (minutes), city (city), rhythm (rhythm).
    """

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """People who are to meet: two, or a group of three or four.

    ``parts`` say how far each point is met, from 0 to 1; ``score`` is their weighted sum, and for
    a group what its weakest member has of it. ``gets``: by member, the topics they would learn.
    """

    members: tuple[str, ...]
    score: float
    parts: Mapping[str, float]
    minutes: int
    """Common time in a week."""
    gets: Mapping[str, tuple[str, ...]]
    reasons: tuple[Reason, ...]
    gives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By member, what the others would learn from them."""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody for whom there is nobody yet.

    ``why`` is a code: alone (nobody else is there), excluded (all who are there are ruled out),
    language, time, format, city, group (wishes for a pair or a group), taken (those who would
    fit are with others), full (no capacity).
    ``near``: how many would fit if ``help`` came true, a code such as evening, weekend, video,
    language, company, or "".
    """

    id: str
    why: str
    help: str = ""
    near: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a round. ``stats`` are figures about it, such as people and placed."""

    matches: tuple[Match, ...]
    left: tuple[Left, ...]
    stats: Mapping[str, float]
