"""Which groups of three or four there can be, and what each is worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Rule: TypeAlias = Callable[[Sequence[int]], bool]

Group: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """People of whom groups are formed: how well each two fit, and what keeps them apart."""

    scores: NDArray[np.float32]
    fits: NDArray[np.bool_]
    together: Rule
    known: dict[frozenset[int], bool] = field(default_factory=dict)
    """What ``together`` said; it is slow, and the same groups come up again and again."""

    def may_meet(self, group: Sequence[int]) -> bool:
        """Whether the rule for whole groups lets them; that all pairs fit is known before."""
        key = frozenset(group)
        if key not in self.known:
            self.known[key] = bool(self.together(sorted(key)))
        return self.known[key]


def worth(company: Company, groups: Ints) -> Floats:
    """Size × what the weakest member has of it, for groups of one size, a row each.

    Added up member by member, so that the last digit is the same on every machine.
    """
    size = groups.shape[1]
    least = np.full(len(groups), np.inf)
    for one in range(size):
        benefit = np.zeros(len(groups))
        for other in range(size):
            if other != one:
                benefit += company.scores[groups[:, one], groups[:, other]]
        least = np.minimum(least, benefit)
    value: Floats = least * (size / (size - 1))
    return value


def total(company: Company, groups: Sequence[Group]) -> float:
    """What all of the groups are worth; they may differ in size."""
    return float(sum(worth(company, np.array([group]))[0] for group in groups))


def cliques(company: Company, people: Ints, most: int) -> tuple[Ints, Ints] | None:
    """All threes and all fours of these people in which each two fit, as rows of indices.

    None as soon as there are more than ``most``: whoever asks would rather take fewer people.
    """
    later = np.triu(company.fits[np.ix_(people, people)], 1)
    pairs = np.argwhere(later)
    if len(pairs) > most:
        return None
    thirds = later[pairs[:, 0]] & later[pairs[:, 1]]
    if np.count_nonzero(thirds) > most:
        return None
    threes = _longer(pairs, thirds)
    fourths = later[threes[:, 0]] & later[threes[:, 1]] & later[threes[:, 2]]
    if len(threes) + np.count_nonzero(fourths) > most:
        return None
    return people[threes], people[_longer(threes, fourths)]


def _longer(groups: Ints, others: NDArray[np.bool_]) -> Ints:
    """Each group with each other person that its row of ``others`` allows."""
    row, person = np.nonzero(others)
    return np.column_stack([groups[row], person])
