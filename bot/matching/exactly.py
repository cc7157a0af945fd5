"""The best choice of sets of which no two share anybody, exactly, by HiGHS through scipy.

Two questions instead of one with a big weight: first how many people can have a place at all,
then the largest value with that many. So no value, however small, is lost in the rounding of a
large one, and no value, however large, takes a place from anybody.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

LIMIT_S = 60.0
CHOSEN = 0.5
"""The solver answers with a fraction next to 0 or 1."""


def best_sets(
    sets: Sequence[tuple[int, ...]], values: Sequence[float], limit_s: float = LIMIT_S
) -> list[int]:
    """Indices of disjoint sets: most people, and of all such choices the largest sum of values.

    Half of the limit goes to each question. Whoever sets it so low that it is reached gets the
    best choice known by then, which may differ from one machine to another; without it the answer
    is always the same.
    """
    if not sets:
        return []
    sizes = np.array([len(one) for one in sets], np.float64)
    worth = np.array(values, np.float64)
    known = [_greedy(sets, worth)]
    everybody = len({member for one in sets for member in one})
    if _covered(sizes, known[0]) < everybody:
        known += _solved(sets, sizes, sizes, 0, limit_s / 2)
    most = max(_covered(sizes, chosen) for chosen in known)
    known += _solved(sets, sizes, worth, most, limit_s / 2)
    best = max(known, key=lambda chosen: (_covered(sizes, chosen), float(worth[chosen].sum())))
    return [int(index) for index in best]


def _covered(sizes: Floats, chosen: Ints) -> int:
    return int(sizes[chosen].sum())


def _greedy(sets: Sequence[tuple[int, ...]], worth: Floats) -> Ints:
    """A choice that is there at once: set after set, those worth most to each member first."""
    taken: set[int] = set()
    chosen = []
    each = [value / max(len(one), 1) for one, value in zip(sets, worth, strict=True)]
    for index in sorted(range(len(sets)), key=lambda at: (-each[at], at)):
        if taken.isdisjoint(sets[index]):
            taken.update(sets[index])
            chosen.append(index)
    return np.array(sorted(chosen), np.int64)


def _solved(
    sets: Sequence[tuple[int, ...]], sizes: Floats, gains: Floats, most: int, limit_s: float
) -> list[Ints]:
    """The choice with the largest gain that places ``most`` people; none if none was found."""
    from scipy.optimize import LinearConstraint, milp  # noqa: PLC0415 -- loads for a while

    members, rows, ends = _table(sets)
    from scipy.sparse import csc_array  # noqa: PLC0415

    table = csc_array((np.ones(len(rows)), rows, ends), shape=(members, len(sets)))
    # With a place for everybody each must have one: a tighter question than one row of sizes.
    rules = [LinearConstraint(table, 1.0 if most == members else 0.0, 1.0)]
    if 0 < most < members:
        rules.append(LinearConstraint(sizes, most, np.inf))
    # Without the scale the solver's absolute tolerance would hide differences of small values.
    scale = float(np.abs(gains).max()) or 1.0
    found = milp(
        -gains / scale,
        integrality=np.ones(len(sets)),
        bounds=(0, 1),
        constraints=rules,
        options={"time_limit": limit_s, "mip_rel_gap": 0.0},
    )
    return [] if found.x is None else [np.flatnonzero(found.x > CHOSEN)]


def _table(sets: Sequence[tuple[int, ...]]) -> tuple[int, Ints, Ints]:
    """How many people there are, and a column for each set: the rows of its members."""
    people = sorted({member for one in sets for member in one})
    row_of = {member: row for row, member in enumerate(people)}
    rows = np.array([row_of[member] for one in sets for member in one], np.int64)
    ends = np.cumsum([0, *(len(one) for one in sets)], dtype=np.int64)
    return len(people), rows, ends
