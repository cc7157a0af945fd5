"""Whom to look at: every pair of a small pool, and of a large one each person's likely partners.

In a large pool candidates come from a product of sparse matrices over all who share a language and
a way to meet, since filtering afterwards would leave many with nothing. Whoever is on few lists is
then looked at among others like that: they are what makes a place for everybody possible. Who
still has few gets some by chance.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sparse_dot_topn import sp_matmul_topn

from bot.matching.columns import FULL, Facet
from bot.matching.pool import IN_PERSON, Pool
from bot.matching.score import Scored, joined, medium, picked, score
from bot.matching.week import rough

Ints = NDArray[np.int64]

SMALL = 1_500
"""People of whom every pair is looked at."""
EACH = 12
"""Partners everybody has to choose from at least, if so many fit; ``MOST`` where few take part."""
MOST = 40
TOGETHER = 320_000
"""Partners to choose from, of all people together, for which the exact method has the time."""
LIKELY = 20
"""Times as many with topics in common, before times and exclusions are looked at."""
TIMELY = 5
"""Times as many of these who may have time in common, and whose score is worked out."""
DRAWN = 8
"""Times as many by chance, for who still has few."""
PATIENCE = 5_000_000
"""Pairs looked at for those who still have few, all together."""
THREADS = 2
AT_ONCE = 4_000
"""People whose partners are looked for in one go."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What is asked and what is there, so that a row times a row is about their score."""

    asks: csr_matrix
    has: csr_matrix
    times: NDArray[np.uint64]
    """Those with no bit in common have no time in common."""


