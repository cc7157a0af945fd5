"""Buttons: a platform sees a random handle; what it means and whose it is stays here."""

import secrets
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from bot.conversation.talk import Press, Verb
from bot.store.tables import button

LIFE = timedelta(days=60)
RANDOM = 16
"""Bytes in a handle: 128 bits, 22 characters, well below Telegram's 64 bytes."""


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
                "press": asdict(press),
                "expires_at": now + LIFE,
            }
        )
    if rows:
        connection.execute(insert(button), rows)
    return handles


def meaning(
    connection: Connection, handle: str, member: int, now: datetime
) -> tuple[str, Press] | None:
    """Label and meaning of a handle; None for an unknown, expired or somebody else's alike."""
    row = connection.execute(select(button).where(button.c.handle == handle)).first()
    if row is None or row.member != member or row.expires_at <= now:
        return None
    return row.label, Press(**{**row.press, "verb": Verb(row.press["verb"])})


def forget_expired(connection: Connection, now: datetime) -> None:
    connection.execute(delete(button).where(button.c.expires_at <= now))
