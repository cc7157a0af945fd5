"""How people write: without umlauts, without capitals, with letters that changed places."""

import re
import unicodedata
from collections.abc import Collection

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

UMLAUTS = {"ä": "(?:ä|ae|a)", "ö": "(?:ö|oe|o)", "ü": "(?:ü|ue|u)"}
SHORTEST = 5
"""Shorter words are too close to each other to tell a slip from another word."""
WORD = re.compile(rf"\b[^\W\d_]{{{SHORTEST},}}\b")


def plain(text: str) -> str:
    """One line in small letters; characters of private use, our marks, are taken out."""
    kept = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    folded = unicodedata.normalize("NFKC", kept).casefold()
    return re.sub(r"['’‘`´]", "", " ".join(folded.split()))  # noqa: RUF001 -- typed for '


def spelt(pattern: str) -> str:
    """A pattern that takes its umlauts in every spelling: "für", "fuer", "fur"."""
    return "".join(UMLAUTS.get(c, c) for c in pattern)


def corrected(text: str, known: Collection[str]) -> str:
    """The text with slips mended, where they lead to one of the known words."""
    return WORD.sub(lambda word: _meant(word[0], known), text)


def _meant(word: str, known: Collection[str]) -> str:
    if word in known:
        return word
    near = extract_iter(word, known, scorer=OSA.distance, score_cutoff=1)
    return min((found for found, _, _ in near if _slip(word, found)), default=word)


def _slip(word: str, meant: str) -> bool:
    """Two letters swapped, or one lost or doubled inside the word.

    Other letters, and other beginnings and endings, make other words: "meiden", "melden";
    "keine", "eine"; "montags", "Montag".
    """
    if len(word) == len(meant):
        return word[0] == meant[0] and sorted(word) == sorted(meant)
    return (word[0], word[-1]) == (meant[0], meant[-1])