def candidates(pool: Pool, rows: Ints, seed: int) -> Scored:
    """Pairs among ``rows`` that may meet, each once, with their scores."""
    if len(rows) <= SMALL:
        left, right = np.triu_indices(len(rows), 1)
        return score(pool, rows[left], rows[right])
    each = max(EACH, min(MOST, TOGETHER // len(rows)))
    sides = _sides(pool)
    found = _best(pool, _likely(pool, sides, rows, rows, each), each)
    quiet = rows[np.bincount(found.right, minlength=len(pool))[rows] < each // 2]
    found = joined(found, _best(pool, _likely(pool, sides, quiet, quiet, each), each))
    poor = rows[_choices(found, len(pool))[rows] < each]
    every = max(DRAWN * each, PATIENCE // max(1, len(poor)))
    found = joined(found, _best(pool, _drawn(pool, poor, rows, every, seed), each))
    _, once = np.unique(pool.keys(found.left, found.right), return_index=True)
    return picked(found, once)


def _likely(
    pool: Pool, sides: Sides, asking: Ints, rows: Ints, each: int
) -> Iterator[tuple[Ints, Ints]]:
    """Each asking one with those who have most topics in common, some of them at a time."""
    asks = sides.asks[asking]
    for some, others in _compatible(pool, asking, rows):
        there = sides.has[rows[others]].T.tocsr()
        for part in _parted(some):
            best = sp_matmul_topn(asks[part], there, LIKELY * each, sort=True, n_threads=THREADS)
            row = np.repeat(np.arange(len(part)), np.diff(best.indptr))
            left, right = asking[part[row]], rows[others[best.indices[: len(row)]]]
            fits = np.flatnonzero(sides.times[left] & sides.times[right])
            first = fits[_rank(left[fits]) < TIMELY * each]
            yield left[first], right[first]


def _sides(pool: Pool) -> Sides:
    """Whom somebody is after and what they like are the same in both directions, nearly."""
    shares = pool.weights.shares()
    topics = shares["mutual"] + shares["either"]
    wanted, offered = _asked(pool.wants) * topics, _there(pool.wants)
    aims = _asked(pool.aims) * (2 * shares["goals"])
    interests = _asked(pool.interests) * (2 * shares["interests"])
    asks = hstack([wanted, offered, aims, interests], "csr")
    has = hstack([offered, wanted, _there(pool.aims), _there(pool.interests)], "csr")
    return Sides(asks, has, rough(pool.begins[min(pool.begins)]))


def _asked(facet: Facet) -> csr_matrix:
    row, at = np.nonzero(facet.asked >= 0)
    columns, weights = facet.asked[row, at], facet.weights[row, at] * FULL
    return csr_matrix((weights, (row, columns)), shape=facet.covers.shape, dtype=np.float32)


def _there(facet: Facet) -> csr_matrix:
    """With what is covered in part: rare wishes are met by neighbours or by nobody."""
    row, column = np.nonzero(facet.covers)
    parts = facet.covers[row, column].astype(np.float32) / FULL
    return csr_matrix((parts, (row, column)), shape=facet.covers.shape)


def _compatible(pool: Pool, asking: Ints, rows: Ints) -> Iterator[tuple[Ints, Ints]]:
    """By class: who of those asking is in it, and who of all could be met."""
    mine = _classes(pool, asking)
    for number in np.unique(mine).tolist():
        some = np.flatnonzero(mine == number)
        one = np.repeat(asking[some[:1]], len(rows))
        fits = (pool.languages[one] & pool.languages[rows]) != 0
        others = np.flatnonzero(fits & medium(pool, one, rows))
        if len(others):
            yield some, others


def _classes(pool: Pool, rows: Ints) -> Ints:
    """A number for those who speak the same and meet in the same way.

    The city counts only for who wants to meet nowhere else: they ask the others of their city.
    """
    speaks = np.searchsorted(np.unique(pool.languages), pool.languages[rows])
    city = np.where(pool.formats[rows] == IN_PERSON, pool.cities[rows] + 2, 0)
    return (speaks * 4 + pool.formats[rows]) * (int(pool.cities.max()) + 3) + city


def _drawn(
    pool: Pool, asking: Ints, rows: Ints, most: int, seed: int
) -> Iterator[tuple[Ints, Ints]]:
    """Each asking one with so many, by chance, of those they could meet; with all if it can be."""
    chance = np.random.default_rng(seed)
    for some, others in _compatible(pool, asking, rows):
        count, mixed = min(most, len(others)), chance.permutation(others)
        for part in _parted(some):
            starts = chance.integers(0, len(others), (len(part), 1))
            drawn = mixed[(starts + np.arange(count)) % len(others)]
            yield np.repeat(asking[part], count), rows[drawn.ravel()]


def _parted(some: Ints) -> Iterator[Ints]:
    return (some[at : at + AT_ONCE] for at in range(0, len(some), AT_ONCE))


def _best(pool: Pool, several: Iterable[tuple[Ints, Ints]], most: int) -> Scored:
    """The best partners of each on the left; nobody is on the left of two of the ``several``."""
    nobody = np.empty(0, np.int64)
    scored = (score(pool, left, right) for left, right in several)
    return joined(
        score(pool, nobody, nobody), *(_first(found, len(pool), most) for found in scored)
    )


def _first(found: Scored, count: int, most: int) -> Scored:
    _, once = np.unique(found.left * count + found.right, return_index=True)
    order = once[np.lexsort((-found.score[once], found.left[once]))]
    return picked(found, order[_rank(found.left[order]) < most])


def _rank(groups: Ints) -> Ints:
    """For each, how many of its group come before it; those of a group stand together."""
    begins = np.flatnonzero(np.diff(groups, prepend=-1))
    sizes = np.diff(np.append(begins, len(groups)))
    rank: Ints = np.arange(len(groups)) - np.repeat(begins, sizes)
    return rank


def _choices(found: Scored, count: int) -> Ints:
    """How many each could meet, from whichever side."""
    keys = np.unique(
        np.minimum(found.left, found.right) * count + np.maximum(found.left, found.right)
    )
    return np.bincount(keys // count, minlength=count) + np.bincount(keys % count, minlength=count)
