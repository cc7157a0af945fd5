"""Rounds: what went into a matching, what came out, so that it can be repeated and explained."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from bot.domain.dues import Due, Nudge
from bot.store.database import inserted
from bot.store.holding import need_everybody
from bot.store.tables import due, round_
from bot.store.tables.queues import PARKED_AFTER

OPEN, DONE = "open", "done"


def open_round(connection: Connection, key: str, values: dict[str, object]) -> int:
    """The number of the round with this key, whose inputs are noted anew while it is open.

    Raises LookupError if it is done: it does not happen again.
    """
    known = connection.execute(select(round_).where(round_.c.key == key)).first()
    if known is None:
        return inserted(connection, round_, {"key": key, "state": OPEN, "outcome": None, **values})
    if known.state != OPEN:
        raise LookupError(key)
    connection.execute(update(round_).where(round_.c.id == known.id).values(**values))
    return int(known.id)


def close(connection: Connection, number: int, outcome: dict[str, Any]) -> bool:
    """Notes how it went. False if that is known already: then nothing more comes of it."""
    still_open = round_.c.id == number, round_.c.state == OPEN
    statement = update(round_).where(*still_open).values(state=DONE, outcome=outcome)
    return connection.execute(statement).rowcount == 1


def ended(connection: Connection) -> int:
    """How many rounds there were."""
    done = select(func.count()).select_from(round_).where(round_.c.state == DONE)
    return int(connection.execute(done).scalar_one())


def get(connection: Connection, number: int) -> Row[Any]:
    return connection.execute(select(round_).where(round_.c.id == number)).one()


def forget_member(connection: Connection, number: int) -> None:
    """A round they took part in keeps only that it was."""
    need_everybody(connection)
    for row in connection.execute(select(round_).where(round_.c.inputs.is_not(None))).all():
        if any(str(one["id"]) == str(number) for one in row.inputs["members"]):
            values = {"inputs": None, "outcome": None}
            connection.execute(update(round_).where(round_.c.id == row.id).values(**values))


def age(connection: Connection, before: datetime) -> None:
    """What people wrote goes with their messages; that a round was, and its hash, stays."""
    old = round_.c.at < before
    connection.execute(update(round_).where(old).values(inputs=None, outcome=None))


def waiting(connection: Connection, now: datetime) -> list[Due]:
    """Who waits for a round whose time has come, the longest first."""
    rows = connection.execute(
        select(due)
        .where(due.c.nudge == Nudge.ROUND, due.c.state == "due", due.c.at <= now)
        .where(due.c.attempts < PARKED_AFTER)
        .order_by(due.c.at, due.c.id)
    )
    return [Due(Nudge.ROUND, r.subject, r.at, r.until, r.member) for r in rows]


def asking(connection: Connection) -> dict[int, datetime | None]:
    """Everybody who is to be told how the next round went, and when that is; None for those whose
    round failed too often."""
    here = due.c.nudge == Nudge.ROUND, due.c.state == "due"
    rows = connection.execute(
        select(due.c.member, due.c.at, due.c.attempts).where(*here).order_by(due.c.member)
    )
    return {row.member: row.at if row.attempts < PARKED_AFTER else None for row in rows}


def told(connection: Connection, members: Collection[int]) -> None:
    """They wait no more."""
    here = due.c.nudge == Nudge.ROUND, due.c.state == "due"
    rows = connection.execute(select(due.c.id, due.c.member).where(*here)).all()
    if theirs := [{"row": row.id} for row in rows if row.member in members]:
        connection.execute(delete(due).where(due.c.id == bindparam("row")), theirs)


def failed(connection: Connection, reason: str, now: datetime) -> bool:
    """Counts a try. Whether it was the last one: then it is left to whoever asks next."""
    here = due.c.nudge == Nudge.ROUND, due.c.state == "due", due.c.at <= now
    able = due.c.attempts < PARKED_AFTER
    values = {"attempts": due.c.attempts + 1, "reason": reason}
    statement = update(due).where(*here, able).values(**values).returning(due.c.attempts)
    return PARKED_AFTER in connection.execute(statement).scalars().all()
