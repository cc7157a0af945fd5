"""Groups against the best there are: ``python -m benchmarks.groups``, within three minutes.

The best are found by the plain integer programme over all groups there can be, with people and
values in one sum; ours are found as a whole, or, in the second table, in steps as of a large
community.
"""

import sys
from collections.abc import Callable, Sequence
from itertools import product
from statistics import median
from time import perf_counter
from typing import TypeAlias

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csc_array

from bot.matching import groups
from bot.matching.company import Company, Group, cliques, total, worth
from tests.communities import Community, community

Found: TypeAlias = tuple[list[Group], float]

COUNTS = (12, 20, 28, 36, 44)
SEEDS = range(4)
FREE = (2, 3)
"""Free evenings of everybody: about 35 and 60 of 100 pairs fit."""
MOST = 1_000_000
PLACE = 100.0
"""More than the values of all groups together."""


def plain(of: Company) -> list[Group]:
    """The integer programme as it is written down, without anything to make it fast."""
    found = cliques(of, np.arange(len(of.fits)), MOST)
    assert found is not None, "there are not that many"
    values = np.concatenate([worth(of, rows) for rows in found])
    sets = [tuple(group) for rows in found for group in rows.tolist()]
    kept = [at for at, group in enumerate(sets) if of.together(group)]
    sets = [sets[at] for at in kept]
    if not sets:
        return []
    members = np.concatenate(sets)
    ends = np.cumsum([0, *map(len, sets)])
    table = csc_array((np.ones(len(members)), members, ends), shape=(len(of.fits), len(sets)))
    gains = values[kept] + PLACE * np.array([len(group) for group in sets])
    answer = milp(
        -gains,
        integrality=np.ones(len(sets)),
        bounds=(0, 1),
        constraints=LinearConstraint(table, -np.inf, 1),
        options={"mip_rel_gap": 1e-9},
    )
    return [group for group, chosen in zip(sets, answer.x, strict=True) if chosen > 1 / 2]


def ours(of: Company) -> list[Group]:
    return groups.form(of.scores, of.fits, of.together, 0)


def timed(form: Callable[[Company], list[Group]], of: Community) -> Found:
    start = perf_counter()
    formed = form(Company(of.scores, of.fits, of.together))
    return formed, perf_counter() - start


def placed(found: Sequence[Found]) -> int:
    return sum(len(group) for formed, _ in found for group in formed)


def line(count: int, of: Sequence[Community], exact: Sequence[Found]) -> str:
    found = [timed(ours, one) for one in of]
    ratios = [
        total(Company(one.scores, one.fits, one.together), mine)
        / (total(Company(one.scores, one.fits, one.together), best) or 1)
        for one, (mine, _), (best, _) in zip(of, found, exact, strict=True)
    ]
    seconds = [median(second for _, second in times) for times in (exact, found)]
    fit = np.mean([one.fits.mean() * count / (count - 1) for one in of])
    return (
        f"{count:3} | {fit:4.0%} | {seconds[0]:11.2f} | {seconds[1]:6.2f} | {median(ratios):12.4f}"
        f" | {min(ratios):11.4f} | {placed(found)}/{placed(exact)}"
    )


def main() -> None:
    title = "  n | fit  | exact ILP s | ours s | ratio median | ratio worst | placed ours/exact"
    of, exact = {}, {}
    for count, free in product(COUNTS, FREE):
        of[count, free] = [community(count, seed, free) for seed in SEEDS]
        exact[count, free] = [timed(plain, one) for one in of[count, free]]
    for name, wide in (("As a whole", groups.WIDE), ("In steps", 0)):
        groups.WIDE = wide
        lines = [line(count, of[count, free], exact[count, free]) for count, free in of]
        sys.stdout.write("\n".join([name, title, *lines, ""]) + "\n")


if __name__ == "__main__":
    main()
