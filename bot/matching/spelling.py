"""Phrases that no catalogue knows, written in nearly the same way."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

FEWEST = 6
"""Letters from which on one may be wrong; from twice as many on two."""
CROWD = 2_000
"""More phrases that begin alike are not compared with each other."""


def spelled_alike(phrases: Iterable[str]) -> dict[str, str]:
    """For each that is taken for another one: that other, the first of them by the alphabet."""
    crowds: defaultdict[str, list[str]] = defaultdict(list)
    for phrase in sorted(phrases):
        crowds[phrase[:3]].append(phrase)
    found: dict[str, str] = {}
    for crowd in crowds.values():
        if 1 < len(crowd) <= CROWD:
            found |= _same(crowd)
    return found


def _same(crowd: list[str]) -> dict[str, str]:
    meant: dict[str, str] = {}
    heads: list[str] = []
    for phrase in crowd:
        most = min(2, len(phrase) // FEWEST)
        near = process.extractOne(phrase, heads, scorer=OSA.distance, score_cutoff=most)
        if most and near:
            meant[phrase] = near[0]
        else:
            heads.append(phrase)
    return meant
