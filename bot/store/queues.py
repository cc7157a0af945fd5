"""The two queues with memory: the inbox, and the dues that time brings."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, or_, select, update

from bot.domain.dues import Due, Nudge
from bot.store.database import insert_new
from bot.store.tables import due, inbox

PARKED_AFTER = 3
"""Tries before an input or a due is set aside, so that nothing else waits for it."""
BACKOFF = timedelta(seconds=30)
LEASE = timedelta(seconds=60)
"""Longer than a batch of dues takes: past it, whoever had them in hand has ended."""

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
    rows = connection.execute(
        select(inbox)
        .where(
            inbox.c.platform == platform,
            inbox.c.done_at.is_(None),
            inbox.c.attempts < PARKED_AFTER,
            or_(inbox.c.retry_at.is_(None), inbox.c.retry_at <= now),
        )
        .order_by(inbox.c.id)
        .limit(limit)
    )
    return list(rows)


def unfinished(connection: Connection, key: tuple[str, str, str]) -> int | None:
    """The inbox number of an input that is still to have its effect; None otherwise.

    Nobody else gives it one until the turn is over.
    """
    platform, account, external_id = key
    return connection.execute(
        select(inbox.c.id)
        .where(
            inbox.c.platform == platform,
            inbox.c.account == account,
            inbox.c.external_id == external_id,
            inbox.c.done_at.is_(None),
        )
        .with_for_update()
    ).scalar()


def done(connection: Connection, number: int, now: datetime) -> None:
    """Marks an input as having had its effect; its content is not kept any longer."""
    connection.execute(update(inbox).where(inbox.c.id == number).values(done_at=now, payload=None))


def failed(connection: Connection, number: int, error: str, now: datetime) -> int:
    """Puts an input back for another try, and tells how many there were."""
    statement = update(inbox).where(inbox.c.id == number)
    values = {"attempts": inbox.c.attempts + 1, "error": error, "retry_at": now + BACKOFF}
    tries = connection.execute(statement.values(**values).returning(inbox.c.attempts)).scalar()
    return int(tries or 0)


def plan(connection: Connection, subject: str, dues: Iterable[Due]) -> None:
    """Replaces what was planned for a subject. What is done already is not done again."""
    connection.execute(delete(due).where(due.c.subject == subject, due.c.state == "due"))
    for planned in dues:
        insert_new(connection, due, _values(planned), "id")


def _values(planned: Due) -> dict[str, object]:
    return {
        "nudge": planned.nudge.value,
        "subject": planned.subject,
        "member": planned.member,
        "at": planned.at,
        "until": planned.until,
        "state": "due",
        "reason": "",
        "attempts": 0,
    }


def _due(row: Row[Any]) -> Due:
    return Due(Nudge(row.nudge), row.subject, row.at, row.until, row.member)


def due_now(connection: Connection, now: datetime, limit: int) -> list[tuple[int, Due]]:
    """Takes what is due in hand, so that nobody else does for a while, the first one first.

    A round is not among them: it takes longer than a turn may, see `bot.store.rounds`.
    """
    free = or_(due.c.lease_until.is_(None), due.c.lease_until <= now)
    found = (
        select(due.c.id)
        .where(due.c.state == "due", due.c.at <= now, due.c.attempts < PARKED_AFTER)
        .where(due.c.nudge != Nudge.ROUND, free)
        .order_by(due.c.at, due.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("found")
    )
    taken = update(due).where(due.c.id.in_(select(found.c.id))).values(lease_until=now + LEASE)
    rows = connection.execute(taken.returning(due)).all()
    return [(row.id, _due(row)) for row in sorted(rows, key=lambda row: (row.at, row.id))]


def let_go(connection: Connection) -> None:
    """After a start where nobody else is at work: what was in hand is free."""
    connection.execute(update(due).where(due.c.state == "due").values(lease_until=None))


def next_due(connection: Connection) -> datetime | None:
    return connection.execute(
        select(due.c.at)
        .where(due.c.state == "due", due.c.attempts < PARKED_AFTER)
        .order_by(due.c.at)
        .limit(1)
    ).scalar()


def forget_for(connection: Connection, member: int, subjects: Collection[str]) -> None:
    """What a member was still to be told about these is told no more."""
    here = due.c.member == member, due.c.subject.in_(subjects), due.c.state == "due"
    connection.execute(delete(due).where(*here))


def happened(connection: Connection, nudge: str, subject: str) -> bool:
    """Whether a nudge of this kind has been said."""
    said = exists().where(due.c.subject == subject, due.c.nudge == nudge, due.c.state == "done")
    return bool(connection.execute(select(said)).scalar())


def planned(connection: Connection, nudge: str, subject: str) -> datetime | None:
    """When a nudge is to come; None if it is not planned."""
    here = due.c.subject == subject, due.c.nudge == nudge, due.c.state == "due"
    return connection.execute(select(due.c.at).where(*here)).scalar()


def take(connection: Connection, number: int, taken: Due) -> bool:
    """Takes a due in hand. False if another has settled it, or it is not planned any more."""
    here = (
        due.c.id == number,
        due.c.state == "due",
        due.c.nudge == taken.nudge,
        due.c.subject == taken.subject,
        due.c.member == taken.member,
        due.c.at == taken.at,
    )
    done = update(due).where(*here).values(state="done", reason="")
    return connection.execute(done).rowcount == 1


def settle_due(connection: Connection, number: int, reason: str, now: datetime) -> None:
    """Said, or dropped for a reason."""
    state = "dropped" if reason else "done"
    values = {"state": state, "reason": reason, "settled_at": now}
    connection.execute(update(due).where(due.c.id == number).values(**values))


def put_off(connection: Connection, later: Due) -> None:
    """Plans a due anew for another moment."""
    insert_new(connection, due, _values(later), "id")


def waiting_for(
    connection: Connection, member: int, nudges: Collection[Nudge]
) -> list[tuple[int, Due]]:
    """What a member is to be told, by the numbers of its rows, the first one first."""
    here = due.c.member == member, due.c.nudge.in_(nudges), due.c.state == "due"
    able = select(due).where(*here, due.c.attempts < PARKED_AFTER)
    rows = connection.execute(able.order_by(due.c.at, due.c.id))
    return [(row.id, _due(row)) for row in rows]


def said_since(
    connection: Connection, member: int, nudges: Collection[Nudge], since: datetime
) -> list[tuple[Due, datetime]]:
    """What a member was told, each with the moment of its message."""
    here = due.c.member == member, due.c.nudge.in_(nudges), due.c.state == "done"
    rows = connection.execute(select(due).where(*here, due.c.settled_at >= since))
    return [(_due(row), row.settled_at) for row in rows]


def fail_due(connection: Connection, number: int, reason: str) -> None:
    statement = update(due).where(due.c.id == number)
    values = {"attempts": due.c.attempts + 1, "reason": reason, "lease_until": None}
    connection.execute(statement.values(**values))
