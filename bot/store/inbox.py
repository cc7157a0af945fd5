"""The inbox: a queue with memory, so that what comes again has no effect again."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, Row, bindparam, or_, select, update

from bot.store.database import insert_new
from bot.store.tables import inbox
from bot.store.tables.queues import PARKED_AFTER

BACKOFF = timedelta(seconds=30)

Payload = dict[str, Any]  # a platform's JSON


def receive(
    connection: Connection,
    key: tuple[str, str, str],
    payload: Payload,
    now: datetime,
    hold: timedelta = timedelta(),
) -> bool:
    """Keeps an input. False if it has come before: then nothing changes."""
    platform, account, external_id = key
    values = {
        "platform": platform,
        "account": account,
        "external_id": external_id,
        "payload": payload,
        "received_at": now,
        "attempts": 0,
        "retry_at": now + hold if hold else None,
        "error": "",
    }
    return insert_new(connection, inbox, values, "id") is not None


def waiting(connection: Connection, platform: str, now: datetime, limit: int) -> list[Row[Any]]:
    """Inputs without their effect yet, in the order they came."""
    return list(connection.execute(_WAITING, {"on": platform, "now": now, "most": limit}))


_WAITING = (
    select(inbox)
    .where(
        inbox.c.platform == bindparam("on"),
        inbox.c.done_at.is_(None),
        inbox.c.attempts < PARKED_AFTER,
        or_(inbox.c.retry_at.is_(None), inbox.c.retry_at <= bindparam("now")),
    )
    .order_by(inbox.c.id)
    .limit(bindparam("most", type_=Integer))
)


def unfinished(connection: Connection, key: tuple[str, str, str]) -> int | None:
    """The inbox number of an input that is still to have its effect; None otherwise.

    Nobody else gives it one until the turn is over.
    """
    return connection.execute(_UNFINISHED, _this_input(key)).scalar()


def begin(connection: Connection, key: tuple[str, str, str], now: datetime) -> int | None:
    """Marks an input as having had its effect, which is to follow in the same transaction.

    Its content is not kept any longer. Its number; None if there is nothing to be done about it.
    """
    return connection.execute(_BEGIN, {**_this_input(key), "moment": now}).scalar()


def _this_input(key: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("on", "of", "known_as"), key, strict=True))


_UNDONE = (
    inbox.c.platform == bindparam("on"),
    inbox.c.account == bindparam("of"),
    inbox.c.external_id == bindparam("known_as"),
    inbox.c.done_at.is_(None),
)
_UNFINISHED = select(inbox.c.id).where(*_UNDONE).with_for_update()
_BEGIN = (
    update(inbox)
    .where(*_UNDONE)
    .values(done_at=bindparam("moment"), payload=None)
    .returning(inbox.c.id)
)


def failed(connection: Connection, number: int, error: str, now: datetime) -> bool:
    """Counts a try, and puts an input back for another. Whether it was the last one."""
    statement = update(inbox).where(inbox.c.id == number).returning(inbox.c.attempts)
    values = {"attempts": inbox.c.attempts + 1, "error": error, "retry_at": now + BACKOFF}
    return connection.execute(statement.values(**values)).scalar() == PARKED_AFTER


def let_go(connection: Connection) -> None:
    """After a start where nobody else is at work: what was in hand is free."""
    untried = inbox.c.done_at.is_(None), inbox.c.attempts == 0
    connection.execute(update(inbox).where(*untried).values(retry_at=None))
