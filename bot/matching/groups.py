"""Groups of three or four: as many people as can be, and the weakest member has much of it.

Where all groups there can be are few enough, the best choice of them is found exactly. Else there
are groups to begin with, and then, again and again, some groups near each other are dissolved and
their people grouped anew, exactly. What is counted are steps, never seconds: the groups are the
same on every machine.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.matching.company import Company, Floats, Group, Ints, Rule, cliques, total, worth
from bot.matching.exactly import best_sets, hopeful
from bot.matching.joining import begin

WIDE = 40_000
"""Groups looked at as a whole: all of 31 people, or of twice as many with hard rules."""
STEP = 4000
"""Groups looked at in one step."""
STEPS = 600
"""Taken at most; ``FEW`` or one for every two people are enough."""
FEW = 100
ROUNDS = 12
"""Times everybody's surroundings are looked at."""
BLUR = 0.7
LEAST = 1e-9
"""What is less is no improvement but rounding."""


def form(
    scores: NDArray[np.float32], fits: NDArray[np.bool_], together: Rule, seed: int
) -> list[Group]:
    """Disjoint groups of people 0 to n, sorted; who is in none is left over.

    First as many people as possible, then the largest sum of size × the benefit of the weakest
    member. In each group all pairs fit, and ``together`` holds.
    """
    company = Company(scores, fits, together)
    found = cliques(company, np.arange(len(scores)), WIDE)
    if found is not None:
        return sorted(_best(company, found))
    random = np.random.default_rng(seed)
    groups = begin(company, random.permutation(len(scores)))
    return sorted(_improved(company, groups, random))


def _best(company: Company, found: tuple[Ints, Ints], now: Sequence[Group] = ()) -> list[Group]:
    """The best choice among groups in which all pairs fit, no worse than what is ``now``.

    Which of them the slow rule lets is asked only of those that could make it better.
    """
    sets: list[Group] = [tuple(group) for rows in found for group in rows.tolist()]
    values = [value for rows in found for value in worth(company, rows).tolist()]
    hoped = hopeful(sets, values, [sets.index(group) for group in now])
    kept = [at for at in hoped if company.may_meet(sets[at])]
    chosen = best_sets([sets[at] for at in kept], [values[at] for at in kept])
    return [sets[kept[at]] for at in chosen]


def _improved(
    company: Company, groups: Sequence[Group], random: np.random.Generator
) -> list[Group]:
    """Step by step, around every group and everybody left, in an order drawn anew each round."""
    placed = {person for group in groups for person in group}
    alone = [(one,) for one in range(len(company.scores)) if one not in placed]
    units: set[Group] = {*groups, *alone}
    tried: set[frozenset[Group]] = set()
    steps = min(STEPS, max(FEW, len(company.scores) // 2))
    for _ in range(ROUNDS):
        order = sorted(units)
        for at in random.permutation(len(order)):
            if len(tried) < steps and order[at] in units:
                near = _near(company, order[at], sorted(units), random)
                if near not in tried:
                    tried.add(near)
                    units = (units - near) | _anew(company, near)
    return [unit for unit in units if len(unit) > 1]


def _anew(company: Company, units: frozenset[Group]) -> frozenset[Group]:
    """The people of these groups in other groups, if that is better."""
    people = sorted(person for unit in units for person in unit)
    found = cliques(company, np.array(people), STEP)
    old = sorted(unit for unit in units if len(unit) > 1)
    new = old if found is None else _best(company, found, old)
    more = sum(map(len, new)) - sum(map(len, old))
    if more < 0 or (not more and total(company, new) <= total(company, old) + LEAST):
        return units
    placed = {person for group in new for person in group}
    return frozenset(new) | {(person,) for person in people if person not in placed}


def _near(
    company: Company, unit: Group, units: Sequence[Group], random: np.random.Generator
) -> frozenset[Group]:
    """The unit and those whose people go best with its own, as many as a step takes.

    After them, those who go with these: somebody left over may need a whole chain of changes. How
    well they go is blurred by chance, so that another round finds another company.
    """
    of = _where(units)
    blur = random.uniform(BLUR, 1, len(units)) / np.bincount(of)
    near, people, start = [unit], list(unit), list(unit)
    pull = blur * _pull(company, start, of)
    while len(near) < len(units):
        pull[of[people]] = 0
        if pull.max() <= 0 and len(start) < len(people):
            start = list(people)
            pull = blur * _pull(company, start, of)
            continue
        at = int(pull.argmax())
        people += units[at]
        if pull[at] <= 0 or cliques(company, np.array(sorted(people)), STEP) is None:
            break
        near.append(units[at])
    return frozenset(near)


def _pull(company: Company, people: Sequence[int], of: Ints) -> Floats:
    """For each unit the sum of the scores of those pairs with these people that fit."""
    liking = np.zeros(len(of))
    for person in people:
        liking += np.where(company.fits[person], company.scores[person], 0)
    return np.bincount(of, weights=liking).astype(np.float64)


def _where(units: Sequence[Group]) -> Ints:
    """For each person the index of their unit."""
    of = np.empty(sum(map(len, units)), np.int64)
    for at, unit in enumerate(units):
        of[list(unit)] = at
    return of
