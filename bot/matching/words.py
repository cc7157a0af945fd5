"""Words, compared as people mean them: without case, umlauts, hyphens, endings."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"[^\W_]+(?:[+#]+(?![^\W_]))?")
"""Letters and digits; a plus or hash behind them tells C++ and C# from C."""
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def words(text: str) -> list[str]:
    """The words of a text, folded: lower case, ä as ae, other marks gone."""
    composed = unicodedata.normalize("NFC", text).casefold().translate(UMLAUTS)
    bare = unicodedata.normalize("NFKD", composed).casefold()
    return WORD.findall("".join(c for c in bare if not unicodedata.combining(c)))


JOINING = frozenset(["und", "and", "sowie"])
SHORT = 5
"""A word of fewer letters keeps its ending: rice ("Reis") is no journey ("Reise")."""
LINKING = JOINING | frozenset(
    words("""
    der die das den dem des ein eine einen einem einer eines an am auf aus bei beim bis durch für
    im in ins mit nach über um unter vom von vor zu zum zur als oder
    the a an of for in on at to with from by about into or as
    """)
)
"""Words without a meaning of their own, also inside a name. Those that turn it have one."""
STOP = LINKING | frozenset(
    words("""
    mein meine meinen meiner dein deine sein seine ihr ihre unser unsere ich du er sie es wir man
    mich mir dich dir sich uns euch wie wenn weil dass ob aber auch noch schon sehr gern gerne gut
    besser oft immer mal etwas viel viele mehr alles alle andere anderen anderer was wer wo hier da
    dann jetzt heute neu neue neuen sicher richtig zeit leben leute menschen arbeit thema themen
    bin bist ist sind war habe haben hat kann kannst können möchte will würde mag macht machen mache
    hilft helfe helfen suche biete kenne arbeite arbeiten lerne
    my your our their his her its i you he she it we they me us them is are am be been was were have
    has had do does did can could would will want like love good well better very more some other
    others people often always also but if that this these those what how when where who now new
    sure time life work working topic topics help helping
    """)
)
"""Words that name no topic when they stand alone."""
EFFORT = frozenset(
    words("""
    lernen erlernen verbessern üben grundlagen kenntnisse kurs einsteiger anfänger fortgeschrittene
    einführung learn learning improve improving practise practising practice practicing basics
    skills course beginner beginners advanced introduction
    """)
)
"""What is done with any topic: who wants to learn Excel means Excel."""
EFFORTS = re.compile(r"(?<=\w{4})(?:kenntnisse|grundlagen|kurs)$")
"""The same inside a compound."""


def fold(text: str) -> str:
    """One string for all ways to write a phrase: "Zeit-Management", "zeit management"."""
    return join(words(text))


def join(found: list[str]) -> str:
    return "".join([word for word in found if word not in JOINING] or found)


def content(found: list[str]) -> list[str]:
    """The words that make a name; all of them if there is none."""
    return [word for word in found if word not in LINKING] or found


def core(found: list[str]) -> list[str]:
    """The words that can name a topic, without what is done with it: "Excelkenntnisse"."""
    return [EFFORTS.sub("", word) for word in found if word not in STOP | EFFORT]


def sketch(found: list[str]) -> tuple[str, ...]:
    """The first letters of the words, which no ending changes."""
    return tuple(sorted(_unmarked(word)[:3] for word in found))


def stems(found: list[str], language: str) -> list[str]:
    """The words without endings, in an order of their own: German verbs like to come last."""
    return sorted(stem(word, language) for word in found)


def _unmarked(word: str) -> str:
    """Without umlauts, which come and go with an ending: "Arzt", "Ärzte"."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """A stemmer of its own for each word: one can't be shared between threads."""
    if len(word) < SHORT:
        return word
    return f"{snowballstemmer.stemmer(language).stemWord(word)}-"
