"""How well two people fit: hard rules exclude, everything else only ranks.

All take arrays of people on the left and on the right, as row numbers of the pool, and answer for
each pair.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.matching.pool import IN_PERSON, NOWHERE, VIDEO, Pool
from bot.matching.week import minutes

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

AT_ONCE = 500_000
"""Pairs compared in one go; more would only take memory."""
PLENTY = 180
"""Common minutes a week beyond which more is no better."""
UNLIKE = 0.3
"""What another rhythm is still worth: people agree on one."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Pairs that may meet, with their score and the parts of it, each between 0 and 1."""

    left: Ints
    right: Ints
    score: Floats
    minutes: NDArray[np.int32]
    parts: Mapping[str, Floats]


def score(pool: Pool, left: Ints, right: Ints) -> Scored:
    """Those of the pairs that break no hard rule. Their order stays."""
    return joined(*(_scored(pool, left[at], right[at]) for at in _blocks(len(left))))


def joined(*several: Scored) -> Scored:
    """All pairs of all of them, in their order."""
    return Scored(
        np.concatenate([s.left for s in several]),
        np.concatenate([s.right for s in several]),
        np.concatenate([s.score for s in several]),
        np.concatenate([s.minutes for s in several]),
        {name: np.concatenate([s.parts[name] for s in several]) for name in several[0].parts},
    )


def picked(found: Scored, at: Ints) -> Scored:
    """Only those pairs."""
    parts = {name: part[at] for name, part in found.parts.items()}
    return Scored(found.left[at], found.right[at], found.score[at], found.minutes[at], parts)


def medium(pool: Pool, left: Ints, right: Ints) -> Flags:
    """Whether both would meet by video, or both in person and in one city."""
    both = pool.formats[left] & pool.formats[right]
    outside: Flags = ((both & IN_PERSON) != 0) & _near(pool, left, right)
    video: Flags = (both & VIDEO) != 0
    either: Flags = outside | video
    return either


def banned(pool: Pool, left: Ints, right: Ints) -> Flags:
    if not len(pool.banned):
        return np.zeros(len(left), bool)
    keys = pool.keys(left, right)
    at = np.searchsorted(pool.banned, keys).clip(max=len(pool.banned) - 1)
    found: Flags = pool.banned[at] == keys
    return found


def common(pool: Pool, left: Ints, right: Ints) -> NDArray[np.int32]:
    """Common minutes a week, 0 where no stretch is long enough for the shorter session."""
    found = np.zeros(len(left), np.int32)
    shorter = np.minimum(pool.slots[left], pool.slots[right])
    for length, begins in pool.begins.items():
        some = np.flatnonzero(shorter == length)
        both = begins[left[some]] & begins[right[some]]
        enough = both.any(axis=1)
        found[some[enough]] = minutes(both[enough], length)
    return found


def _may(pool: Pool, left: Ints, right: Ints) -> Flags:
    """Whether they are two, with a language and a way to meet in common."""
    spoken = (pool.languages[left] & pool.languages[right]) != 0
    may: Flags = (left != right) & spoken & medium(pool, left, right)
    return may


def _near(pool: Pool, left: Ints, right: Ints) -> Flags:
    here, there = pool.cities[left], pool.cities[right]
    near: Flags = (here == there) | (here == NOWHERE) | (there == NOWHERE)
    return near


def _scored(pool: Pool, left: Ints, right: Ints) -> Scored:
    may = _may(pool, left, right)
    left, right = left[may], right[may]
    together = common(pool, left, right)
    some = np.flatnonzero(together)  # most are gone by now, and the rest is dearer to look at
    some = some[~banned(pool, left[some], right[some])]
    left, right, together = left[some], right[some], together[some]
    found = _parts(pool, left, right, together)
    whole = np.zeros(len(left), np.float32)
    for part, share in pool.weights.shares().items():
        whole += np.float32(share) * found[part]
    return Scored(left, right, whole, together, found)


def _parts(
    pool: Pool, left: Ints, right: Ints, together: NDArray[np.int32]
) -> Mapping[str, Floats]:
    gets, gives = pool.wants.covered(left, right), pool.wants.covered(right, left)
    return {
        "mutual": np.sqrt(gets * gives),
        "either": (gets + gives) / 2,
        "goals": (pool.aims.covered(left, right) + pool.aims.covered(right, left)) / 2,
        "interests": (pool.interests.covered(left, right) + pool.interests.covered(right, left))
        / 2,
        "time": np.minimum(together.astype(np.float32) / PLENTY, 1),
        "language": _language(pool, left, right),
        "rhythm": np.where(pool.rhythms[left] & pool.rhythms[right], 1, UNLIKE).astype(np.float32),
        "place": _place(pool, left, right),
        "waiting": (pool.waited[left] + pool.waited[right]) / 2,
    }


def _language(pool: Pool, left: Ints, right: Ints) -> Floats:
    first = pool.first_language[left] | pool.first_language[right]
    shared = pool.languages[left] & pool.languages[right] & first
    found: Floats = (shared != 0).astype(np.float32)
    return found


def _place(pool: Pool, left: Ints, right: Ints) -> Floats:
    outside = (pool.formats[left] & pool.formats[right] & IN_PERSON) != 0
    here = (pool.cities[left] == pool.cities[right]) & (pool.cities[left] != NOWHERE)
    found: Floats = (outside & here).astype(np.float32)
    return found


def _blocks(count: int) -> Iterator[slice]:
    """At least one, so that there is always something to join."""
    return (slice(at, at + AT_ONCE) for at in range(0, max(count, 1), AT_ONCE))
