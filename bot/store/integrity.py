"""Whether the database is whole: its file, and what its rows say of each other."""

import sqlite3
from collections.abc import Iterator

from sqlalchemy import Column, Connection, Engine, Integer, Table, exists, func, select
from sqlmodel import SQLModel

from bot.store import tables

NOUNS = {
    "member": tables.member,
    "account": tables.account,
    "tandem": tables.tandem,
    "proposal": tables.proposal,
    "session": tables.session,
}
"""A column that is called like one of these holds the number of one of its rows; 0 is nobody."""


def examine(engine: Engine) -> dict[str, str]:
    """What is wrong, by where; nothing if all is well. May run beside the bot, in a thread."""
    if damage := _file(engine):
        return {"file": damage}
    with engine.begin() as connection:
        return {where: f"{number} rows lead nowhere" for where, number in _loose(connection)}


def references() -> Iterator[tuple[Table, Column[int], Table]]:
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if column.name in NOUNS and isinstance(column.type, Integer):
                yield table, column, NOUNS[column.name]


def _loose(connection: Connection) -> Iterator[tuple[str, int]]:
    for table, column, noun in references():
        there = exists().where(noun.c.id == column)
        asked = select(func.count()).select_from(table).where(column != 0, ~there)
        if number := connection.execute(asked).scalar():
            yield f"{table.name}.{column.name}", number


def _file(engine: Engine) -> str:
    if engine.dialect.name != "sqlite":
        return ""
    connection = engine.raw_connection()  # outside of any transaction, so that nobody waits
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA quick_check")
        found = cursor.fetchall()
    except sqlite3.DatabaseError:
        return "damaged"
    finally:
        connection.close()
    return "" if found == [("ok",)] else f"damaged in {len(found)} places"
