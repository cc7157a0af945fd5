"""Nearly the best whole, in a time that can be foretold, and how good any whole could be at most.

Everybody is taken twice, as one who asks and as one who is asked. Pairing the two sides has an
exact and steady method; its optimum, halved, is the bound of the linear programme, and consists of
pairs, which are taken over, and of circles, which are cut where that costs least.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Ints = NDArray[np.int64]


def bound(count: int, left: Ints, right: Ints, weights: Ints) -> float:
    """No set of pairs has a larger sum than this."""
    partner, worth = _doubled(count, left, right, weights)
    return float(sum(worth.get((one, int(other)), 0) for one, other in enumerate(partner))) / 2


def cover(count: int, left: Ints, right: Ints, weights: Ints) -> Ints:
    """Indices of pairs whose sum is within a few tenths of a percent of the largest."""
    partner, worth = _doubled(count, left, right, weights)
    index = {(int(a), int(b)): at for at, (a, b) in enumerate(zip(left, right, strict=True))}
    chosen = [pair for circle in _circles(partner) for pair in _cut(circle, worth)]
    free = np.ones(count, bool)
    free[np.array(chosen, np.int64).ravel()] = False
    chosen += _greedy(free, left, right, weights)
    found = [index[a, b] if (a, b) in index else index[b, a] for a, b in chosen]
    return np.sort(np.array(found, np.int64))


def _doubled(
    count: int, left: Ints, right: Ints, weights: Ints
) -> tuple[Ints, dict[tuple[int, int], int]]:
    """Each one's partner on the other side, themselves if nobody; and what each pair is worth."""
    people = np.arange(count)
    rows = np.concatenate([left, right, people])
    columns = np.concatenate([right, left, people])
    # Alone is worth least, but not nothing: a zero would be no edge at all.
    values = np.concatenate([weights, weights, np.zeros(count, np.int64)]) + 1
    graph = csr_matrix((values.astype(np.float64), (rows, columns)), shape=(count, count))
    _, partner = min_weight_full_bipartite_matching(graph, maximize=True)
    both = zip(rows.tolist(), columns.tolist(), (values - 1).tolist(), strict=True)
    return partner.astype(np.int64), {(a, b): w for a, b, w in both if a != b}


def _circles(partner: Ints) -> Iterator[list[int]]:
    """Who follows whom until the first comes again; a pair is a circle of two."""
    seen: set[int] = set()
    following = partner.tolist()
    for first in range(len(following)):
        circle, at = [], first
        while at not in seen:
            seen.add(at)
            circle.append(at)
            at = following[at]
        if len(circle) > 1:
            yield circle


def _cut(circle: Sequence[int], worth: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    """The best pairs of neighbours along a circle."""
    if len(circle) == len(("one", "other")):
        return [(circle[0], circle[1])]
    openings = range(len(circle) if len(circle) % 2 else 2)
    turned = [[*circle[at:], *circle[:at]] for at in openings]
    paired = [list(zip(order[::2], order[1::2], strict=False)) for order in turned]
    return max(paired, key=lambda pairs: sum(worth[pair] for pair in pairs))


def _greedy(
    free: NDArray[np.bool_], left: Ints, right: Ints, weights: Ints
) -> list[tuple[int, int]]:
    """Pairs among those still free, the heaviest first."""
    open_pairs = np.flatnonzero(free[left] & free[right])
    found = []
    for at in open_pairs[np.argsort(-weights[open_pairs], kind="stable")].tolist():
        one, other = int(left[at]), int(right[at])
        if free[one] and free[other]:
            free[[one, other]] = False
            found.append((one, other))
    return found
