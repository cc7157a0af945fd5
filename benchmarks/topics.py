"""How well phrases are understood: related ones must come before unrelated ones.

``python -m benchmarks.topics`` prints the area under the curve (1 is perfect, 0.5 is a guess) over
all pairs of ``tests/phrases.txt``, and over those of which no phrase is a name in the catalogue.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from rapidfuzz import fuzz

from bot.matching.encoder import understanding
from bot.matching.lexicon import lexicon
from bot.matching.meaning import related, relation
from bot.matching.words import fold

FILE = Path(__file__).parent.parent / "tests" / "phrases.txt"
Method: TypeAlias = Callable[[str, str], float]


class Pair(NamedTuple):
    alike: bool
    one: str
    other: str

    @property
    def known(self) -> bool:
        """Whether the catalogue has one of them as a name."""
        return any(lexicon().exact(fold(phrase)) for phrase in (self.one, self.other))


def pairs() -> list[Pair]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    fields = (line.split(" | ") for line in lines if line and not line.startswith("#"))
    return [Pair(sign == "+", one, other) for sign, one, other in fields]


def auc(found: Sequence[Pair], method: Method) -> float:
    """How often a related pair scores above an unrelated one; a draw is half."""
    scores = [(method(pair.one, pair.other), pair.alike) for pair in found]
    alike = [score for score, yes in scores if yes]
    unlike = [score for score, yes in scores if not yes]
    wins = sum((a > b) + (a == b) / 2 for a in alike for b in unlike)
    return wins / (len(alike) * len(unlike))


def by_letters(found: Sequence[Pair]) -> Method:
    """The usual way: the cosine of three to five letters each, rare ones weighing more."""
    texts = {phrase for pair in found for phrase in (pair.one, pair.other)}
    seen = Counter(gram for text in texts for gram in set(_grams(text)))

    def vector(text: str) -> dict[str, float]:
        raw = {g: n * math.log(len(texts) / seen[g]) for g, n in Counter(_grams(text)).items()}
        length = math.sqrt(sum(value**2 for value in raw.values())) or 1
        return {gram: value / length for gram, value in raw.items()}

    def cosine(one: str, other: str) -> float:
        there = vector(other)
        return sum(value * there.get(gram, 0) for gram, value in vector(one).items())

    return cosine


def _grams(text: str) -> list[str]:
    marked = f" {text.casefold()} "
    return [marked[at : at + size] for size in (3, 4, 5) for at in range(len(marked) - size + 1)]


def main() -> None:
    found = pairs()
    unknown = [pair for pair in found if not pair.known]
    understand = understanding()

    def encoded(one: str, other: str) -> float:
        return relation(understand(one), understand(other))

    methods: dict[str, Method] = {
        "topics": related,
        "topics, with the language model": encoded,
        "letters (3-5-grams)": by_letters(found),
        "fuzzy (token set)": fuzz.token_set_ratio,
        "fuzzy (weighted)": fuzz.WRatio,
    }
    print(f"| method | all {len(found)} pairs | the {len(unknown)} without a known name |")
    print("|---|---|---|")
    for name, method in methods.items():
        print(f"| {name} | {auc(found, method):.3f} | {auc(unknown, method):.3f} |")


if __name__ == "__main__":
    main()
