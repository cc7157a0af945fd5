"""The schema, brought up to date at the start: by one program at a time, wherever several begin."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select

from bot.errors import OperatorError

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 0x7A4D01
"""Names the lock to PostgreSQL: any number that nothing else in this database uses."""


class DatabaseError(OperatorError):
    """The database can't be used as it is; the message says what to do."""


def migrate(engine: Engine) -> bool:
    """Brings the schema up to date. Returns whether there was anything to do."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
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
