"""The schema, brought up to date at the start: by one program at a time, wherever several begin."""

from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select, text

from bot.errors import OperatorError

MIGRATIONS = Path(__file__).parent / "migrations"
SCHEMAS = sorted(file.stem.partition("_")[0] for file in MIGRATIONS.glob("versions/[0-9]*.py"))
"""All there ever were, by the names of their files: to ask Alembic would be to load it."""
ONE_AT_A_TIME = 0x7A4D01
"""Names the lock to PostgreSQL: any number that nothing else in this database uses."""


class DatabaseError(OperatorError):
    """The database can't be used as it is; the message says what to do."""


def migrate(engine: Engine) -> bool:
    """Brings the schema up to date. Returns whether there was anything to do."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        schema = _schema(connection)
        if schema and schema not in SCHEMAS:
            raise DatabaseError(
                f"DATABASE_URL: this database was written by a newer Tandem (schema {schema}). "
                "Update the program, or restore a backup made before the update."
            )
        if schema == SCHEMAS[-1]:
            return False
        _upgrade(connection)
        return True


def is_current(connection: Connection) -> bool:
    """Whether the schema is the one this program was written for."""
    return _schema(connection) == SCHEMAS[-1]


def _schema(connection: Connection) -> str:
    """As Alembic noted it; "" where it never was."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 -- loads much, and only a migration needs it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
