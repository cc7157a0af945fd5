"""Diaries: a member's entries, and what they kept of their sessions. Nobody else is shown a row."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from bot.store.tables import diary, reflection


def add_reflection(connection: Connection, values: Mapping[str, object]) -> None:
    connection.execute(insert(reflection).values(**values))


def write(connection: Connection, number: int, text: str, now: datetime) -> None:
    connection.execute(insert(diary).values(member=number, text=text, at=now))


def entries(connection: Connection, number: int) -> list[tuple[datetime, str]]:
    """When and what, newest first: own entries, and insights from reflections."""
    own = connection.execute(select(diary.c.at, diary.c.text).where(diary.c.member == number))
    kept = connection.execute(
        select(reflection.c.at, reflection.c.insight).where(reflection.c.member == number)
    )
    found = [(at, text) for at, text in [*own, *kept] if text]
    return sorted(found, reverse=True)


def forget(connection: Connection, number: int) -> None:
    """The words go; that a session was looked back on is known to both anyway."""
    connection.execute(delete(diary).where(diary.c.member == number))
    theirs = reflection.c.member == number
    connection.execute(update(reflection).where(theirs).values(insight=""))
