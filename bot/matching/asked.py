"""A request in the shape of the file: to be kept, told by its hash, and asked again."""

import json
from hashlib import sha256
from typing import Any

from bot.domain.availability import DAYS
from bot.matching.people import Couple, Hours, Person, Request

LISTS = ("offers", "seeks", "doubtful", "goals", "interests", "languages")
WORDS = ("id", "name", "rhythm", "format", "city", "minutes", "capacity", "group")


def asked(request: Request) -> dict[str, Any]:
    """As `bot.matching.reading` reads it again."""
    return {
        "now": request.now.isoformat(),
        "seed": request.seed,
        "members": [_member(person) for person in sorted(request.people, key=lambda p: p.id)],
        "exclude": _couples(request.exclude),
        "met": _couples(request.met),
    }


def fingerprint(found: dict[str, Any]) -> str:
    """The same for the same question, whatever its order."""
    return sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def _member(person: Person) -> dict[str, Any]:
    return {
        **{name: getattr(person, name) for name in WORDS},
        **{name: list(getattr(person, name)) for name in LISTS},
        "timezone": person.zone,
        "availability": [_hours(span) for span in person.hours],
        **({"waiting_since": person.waiting_since.isoformat()} if person.waiting_since else {}),
    }


def _hours(span: Hours) -> dict[str, str]:
    start, end = span.start.strftime("%H:%M"), span.end.strftime("%H:%M")
    return {"weekday": DAYS[span.weekday], "from": start, "to": end}


def _couples(couples: frozenset[Couple]) -> list[list[str]]:
    return sorted(sorted(couple) for couple in couples)
