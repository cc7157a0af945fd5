"""What holds for a whole group, not only for each two of it."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bot.matching.pool import Pool
from bot.matching.score import Scored, score
from bot.matching.week import minutes

Ints = NDArray[np.int64]
PAIRS = frozenset({"pair", "any"})
GROUPS = frozenset({"group", "any"})


def couples(group: Sequence[int]) -> tuple[Ints, Ints]:
    left, right = zip(*combinations(sorted(group), 2), strict=True)
    return np.array(left, np.int64), np.array(right, np.int64)


def couples_of(groups: Sequence[Sequence[int]]) -> tuple[Ints, Ints, Ints]:
    """The same of several groups: the number of the group, and two of it."""
    found = [(at, *two) for at, group in enumerate(groups) for two in combinations(group, 2)]
    at, left, right = np.array(found, np.int64).reshape(-1, 3).T
    return at, left, right


def common(pool: Pool, group: Sequence[int]) -> int:
    """Minutes a week in which all of them have time, 0 if they share no language."""
    rows = list(group)
    if not np.bitwise_and.reduce(pool.languages[rows]):
        return 0
    length = int(pool.slots[rows].min())
    begins = np.bitwise_and.reduce(pool.begins[length][rows], axis=0)
    return int(minutes(begins[None, :], length)[0])


def scored(pool: Pool, group: Sequence[int]) -> Scored | None:
    """The scores of each two, or None where a hard rule keeps the group apart."""
    left, right = couples(group)
    found = score(pool, left, right)
    return found if len(found.left) == len(left) and common(pool, group) else None


def benefits(group: Sequence[int], found: Scored) -> list[float]:
    """What each has of a group: the mean of their scores with the others."""
    return [float(found.score[(found.left == one) | (found.right == one)].mean()) for one in group]


def wish_for(pool: Pool, group: Sequence[int]) -> bool:
    """Whether each of them would be in a company of this size."""
    accepted = PAIRS if len(group) == len(("one", "other")) else GROUPS
    return all(pool.people[one].group in accepted for one in group)
