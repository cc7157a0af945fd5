"""What a phrase means: columns it asks for, and columns it covers when somebody offers it."""

from dataclasses import dataclass
from functools import lru_cache

from bot.matching.lexicon import lexicon
from bot.matching.topics import key, recognise

NEAR = 0.5
"""How much of a topic its neighbour covers."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """``own`` is the topic's id, or the folded phrase; ``topics``: what it means, how surely."""

    own: str
    topics: tuple[tuple[str, float], ...]


@lru_cache(maxsize=200_000)
def meaning(phrase: str) -> Meaning:
    topic = recognise(phrase)
    return Meaning(topic.id, ((topic.id, 1.0),)) if topic else Meaning(key(phrase), ())


def offered(meant: Meaning) -> dict[str, float]:
    """What an offer covers of each column, from 0 to 1."""
    found = {meant.own: 1.0}
    for topic, weight in meant.topics:
        for near in lexicon().topics[topic].neighbours:
            found[near] = max(found.get(near, 0.0), weight * NEAR)
    return found


def needed(meant: Meaning) -> dict[str, float]:
    """What a wish asks of each column; the squares make 1."""
    return {meant.own: 1.0}


def related(one: str, other: str) -> float:
    """How far one helps who seeks the other, from 0 to 1."""
    first, second = meaning(one), meaning(other)
    return max(_covered(first, second), _covered(second, first))


def _covered(wish: Meaning, offer: Meaning) -> float:
    there = offered(offer)
    return sum(weight * there.get(column, 0.0) for column, weight in needed(wish).items())
