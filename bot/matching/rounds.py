"""A round: everybody who looks for somebody, matched as a whole.

Everybody gets one tandem before anybody gets a second one; a second has another topic.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bot.matching import groups, odd, small, together
from bot.matching.candidates import candidates
from bot.matching.explaining import explained, topics_of
from bot.matching.meaning import meaning
from bot.matching.pairing import liked, pairs
from bot.matching.people import Match, Outcome, Request
from bot.matching.pool import Pool, Understand, compiled, served
from bot.matching.score import Scored, picked, score
from bot.matching.why import left_out

Ints = NDArray[np.int64]
Group = tuple[int, ...]

MOST = 3
"""Tandems somebody may be in at once."""
Progress = Callable[[int, int], None]


def run(
    request: Request, progress: Progress | None = None, understand: Understand = meaning
) -> Outcome:
    """Who is to meet whom. The same request has the same outcome, whatever its order.

    ``understand`` tells what phrases mean.

    Raises AssertionError rather than let a hard rule be broken.
    """
    said = progress or (lambda _done, _all: None)
    said(0, MOST + 2)
    pool = compiled(request, understand)
    said(1, MOST + 2)
    matches: list[Match] = []
    for turn in range(MOST):
        made = _turn(pool, matches, request.seed)
        matches += made
        pool = _fulfilled(pool, made)
        said(turn + 2, MOST + 2)
    _checked(pool, matches)
    left = left_out(pool, matches, request.now)
    said(MOST + 2, MOST + 2)
    return Outcome(tuple(matches), tuple(left), _stats(pool, matches))


def computed(request: Request, *, semantic: bool, progress: Progress | None = None) -> Outcome:
    """`run`, with the language model's help if wanted. Raises OperatorError where it is missing."""
    if not semantic:
        return run(request, progress)
    from bot.matching.encoder import understanding  # noqa: PLC0415 -- an extra, and slow to load

    return run(request, progress, understanding())


def _turn(pool: Pool, before: Sequence[Match], seed: int) -> list[Match]:
    """Everybody with room for one more, once."""
    rows = _with_room(pool, before)
    found = candidates(pool, rows, seed)
    if before:
        found = _new(pool, found, before)
        made: Iterable[Group] = pairs(pool, _for_two(pool, found), seed)
    elif len(rows) <= small.MOST:
        made = small.best_groups(pool, rows.tolist(), [*liked(pool, found)])
    else:
        made = _first(pool, rows, found, seed)
    return explained(pool, sorted(tuple(sorted(group)) for group in made))


def _first(pool: Pool, rows: Ints, found: Scored, seed: int) -> list[Group]:
    """Groups for who wants no pair, pairs for the others, and thirds where somebody is left."""
    wish = np.array([pool.people[row].group == "group" for row in range(len(pool))])
    crowd = rows[wish[rows]]
    made = [*_groups(pool, crowd, seed), *pairs(pool, _for_two(pool, found), seed)]
    placed = {one for group in made for one in group}
    left = [row for row in rows.tolist() if row not in placed]
    left.sort(key=lambda row: (-float(pool.waited[row]), row))
    return odd.joined(pool, made, left, liked(pool, found))


def _groups(pool: Pool, crowd: Ints, seed: int) -> list[Group]:
    """Groups of three and four."""
    left, right = np.triu_indices(len(crowd), 1)
    found = score(pool, crowd[left], crowd[right])
    at = np.full(len(pool), -1)
    at[crowd] = np.arange(len(crowd))
    scores = np.zeros((len(crowd), len(crowd)), np.float32)
    scores[at[found.left], at[found.right]] = scores[at[found.right], at[found.left]] = found.score
    fits = np.zeros(scores.shape, bool)
    fits[at[found.left], at[found.right]] = fits[at[found.right], at[found.left]] = True

    def all_together(group: Sequence[int]) -> bool:
        return together.common(pool, crowd[list(group)].tolist()) > 0

    made = groups.form(scores, fits, all_together, seed)
    return [tuple(crowd[list(group)].tolist()) for group in made]


def _for_two(pool: Pool, found: Scored) -> Scored:
    """Those who both would be a pair."""
    fine = np.array([person.group != "group" for person in pool.people], bool)
    return picked(found, np.flatnonzero(fine[found.left] & fine[found.right]))


def _new(pool: Pool, found: Scored, before: Sequence[Match]) -> Scored:
    """Those who are no tandem yet, with something to learn that is not served yet."""
    at = {person.id: row for row, person in enumerate(pool.people)}
    rows = [sorted(at[one] for one in match.members) for match in before]
    known = [pair[0] * len(pool) + pair[1] for row in rows for pair in combinations(row, 2)]
    fresh = ~np.isin(pool.keys(found.left, found.right), np.array(known, np.int64))
    return picked(found, np.flatnonzero(fresh & (found.parts["either"] > 0)))


def _with_room(pool: Pool, before: Sequence[Match]) -> Ints:
    """Who may have one tandem more. Who got none in the first turn gets none in the next."""
    taken = {person.id: 0 for person in pool.people}
    for match in before:
        for member in match.members:
            taken[member] += 1
    some = [row for row, person in enumerate(pool.people) if taken[person.id] < person.capacity]
    return np.array(some, np.int64)


def _fulfilled(pool: Pool, made: Sequence[Match]) -> Pool:
    """The pool, of whose wishes those are served that the new tandems are about."""
    if not made or max(person.capacity for person in pool.people) == 1:
        return pool
    topics = topics_of(made)
    return served(pool, [topics.get(person.id, ()) for person in pool.people])


def _checked(pool: Pool, matches: Sequence[Match]) -> None:
    """Every hard rule once more, on what comes out."""
    at = {person.id: row for row, person in enumerate(pool.people)}
    made = [tuple(at[one] for one in match.members) for match in matches]
    assert all(together.wish_for(pool, group) for group in made), "who wants a pair has a pair"
    _, left, right = together.couples_of(made)
    keys = pool.keys(left, right)
    assert len(np.unique(keys)) == len(keys), "nobody is matched with the same one twice"
    assert len(score(pool, left, right).left) == len(left), "those who must not meet don't"
    assert all(together.common(pool, group) for group in made if len(group) > 2)  # noqa: PLR2004
    load = np.bincount([one for group in made for one in group], minlength=len(pool))
    assert all(load <= [person.capacity for person in pool.people]), "nobody has more than wished"


def _stats(pool: Pool, matches: Sequence[Match]) -> dict[str, float]:
    placed = {member for match in matches for member in match.members}
    scores = [match.score for match in matches]
    return {
        "people": len(pool),
        "placed": len(placed),
        "tandems": len(matches),
        "score": round(float(np.mean(scores)), 4) if scores else 0.0,
    }
