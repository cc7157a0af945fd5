"""Buttons: a platform sees a random handle; what it means and whose it is stays here."""

import secrets
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.conversation.talk import Press, Verb
from bot.store.tables import button

LIFE = timedelta(days=60)
RANDOM = 16
"""Bytes in a handle: 128 bits, 22 characters, well below Telegram's 64 bytes."""
_PARTS = tuple(part.name for part in fields(Press))


def issue(
    connection: Connection, member: int, named: Iterable[tuple[str, Press]], now: datetime
) -> list[str]:
    """A new handle for each labelled meaning, for one member only."""
    handles, rows = [], []
    for label, press in named:
        handles.append(secrets.token_urlsafe(RANDOM))
        rows.append(
            {
                "handle": handles[-1],
                "member": member,
                "label": label,
                "press": {name: getattr(press, name) for name in _PARTS},
                "expires_at": now + LIFE,
            }
        )
    if rows:
        connection.execute(_ISSUE, rows)
    return handles


_ISSUE = insert(button)


def meaning(
    connection: Connection, handle: str, member: int, now: datetime
) -> tuple[str, Press] | None:
    """Label and meaning of a handle; None for an unknown, expired or somebody else's alike."""
    row = connection.execute(_MEANING, {"known_as": handle}).first()
    if row is None or row.member != member or row.expires_at <= now:
        return None
    return row.label, Press(**{**row.press, "verb": Verb(row.press["verb"])})


_MEANING = select(button).where(button.c.handle == bindparam("known_as"))


def forget_expired(connection: Connection, now: datetime) -> None:
    connection.execute(delete(button).where(button.c.expires_at <= now))
