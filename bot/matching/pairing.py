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
    chosen = best_pairs(len(pool), found.left, found.right, weights(pool, found, seed))
    partner = np.full(len(pool), alternating.NOBODY)
    partner[found.left[chosen]] = found.right[chosen]
    partner[found.right[chosen]] = found.left[chosen]
    alone = np.flatnonzero(partner == alternating.NOBODY)
    turn = alone[np.argsort(-pool.waited[alone], kind="stable")].tolist()
    placed = alternating.placed_more(partner.tolist(), liked(pool, found), turn)
    return [(one, other) for one, other in enumerate(placed) if one < other]


def weights(pool: Pool, found: Scored, seed: int) -> Ints:
    """What each pair counts, in whole numbers, as the exact method needs them."""
    lots = np.array([crc32(f"{seed} {person.id}".encode()) for person in pool.people], np.int64)
    first = np.float32(FIRST) * overdue(pool)
    score = found.score + first[found.left] + first[found.right]
    whole = np.rint(score * FINE).astype(np.int64)
    drawn: Ints = (lots[found.left] ^ lots[found.right]) % DRAW
    counted: Ints = 1 + whole * DRAW + drawn
    return counted


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
