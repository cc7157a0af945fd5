"""Why people fit: the very numbers they were matched by, with the topics they stand for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from bot.matching import together
from bot.matching.people import Match, Person, Reason
from bot.matching.pool import Pool, open_wishes
from bot.matching.score import Scored, picked, score

COVERED = 0.35
"""From here on somebody would really learn what they seek; less than that is no reason to name."""
DIGITS = 4
RHYTHM = frozenset({"weekly", "biweekly"})


def explained(pool: Pool, groups: Sequence[Sequence[int]]) -> list[Match]:
    """Matches with their scores, parts and reasons, the weightiest first.

    Raises AssertionError if a hard rule keeps two of a group apart.
    """
    if not groups:
        return []
    _, left, right = together.couples_of(groups)
    found = score(pool, left, right)
    assert len(found.left) == len(left), "those who must not meet don't"
    sizes = np.array([len(group) * (len(group) - 1) // 2 for group in groups])
    starts = np.cumsum(sizes) - sizes
    means = {
        name: np.round(np.add.reduceat(part, starts, dtype=np.float64) / sizes, DIGITS).tolist()
        for name, part in found.parts.items()
    }
    spans = map(slice, starts.tolist(), (starts + sizes).tolist())
    return [
        _match(pool, group, found, span, {name: part[at] for name, part in means.items()})
        for at, (group, span) in enumerate(zip(groups, spans, strict=True))
    ]


def _match(
    pool: Pool, group: Sequence[int], found: Scored, span: slice, parts: Mapping[str, float]
) -> Match:
    pair = len(group) == len(("one", "other"))
    minutes = int(found.minutes[span.start]) if pair else together.common(pool, group)
    people = [pool.people[one] for one in group]
    gets = {person.id: _gets(pool, person, people) for person in people}
    return Match(
        members=tuple(person.id for person in people),
        score=round(_weakest(group, found, span), DIGITS),
        parts=parts,
        minutes=minutes,
        gets=gets,
        reasons=tuple(_reasons(pool, people, gets, parts, minutes)),
        gives={person.id: _gives(pool, person, people, gets) for person in people},
    )


def _weakest(group: Sequence[int], found: Scored, span: slice) -> float:
    """What the one has of it who has least; in a pair both have the same."""
    if span.stop - span.start == 1:
        return float(found.score[span.start])
    return min(together.benefits(group, picked(found, np.arange(span.start, span.stop))))


def topics_of(matches: Iterable[Match]) -> Mapping[str, tuple[str, ...]]:
    """By member, what their tandems are about for them."""
    found: dict[str, tuple[str, ...]] = {}
    for match in matches:
        for member, topics in match.gets.items():
            found[member] = (*found.get(member, ()), *topics)
    return found


def _gets(pool: Pool, person: Person, people: Sequence[Person]) -> tuple[str, ...]:
    """What somebody seeks that one of the others offers."""
    others = [other for other in people if other is not person]
    offers = [offer for other in others for offer in other.offers]
    return tuple(
        wish
        for wish in open_wishes(pool.columns, person)
        if any(pool.columns.serves(wish, offer) >= COVERED for offer in offers)
    )


def _gives(
    pool: Pool, person: Person, people: Sequence[Person], gets: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """What the others would learn that somebody offers."""
    found = (
        wish
        for other in people
        if other is not person
        for wish in gets[other.id]
        if any(pool.columns.serves(wish, offer) >= COVERED for offer in person.offers)
    )
    return tuple(dict.fromkeys(found))


def _reasons(
    pool: Pool,
    people: Sequence[Person],
    gets: Mapping[str, tuple[str, ...]],
    parts: Mapping[str, float],
    minutes: int,
) -> Iterator[Reason]:
    for person in people:
        if gets[person.id]:
            whom = tuple(_from(pool, gets[person.id], person, people))
            yield Reason("gets", {"who": person.id, "whom": whom, "topics": gets[person.id]})
    if shared := _shared(pool, people):
        yield Reason("shared", {"topics": shared})
    if parts["place"] == 1:
        yield Reason("city", {"city": people[0].city})
    if len({p.rhythm for p in people}) == 1 and people[0].rhythm in RHYTHM:
        yield Reason("rhythm", {"rhythm": people[0].rhythm})
    if any(person.hours for person in people):
        yield Reason("time", {"minutes": minutes})


def _from(
    pool: Pool, topics: Sequence[str], person: Person, people: Sequence[Person]
) -> Iterator[str]:
    """Who of the others offers any of it."""
    for other in people:
        pairs = ((wish, offer) for wish in topics for offer in other.offers)
        if other is not person and any(pool.columns.serves(*pair) >= COVERED for pair in pairs):
            yield other.id


def _shared(pool: Pool, people: Sequence[Person]) -> tuple[str, ...]:
    """What all of them are after, or know."""
    first, *others = people
    aims = _same(pool, (*first.goals, *first.seeks), [(*p.goals, *p.seeks) for p in others])
    likes = _same(
        pool, (*first.interests, *first.offers), [(*p.interests, *p.offers) for p in others]
    )
    return tuple(dict.fromkeys([*aims, *likes]))


def _same(pool: Pool, ours: Sequence[str], theirs: Sequence[Sequence[str]]) -> Iterator[str]:
    for phrase in ours:
        if all(any(pool.columns.same(phrase, one) for one in said) for said in theirs):
            yield phrase
