"""The best whole of a handful of people, with pairs and groups weighed together, exactly."""

from collections.abc import Iterator
from itertools import combinations

from bot.matching import together
from bot.matching.exactly import best_sets
from bot.matching.pool import Pool

MOST = 16
"""People of whom every group is looked at."""
ODD = 0.25
"""What a group is worth to people who would rather be two, so that it is for who is left only."""


def best_groups(pool: Pool, rows: list[int], liked: list[list[int]]) -> list[tuple[int, ...]]:
    """Groups of two to four, with as many people as there can be, of the largest value.

    The value of a group is what its weakest member has of it, for each of its members.
    """
    found = dict(_valued(pool, rows, liked))
    sets = sorted(found)
    return [sets[at] for at in best_sets(sets, [found[one] for one in sets])]


def _valued(
    pool: Pool, rows: list[int], liked: list[list[int]]
) -> Iterator[tuple[tuple[int, ...], float]]:
    near = {row: set(liked[row]) for row in rows}
    for size in (2, 3, 4):
        for group in combinations(sorted(rows), size):
            fit = all(other in near[one] for one, other in combinations(group, 2))
            if fit and together.wish_for(pool, group) and _called_for(pool, group):
                yield from _value(pool, group)


def _called_for(pool: Pool, group: tuple[int, ...]) -> bool:
    """Four are a group only for the sake of somebody who wants no pair; three also if odd."""
    wanted = any(pool.people[one].group == "group" for one in group)
    return wanted or len(group) < 4  # noqa: PLR2004


def _value(pool: Pool, group: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], float]]:
    found = together.scored(pool, group)
    if found is not None:
        weakest = min(together.benefits(group, found))
        wanted = len(group) == 2 or any(pool.people[one].group == "group" for one in group)  # noqa: PLR2004
        yield group, len(group) * weakest * (1 if wanted else ODD)
