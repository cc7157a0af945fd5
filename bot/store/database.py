"""Opening the database: one writer on SQLite, the schema brought up to date at the start."""

import fcntl
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import OperatorError
from bot.store import tables
from bot.store.sealing import InvalidToken, KeyFileError, seal, unlock, unsealed

log = structlog.get_logger()

SEAL, SECRET = "seal", "secret"
MIGRATIONS = Path(__file__).parent / "migrations"
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # what was confirmed to a platform must survive a power cut
    "busy_timeout=5000",
    "foreign_keys=ON",
    "secure_delete=ON",  # what was deleted is not left lying in free pages
)


class DatabaseError(OperatorError):
    """The database can't be used as it is; the message says what to do."""


def connect(url: str, key: Path | None = None) -> Engine:
    """An engine on the newest schema, or an `OperatorError` that names the cure.

    ``key`` is the file with the key to what is sealed; by default it lies beside the database.
    """
    path = key or key_beside(url)
    made = path is not None and not path.exists()
    engine = open_engine(url, path)
    try:
        if migrate(engine):
            rewrite(engine)
        _try_key(engine)
    except DBAPIError as error:
        raise DatabaseError(f"DATABASE_URL: can't use {make_url(url)!r}: {error.orig}") from error
    except InvalidToken:
        if made and path:
            path.unlink()
        raise KeyFileError(
            f"TANDEM_KEY_FILE: {path} is not the key this database was sealed with; "
            "put that file back, from where it was or from a backup"
        ) from None
    return engine


def key_beside(url: str) -> Path | None:
    """The file beside a database; None for one in memory."""
    name = make_url(url).database
    return Path(name).with_suffix(".key") if name and name != ":memory:" else None


def _try_key(engine: Engine) -> None:
    """The first start seals a word; every later one must be able to read it."""
    with engine.begin() as connection:
        word = get_meta(connection, SEAL)
        if word is None:
            set_meta(connection, SEAL, seal(connection.dialect, SEAL))
        else:
            unsealed(connection.dialect, word)
        random = {"key": SECRET, "value": seal(connection.dialect, secrets.token_hex(32))}
        insert_new(connection, tables.meta, random, "key")


def secret(connection: Connection) -> str:
    """Random and the same for ever, in this database and all its backups."""
    sealed = get_meta(connection, SECRET)
    assert sealed is not None, "made at the first start"
    return unsealed(connection.dialect, sealed)


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Holds a lock beside a SQLite file: two programs on one would send everything twice."""
    path = make_url(url).database or ""
    with Path(f"{path}.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DatabaseError(
                f"DATABASE_URL: another Tandem is running on {path}; stop it first"
            ) from None
        yield


def open_engine(url: str, key: Path | None = None) -> Engine:
    """An engine as it is, without a look at the schema."""
    parsed = make_url(url)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, hide_parameters=True)  # they would be in errors, and in logs
    unlock(engine, key or key_beside(url))
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that turns to writing can fail at once, whatever the busy timeout.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def migrate(engine: Engine) -> bool:
    """Brings the schema up to date. Returns whether there was anything to do."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        _refuse_newer(connection, ScriptDirectory.from_config(config))
        if is_current(connection):
            return False
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return True


def is_current(connection: Connection) -> bool:
    """Whether the schema is the one this program was written for."""
    return MigrationContext.configure(connection).get_current_heads() == _heads()


@cache
def _heads() -> tuple[str, ...]:
    return tuple(ScriptDirectory(str(MIGRATIONS)).get_heads())


def _refuse_newer(connection: Connection, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    for revision in MigrationContext.configure(connection).get_current_heads():
        if revision not in known:
            raise DatabaseError(
                f"DATABASE_URL: this database was written by a newer Tandem (schema {revision}). "
                "Update the program, or restore a backup made before the update."
            )


def clear_log(engine: Engine) -> None:
    """What was deleted is not left in SQLite's write-ahead log either."""
    _run(engine, "PRAGMA wal_checkpoint(TRUNCATE)")


def rewrite(engine: Engine) -> None:
    """The whole file anew: nothing that was in it before is left between the rows.

    What SQLite moves from page to page stays behind in them, whatever is deleted later. While
    somebody else reads, only the log is cleared.
    """
    try:
        _run(engine, "VACUUM")
    except sqlite3.OperationalError as error:
        log.warning("not rewritten after a deletion", error=str(error))
    clear_log(engine)


def _run(engine: Engine, *statements: str) -> None:
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()  # outside of any transaction
    for statement in statements:
        connection.cursor().execute(statement)
    connection.close()


def insert_new(
    connection: Connection, table: Table, values: Mapping[str, object], returning: str
) -> Any | None:  # the type of the returned column
    """Inserts unless a unique key is taken: then nothing happens, and None is returned."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    # rowcount is -1 on PostgreSQL: only a returned row tells whether there is a new one.
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    return connection.execute(statement.returning(table.c[returning])).scalar()


def inserted(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """Inserts, and returns the new row's number."""
    key = connection.execute(table.insert().values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def put(connection: Connection, table: Table, values: Mapping[str, object]) -> None:
    """Inserts, or replaces the row with the same primary key."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    statement = dialect.insert(table).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def get_meta(connection: Connection, key: str) -> str | None:
    found = connection.execute(tables.meta.select().where(tables.meta.c.key == key)).first()
    return found.value if found else None


def set_meta(connection: Connection, key: str, value: str) -> None:
    put(connection, tables.meta, {"key": key, "value": value})
