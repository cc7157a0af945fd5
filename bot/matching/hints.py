"""Which topics a phrase hints at that is no name of one: by the words it shares with their names.

A word counts for as much as it tells: "Zeit" is in the names of many topics and says little. Words
are compared without their endings, and German compounds by their parts.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from bot.matching.lexicon import STEMMERS, Lexicon, lexicon
from bot.matching.words import content, core, stem, words

LINKS = ("", "s", "n", "es", "en")
SHORTEST = 4
"""Letters of a part of a compound."""
LONG = 9
"""Letters from which on a word may be a compound."""
STRANGE = 1.2
"""What a word counts that no topic has: the phrase is about something else too."""
CLEAR = 0.36
"""Below it a hint is none."""
BESIDE = 0.72
"""Of the best hint another one has to have so much."""
MOST = 3
SURE = 0.9
"""The most a hint is worth: it is never as good as a name."""


class Hints:
    """The words of all names in a catalogue, each language with its own endings."""

    def __init__(self, known: Lexicon) -> None:
        self._vocabulary = {
            word
            for topic in known.topics.values()
            for name in topic.names()
            for word in words(name)
        }
        self._names: list[tuple[str, frozenset[str]]] = []
        self._with: defaultdict[str, list[int]] = defaultdict(list)
        seen: Counter[str] = Counter()
        for topic in known.topics.values():
            stemmed = [self._stems(content(words(name))) for name in topic.names()]
            seen.update({stem for name in stemmed for stem in name})
            for name in stemmed:
                for one in name:
                    self._with[one].append(len(self._names))
                self._names.append((topic.id, name))
        self._tells = {one: math.log(len(known.topics) / count) for one, count in seen.items()}

    def of(self, phrase: str) -> list[tuple[str, float]]:
        """Topics, the clearest first, with weights whose squares make 1 at most."""
        found = words(phrase)
        said = self._stems(core(found) or content(found))
        if not said:
            return []
        best: dict[str, float] = {}
        for at in {at for one in said for at in self._with.get(one, ())}:
            topic, name = self._names[at]
            best[topic] = max(best.get(topic, 0.0), self._likeness(said, name))
        return _clear(best)

    def _likeness(self, said: frozenset[str], name: frozenset[str]) -> float:
        """How much of the phrase the name has, and of the name the phrase."""
        both = self._weight(said & name)
        return both / math.sqrt(self._weight(said) * self._weight(name) or 1.0)

    def _weight(self, stems: Iterable[str]) -> float:
        """Summed exactly: the order of a set differs from one start to the next."""
        return math.fsum(self._tells.get(one, STRANGE * STRANGE) for one in stems)

    def _stems(self, found: list[str]) -> frozenset[str]:
        parts = [part for word in found for part in self._parts(word)]
        return frozenset(self._stem(part) for part in parts)

    def _stem(self, word: str) -> str:
        """In the language in which it is shorter: one of the two is wrong for it, and cuts less."""
        return min((stem(word, language) for language in STEMMERS), key=lambda one: (len(one), one))

    def _parts(self, word: str) -> list[str]:
        """Of a compound, both parts; else the word itself."""
        if len(word) < LONG or word in self._vocabulary:
            cuts: list[list[str]] = []
        else:
            cuts = list(self._cuts(word))
        return max(cuts, key=lambda cut: min(map(len, cut)), default=[word])

    def _cuts(self, word: str) -> Iterable[list[str]]:
        for at in range(SHORTEST, len(word) - SHORTEST + 1):
            for link in LINKS:
                first, second = word[:at], word[at:]
                if first.endswith(link):
                    bare = first.removesuffix(link) if link else first
                    if bare in self._vocabulary and self._is_word(second):
                        yield [bare, second]

    def _is_word(self, word: str) -> bool:
        return word in self._vocabulary or any(
            word.removesuffix(end) in self._vocabulary for end in ("e", "n", "en", "s", "er")
        )


def _clear(best: Mapping[str, float]) -> list[tuple[str, float]]:
    ranked = sorted(best.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST]
    if not ranked or ranked[0][1] < CLEAR:
        return []
    least = BESIDE * ranked[0][1]
    return squared([(topic, SURE * like) for topic, like in ranked if like >= least])


def squared(found: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Smaller, if need be, so that the squares make 1 at most."""
    length = math.sqrt(sum(weight**2 for _, weight in found))
    return [(topic, weight / max(1.0, length)) for topic, weight in found]


@cache
def hints() -> Hints:
    return Hints(lexicon())
