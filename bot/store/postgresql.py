"""Opening a database on PostgreSQL: connections that several turns at once are done on."""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from bot.store.sealing import KeyFileError

AT_ONCE = 6
"""Connections of one process to PostgreSQL: as many turns at once."""
IDLE_S = 5.0
"""Whoever was used a moment ago is taken to be there still: to ask costs a way to the server. That
it is not there is noticed, and what was begun is done anew, see `bot.store.holding.carry_out`."""
USED_S = "used_s"
NO_KEY = "TANDEM_KEY_FILE: PostgreSQL has no place for a key; name a file, such as data/tandem.key"
SESSION = "-c idle_in_transaction_session_timeout=60000"
"""A program that stopped in the middle of something does not hold up the others for ever."""


def open_postgresql(url: URL, key: Path | None) -> Engine:
    if key is None:  # one made anew at every start could read nothing of before
        raise KeyFileError(NO_KEY)
    engine = create_engine(
        url,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=AT_ONCE,
        max_overflow=2,  # for what is looked up beside turns
        connect_args={"options": SESSION, "connect_timeout": 10},
    )
    _look_at_the_idle(engine)
    return engine


def _look_at_the_idle(engine: Engine) -> None:
    """A connection that nobody used for a while is asked whether it is still there."""

    def put_back(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info[USED_S] = time.monotonic()

    def taken(
        connection: Any,  # psycopg's
        record: ConnectionPoolEntry,
        _: PoolProxiedConnection,
    ) -> None:
        used_s = record.info.get(USED_S)
        if used_s is None or time.monotonic() - used_s < IDLE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:  # the pool takes a new one then
            raise DisconnectionError from error

    event.listen(engine, "checkin", put_back)
    event.listen(engine, "checkout", taken)
