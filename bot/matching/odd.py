"""A place for who is left when all pairs are made: as a third, where all three would have that."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.matching import together
from bot.matching.pool import Pool

TRIED = 400
"""Groups compared for one person at most."""


@dataclass(frozen=True, slots=True)
class Change:
    """Groups that stop being, and those that take their place: nobody is in the first only."""

    gone: tuple[tuple[int, ...], ...]
    new: tuple[tuple[int, ...], ...]
    worth: float
    """What the weakest member has of the new ones."""


def joined(
    pool: Pool,
    groups: Sequence[tuple[int, ...]],
    left_over: Iterable[int],
    liked: Sequence[Sequence[int]],
) -> list[tuple[int, ...]]:
    """The groups with as many of those left over as fit in; all others keep a place."""
    now = set(groups)
    for person in left_over:
        changes = list(_limited(_changes(pool, now, person, liked)))
        if changes:
            best = max(changes, key=lambda change: (change.worth, change.new))
            now = (now - set(best.gone)) | set(best.new)
    return sorted(now)


def _limited(changes: Iterator[Change | None]) -> Iterator[Change]:
    for _, change in zip(range(TRIED), changes, strict=False):
        if change is not None:
            yield change


def _changes(
    pool: Pool, groups: set[tuple[int, ...]], person: int, liked: Sequence[Sequence[int]]
) -> Iterator[Change | None]:
    """First somebody joins a pair; else they take one of a pair, whose partner joins another."""
    of = {member: group for group in groups for member in group}
    near = [other for other in liked[person] if len(of.get(other, ())) in {2, 3}]
    direct = [_change(pool, (of[other],), ((*of[other], person),)) for other in near]
    yield from direct
    if not any(direct):
        for other in near:
            if len(of[other]) == len(("one", "other")):
                yield from _swaps(pool, of, person, other, liked)


def _swaps(
    pool: Pool,
    of: dict[int, tuple[int, ...]],
    person: int,
    other: int,
    liked: Sequence[Sequence[int]],
) -> Iterator[Change | None]:
    [alone] = (one for one in of[other] if one != other)
    for host in liked[alone]:
        theirs = of.get(host)
        if theirs and theirs != of[other]:
            yield _change(pool, (of[other], theirs), ((person, other), (*theirs, alone)))


def _change(
    pool: Pool, gone: tuple[tuple[int, ...], ...], new: tuple[tuple[int, ...], ...]
) -> Change | None:
    """None if a rule or a wish is against it."""
    worth = []
    for group in new:
        fine = len(group) <= 4 and together.wish_for(pool, group)  # noqa: PLR2004 -- more is no group
        found = together.scored(pool, group) if fine else None
        if found is None:
            return None
        worth += together.benefits(group, found)
    return Change(gone, tuple(tuple(sorted(group)) for group in new), min(worth))
