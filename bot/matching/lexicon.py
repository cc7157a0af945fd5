"""The catalogue of topics, read once, and ways to find a topic in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.matching.words import content, fold, sketch, stems, words

STEMMERS = ("german", "english")
FEWEST = 6
"""Letters a phrase needs before a typing error in it is guessed at."""
ENDING = 3
"""Letters a word may gain or lose: a "state" is no matter for statistics."""
SAFE = 8
"""Letters from which on one may be wrong. Below, all are there: "Katzen" is no "Kaizen"."""
LONG = 10
"""Letters from which on there may be two errors."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to learn or to pass on. ``labels`` are what it is called in a language."""

    id: str
    labels: Mapping[str, str]
    aliases: tuple[str, ...]
    neighbours: tuple[str, ...]
    area: str

    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self.labels.values(), *self.aliases]))


class Lexicon:
    """Topics by their ids, and by all that they are called."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = _linked(topics)
        self._exact = _names(self.topics.values())
        self._sketched: dict[tuple[str, ...], list[tuple[list[str], Topic]]] = defaultdict(list)
        self._letters: dict[str, list[str]] = defaultdict(list)
        for topic in self.topics.values():
            for name in topic.names():
                known = content(words(name))
                self._sketched[sketch(known)].append((known, topic))
        for name in self._exact:
            self._letters[name[0]].append(name)

    def exact(self, name: str) -> Topic | None:
        """The topic with exactly this name, folded."""
        return self._exact.get(name)

    def inflected(self, found: list[str]) -> Topic | None:
        """The only topic with a name of these words, whatever their endings."""
        near = [entry for entry in self._sketched.get(sketch(found), []) if _alike(found, entry[0])]
        for language in STEMMERS if near else ():
            meant = stems(found, language)
            ids = {topic.id for known, topic in near if stems(known, language) == meant}
            if len(ids) == 1:
                return self.topics[ids.pop()]
        return None

    def mistyped(self, name: str) -> Topic | None:
        """The only topic with a name a typing error away. First letters are seldom wrong."""
        if len(name) < FEWEST:
            return None
        bucket, most = self._letters.get(name[0], []), _errors(name)
        close = process.extract(
            name, bucket, scorer=OSA.distance, processor=None, score_cutoff=most, limit=None
        )
        near = [(errors, known) for known, errors, _index in close if _slip(name, known, errors)]
        ids = {self._exact[known].id for errors, known in near if errors == min(near)[0]}
        return self.topics[ids.pop()] if len(ids) == 1 else None


@cache
def lexicon() -> Lexicon:
    """The catalogue that comes with the bot."""
    found = sorted(files("bot.matching.catalogue").iterdir(), key=lambda file: file.name)
    texts = [file.read_text("utf-8") for file in found if file.name.endswith(".txt")]
    return Lexicon(topic for text in texts for topic in read(text))


def read(text: str) -> Iterator[Topic]:
    """The topics of a catalogue file."""
    area = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("# area:"):
            area = line.removeprefix("# area:").strip()
        elif not line.startswith("#"):
            yield _topic(line, area)


def _topic(line: str, area: str) -> Topic:
    fields = [field.strip() for field in line.split("|")]
    if len(fields) != len(["id", "German", "English", "aliases", "neighbours"]):
        raise ValueError(f"not five fields: {line}")
    name, german, english, aliases, neighbours = fields
    labels = {"de": german, "en": english}
    return Topic(name, labels, _listed(aliases), _listed(neighbours), area)


def _listed(field: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, field.split(","))))


def _linked(topics: Iterable[Topic]) -> dict[str, Topic]:
    """By id, with neighbours that know each other; a topic's own choice comes first."""
    known: dict[str, Topic] = {}
    for topic in topics:
        if topic.id in known:
            raise ValueError(f"two topics are called {topic.id}")
        known[topic.id] = topic
    links = {name: dict.fromkeys(topic.neighbours) for name, topic in known.items()}
    for topic in known.values():
        for neighbour in topic.neighbours:
            if neighbour not in known or neighbour == topic.id:
                raise ValueError(f"{topic.id} can't have {neighbour} as a neighbour")
            links[neighbour][topic.id] = None
    return {name: replace(topic, neighbours=tuple(links[name])) for name, topic in known.items()}


def _names(topics: Iterable[Topic]) -> dict[str, Topic]:
    owners: dict[str, Topic] = {}
    for topic in topics:
        for name in topic.names():
            if not fold(name):
                raise ValueError(f"{topic.id} has a name without letters: {name!r}")
            owner = owners.setdefault(fold(name), topic)
            if owner is not topic:
                raise ValueError(f"{name!r} belongs to {owner.id} and to {topic.id}")
    return owners


def _alike(found: list[str], known: list[str]) -> bool:
    """Whether two lists of words may differ in their endings only."""
    return abs(len("".join(found)) - len("".join(known))) <= ENDING * len(found)


def _slip(name: str, known: str, errors: int) -> bool:
    """Whether one was meant as the other: not if it is short and has another letter in it."""
    shorter = min(name, known, key=len)
    replaced = len(name) == len(known) and sorted(name) != sorted(known)
    return errors <= _errors(shorter) and not (replaced and len(shorter) < SAFE)


def _errors(name: str) -> int:
    return 1 if len(name) < LONG else 2
