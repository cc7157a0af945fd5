"""Room for who was left over: others change partners, and nobody loses their place."""

from collections.abc import Iterable, Sequence

LONGEST = 5
"""Couples that change for one person. A longer way would hardly ever be the only one."""
TRIED = 5_000
"""Steps looked at for one person; a crowd around one favourite has no way out anyway."""
NOBODY = -1


def placed_more(
    partner: Sequence[int], liked: Sequence[Sequence[int]], left_over: Iterable[int]
) -> list[int]:
    """Everybody's partner, or -1. ``liked``: by person, all who fit, the best first.

    Whoever had a partner has one afterwards. Who comes first in ``left_over`` is helped first.
    """
    found = list(partner)
    for person in left_over:
        if found[person] == NOBODY:
            way = _way(person, found, liked)
            for one, other in zip(way[::2], way[1::2], strict=True):
                found[one], found[other] = other, one
    return found


def _way(start: int, partner: Sequence[int], liked: Sequence[Sequence[int]]) -> list[int]:
    """From one who is alone to another, by turns to somebody new and to their partner; the
    shortest there is, or nothing."""
    for couples in range(LONGEST + 1):
        steps = [TRIED]
        if way := _search([start], partner, liked, couples, steps):
            return way
    return []


def _search(
    way: list[int],
    partner: Sequence[int],
    liked: Sequence[Sequence[int]],
    couples: int,
    steps: list[int],
) -> list[int]:
    for other in liked[way[-1]]:
        if other in way or steps[0] <= 0:
            continue
        steps[0] -= 1
        theirs = partner[other]
        if theirs == NOBODY:
            return [*way, other]
        if couples and theirs not in way:
            longer = _search([*way, other, theirs], partner, liked, couples - 1, steps)
            if longer:
                return longer
    return []
