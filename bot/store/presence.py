"""Who is at work on a database. A SQLite file has one program, PostgreSQL as many as there are.

Some commands need it to themselves: they refuse to begin while the bot runs.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, func, make_url, select
from sqlalchemy.pool import NullPool

from bot.store.migrating import DatabaseError

AT_WORK = 0x7A4D02
"""Names the lock to PostgreSQL, which gives it up with the connection."""


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Nobody else is at work on the database, and nobody begins."""
    with _locked_file(url) if _is_file(url) else _locked(url, shared=False):
        yield


@contextmanager
def at_work(url: str) -> Iterator[None]:
    """For the bot itself. Two on one SQLite file would send everything twice."""
    with _locked_file(url) if _is_file(url) else _locked(url, shared=True):
        yield


def _is_file(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


@contextmanager
def _locked_file(url: str) -> Iterator[None]:
    path = make_url(url).database or ""
    with Path(f"{path}.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise _busy(path) from None
        yield


@contextmanager
def _locked(url: str, *, shared: bool) -> Iterator[None]:
    ask = func.pg_try_advisory_lock_shared if shared else func.pg_try_advisory_lock
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.execute(select(ask(AT_WORK))).scalar():
            raise _busy(repr(make_url(url)))
        yield


def _busy(where: str) -> DatabaseError:
    return DatabaseError(f"DATABASE_URL: another Tandem is running on {where}; stop it first")
