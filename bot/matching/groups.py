"""Groups of three or four: as many people as can be, and the weakest member has much of it.

A small company is solved exactly. A larger one begins with pairs of pairs; then, again and again,
some groups near each other are dissolved, and their people are grouped anew, exactly. What is
counted are steps, never seconds: the groups are the same on every machine.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.matching.company import Company, Group, Ints, Rule, cliques, total, worth
from bot.matching.exactly import best_sets
from bot.matching.joining import begin

SMALL = 16
WIDE = 2380
"""Groups that 16 people can form, and that are still solved as a whole."""
STEP = 600
"""Groups compared in one step."""
LARGE = 40
ROUNDS = 12
STEPS = 2500


def form(
    scores: NDArray[np.float32], fits: NDArray[np.bool_], together: Rule, seed: int
) -> list[Group]:
    """Disjoint groups of people 0 to n, sorted; who is in none is left over.

    First as many people as possible, then the largest sum of size × the benefit of the weakest
    member. In each group all pairs fit, and ``together`` holds.
    """
    company = Company(scores, fits, together)
    everybody = np.arange(len(scores))
    if len(everybody) <= SMALL or _few(company):
        groups = _solved(company, everybody, [])
    else:
        random = np.random.default_rng(seed)
        groups = begin(company, random.permutation(len(everybody)))
        groups = _improved(company, groups, random)
    return sorted(tuple(sorted(group)) for group in groups)


def _few(company: Company) -> bool:
    if np.count_nonzero(company.fits) > WIDE:
        return False
    return sum(map(len, cliques(company, np.arange(len(company.fits))))) <= WIDE


def _solved(company: Company, people: Ints, now: Sequence[Group]) -> list[Group]:
    """The best groups of these people."""
    sets: list[Group] = []
    values: list[float] = []
    for rows in cliques(company, people):
        found = worth(company, rows)
        for group, value in zip(map(tuple, rows.tolist()), found.tolist(), strict=True):
            if company.may_meet(group):
                sets.append(group)
                values.append(value)
    return [sets[at] for at in best_sets(sets, values)]


def _improved(
    company: Company, groups: list[Group], random: np.random.Generator
) -> list[Group]:
    """Step by step, around every group and everybody left, in an order drawn anew each round."""
    count = len(company.scores)
    placed = {person for group in groups for person in group}
    units = {*groups, *((one,) for one in range(count) if one not in placed)}
    tried: set[frozenset[Group]] = set()
    steps = 0
    for _ in range(ROUNDS):
        order = sorted(units)
        for at in random.permutation(len(order)):
            if order[at] not in units:
                continue
            near = _near(company, order[at], sorted(units), random)
            if frozenset(near) in tried:
                continue
            tried.add(frozenset(near))
            steps += 1
            if steps > STEPS:
                break
            _step(company, units, near)
    return [unit for unit in units if len(unit) > 1]


def _step(company: Company, units: set[Group], near: list[Group]) -> None:
    people = np.array(sorted(person for unit in near for person in unit))
    old = [unit for unit in near if len(unit) > 1]
    new = _solved(company, people, old)
    before = sum(map(len, old)), total(company, old)
    after = sum(map(len, new)), total(company, new)
    if after[0] > before[0] or (after[0] == before[0] and after[1] > before[1] + 1e-9):
        units.difference_update(near)
        placed = {person for group in new for person in group}
        units.update(new)
        units.update((int(one),) for one in people if int(one) not in placed)


def _near(
    company: Company, unit: Group, units: Sequence[Group], random: np.random.Generator
) -> list[Group]:
    """The unit and others with whom its people could go well, as many as a step takes."""
    of = np.empty(len(company.scores), np.int64)
    for at, one in enumerate(units):
        of[list(one)] = at
    sizes = np.bincount(of)
    rows = list(unit)
    liking = (company.scores[rows] * company.fits[rows]).sum(axis=0, dtype=np.float64)
    pull = np.bincount(of, weights=liking) / sizes / len(unit)
    pull *= random.uniform(0.3, 1, len(units))
    result = [unit]
    people = list(unit)
    for at in np.argsort(-pull, kind="stable"):
        if units[at] == unit:
            continue
        if pull[at] <= 0 or len(people) + len(units[at]) > LARGE:
            break
        more = np.array(sorted([*people, *units[at]]))
        if sum(map(len, cliques(company, more))) > STEP:
            break
        result.append(units[at])
        people += units[at]
    return result
