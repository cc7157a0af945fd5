"""Topics, as people name them: recognised, suggested, and found in what was typed."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.matching.lexicon import Topic, lexicon
from bot.matching.words import JOINING, LINKING, content, core, fold, join, words

__all__ = ["Topic", "extract", "key", "recognise", "split", "suggestions"]

READ = 2_000
"""Characters that are looked at, of whatever was sent."""
PARTS = 200
LONGEST = 80
"""Letters of a phrase; no topic has a longer name."""
SENTENCE = 7
"""Words that make more than a name: an "and" among them may join anything."""
GRAM = 4
"""Words of a topic looked for inside a sentence."""
SHORTEST = 3
"""Letters of a topic there: "go" and "it" are seldom meant as one."""
CIRCLES = 2
"""A neighbour's neighbour is worth suggesting. Beyond that anything would be."""
STARTERS = (
    "time-management",
    "presenting",
    "agile-project-management",
    "feedback",
    "excel",
    "english",
    "applications",
    "self-confidence",
    "leadership",
    "networking",
    "data-analysis",
    "everyday-stress",
    "ai-at-work",
    "photography",
    "conflict",
    "programming-basics",
    "german",
    "saying-no",
    "social-media",
    "cooking-basics",
    "negotiating",
    "founding",
    "creative-writing",
    "household-budget",
    "career-and-kids",
    "running",
    "intercultural-communication",
    "guitar",
    "learning-techniques",
    "volunteering",
    "gardening",
    "yoga",
)
"""Of each a bit, the most wished for first."""
BULLET = re.compile(r"^\s*[-–—*•·‣▪]+\s+", re.MULTILINE)
NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s+", re.MULTILINE)
SEPARATOR = re.compile(r"[;\n•·‣▪]|(?:(?<!\d),|,(?!\d))(?![^()\n]{0,80}\))|\s/\s")
"""A comma inside a number or inside brackets separates nothing."""
CLAUSE = re.compile(r"[.,;:!?()\[\]\"„“”…/\n]+(?=\s|$)|[\n(\[„]")
AND = re.compile(r"\s+(?:und|and|sowie|&)\s+", re.IGNORECASE)
LEADING = re.compile(r"\A(?:(?:und|and|sowie|&)\s+)+", re.IGNORECASE)
ADJECTIVE = re.compile(r"[a-zäöüß]+(?:e|er|es|em)")
"""Perhaps without its noun, as in "mündlicher und schriftlicher Ausdruck"."""


def recognise(text: str) -> Topic | None:
    """The topic a phrase means, by its name, by the stems of its words, or with a typing error."""
    found = words(text[:READ])
    name, known = join(found), lexicon()
    if not 0 < len(name) <= LONGEST:
        return None
    return known.exact(name) or _inflected(found) or known.mistyped(name)


def key(text: str) -> str:
    """What makes two ways to name a topic one: the topic's id, or the folded text."""
    topic = recognise(text)
    return topic.id if topic else f"~{fold(text[:READ])}"


def suggestions(said: Sequence[str], language: str, count: int) -> list[str]:
    """Topics beside those that were said: what is near them, then a bit of everything."""
    latest = reversed(said[-PARTS:])
    heard = dict.fromkeys(topic.id for text in latest if (topic := recognise(text)))
    known = lexicon().topics
    ids = dict.fromkeys([*_circles(heard), *filter(known.get, STARTERS)])
    labels = [known[found].labels[language] for found in ids if found not in heard]
    return labels[: max(0, count)]


def split(text: str) -> list[str]:
    """What somebody typed as a list of topics."""
    lines = BULLET.sub("\n", text[:READ])
    if len(NUMBER.findall(lines)) > 1:
        lines = NUMBER.sub("\n", lines)
    pieces = (piece for part in SEPARATOR.split(lines) for piece in _apart(_trim(part)))
    found: dict[str, str] = {}
    for piece in map(_trim, pieces):
        found.setdefault(fold(piece), piece)
    return [piece for name, piece in found.items() if name and name not in JOINING][:PARTS]


def extract(text: str, language: str) -> list[str]:
    """The topics named in a sentence, in the order they come in."""
    clauses = [words(clause) for clause in CLAUSE.split(text[:READ])]
    found = [topic.labels[language] for clause in clauses for topic in _named(clause)]
    return list(dict.fromkeys(found))


def _inflected(found: list[str]) -> Topic | None:
    """By the stems of the words; others may stand around those that matter."""
    known, bare = lexicon(), core(found)
    return known.inflected(content(found)) or known.exact(join(bare)) or known.inflected(bare)


def _circles(heard: Iterable[str]) -> Iterator[str]:
    """Neighbours, then their neighbours, of what was said."""
    known, circle = lexicon().topics, list(heard)
    for _ in range(CIRCLES):
        circle = list(dict.fromkeys(near for name in circle for near in known[name].neighbours))
        yield from circle


def _trim(part: str) -> str:
    return LEADING.sub("", part.strip()).rstrip(" \t.!?:")


def _apart(part: str) -> list[str]:
    """A part at each "and" that joins two topics. In "Layout und Satz" it joins one."""
    if len(part.split()) >= SENTENCE or _exactly(content(words(part))):
        return [part]
    cuts = [(part[: cut.start()], part[cut.end() :]) for cut in AND.finditer(part)]
    alone = [cut for cut in cuts if _stand_alone(*cut)]
    if not alone:
        return [part]
    left, right = max(alone, key=lambda cut: sum(recognise(side) is not None for side in cut))
    return [*_apart(left), *_apart(right)]


def _stand_alone(left: str, right: str) -> bool:
    if left.endswith("-") or right.startswith("-"):
        return False
    return recognise(left) is not None or not ADJECTIVE.fullmatch(left)


def _named(clause: list[str]) -> Iterator[Topic]:
    meant, at = [word for word in clause if word not in LINKING], 0
    while at < len(meant):
        size, topic = _longest(meant[at : at + GRAM])
        at += size
        if topic:
            yield topic


def _longest(window: list[str]) -> tuple[int, Topic | None]:
    """The topic that most of the next words name, and how many words those are."""
    for size in range(len(window), 0, -1):
        whole = window[:size]
        found = (_exactly(whole) if size > 1 else None) or _exactly(core(whole))
        if found:
            return size, found
    return 1, None


def _exactly(gram: list[str]) -> Topic | None:
    known, name = lexicon(), join(gram)
    return known.exact(name) or known.inflected(gram) if len(name) >= SHORTEST else None
