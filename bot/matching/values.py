"""What may stand in a field of a file, and what is told of a value that may not.

A reader takes a value, where it is, and whom to tell of mistakes. It tells all of them, and
returns what it could make of the value, of which nobody makes use after a mistake.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeAlias

from babel import Locale
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.conversation import places
from bot.conversation.fields.times import zones

Path: TypeAlias = tuple[str | int, ...]
"""Where a value is inside what it belongs to: ("availability", 0, "to")."""
Tell: TypeAlias = Callable[[Path, str], None]

SHOWN = 60
"""Characters of a wrong value that are told."""
NEAR = 0.6
"""How alike names have to be for one to be meant as the other."""
GERMAN_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?:,? ([0-9]{1,2}:.+))?")
YEARS = range(1970, 2200)


def shown(value: object) -> str:
    """A value as it is told: short, on one line, without what a terminal would act on."""
    try:
        found = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        found = "…"
    short = found if len(found) <= SHOWN else f"{found[:SHOWN]}…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short)


def strange(name: str, known: Sequence[str], also: Sequence[str] = ()) -> str:
    """What is told of a name that means nothing. It may be near to one that is ``also`` known."""
    near = process.extractOne(name.casefold(), [*known, *also], scorer=OSA.normalized_similarity)
    cure = f"did you mean {near[0]}?" if near[1] >= NEAR else f"use {', '.join(known)}"
    return f"{shown(name)}: nothing is called that; {cure}"


def text(value: object, at: Path, tell: Tell) -> str:
    if isinstance(value, str):
        return value.strip()
    tell(at, f"{at[-1]} {shown(value)}: use text")
    return ""


def texts(value: object, at: Path, tell: Tell) -> tuple[str, ...]:
    """Texts without spaces around them; an empty one is none."""
    if not isinstance(value, list):
        tell(at, f'{at[-1]} {shown(value)}: use a list of texts, such as ["Excel", "Spanish"]')
        return ()
    wrong = [index for index, entry in enumerate(value) if not isinstance(entry, str)]
    for index in wrong:
        tell((*at, index), f"{at[-1]} {shown(value[index])}: use text")
    return () if wrong else tuple(filter(None, map(str.strip, value)))


def number(value: object, at: Path, tell: Tell, among: range) -> int:
    if type(value) is int and value in among:
        return value
    which = f"a whole number from {among[0]} to {among[-1]}"
    tell(at, f"{at[-1]} {shown(value)}: use {which}")
    return among[0]


def choice(value: object, at: Path, tell: Tell, words: Mapping[str, str]) -> str:
    """One of a few words, which go by several names."""
    found = words.get(value.strip().casefold()) if isinstance(value, str) else None
    if found is None:
        known = list(dict.fromkeys(words.values()))
        tell(at, f"{at[-1]} {shown(value)}: use {', '.join(known[:-1])} or {known[-1]}")
    return found or ""


def zone(value: object, at: Path, tell: Tell) -> str:
    if isinstance(value, str) and value.strip() in zones_known():
        return value.strip()
    near = (places.zone(value) if isinstance(value, str) else None) or "Europe/Berlin"
    tell(at, f"{at[-1]} {shown(value)}: use an IANA name such as {near}")
    return ""


def tongues(value: object, at: Path, tell: Tell) -> tuple[str, ...]:
    """Languages by their codes; a name in German or English does as well."""
    found = [_tongue(entry) for entry in texts(value, at, tell)]
    for index, (code, said) in enumerate(found):
        if not code:
            tell((*at, index), f"{at[-1]} {shown(said)}: use codes of languages, such as de or en")
    return tuple(dict.fromkeys(code for code, _ in found if code))


def moment(value: object, at: Path, tell: Tell) -> datetime:
    """A date or a moment; without a zone it is in UTC."""
    found = _moment(value) if isinstance(value, str) else None
    if found is None:
        tell(at, f"{at[-1]} {shown(value)}: use a date such as 2026-01-31, or 2026-01-31T18:00Z")
    return found or datetime.min.replace(tzinfo=UTC)


@lru_cache(maxsize=10_000)
def _moment(said: str) -> datetime | None:
    german = GERMAN_DATE.fullmatch(said.strip())
    day = f"{german[3]}-{german[2]:0>2}-{german[1]:0>2}" if german else said.strip()
    clock = f"T{german[4]:0>5}" if german and german[4] else ""
    try:
        found = datetime.fromisoformat(day + clock)
        known = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return known if known.year in YEARS else None


@lru_cache(maxsize=10_000)
def _tongue(said: str) -> tuple[str, str]:
    return _tongues_known().get(said.casefold(), ""), said


@lru_cache(maxsize=1)
def zones_known() -> frozenset[str]:
    return zones()


@lru_cache(maxsize=1)
def _tongues_known() -> dict[str, str]:
    """Codes by themselves and by what they are called."""
    found: dict[str, str] = {}
    for language in places.LANGUAGES:
        for code, name in Locale(language).languages.items():
            found |= {str(name).casefold(): str(code), str(code).casefold(): str(code)}
    return found
