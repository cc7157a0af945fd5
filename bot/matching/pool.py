"""Everybody of a round as arrays, compiled once, so that pairs are compared by the million."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.matching.columns import Columns, Facet, Lists, facet, kept
from bot.matching.meaning import Meaning, meaning
from bot.matching.people import Couple, Person, Request
from bot.matching.week import Bits, beginnings, free, packed, slots
from bot.matching.weights import Weights

Understand: TypeAlias = Callable[[str], Meaning]

VIDEO, IN_PERSON = 1, 2
FORMATS = {"video": VIDEO, "in_person": IN_PERSON, "any": VIDEO | IN_PERSON}
RHYTHMS = {"weekly": 1, "biweekly": 2, "any": 3}
NOWHERE = -1
PATIENT_WEEKS = 8
SAME = 0.5
"""From here on two phrases are about the same, so one tandem serves both."""


@dataclass(frozen=True, slots=True)
class Pool:
    """One row for each person, in the order of ids: that of the file changes nothing."""

    people: tuple[Person, ...]
    wants: Facet
    aims: Facet
    interests: Facet
    free: Bits
    begins: Mapping[int, Bits]
    """By slots of a session: where one could begin."""
    slots: NDArray[np.int32]
    """How many of them each wants."""
    languages: NDArray[np.uint64]
    """Bits; all of them for who names none."""
    first_language: NDArray[np.uint64]
    formats: NDArray[np.uint8]
    rhythms: NDArray[np.uint8]
    cities: NDArray[np.int32]
    waited: NDArray[np.float32]
    """From 0 to 1, for eight weeks and more."""
    banned: NDArray[np.int64]
    """Sorted keys of those who must not meet; see `keys`."""
    columns: Columns
    weights: Weights

    def __len__(self) -> int:
        return len(self.people)

    def keys(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
        """One number for two people, whichever comes first."""
        return np.minimum(left, right) * len(self) + np.maximum(left, right)


def compiled(request: Request, understand: Understand = meaning) -> Pool:
    """``understand``: what phrases mean."""
    people = tuple(sorted(map(_tidy, request.people), key=lambda person: person.id))
    columns = _columns(people, understand)
    week = packed(free(p.hours, p.zone, request.now) for p in people)
    length = np.array([slots(p.minutes) for p in people], np.int32)
    languages, first = _languages(people)
    return Pool(
        people=people,
        wants=_wants(columns, people),
        aims=_alike(columns, [kept((*p.goals, *p.seeks)) for p in people]),
        interests=_alike(columns, [kept((*p.interests, *p.offers)) for p in people]),
        free=week,
        begins={size: beginnings(week, size) for size in np.unique(length).tolist()},
        slots=length,
        languages=languages,
        first_language=first,
        formats=np.array([FORMATS[p.format] for p in people], np.uint8),
        rhythms=np.array([RHYTHMS[p.rhythm] for p in people], np.uint8),
        cities=_cities(people),
        waited=np.array([_waited(p, request.now) for p in people], np.float32),
        banned=_banned(people, request.exclude | request.met),
        columns=columns,
        weights=request.weights,
    )


def served(pool: Pool, topics: Sequence[tuple[str, ...]]) -> Pool:
    """The same people, of whose wishes those are fulfilled."""
    people = tuple(
        replace(person, served=(*person.served, *done))
        for person, done in zip(pool.people, topics, strict=True)
    )
    return replace(pool, people=people, wants=_wants(pool.columns, people))


def open_wishes(columns: Columns, person: Person) -> tuple[str, ...]:
    """What somebody seeks and no tandem of theirs is about yet."""
    return tuple(
        wish
        for wish in person.seeks
        if not any(columns.serves(wish, done) >= SAME for done in person.served)
    )


def _tidy(person: Person) -> Person:
    return replace(
        person,
        offers=kept(person.offers),
        seeks=kept(person.seeks),
        goals=kept(person.goals),
        interests=kept(person.interests),
    )


def _columns(people: Sequence[Person], understand: Understand) -> Columns:
    said = ({*p.offers, *p.seeks, *p.goals, *p.interests, *p.served} for p in people)
    mentioned = Counter(phrase for phrases in said for phrase in phrases)
    return Columns({phrase: understand(phrase) for phrase in mentioned}, mentioned, len(people))


def _wants(columns: Columns, people: Sequence[Person]) -> Facet:
    wishes, offers = [open_wishes(columns, p) for p in people], [p.offers for p in people]
    return facet(columns, wishes, offers, [p.doubtful for p in people])


def _alike(columns: Columns, said: Lists) -> Facet:
    return facet(columns, said, said)


def _languages(people: Sequence[Person]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """More than 63 languages share the last bits, by their order; nobody would find that often."""
    known = dict.fromkeys(language for p in people for language in p.languages)
    bit = {language: 1 << min(at, 63) for at, language in enumerate(sorted(known))}
    spoken = [sum({bit[one] for one in p.languages}) or (1 << 64) - 1 for p in people]
    first = [bit[p.languages[0]] if p.languages else (1 << 64) - 1 for p in people]
    return np.array(spoken, np.uint64), np.array(first, np.uint64)


def _cities(people: Sequence[Person]) -> NDArray[np.int32]:
    names = [p.city.casefold().strip() for p in people]
    number = {name: at for at, name in enumerate(sorted(set(filter(None, names))))}
    return np.array([number.get(name, NOWHERE) for name in names], np.int32)


def _waited(person: Person, now: datetime) -> float:
    since = person.waiting_since or now
    weeks = (now - since).total_seconds() / (7 * 24 * 3600)
    return min(max(weeks, 0.0), PATIENT_WEEKS) / PATIENT_WEEKS


def _banned(people: Sequence[Person], couples: Iterable[Couple]) -> NDArray[np.int64]:
    at = {person.id: number for number, person in enumerate(people)}
    rows = [sorted(at[one] for one in couple if one in at) for couple in couples]
    found = [row[0] * len(people) + row[1] for row in rows if len(row) == 2]  # noqa: PLR2004
    return np.unique(np.array(found, np.int64))
