"""The best whole: pairs out of a graph of those who fit, so that the sum is as large as can be.

Exact by PyMatching's sparse blossom algorithm (Higgott and Gidney, arXiv:2303.15933), which pairs
up defects at the least cost. Everybody is a defect, with a way out of cost B to stay alone; a pair
of weight w costs 2B - w. With B above every weight a vertex never joins two others, since two ways
out are cheaper, so what costs least is a matching of the largest weight.
"""

import subprocess
import sys
from io import BytesIO
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.matching.cover import cover

Ints: TypeAlias = NDArray[np.int64]

AT_HAND = 50_000
"""Pairs up to which the answer comes at once. Beyond, a process of its own can be given up."""
LIMIT_S = 180.0
"""So generous that only a graph gone wrong, or a machine, ever comes near."""
LARGEST = 1 << 22
"""Weights below it stay whole numbers in there."""
EASE = 64
"""This part of the largest weight is taken off each pair at first."""
TRIFLE = 100_000
"""This part of the sum may be missing, where the last without a place would take very long."""


def best_pairs(
    count: int, left: Ints, right: Ints, weights: Ints, limit_s: float = LIMIT_S
) -> Ints:
    """Indices of the pairs chosen among ``left[i], right[i]``, with positive weights.

    The largest sum there is, of people 0 to ``count``, each once at most; of very many people a
    sum that is proven to lack a trifle at most. If that takes longer than the limit, which the
    worst graphs could, a sum that is all but the largest.
    """
    if not len(weights):
        return np.empty(0, np.int64)
    assert weights.min() > 0, "a pair that is worth nothing is none"
    assert weights.max() < LARGEST, "weights stay whole numbers"
    if len(weights) <= AT_HAND:
        return solved(count, left, right, weights)
    ease = min(int(weights.max()) // EASE, int(weights.min()) - 1)
    found = _elsewhere(count, left, right, weights - ease, limit_s)
    if found is None:
        return cover(count, left, right, weights)
    if _lacks(found, left, right, ease) * TRIFLE <= weights[found].sum():
        return found
    exact = _elsewhere(count, left, right, weights, limit_s)
    return found if exact is None else exact


def _lacks(found: Ints, left: Ints, right: Ints, ease: int) -> int:
    """By how much the largest sum could be larger, if ``found`` is the best with the ease.

    With it, another choice is worth no more; without it, it wins the ease for each pair it has
    more. Who has a place costs no time at all, but two who are left may: for them all others are
    tried out, unless to leave them costs a little less.
    """
    people = len(np.union1d(left, right))
    return ease * (people // 2 - len(found))


def _elsewhere(count: int, left: Ints, right: Ints, weights: Ints, limit_s: float) -> Ints | None:
    """What is solved in another process, or None if that takes longer than the limit."""
    data = BytesIO()
    np.savez(data, count=count, left=left, right=right, weights=weights)
    try:
        there = [sys.executable, "-m", "bot.matching.exact"]
        done = subprocess.run(  # noqa: S603 -- this very module
            there, input=data.getvalue(), capture_output=True, timeout=limit_s, check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    return np.frombuffer(done.stdout, np.int64)


def solved(count: int, left: Ints, right: Ints, weights: Ints) -> Ints:
    """The exact answer, in this process, however long it takes."""
    from pymatching import Matching  # noqa: PLC0415 -- loads much, and only a round needs it
    from scipy.sparse import csc_matrix  # noqa: PLC0415

    out = int(weights.max()) + 1
    people = np.arange(count)
    rows = np.concatenate([np.stack([left, right], axis=1).ravel(), people])
    starts = np.concatenate([np.arange(0, 2 * len(left), 2), 2 * len(left) + np.arange(count + 1)])
    shape = count, len(left) + count
    graph = csc_matrix((np.ones(len(rows), np.uint8), rows, starts), shape=shape)
    costs = np.concatenate([2 * out - weights, np.full(count, out)])
    pairs = Matching(graph, weights=costs).decode_to_edges_array(np.ones(count, np.uint8))
    return _indices(count, left, right, pairs[(pairs >= 0).all(axis=1)])


def _indices(count: int, left: Ints, right: Ints, pairs: Ints) -> Ints:
    """Where the pairs stand in the lists."""
    keys = np.minimum(left, right) * count + np.maximum(left, right)
    wanted = np.sort(pairs.min(axis=1) * count + pairs.max(axis=1))
    return np.flatnonzero(np.isin(keys, wanted))


def main() -> None:
    """Answers a question from standard input, for `best_pairs` in another process."""
    with np.load(BytesIO(sys.stdin.buffer.read())) as asked:
        given = [asked[name] for name in ("left", "right", "weights")]
        sys.stdout.buffer.write(solved(int(asked["count"]), *given).tobytes())


if __name__ == "__main__":
    main()
