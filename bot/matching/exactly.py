"""The best choice of sets of which no two share anybody, exactly, by HiGHS through scipy.

The relaxed question, in which parts of sets may be chosen, is answered within milliseconds. It
bounds what a choice can be worth, and by how much each set lowers that. A set that lowers it below
a choice already known cannot be in a better one, which is true of nearly all: only the others go
to the search for whole sets.

How many have a place and what it is worth are questions of their own, instead of one with a big
weight. So no value is lost in the rounding of a large number, and none takes a place from anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csc_array

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Set: TypeAlias = tuple[int, ...]

LIMIT_S = 60.0
CHOSEN = 0.5
"""The solver answers with a fraction next to 0 or 1."""
EXACT = 1e-6
"""What the solver takes as equal."""
FIRST = 100
"""Sets searched at first, and how many times as many when no choice is among them."""
WIDER = 4


@dataclass(frozen=True, slots=True)
class _Sets:
    table: "csc_array"
    """A row for each person, a column for each set, 1 for a member."""
    sizes: Floats
    worth: Floats


def best_sets(sets: Sequence[Set], values: Sequence[float], limit_s: float = LIMIT_S) -> list[int]:
    """Indices of disjoint sets: most people, and of all such choices the largest sum of values.

    A limit that is reached cuts the search off: the answer is then the best choice known, and may
    differ from one machine to another. Else the same question has the same answer.
    """
    if not sets:
        return []
    until = monotonic() + limit_s
    given = _Sets(_table(sets), np.array([len(one) for one in sets], np.float64), _scaled(values))
    greedy = _greedy(sets, given.worth)
    best = _whole(given, given.worth, given.table.shape[0], greedy, until)
    if best is None:
        most = _whole(given, given.sizes, 0, greedy, until)
        assert most is not None, "with no place demanded there is always an answer"
        best = _whole(given, given.worth, _placed(given, most), most, until)
    assert best is not None, "what is known places as many as are demanded"
    return [int(index) for index in best]


def _placed(given: _Sets, chosen: Ints) -> int:
    return int(given.sizes[chosen].sum())


def _scaled(values: Sequence[float]) -> Floats:
    """Values of which the largest is 1; what the solver takes as equal is meant for such."""
    worth = np.array(values, np.float64)
    return worth / (float(np.abs(worth).max()) or 1.0)


def _table(sets: Sequence[Set]) -> "csc_array":
    from scipy.sparse import csc_array  # noqa: PLC0415 -- loads much, and only a round needs it

    people = sorted({member for one in sets for member in one})
    row_of = {member: row for row, member in enumerate(people)}
    rows = [row_of[member] for one in sets for member in one]
    ends = np.cumsum([0, *(len(one) for one in sets)])
    return csc_array((np.ones(len(rows)), rows, ends), shape=(len(people), len(sets)))


def _greedy(sets: Sequence[Set], worth: Floats) -> Ints:
    """A choice that is there at once: set after set, those worth most to each member first."""
    taken: set[int] = set()
    chosen = []
    each = [value / max(len(one), 1) for one, value in zip(sets, worth, strict=True)]
    for index in sorted(range(len(sets)), key=lambda at: (-each[at], at)):
        if taken.isdisjoint(sets[index]):
            taken.update(sets[index])
            chosen.append(index)
    return np.array(sorted(chosen), np.int64)


def _whole(given: _Sets, gains: Floats, most: int, known: Ints, until: float) -> Ints | None:
    """The choice with the largest gain that places ``most`` people, if there is any.

    Searched among the sets that lower the bound least, and those of a choice known. Had a better
    choice one of the others, it would be below the bound by what that one lowers it; if that may
    be, more are searched.
    """
    bound, lowered = _relaxed(given, gains, most, until)
    best = known if _placed(given, known) >= most else None
    # Of equals any that come first would be about the same people.
    order = np.lexsort((np.random.default_rng(0).permutation(len(lowered)), lowered))
    count = 0
    while count < len(order) and monotonic() < until:
        short = np.inf if best is None else bound - float(gains[best].sum())
        needed = int(np.count_nonzero(lowered < short - EXACT))
        if needed <= count:
            break
        wider = needed if best is not None else WIDER * count
        count = min(needed, wider if count else FIRST)
        kept = np.union1d(order[:count], [] if best is None else best).astype(np.int64)
        best = _better(gains, best, _searched(given, gains, most, kept, until))
    return best


def _rules(given: _Sets, most: int) -> tuple["csc_array", Floats, bool]:
    """Rows, their largest sums, and whether these must be reached: nobody has two places.

    With a place for everybody each must have one, which is tighter than one row for all.
    """
    from scipy.sparse import csc_array, vstack  # noqa: PLC0415

    people = given.table.shape[0]
    if most in {0, people}:
        return given.table, np.ones(people), most == people
    rows = vstack([given.table, csc_array(-given.sizes[None, :])], format="csc")
    return rows, np.append(np.ones(people), -most), False


def _relaxed(given: _Sets, gains: Floats, most: int, until: float) -> tuple[float, Floats]:
    """The bound, and by how much each set lowers it; nothing if so many can't have a place."""
    from scipy.optimize import linprog  # noqa: PLC0415

    rows, largest, reached = _rules(given, most)
    asked = {"A_eq": rows, "b_eq": largest} if reached else {"A_ub": rows, "b_ub": largest}
    limit = {"time_limit": max(until - monotonic(), 0.0)}
    found = linprog(-gains, **asked, bounds=(0, 1), method="highs-ds", options=limit)
    if found.status != 0:
        return 0.0, np.empty(0)
    return -float(found.fun), np.asarray(found.lower.marginals, np.float64)


def _searched(given: _Sets, gains: Floats, most: int, kept: Ints, until: float) -> Ints | None:
    """The best choice among the sets kept, if there is any."""
    from scipy.optimize import LinearConstraint, milp  # noqa: PLC0415

    rows, largest, reached = _rules(given, most)
    found = milp(
        -gains[kept],
        integrality=np.ones(len(kept)),
        bounds=(0, 1),
        constraints=LinearConstraint(rows[:, kept], largest if reached else -np.inf, largest),
        options={"time_limit": max(until - monotonic(), 0.0), "mip_rel_gap": 0.0},
    )
    return None if found.x is None else kept[found.x > CHOSEN]


def _better(gains: Floats, known: Ints | None, found: Ints | None) -> Ints | None:
    """What is found is worse than what is known only if it was cut off."""
    if known is None or found is None:
        return known if found is None else found
    return found if gains[found].sum() > gains[known].sum() else known
