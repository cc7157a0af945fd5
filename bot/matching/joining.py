"""Groups to begin with: good pairs, then pairs of pairs, then threes of who is left."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from bot.matching.company import Company, Group, Ints, worth

FULL = 4
TRIED = 50
"""Best companions looked at for everybody who is left."""


def begin(company: Company, ranks: Ints) -> list[Group]:
    """Groups that break no rule; far from the best, but everybody is looked at once."""
    pairs = _pairs(company, ranks)
    groups = _joined(company, pairs)
    return [tuple(sorted(group)) for group in _threes(company, groups, ranks)]


def _pairs(company: Company, ranks: Ints) -> list[Group]:
    """Two by two, those who fit best first; of equal ones who is drawn first."""
    one, other = np.nonzero(np.triu(company.fits, 1))
    order = np.lexsort((ranks[other], ranks[one], -company.scores[one, other]))
    return _disjoint(zip(one[order].tolist(), other[order].tolist(), strict=True))


def _joined(company: Company, pairs: Sequence[Group]) -> list[Group]:
    """Two pairs each as one group, the most valuable first, where the rules let them."""
    if len(pairs) <= 1:
        return []
    ends = np.array(pairs)
    fine = np.triu(np.ones((len(pairs), len(pairs)), np.bool_), 1)
    for mine in range(2):
        for theirs in range(2):
            fine &= company.fits[np.ix_(ends[:, mine], ends[:, theirs])]
    one, other = np.nonzero(fine)
    fours = np.hstack([ends[one], ends[other]])
    order = np.argsort(-worth(company, fours), kind="stable")
    return _disjoint(
        group for group in map(tuple, fours[order].tolist()) if company.may_meet(group)
    )


def _threes(company: Company, groups: Sequence[Group], ranks: Ints) -> list[Group]:
    """Of those without a group, threes as they come, then each as a fourth of a three."""
    taken = {person for group in groups for person in group}
    alone = [int(one) for one in np.argsort(ranks) if int(one) not in taken]
    result = list(groups)
    free = set(alone)
    for person in alone:
        found = next(_companions(company, person, free), None) if person in free else None
        if found:
            free.difference_update(found)
            result.append(found)
    return result


def _companions(company: Company, person: int, free: set[int]) -> Iterator[Group]:
    """Threes around somebody, with those they fit best with first."""
    near = [other for other in free if company.fits[person, other]]
    near.sort(key=lambda other: (-company.scores[person, other], other))
    for at, one in enumerate(near[:TRIED]):
        for other in near[:at]:
            if company.fits[one, other] and company.may_meet((person, one, other)):
                yield person, other, one


def _disjoint(groups: Iterable[Group]) -> list[Group]:
    """Those that come first, without whoever has a place already."""
    taken: set[int] = set()
    result = []
    for group in groups:
        if taken.isdisjoint(group):
            taken.update(group)
            result.append(group)
    return result
