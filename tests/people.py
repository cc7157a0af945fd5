"""People to be matched: one to vary, and whole communities drawn from a seed."""

import random
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import strategies as st

from bot.matching.people import Hours, Person, Request

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
TOPICS = ("Excel", "Scrum", "Kochen", "Singen", "time management", "Sauerteig backen", "Klavier")
EVENINGS = (Hours(0, time(17), time(21)), Hours(1, time(17), time(21)))
ANA = Person("ana", "Ana", ("Kochen",), ("Singen",), languages=("de",), hours=EVENINGS)
BEN = replace(ANA, id="ben", name="Ben", offers=("Singen",), seeks=("Kochen",))


def request(*people: Person, **more: object) -> Request:
    return Request(NOW, tuple(people), **more)  # type: ignore[arg-type]  # fields of a Request


def community(count: int, seed: int, group: tuple[str, ...] = ("pair", "any")) -> Request:
    """People as different as they are; about a third of all pairs may meet."""
    chance = random.Random(seed)  # noqa: S311 -- nothing is kept secret by it
    people = [_drawn(chance, f"p{number:04}", group) for number in range(count)]
    blocked = [frozenset(chance.sample([p.id for p in people], 2)) for _ in range(count // 2)]
    return Request(NOW, tuple(people), exclude=frozenset(blocked), seed=seed)


def _drawn(chance: random.Random, name: str, group: tuple[str, ...]) -> Person:
    return Person(
        id=name,
        name=name.title(),
        offers=tuple(chance.sample(TOPICS, chance.randint(0, 3))),
        seeks=tuple(chance.sample(TOPICS, chance.randint(0, 3))),
        languages=tuple(chance.sample(("de", "en"), chance.randint(1, 2))),
        hours=tuple(_evening(chance) for _ in range(chance.randint(1, 3))),
        rhythm=chance.choice(("weekly", "biweekly", "any")),
        format=chance.choice(("video", "video", "in_person", "any")),
        city=chance.choice(("Köln", "Bonn", "")),
        group=chance.choice(group),
        waiting_since=NOW - timedelta(days=chance.randint(0, 40)),
    )


def _evening(chance: random.Random) -> Hours:
    start = chance.randint(16, 19)
    return Hours(chance.randint(0, 4), time(start), time(start + chance.randint(1, 3)))


hours = st.builds(
    lambda day, start, length: Hours(day, time(start), time(start + length)),
    st.integers(0, 6),
    st.integers(0, 20),
    st.integers(1, 3),
)
words = st.sampled_from(TOPICS) | st.text(max_size=12)
lists = st.lists(words, max_size=4).map(tuple)
persons = st.builds(
    Person,
    id=st.just(""),
    offers=lists,
    seeks=lists,
    goals=lists,
    interests=lists,
    languages=st.sampled_from([(), ("de",), ("en",), ("de", "en")]),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
    hours=st.lists(hours, max_size=3).map(tuple),
    rhythm=st.sampled_from(["weekly", "biweekly", "any"]),
    format=st.sampled_from(["video", "in_person", "any"]),
    city=st.sampled_from(["", "Köln", "Bonn"]),
    minutes=st.sampled_from([30, 60, 90]),
    capacity=st.sampled_from([1, 1, 2, 3]),
    group=st.sampled_from(["pair", "group", "any"]),
    waiting_since=st.none() | st.integers(0, 90).map(lambda days: NOW - timedelta(days=days)),
)


@st.composite
def requests(draw: st.DrawFn, most: int = 9) -> Request:
    found = draw(st.lists(persons, max_size=most))
    people = [replace(person, id=f"p{number}") for number, person in enumerate(found)]
    ids = [person.id for person in people] or ["p0"]
    couples = st.frozensets(st.sampled_from(ids), min_size=2, max_size=2)
    several = st.frozensets(couples, max_size=4) if len(ids) > 1 else st.just(frozenset())
    return Request(NOW, tuple(people), draw(several), draw(several), draw(st.integers(0, 99)))
