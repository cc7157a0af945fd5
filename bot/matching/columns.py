"""Phrases as columns of numbers, so that a hundred thousand people can be compared.

A facet is one thing to compare by: what somebody asks (a few columns with weights) and what
others cover of it (a row over all columns). What one asks, covered by what the other has, is a
sum of a few products.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.matching.meaning import Meaning, needed, offered
from bot.matching.spelling import spelled_alike

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]
Lists: TypeAlias = Sequence[Sequence[str]]
"""For each person, phrases."""

ENOUGH = 3
"""Whoever finds three of their topics covered could wish for nothing more."""
MOST = 20
"""Phrases of a list that are looked at. A hundred would say nothing any more."""
USUAL = 4
"""Columns most people have; those of others are looked at for them alone."""
FULL = 250
"""What is covered is kept in a byte: this is all of it, so that halves and fifths are exact."""
DOUBTFUL = 0.5
"""What a wish still weighs that led nowhere before."""
ROOM = 320_000_000
"""Bytes for a facet. Beyond it phrases that are no topic and hardly shared are left aside."""


@dataclass(frozen=True, slots=True)
class Facet:
    """``asked`` and ``weights``: people × phrases' columns, -1 for none; ``covers``: × columns."""

    asked: NDArray[np.int32]
    weights: Floats
    covers: NDArray[np.uint8]

    def covered(self, left: Ints, right: Ints) -> Floats:
        """How much of what each on the left asks the one on the right covers, from 0 to 1."""
        total = np.zeros(len(left), np.float32)
        for at in range(self.asked.shape[1]):
            columns = self.asked[left, at]
            if at < USUAL:  # a missing one weighs nothing
                total += self.weights[left, at] * self.covers[right, columns]
            else:
                some = np.flatnonzero(columns >= 0)
                found = self.covers[right[some], columns[some]]
                total[some] += self.weights[left[some], at] * found
        return np.minimum(total, 1)


class Columns:
    """The columns that a pool's phrases need, and each phrase in them."""

    def __init__(self, meanings: dict[str, Meaning], mentioned: Counter[str], people: int) -> None:
        """``mentioned``: by phrase, how many people have it."""
        alike = spelled_alike({m.own for m in meanings.values() if m.own.startswith("~")})
        self._own = {phrase: alike.get(m.own, m.own) for phrase, m in meanings.items()}
        self._meanings = meanings
        self._served: dict[tuple[str, str], float] = {}
        self.numbers = {name: at for at, name in enumerate(self._shared(mentioned, people))}

    def _shared(self, mentioned: Counter[str], people: int) -> list[str]:
        """Topics, then unknown phrases that several people have, the most frequent first."""
        topics = {name for m in self._meanings.values() for name in offered(m) if name[0] != "~"}
        unknown: Counter[str] = Counter()
        for phrase, count in mentioned.items():
            if self._own[phrase].startswith("~"):
                unknown[self._own[phrase]] += count
        room = max(0, ROOM // max(1, people) - len(topics))
        often = sorted(unknown, key=lambda name: (-unknown[name], name))
        return sorted(topics) + [name for name in often[:room] if unknown[name] > 1]

    def needed(self, phrase: str) -> Iterator[tuple[int, float]]:
        return self._numbered(phrase, needed(self._meanings[phrase]))

    def offered(self, phrase: str) -> Iterator[tuple[int, float]]:
        return self._numbered(phrase, offered(self._meanings[phrase]))

    def serves(self, wish: str, offer: str) -> float:
        """How much of a wish an offer covers, from 0 to 1."""
        key = wish, offer
        if key not in self._served:
            there = dict(self.offered(offer))
            asked = self.needed(wish)
            self._served[key] = sum(weight * there.get(number, 0.0) for number, weight in asked)
        return self._served[key]

    def same(self, one: str, other: str) -> bool:
        """Whether two phrases name one thing."""
        return self._own[one] == self._own[other]

    def _numbered(self, phrase: str, found: dict[str, float]) -> Iterator[tuple[int, float]]:
        for name, weight in found.items():
            number = self.numbers.get(self._own[phrase] if name[0] == "~" else name)
            if number is not None:
                yield number, weight


def facet(columns: Columns, asking: Lists, having: Lists, doubtful: Lists = ()) -> Facet:
    """What each asks, and what each has. What is ``doubtful`` for somebody counts less."""
    asked, weights = _asked(columns, asking, doubtful or [()] * len(asking))
    return Facet(asked, weights, _covers(columns, having))


def kept(phrases: Iterable[str]) -> tuple[str, ...]:
    """Each once, and not too many."""
    return tuple(dict.fromkeys(filter(None, phrases)))[:MOST]


def _asked(columns: Columns, asking: Lists, doubtful: Lists) -> tuple[NDArray[np.int32], Floats]:
    terms = {phrase: list(columns.needed(phrase)) for phrase in _distinct(asking)}
    rows = [
        [
            (number, part * DOUBTFUL if phrase in less else part)
            for phrase in phrases
            for number, part in terms[phrase]
        ]
        for phrases, less in zip(asking, doubtful, strict=True)
    ]
    wide = max((len(row) for row in rows), default=0)
    asked = np.full((len(rows), wide), -1, np.int32)
    weights = np.zeros((len(rows), wide), np.float32)
    for at, (row, phrases) in enumerate(zip(rows, asking, strict=True)):
        if row:
            numbers, parts = zip(*row, strict=True)
            asked[at, : len(row)] = numbers
            weights[at, : len(row)] = parts
            weights[at] /= min(len(phrases), ENOUGH) * FULL
    return asked, weights


def _covers(columns: Columns, having: Lists) -> NDArray[np.uint8]:
    terms = {phrase: _row(columns, phrase) for phrase in _distinct(having)}
    covers = np.zeros((len(having), max(1, len(columns.numbers))), np.uint8)
    for at, phrases in enumerate(having):
        row = covers[at]
        for numbers, values in map(terms.__getitem__, phrases):
            row[numbers] = np.maximum(row[numbers], values)
    return covers


def _row(columns: Columns, phrase: str) -> tuple[Ints, NDArray[np.uint8]]:
    found = dict(columns.offered(phrase))
    values = np.array([round(FULL * weight) for weight in found.values()], np.uint8)
    return np.array(list(found), np.int64), values


def _distinct(lists: Lists) -> set[str]:
    return {phrase for phrases in lists for phrase in phrases}
