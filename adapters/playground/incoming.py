"""What the page sends, as the engine sees it."""

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
Body: TypeAlias = dict[str, Any]  # the page's JSON


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
    address = Address(PLATFORM, ACCOUNT, person["id"], person["id"])
    username = person["name"].casefold()
    return Event(Sender(address, person["name"], username, person["language"]), what)


def _what(body: Body) -> What | None:
    match body:
        case {"kind": "say", "text": str(text)} if text.strip():
            return Said(text)
        case {"kind": "press", "handle": str(handle), "message": int(message)}:
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
