"""The best choice of sets of which no two share anybody, exactly, by HiGHS through scipy.

The relaxed question, in which parts of sets may be chosen, is answered within milliseconds. It
bounds what a choice can be worth, and by how much each set lowers that. A set that lowers it below
a choice already known cannot be in a better one, which is true of nearly all: only the others go
to the search for whole sets.

How many have a place and what it is worth are questions of their own, instead of one with a big
weight. So no value is lost in the rounding of a large number, and none takes a place from anybody.
"""

from collections.abc import Sequence

import numpy as np

from bot.matching.highs import Floats, Ints, Set, Sets, given, relaxed, searched

NODES = 10_000
"""Branches of one search. Hardly any search needs ten; what is counted are never seconds."""
EXACT = 1e-6
"""What the solver takes as equal, the largest value being 1."""
FIRST = 100
"""Sets searched at first, and how many times as many while a better choice may have others."""
WIDER = 4


def best_sets(sets: Sequence[Set], values: Sequence[float], nodes: int = NODES) -> list[int]:
    """Indices of disjoint sets: most people, and of all such choices the largest sum of values.

    ``nodes`` cut a search off: the answer is then the best choice known. The same question has
    the same answer on every machine.
    """
    if not sets:
        return []
    of = given(sets, values)
    greedy = _greedy(sets, of.worth)
    best = _whole(of, of.worth, of.people, greedy, nodes)
    if best is None:
        most = _whole(of, of.sizes, 0, greedy, nodes)
        assert most is not None, "with no place demanded there is always an answer"
        best = _whole(of, of.worth, of.placed(most), most, nodes)
    assert best is not None, "what is known places as many as are demanded"
    return [int(index) for index in best]


def hopeful(sets: Sequence[Set], values: Sequence[float], known: Sequence[int]) -> list[int]:
    """Indices of the sets that a better choice than the one known could have, and of the known.

    Spares whoever has to check sets one by one most of that. All of them where somebody has no
    place in the known choice: one who gets one could be worth any change.
    """
    everything = list(range(len(sets)))
    if not known:
        return everything
    of, best = given(sets, values), np.array(known, np.int64)
    if of.placed(best) < of.people:
        return everything
    bound, lowered = relaxed(of, of.worth, of.people)
    if not len(lowered):
        return everything
    could = np.flatnonzero(lowered < bound - float(of.worth[best].sum()) + EXACT)
    return [int(index) for index in np.union1d(could, best)]


def _greedy(sets: Sequence[Set], worth: Floats) -> Ints:
    """A choice that is there at once: set after set, those worth most to each member first."""
    taken: set[int] = set()
    chosen = []
    each = [value / max(len(one), 1) for one, value in zip(sets, worth, strict=True)]
    for index in sorted(range(len(sets)), key=lambda at: (-each[at], at)):
        if taken.isdisjoint(sets[index]):
            taken.update(sets[index])
            chosen.append(index)
    return np.array(sorted(chosen), np.int64)


def _whole(of: Sets, gains: Floats, most: int, known: Ints, nodes: int) -> Ints | None:
    """The choice with the largest gain that places ``most`` people, if there is any.

    Searched among the sets that lower the bound least, and those of a choice known. Had a better
    choice one of the others, it would be below the bound by what that one lowers it; if that may
    be, more are searched.
    """
    bound, lowered = relaxed(of, gains, most)
    if gains is of.sizes:
        bound = float(np.floor(bound + EXACT))  # nobody is placed in part
    best = known if of.placed(known) >= most else None
    # Of equals any that come first would be about the same people.
    order = np.lexsort((np.random.default_rng(0).permutation(len(lowered)), lowered))
    count = 0
    while count < len(order):
        short = np.inf if best is None else bound - float(gains[best].sum())
        needed = int(np.count_nonzero(lowered < short - EXACT))
        if needed <= count:
            break
        count = min(needed, WIDER * count or FIRST)
        kept = np.union1d(order[:count], [] if best is None else best).astype(np.int64)
        best = _better(gains, best, searched(of, gains, most, kept, nodes))
    return best


def _better(gains: Floats, known: Ints | None, found: Ints | None) -> Ints | None:
    """What is found is worse than what is known only if it was cut off."""
    if known is None or found is None:
        return known if found is None else found
    return found if gains[found].sum() > gains[known].sum() else known
