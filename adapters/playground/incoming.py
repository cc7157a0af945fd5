"""What the page sends, as the engine sees it."""

import json
import re
import unicodedata
from typing import Any, TypeAlias

from bot.domain.members import Address
from bot.engine.events import (
    Event,
    Key,
    Left,
    Pressed,
    Returned,
    Said,
    Sender,
    Submitted,
    What,
)

PLATFORM, ACCOUNT = "playground", "local"
MESSAGES = range(1, 2**31)
"""Numbers a message can have."""
Body: TypeAlias = dict[str, Any]  # the page's JSON


def to_body(raw: bytes) -> Body | None:
    """None for what is no JSON object, or has half a character in it, which can't be kept."""
    try:
        body = json.loads(raw)
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def to_key(body: Body) -> Key | None:
    """The page names every action once, so that a double click or a retry has one effect."""
    action = body.get("action")
    named = isinstance(action, str) and 0 < len(action) <= 64  # noqa: PLR2004 -- a UUID has 36
    return (PLATFORM, ACCOUNT, str(action)) if named else None


def to_event(body: Body, person: Body) -> Event | None:
    """None for what no page of ours would send. ``person`` is a row of the board."""
    what = _what(body)
    if what is None:
        return None
    name, language = person["name"], person["language"]
    address = Address(PLATFORM, ACCOUNT, person["id"], person["id"])
    return Event(Sender(address, name, username(name), language), what)


def username(name: str) -> str:
    """As platforms have them, without spaces and accents; "" if nothing is left of a name."""
    letters = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def _what(body: Body) -> What | None:
    match body:
        case {"kind": "say", "text": str(text)} if text.strip():
            return Said(text, str(body.get("action", "")))
        case {"kind": "press", "handle": str(handle), "message": int(message)} if (
            message in MESSAGES and message is not True
        ):
            return Pressed(handle, str(message))
        case {"kind": "submit", "handle": str(handle), "values": dict(values)}:
            return Submitted(handle, _values(values))
        case {"kind": "block", "blocked": bool(blocked)}:
            return Left() if blocked else Returned()
        case _:
            return None


def _values(values: Body) -> dict[str, str | list[str]]:
    return {
        str(name): [str(v) for v in value] if isinstance(value, list) else str(value)
        for name, value in values.items()
    }
