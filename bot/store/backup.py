"""A backup: one file with a consistent copy of a SQLite database and a manifest of it.

The bot may be running while it is made. The key is not in it, so that it can be kept anywhere.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from bot.errors import OperatorError

MANIFEST, DATABASE = "manifest.json", "tandem.db"
LATEST = (
    "SELECT max(received_at) FROM inbox",
    "SELECT max(made_at) FROM outbox",
    "SELECT max(at) FROM consent",
)


class BackupError(OperatorError):
    """It can't be made or used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``counts`` are rows by table."""

    version: str
    schema: str
    made_at: str
    sha256: str
    counts: dict[str, int]


def write(source: Path, target: Path, now: datetime) -> Manifest:
    """The copy is read back and checked before it gets its name."""
    if target.exists():
        raise BackupError(f"{target} is there already; choose another name")
    if not source.exists():
        raise BackupError(f"DATABASE_URL: there is no database in {source} yet")
    with _beside(target, ".db") as copy, _beside(target, ".part") as draft:
        _copy(source, copy)
        with closing(sqlite3.connect(copy)) as connection:
            schema, counts = _checked(connection, copy)
        made = version("tandem-bot"), schema, now.isoformat()
        manifest = Manifest(*made, _digest(copy), counts)
        with ZipFile(_private(draft), "w", ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
            archive.write(copy, DATABASE)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.rename(target)
    return manifest


def unpack(file: Path, target: Path) -> Manifest:
    """Writes the database in a backup to ``target``, if it is whole."""
    try:
        with ZipFile(file) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            with archive.open(DATABASE) as packed, _private(target).open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
    except FileNotFoundError:
        raise BackupError(f"{file}: there is no such file") from None
    except (BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise BackupError(f"{file} is no backup of Tandem, or is damaged; use another") from error
    if _digest(target) != manifest.sha256:
        raise BackupError(f"{file} is damaged: its checksum is wrong; use another")
    with closing(sqlite3.connect(target)) as connection:
        _checked(connection, file)
    return manifest


def newest(path: Path) -> datetime | None:
    """When something last happened in a database; one that can't be read counts as now."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found = [connection.execute(asked).fetchone()[0] for asked in LATEST]
    except sqlite3.DatabaseError:
        return datetime.now(UTC)
    moments = [datetime.fromisoformat(at).replace(tzinfo=UTC) for at in found if at]
    return max(moments, default=None)


def mark(path: Path, key: str, value: str) -> None:
    """Notes something in a database that may be in use."""
    with closing(sqlite3.connect(path, timeout=30)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def _copy(source: Path, target: Path) -> None:
    """In one go: page by page, a bot at work would make it begin anew for ever."""
    _private(target)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)) as there,
        closing(sqlite3.connect(target)) as here,
    ):
        there.backup(here)
        here.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def _checked(connection: sqlite3.Connection, file: Path) -> tuple[str, dict[str, int]]:
    """The schema, and rows by table."""
    try:
        [(found,), *_] = connection.execute("PRAGMA integrity_check").fetchall()
        [(schema,)] = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except (sqlite3.DatabaseError, ValueError):
        found, schema = "unreadable", ""
    if found != "ok":
        raise BackupError(f"{file}: the database in it is damaged ({found}); use another backup")
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    counts = {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 -- a table's own name
        for (name,) in sorted(names)
        if not name.startswith("sqlite_")
    }
    return schema, counts


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _private(path: Path) -> Path:
    """Readable by its owner only, from the beginning."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    return path


@contextmanager
def _beside(target: Path, suffix: str) -> Iterator[Path]:
    """A file for the time being, in the same folder."""
    path = target.with_name(f".{target.name}{suffix}")
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
