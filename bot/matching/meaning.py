"""What a phrase means: columns it asks for, and columns it covers when somebody offers it."""

from dataclasses import dataclass
from functools import lru_cache

from bot.matching.hints import hints
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
    """A topic's name means that topic. Any other phrase means itself, and what it hints at."""
    topic = recognise(phrase)
    if topic is not None:
        return Meaning(topic.id, ((topic.id, 1.0),))
    return Meaning(key(phrase), tuple(hints().of(phrase)))


def offered(meant: Meaning) -> dict[str, float]:
    """What an offer covers of each column, from 0 to 1."""
    found = {meant.own: 1.0}
    for topic, weight in meant.topics:
        found[topic] = max(found.get(topic, 0.0), weight)
        for near in lexicon().topics[topic].neighbours:
            found[near] = max(found.get(near, 0.0), weight * NEAR)
    return found


def needed(meant: Meaning) -> dict[str, float]:
    """What a wish asks of each column; against its own offer it makes 1."""
    found = dict(meant.topics)
    rest = max(0.0, 1.0 - sum(weight**2 for weight in found.values()))  # sums are not exact
    return found if meant.own in found else {meant.own: rest, **found}


def related(one: str, other: str) -> float:
    """How far one helps who seeks the other, from 0 to 1."""
    return relation(meaning(one), meaning(other))


def relation(one: Meaning, other: Meaning) -> float:
    return max(_covered(one, other), _covered(other, one))


def _covered(wish: Meaning, offer: Meaning) -> float:
    there = offered(offer)
    return min(1.0, sum(weight * there.get(name, 0.0) for name, weight in needed(wish).items()))
