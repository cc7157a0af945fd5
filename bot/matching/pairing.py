"""One turn of a round: pairs among people, the best whole first, then room for who is left."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.matching import alternating
from bot.matching.exact import best_pairs
from bot.matching.pool import PATIENT_WEEKS, Pool
from bot.matching.score import Scored

Ints = NDArray[np.int64]

FINE = 10_000
"""Steps of a score."""
DRAW = 16
"""Steps below one of a score: who comes first among equals is drawn by lot, from the seed."""
FIRST = 1.1
"""More than any score: who waited far too long goes before all others."""
LONG = 2 / PATIENT_WEEKS
"""From two weeks on somebody may be one of those, if they are among the tenth with the longest."""


def pairs(pool: Pool, found: Scored, seed: int) -> list[tuple[int, int]]:
    """Pairs out of ``found``; everybody for whom changes could make room has a place."""
    partner = _best(pool, found, weights(pool, found, seed))
    late, could = overdue(pool), np.zeros(len(pool), bool)
    could[found.left] = could[found.right] = True
    if (late & could & (partner == alternating.NOBODY)).any():
        partner = _best(pool, found, weights(pool, found, seed, first=late))
    alone = np.flatnonzero(partner == alternating.NOBODY)
    turn = alone[np.argsort(-pool.waited[alone], kind="stable")].tolist()
    placed = alternating.placed_more(partner.tolist(), liked(pool, found), turn)
    return [(one, other) for one, other in enumerate(placed) if one < other]


def weights(pool: Pool, found: Scored, seed: int, first: NDArray[np.bool_] | None = None) -> Ints:
    """What each pair counts, in whole numbers, as the exact method needs them.

    ``first``: who goes before all others. That can take the exact method many times as long, so
    it is asked for only where somebody of them would be left without.
    """
    lots = np.array([crc32(f"{seed} {person.id}".encode()) for person in pool.people], np.int64)
    score = found.score
    if first is not None:
        ahead = np.float32(FIRST) * first
        score = score + ahead[found.left] + ahead[found.right]
    whole = np.rint(score * FINE).astype(np.int64)
    drawn: Ints = (lots[found.left] ^ lots[found.right]) % DRAW
    counted: Ints = 1 + whole * DRAW + drawn
    return counted


def _best(pool: Pool, found: Scored, weight: Ints) -> Ints:
    """Everybody's partner, or nobody."""
    chosen = best_pairs(len(pool), found.left, found.right, weight)
    partner = np.full(len(pool), alternating.NOBODY)
    partner[found.left[chosen]] = found.right[chosen]
    partner[found.right[chosen]] = found.left[chosen]
    return partner


def overdue(pool: Pool) -> NDArray[np.bool_]:
    """Who waited longer than nearly all: not many, so that the others are still matched well."""
    if not len(pool):
        return np.zeros(0, bool)
    usual = np.quantile(pool.waited, 0.9, method="lower")
    return (pool.waited > usual) & (pool.waited >= LONG)


def liked(pool: Pool, found: Scored) -> Sequence[list[int]]:
    """By person, all they could meet, the best first."""
    order = np.argsort(-found.score, kind="stable")
    near: list[list[int]] = [[] for _ in range(len(pool))]
    for one, other in zip(found.left[order].tolist(), found.right[order].tolist(), strict=True):
        near[one].append(other)
        near[other].append(one)
    return near
