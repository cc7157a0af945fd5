"""Diaries: a member's entries, and what they kept of their sessions. Nobody else is shown a row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, and_, delete, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from bot.domain.diary import Entry
from bot.store.database import inserted
from bot.store.steps import met_before
from bot.store.tables import diary, reflection, session

OWN, INSIGHT = "e", "s"
"""How the key of an entry begins, before its number or that of its session."""


def add_reflection(connection: Connection, values: Mapping[str, object]) -> None:
    connection.execute(insert(reflection).values(**values))


def next_step(connection: Connection, member: int, tandem: int, number: int) -> str:
    """What somebody wrote to do next when they last met before a session of a tandem; or ""."""
    met = reflection.c.session == met_before(tandem, number).scalar_subquery()
    here = select(reflection.c.next_step).where(met, reflection.c.member == member)
    return connection.execute(here).scalar() or ""


def write(connection: Connection, number: int, text: str, now: datetime) -> str:
    """The key of the new entry."""
    values = {"member": number, "text": text, "at": now}
    return f"{OWN}{inserted(connection, diary, values)}"


def entries(connection: Connection, number: int) -> list[Entry]:
    """Own entries, and insights from reflections, newest first."""
    own = connection.execute(select(diary).where(diary.c.member == number))
    kept = connection.execute(
        select(reflection, session.c.tandem, session.c.number)
        .outerjoin(session, session.c.id == reflection.c.session)
        .where(reflection.c.member == number)
    )
    found = [Entry(f"{OWN}{row.id}", row.at, row.text) for row in own]
    found += [
        Entry(
            f"{INSIGHT}{row.session}",
            row.at,
            row.insight,
            row.tandem or 0,
            row.number or 0,
            row.next_step,
        )
        for row in kept
        if row.insight
    ]
    return sorted(found, key=lambda entry: (entry.at, entry.key), reverse=True)


def find(connection: Connection, number: int, key: str) -> Entry | None:
    return next((entry for entry in entries(connection, number) if entry.key == key), None)


def rewrite(connection: Connection, number: int, key: str, text: str) -> None:
    table, column, here = _place(number, key)
    connection.execute(update(table).where(here).values({column.name: text}))


def remove(connection: Connection, number: int, key: str) -> None:
    """An entry goes; of a reflection the words do, for that it was is known to both anyway."""
    if key.startswith(INSIGHT):
        rewrite(connection, number, key, "")
    else:
        table, _, here = _place(number, key)
        connection.execute(delete(table).where(here))


def forget(connection: Connection, number: int) -> None:
    """The words go; that a session was looked back on is known to both anyway."""
    connection.execute(delete(diary).where(diary.c.member == number))
    theirs = reflection.c.member == number
    connection.execute(update(reflection).where(theirs).values(insight=""))


def _place(number: int, key: str) -> tuple[Table, Column[Any], ColumnElement[bool]]:
    """Where the words of an entry are, if it is this member's: table, column and row."""
    row = int(key[1:])
    if key.startswith(INSIGHT):
        here = and_(reflection.c.session == row, reflection.c.member == number)
        return reflection, reflection.c.insight, here
    return diary, diary.c.text, and_(diary.c.id == row, diary.c.member == number)
