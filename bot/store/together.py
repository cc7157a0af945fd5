"""Several things carried out in one transaction of the file, each as a whole or not at all.

What costs most on SQLite is to wait for the disk: what waits for the one thread that writes, waits
for it once. Nobody may be told of anything in here before `together` is over.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import local

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

log = structlog.get_logger()


@dataclass(slots=True)
class _Common:
    connection: Connection
    later: list[Callable[[], None]] = field(default_factory=list)
    lost: OperationalError | None = None
    """SQLite undid all of it by itself, as it does on a full disk."""

    def run(self, statement: str) -> None:
        """The driver's own: SQLAlchemy's nested transactions cost as much as a whole one."""
        try:
            self.connection.exec_driver_sql(statement)
        except OperationalError as error:
            self.lost = error
            raise


class _Thread(local):
    common: _Common | None = None


_HERE = _Thread()


@contextmanager
def together(store: Engine) -> Iterator[None]:
    """Every `transaction` in here is kept, or lost, with the end of this."""
    with store.begin() as connection:
        common = _HERE.common = _Common(connection)
        try:
            yield
        finally:
            _HERE.common = None
        if common.lost:
            raise common.lost
    for do in common.later:
        try:
            do()
        except OperationalError:  # all that was to be kept is kept
            log.exception("not done after a transaction")


@contextmanager
def transaction(store: Engine) -> Iterator[Connection]:
    """One of its own, or a part of the common one that is undone by itself."""
    common = _HERE.common
    if common is None:
        with store.begin() as connection:
            yield connection
        return
    if common.lost:
        raise common.lost
    common.run("SAVEPOINT part")
    try:
        yield common.connection
    except BaseException:
        common.run("ROLLBACK TO part")
        common.run("RELEASE part")
        raise
    common.run("RELEASE part")


def after(do: Callable[[], None]) -> None:
    """What can't be done within a transaction is done once the common one is over."""
    common = _HERE.common
    if common is None:
        do()
    else:
        common.later.append(do)
