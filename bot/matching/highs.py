"""What HiGHS is asked about sets of which no two may share anybody, through scipy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csc_array

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Set: TypeAlias = tuple[int, ...]

CHOSEN = 0.5
"""The solver answers with a fraction next to 0 or 1."""


@dataclass(frozen=True, slots=True)
class Sets:
    """Sets to choose from. Values are scaled, so that the solver tells small ones apart."""

    table: "csc_array"
    """A row for each person, a column for each set, 1 for a member."""
    sizes: Floats
    worth: Floats

    @property
    def people(self) -> int:
        return int(self.table.shape[0])

    def placed(self, chosen: Ints) -> int:
        return int(self.sizes[chosen].sum())


def given(sets: Sequence[Set], values: Sequence[float]) -> Sets:
    sizes = np.array([len(one) for one in sets], np.float64)
    return Sets(_table(sets), sizes, _scaled(values))


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


def _rules(of: Sets, most: int) -> tuple["csc_array", Floats, bool]:
    """Rows, their largest sums, and whether these must be reached: nobody has two places.

    With a place for everybody each must have one, which is tighter than one row for all.
    """
    from scipy.sparse import csc_array, vstack  # noqa: PLC0415

    if most in {0, of.people}:
        return of.table, np.ones(of.people), most == of.people
    rows = vstack([of.table, csc_array(-of.sizes[None, :])], format="csc")
    return rows, np.append(np.ones(of.people), -most), False


def relaxed(of: Sets, gains: Floats, most: int) -> tuple[float, Floats]:
    """The bound, and by how much each set lowers it; nothing if so many can't have a place."""
    from scipy.optimize import linprog  # noqa: PLC0415

    rows, largest, reached = _rules(of, most)
    asked = {"A_eq": rows, "b_eq": largest} if reached else {"A_ub": rows, "b_ub": largest}
    found = linprog(-gains, **asked, bounds=(0, 1), method="highs-ds")
    if found.status != 0:
        return 0.0, np.empty(0)
    return -float(found.fun), np.asarray(found.lower.marginals, np.float64)


def searched(of: Sets, gains: Floats, most: int, kept: Ints, nodes: int) -> Ints | None:
    """The best choice among the sets kept, if there is any."""
    from scipy.optimize import LinearConstraint, milp  # noqa: PLC0415

    rows, largest, reached = _rules(of, most)
    # In presolve some versions write a line to standard output that no option silences.
    found = milp(
        -gains[kept],
        integrality=np.ones(len(kept)),
        bounds=(0, 1),
        constraints=LinearConstraint(rows[:, kept], largest if reached else -np.inf, largest),
        options={"node_limit": nodes, "mip_rel_gap": 0.0, "presolve": False},
    )
    chosen = np.empty(0, np.int64) if found.x is None else kept[found.x > CHOSEN]
    return None if found.x is None or not _sound(of, chosen, most) else chosen


def _sound(of: Sets, chosen: Ints, most: int) -> bool:
    """The solver is known to have called answers the best that were none; those are not used."""
    places = of.table[:, chosen].sum(axis=1)
    return bool((places <= 1).all()) and of.placed(chosen) >= most
