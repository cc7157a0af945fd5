"""Opening the database: one writer on SQLite, several on PostgreSQL; at the newest schema."""

import secrets
import sqlite3
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import structlog
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Insert,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.sql.dml import ReturningInsert

from bot.store import tables
from bot.store.migrating import DatabaseError, is_current, migrate
from bot.store.postgresql import open_postgresql
from bot.store.sealing import InvalidToken, KeyFileError, seal, unlock, unsealed
from bot.store.together import after

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

__all__ = ["DatabaseError", "connect", "is_current", "migrate", "open_engine"]

log = structlog.get_logger()

SEAL, SECRET = "seal", "secret"
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # what was confirmed to a platform must survive a power cut
    "busy_timeout=5000",
    "foreign_keys=ON",
    "secure_delete=ON",  # what was deleted is not left lying in free pages
)


Found: TypeAlias = tuple[str, ColumnElement[Any]]
"""A column by its name, and what it is to be."""


def connect(url: str, key: Path | None = None) -> Engine:
    """An engine on the newest schema, or an `OperatorError` that names the cure.

    ``key`` is the file with the key to what is sealed; by default it lies beside the database.
    """
    path = key or key_beside(url)
    made = path is not None and not path.exists()
    engine = open_engine(url, path)
    try:
        _begin_with(engine)
    except DBAPIError as error:
        why = str(error.orig).partition("\n")[0]
        raise DatabaseError(f"DATABASE_URL: can't use {make_url(url)!r}: {why}") from error
    except InvalidToken:
        if made and path:
            path.unlink()
        raise KeyFileError(
            f"TANDEM_KEY_FILE: {path} is not the key this database was sealed with; "
            "put that file back, from where it was or from a backup"
        ) from None
    return engine


def _begin_with(engine: Engine) -> None:
    try:
        if migrate(engine):
            rewrite(engine)
        _try_key(engine)
    except Exception:
        engine.dispose()
        raise


def on_postgresql(there: Engine | Connection) -> bool:
    """Whether several programs may be at work on this database at once."""
    return there.dialect.name == "postgresql"


def key_beside(url: str) -> Path | None:
    """The file beside a database; None where there is no such place."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database)).with_suffix(".key")


def _try_key(engine: Engine) -> None:
    """The first start seals a word; every later one must be able to read it."""
    with engine.begin() as connection:
        for key, word in ((SEAL, SEAL), (SECRET, secrets.token_hex(32))):
            sealed = {"key": key, "value": seal(connection.dialect, word)}
            insert_new(connection, tables.meta, sealed, "key")
        unsealed(connection.dialect, get_meta(connection, SEAL) or "")


def secret(connection: Connection) -> str:
    """Random and the same for ever, in this database and all its backups."""
    sealed = get_meta(connection, SECRET)
    assert sealed is not None, "made at the first start"
    return unsealed(connection.dialect, sealed)


def open_engine(url: str, key: Path | None = None) -> Engine:
    """An engine as it is, without a look at the schema."""
    parsed = make_url(url)
    on_file = parsed.get_backend_name() == "sqlite"
    engine = _sqlite(parsed) if on_file else open_postgresql(parsed, key)
    unlock(engine, key or key_beside(url))
    return engine


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True)  # they would be in errors, and in logs
    event.listen(engine, "connect", _prepare)
    # A listener would do as well, but costs something at every statement.
    engine.dialect.do_begin = _begin  # type: ignore[method-assign, assignment]  # it has none of its own
    return engine


def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: PoolProxiedConnection) -> None:
    # A deferred transaction that turns to writing can fail at once, whatever the busy timeout.
    connection.cursor().execute("BEGIN IMMEDIATE")


def clear_log(engine: Engine) -> None:
    """What was deleted is not left in SQLite's write-ahead log either.

    PostgreSQL overwrites what was deleted in its own time (autovacuum), and keeps its log for as
    long as its operator says.
    """
    after(lambda: _run(engine, "PRAGMA wal_checkpoint(TRUNCATE)"))


def rewrite(engine: Engine) -> None:
    """The whole file anew: nothing that was in it before is left between the rows.

    What SQLite moves from page to page stays behind in them, whatever is deleted later. While
    somebody else reads, only the log is cleared.
    """
    after(lambda: _rewrite(engine))
    clear_log(engine)


def _rewrite(engine: Engine) -> None:
    try:
        _run(engine, "VACUUM")
    except sqlite3.OperationalError as error:
        log.warning("not rewritten after a deletion", error=str(error))


def _run(engine: Engine, *statements: str) -> None:
    if on_postgresql(engine):
        return
    connection = engine.raw_connection()  # outside of any transaction
    for statement in statements:
        connection.cursor().execute(statement)
    connection.close()


def insert_new(
    connection: Connection, table: Table, values: Mapping[str, object], returning: str
) -> Any | None:  # the type of the returned column
    """Inserts unless a unique key is taken: then nothing happens, and None is returned."""
    # rowcount is -1 on PostgreSQL: only a returned row tells whether there is a new one.
    statement = _unless_taken(connection.dialect.name, table, returning)
    return connection.execute(statement, values).scalar()


def inserted(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """Inserts, and returns the new row's number."""
    key = connection.execute(_into(table), values).inserted_primary_key
    assert key is not None
    return int(key[0])


def put(
    connection: Connection,
    table: Table,
    values: Mapping[str, object],
    **found: ColumnElement[Any],  # of the column's type
) -> None:
    """Inserts, or replaces the row with the same primary key.

    ``found``: columns that the database finds out itself, with what is bound among the values.
    """
    names = frozenset({*values, *found}.intersection(table.c.keys()))
    statement = _in_place(connection.dialect.name, table, names, tuple(found.items()))
    connection.execute(statement, values)


# A statement is built once: building it anew costs several times what carrying it out does.


@cache
def _into(table: Table) -> Insert:
    return table.insert()


@cache
def _unless_taken(dialect: str, table: Table, returning: str) -> ReturningInsert[Any]:
    return _insert(dialect, table).on_conflict_do_nothing().returning(table.c[returning])


@cache
def _in_place(
    dialect: str, table: Table, names: frozenset[str], found: tuple[Found, ...]
) -> Insert:
    keys, insert = [column.name for column in table.primary_key], _insert(dialect, table)
    if found:
        insert = insert.values(**dict(found))
    rest = {name: insert.excluded[name] for name in sorted(names.difference(keys))}
    return insert.on_conflict_do_update(index_elements=keys, set_=rest)


def _insert(dialect: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- much to load, of no use to a file

    return postgresql.insert(table)


def get_meta(connection: Connection, key: str) -> str | None:
    found = connection.execute(tables.meta.select().where(tables.meta.c.key == key)).first()
    return found.value if found else None


def set_meta(connection: Connection, key: str, value: str) -> None:
    put(connection, tables.meta, {"key": key, "value": value})
