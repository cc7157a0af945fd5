"""Searching in what somebody wrote: whatever its case and accents, and shown where it was found,
as far as there is room."""

import unicodedata
from collections.abc import Iterable
from functools import cache

LEAD = 3
"""What was found stands after a third of what is shown."""


@cache
def _letters(sign: str) -> str:
    """A sign as it is compared: "É" is "e", "ß" is "ss"."""
    parts = unicodedata.normalize("NFKD", sign.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c)).casefold()


def fold(text: str) -> str:
    """Text without case and accents."""
    return "".join(map(_letters, text))


def matches(text: str, query: str) -> bool:
    """Whether every word of the query stands somewhere in it, or is part of a word there."""
    folded = fold(text)
    return all(word in folded for word in fold(query).split())


def excerpt(text: str, query: str, width: int) -> str:
    """At most so many characters of it in one line, around the first word that was found."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    found = _found(line, fold(query).split())
    begin = max(0, min(found - width // LEAD, len(line) - width))
    whole = line.find(" ", begin, found) + 1 if begin else 0
    begin, end = max(begin, whole), begin + width
    if end < len(line):
        end = max(line.rfind(" ", found, end), begin + width // LEAD)
    before, after = "… " if begin else "", " …" if end < len(line) else ""
    return f"{before}{line[begin:end].strip()}{after}"


def fits(text: str, units: int) -> str:
    """A text, or as much of it as a message takes that counts as UTF-16 does: an emoji is two."""
    if len(text.encode("utf-16-le")) <= 2 * units:
        return text
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").rstrip() + " …"


def _found(line: str, words: Iterable[str]) -> int:
    """Where the first of these words begins in a line, or 0."""
    places = [place for place, sign in enumerate(line) for _ in _letters(sign)]
    folded = fold(line)
    begins = [folded.index(word) for word in words if word in folded]
    return places[min(begins)] if begins else 0
