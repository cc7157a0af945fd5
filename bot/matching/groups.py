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
from bot.matching.exactly import best_sets
from bot.matching.joining import begin

WIDE = 20_000
"""Groups that are still looked at as a whole: all of 25 people, of more if not all fit."""
STEP = 1500
"""Groups looked at in one step."""
STEPS = 600
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


def _best(company: Company, found: tuple[Ints, Ints]) -> list[Group]:
    """The best choice among groups in which all pairs fit."""
    sets: list[Group] = []
    values: list[float] = []
    for rows in found:
        each = worth(company, rows).tolist()
        for group, value in zip(map(tuple, rows.tolist()), each, strict=True):
            if company.may_meet(group):
                sets.append(group)
                values.append(value)
    return [sets[at] for at in best_sets(sets, values)]


def _improved(
    company: Company, groups: Sequence[Group], random: np.random.Generator
) -> list[Group]:
    """Step by step, around every group and everybody left, in an order drawn anew each round."""
    placed = {person for group in groups for person in group}
    alone = [(one,) for one in range(len(company.scores)) if one not in placed]
    units: set[Group] = {*groups, *alone}
    tried: set[frozenset[Group]] = set()
    for _ in range(ROUNDS):
        order = sorted(units)
        for at in random.permutation(len(order)):
            if len(tried) < STEPS and order[at] in units:
                near = _near(company, order[at], sorted(units), random)
                if near not in tried:
                    tried.add(near)
                    units = (units - near) | _anew(company, near)
    return [unit for unit in units if len(unit) > 1]


def _anew(company: Company, units: frozenset[Group]) -> frozenset[Group]:
    """The people of these groups in other groups, if that is better."""
    people = sorted(person for unit in units for person in unit)
    found = cliques(company, np.array(people), STEP)
    new = [] if found is None else _best(company, found)
    old = [unit for unit in units if len(unit) > 1]
    more = sum(map(len, new)) - sum(map(len, old))
    if more < 0 or (not more and total(company, new) <= total(company, old) + LEAST):
        return units
    placed = {person for group in new for person in group}
    return frozenset(new) | {(person,) for person in people if person not in placed}


def _near(
    company: Company, unit: Group, units: Sequence[Group], random: np.random.Generator
) -> frozenset[Group]:
    """The unit and those whose people go best with its own, as many as a step takes.

    How well they go is blurred by chance, so that another round finds another company.
    """
    pull = _pull(company, unit, units) * random.uniform(BLUR, 1, len(units))
    near = [unit]
    for at in np.argsort(-pull, kind="stable"):
        if pull[at] <= 0:
            break
        if units[at] != unit:
            people = np.array(sorted(person for one in [*near, units[at]] for person in one))
            if cliques(company, people, STEP) is None:
                break
            near.append(units[at])
    return frozenset(near)


def _pull(company: Company, unit: Group, units: Sequence[Group]) -> Floats:
    """For each unit the mean score of those pairs with this one that fit, others being 0."""
    of = np.empty(len(company.scores), np.int64)
    for at, one in enumerate(units):
        of[list(one)] = at
    liking = np.zeros(len(of))
    for person in unit:
        liking += np.where(company.fits[person], company.scores[person], 0)
    return np.bincount(of, weights=liking) / np.bincount(of)
