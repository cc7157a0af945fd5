"""Why somebody is left, and what would help: counted on the people who are really there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time

import numpy as np
from numpy.typing import NDArray

from bot.matching.people import Hours, Left, Match
from bot.matching.pool import VIDEO, Pool
from bot.matching.score import banned, medium
from bot.matching.together import GROUPS, PAIRS
from bot.matching.week import beginnings, free, minutes, packed

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LOOKED_AT = 4_000
"""Of a larger crowd so many are counted, so what is said would help is rather too little."""
MORE = {
    "evening": [[Hours(day, time(17), time(21))] for day in range(5)],
    "weekend": [[Hours(day, time(10), time(18)) for day in (5, 6)]],
    "morning": [[Hours(day, time(8), time(12))] for day in range(5)],
}
"""What more time could be: each of these alone, the best of them counts."""


def left_out(pool: Pool, matches: Sequence[Match], now: datetime) -> Iterator[Left]:
    """Everybody who is in no tandem, with the reason and the nearest way out."""
    placed = {member for match in matches for member in match.members}
    for row, person in enumerate(pool.people):
        if person.id not in placed:
            yield _left(pool, row, now)


def _left(pool: Pool, row: int, now: datetime) -> Left:
    person = pool.people[row]
    if person.capacity < 1:
        return Left(person.id, "full")
    others = _others(pool, row)
    if not len(others):
        return Left(person.id, "alone")
    rules = _rules(pool, row, others)
    if np.logical_and.reduce(list(rules.values())).any():
        return Left(person.id, "taken")
    return _nearest(pool, row, others, rules, now)


def _others(pool: Pool, row: int) -> Ints:
    """All the others; of very many, every so-manieth."""
    step = -(-len(pool) // LOOKED_AT)
    found: Ints = np.arange(row % step, len(pool), step)
    others: Ints = found[found != row]
    return others


def _rules(pool: Pool, row: int, others: Ints) -> dict[str, Flags]:
    """By what could be in the way: with whom it is not."""
    one = np.full(len(others), row)
    place = "city" if not pool.formats[row] & VIDEO and pool.people[row].city else "format"
    return {
        "excluded": ~banned(pool, one, others),
        "language": (pool.languages[one] & pool.languages[others]) != 0,
        place: medium(pool, one, others),
        "group": np.array([_company(pool, row, other) for other in others.tolist()], bool),
        "time": _time(pool, row, others, ()) > 0,
    }


def _company(pool: Pool, row: int, other: int) -> bool:
    wishes = {pool.people[row].group, pool.people[other].group}
    return wishes <= PAIRS or wishes <= GROUPS


def _time(
    pool: Pool, row: int, others: Ints, more: Sequence[Hours], now: datetime | None = None
) -> NDArray[np.int32]:
    """Common minutes with each, with more time than somebody has."""
    mine = pool.free[row]
    if more and now is not None:
        mine = mine | packed([free(more, pool.people[row].zone, now)])[0]
    length = min(int(pool.slots[row]), int(pool.slots[others].min()))
    return minutes(pool.begins[length][others] & beginnings(mine[None], length), length)


def _nearest(pool: Pool, row: int, others: Ints, rules: Mapping[str, Flags], now: datetime) -> Left:
    """The rule that alone keeps most away, and what would bring them."""
    ways = list(_ways(pool, row, others, rules, now))
    near, why, help_ = max(ways, key=lambda way: way[0], default=(0, "", ""))
    if near:
        return Left(pool.people[row].id, why, help_, near)
    return Left(pool.people[row].id, _decisive(rules))


def _ways(
    pool: Pool, row: int, others: Ints, rules: Mapping[str, Flags], now: datetime
) -> Iterator[tuple[int, str, str]]:
    """How many would fit, were one thing different; which rule that is, and what is different."""
    for help_, choices in MORE.items():
        for more in choices:
            yield _count(rules, "time", _time(pool, row, others, more, now) > 0), "time", help_
    for place in {"city", "format"} & set(rules):
        yield _count(rules, place, (pool.formats[others] & VIDEO) != 0), place, "video"
    everybody = np.ones(len(others), bool)
    yield _count(rules, "language", everybody), "language", "language"
    yield _count(rules, "group", everybody), "group", "company"


def _count(rules: Mapping[str, Flags], changed: str, flags: Flags) -> int:
    kept = [flags if name == changed else rule for name, rule in rules.items()]
    return int(np.logical_and.reduce(kept).sum())


def _decisive(rules: Mapping[str, Flags]) -> str:
    """The first rule after which nobody is left."""
    left = np.ones(len(next(iter(rules.values()))), bool)
    for name, rule in rules.items():
        left = left & rule
        if not left.any():
            return name
    raise ValueError("somebody is left after all")
