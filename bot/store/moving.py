"""Moving from a SQLite file into an empty PostgreSQL database: every row as it is, sealed values
with it, and none of it counts before all of it has been compared."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    Text,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from bot.store import tables
from bot.store.database import connect, open_engine
from bot.store.migrating import DatabaseError
from bot.store.presence import alone
from bot.store.sealing import Sealed, SealedJson

BATCH = 1000
ITS_OWN = {"alembic_version", "meta"}
"""In whichever database a program has begun on, with no more in it than that."""


def move(source: str, target: str, key: Path, beside: MetaData) -> dict[str, int]:
    """Copies all rows. Returns how many there are of each table.

    ``beside``: tables that are not the store's own, of which the file may have some. Raises an
    `OperatorError`, with nothing changed in the target but its schema, if anything is not as it
    should be.
    """
    if not Path(make_url(source).database or "").exists():
        raise DatabaseError(f"DATABASE_URL: there is no file {source}; nothing is to be moved")
    with alone(source), alone(target):
        _refuse_anything_there(target, key)
        before, after = connect(source, key), connect(target, key)
        try:
            return _copied(before, after, beside)
        except DBAPIError as error:
            why = str(error.orig).partition("\n")[0]
            raise DatabaseError(f"tandem move: {make_url(target)!r} refuses it: {why}") from error
        finally:
            before.dispose()
            after.dispose()


def _refuse_anything_there(target: str, key: Path) -> None:
    engine, found = open_engine(target, key), MetaData()
    try:
        with engine.begin() as connection:
            found.reflect(connection)
            for table in found.sorted_tables:
                _refuse_rows(connection, table, target)
    except DBAPIError as error:
        why = str(error.orig).partition("\n")[0]
        raise DatabaseError(f"tandem move: can't use {make_url(target)!r}: {why}") from error
    finally:
        engine.dispose()


def _refuse_rows(connection: Connection, table: Table, target: str) -> None:
    rows = select(func.count()).select_from(table)
    if table.name not in ITS_OWN and connection.execute(rows).scalar_one():
        raise DatabaseError(
            f"tandem move: {make_url(target)!r} is not empty (table {table.name}); "
            "name a database that is"
        )


def _copied(before: Engine, after: Engine, beside: MetaData) -> dict[str, int]:
    with before.begin() as source, after.begin() as target:
        known = _known(source, beside)
        beside.create_all(target, [table for table in known if table.metadata is beside])
        target.execute(tables.meta.delete())
        return {table.name: _copy(source, target, _as_it_lies(table)) for table in known}


def _known(source: Connection, beside: MetaData) -> list[Table]:
    there = set(inspect(source).get_table_names()) - {"alembic_version"}
    known = {
        table.name: table for table in (*SQLModel.metadata.sorted_tables, *beside.tables.values())
    }
    if unknown := there - known.keys():
        raise DatabaseError(
            f"tandem move: nobody knows what {', '.join(sorted(unknown))} is in "
            f"{source.engine.url}; start this version of the bot on it once, or drop it"
        )
    return [known[name] for name in sorted(there)]


def _as_it_lies(table: Table) -> Table:
    """Its bare columns, and what is sealed as ciphertext."""
    sealed = Sealed, SealedJson
    columns = [
        Column(c.name, Text if isinstance(c.type, sealed) else c.type, primary_key=c.primary_key)
        for c in table.c
    ]
    return Table(table.name, MetaData(), *columns)


def _copy(source: Connection, target: Connection, table: Table) -> int:
    for rows in _rows(source, table):
        target.execute(insert(table), [row._asdict() for row in rows])
    written, read = (_fingerprints(_rows(one, table)) for one in (source, target))
    if written != read:
        raise DatabaseError(f"tandem move: {table.name} is not the same after being copied")
    _go_on_counting(source, target, table)
    return written.total()


def _rows(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:  # rows of any table
    return connection.execute(select(table), execution_options={"yield_per": BATCH}).partitions()


def _fingerprints(batches: Iterable[Sequence[Any]]) -> Counter[bytes]:  # as above
    return Counter(sha256(repr(tuple(row)).encode()).digest() for rows in batches for row in rows)


def _go_on_counting(source: Connection, target: Connection, table: Table) -> None:
    """No number is given a second time: not even one whose row is gone, where SQLite knew it."""
    [key, *more] = table.primary_key.columns
    sequence = select(func.pg_get_serial_sequence(table.name, key.name))
    if more or not (name := target.execute(sequence).scalar()):
        return
    remembered = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    given = source.execute(remembered, {"name": table.name}).scalar()
    highest = max(source.execute(select(func.max(key))).scalar() or 0, given or 0)
    if highest:
        target.execute(select(func.setval(name, highest)))
