"""Made-up communities of any size: topics as popular as in life, few hours, some exclusions."""

import json
import random
from datetime import UTC, datetime, time, timedelta

from bot.matching.asked import asked
from bot.matching.lexicon import lexicon
from bot.matching.people import Hours, Person, Request

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
LANGUAGES = (("de",), ("en",), ("de", "en"))
CITIES = 20
UNKNOWN = 0.1
"""How many phrases no catalogue knows."""


def community(count: int, seed: int = 1) -> Request:
    """About a fifth of all pairs may meet."""
    chance = random.Random(seed)
    topics = list(lexicon().topics.values())
    chance.shuffle(topics)
    names = [topic.names() for topic in topics]
    popular = [1 / (place + 3) ** 0.8 for place in range(len(names))]

    def said(most: int) -> tuple[str, ...]:
        found = chance.choices(names, popular, k=chance.randint(1, most))
        return tuple(dict.fromkeys(_phrase(chance, name) for name in found))

    people = tuple(_person(chance, number, said(4), said(3), said(2)) for number in range(count))
    ids = [person.id for person in people]
    apart = (frozenset(chance.sample(ids, 2)) for _ in range(2 * count))
    return Request(NOW, people, exclude=frozenset(apart), seed=seed)


def as_file(request: Request) -> bytes:
    return json.dumps(asked(request)).encode()


def _phrase(chance: random.Random, names: tuple[str, ...]) -> str:
    if chance.random() < UNKNOWN:
        return f"Thema {chance.randrange(5_000)}"
    return chance.choice(names)


def _person(
    chance: random.Random,
    number: int,
    offers: tuple[str, ...],
    seeks: tuple[str, ...],
    goals: tuple[str, ...],
) -> Person:
    waited = chance.randrange(60) if chance.random() < 0.3 else 0
    return Person(
        id=f"p{number:06}",
        name=f"Person {number}",
        offers=offers,
        seeks=seeks,
        goals=goals,
        languages=chance.choices(LANGUAGES, (45, 15, 40))[0],
        hours=tuple(_hours(chance) for _ in range(chance.randint(1, 4))),
        rhythm=chance.choice(("weekly", "biweekly", "any")),
        format=chance.choices(("video", "in_person", "any"), (60, 10, 30))[0],
        city=f"City {chance.randrange(CITIES)}",
        minutes=chance.choice((60, 60, 60, 90)),
        group=chance.choices(("pair", "any"), (60, 40))[0],
        waiting_since=NOW - timedelta(days=waited),
    )


def _hours(chance: random.Random) -> Hours:
    start = chance.choice((8, 12, 17, 17, 18, 18, 19, 20))
    day = chance.choices(range(7), (3, 5, 4, 5, 2, 2, 2))[0]
    return Hours(day, time(start), time(start + chance.randint(1, 3)))
