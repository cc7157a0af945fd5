"""Dues: a queue with memory of what time brings, so that nothing is said again."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    update,
)

from bot.domain.dues import Due, Nudge
from bot.store.database import insert_new
from bot.store.tables import due
from bot.store.tables.queues import PARKED_AFTER

LEASE = timedelta(seconds=60)
"""Longer than a batch of dues takes: past it, whoever had them in hand has ended."""


def plan(connection: Connection, subject: str, dues: Iterable[Due]) -> None:
    """Replaces what was planned for a subject. What is done already is not done again."""
    connection.execute(_UNPLAN, {"about": subject})
    for planned in dues:
        insert_new(connection, due, _values(planned), "id")


_UNPLAN = delete(due).where(due.c.subject == bindparam("about"), due.c.state == "due")


def postpone(connection: Connection, planned: Due) -> bool:
    """Moves what is planned already to another moment. False if it is not planned."""
    here = {"kind": planned.nudge.value, "about": planned.subject, "whose": planned.member}
    values = {"at": planned.at, "until": planned.until, "attempts": 0, "lease_until": None}
    return connection.execute(_POSTPONE, {**here, **values}).rowcount > 0


_POSTPONE = update(due).where(
    due.c.subject == bindparam("about"),
    due.c.nudge == bindparam("kind"),
    due.c.member == bindparam("whose"),
    due.c.state == "due",
)


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
    given = {"now": now, "most": limit, "lease": now + LEASE}
    rows = connection.execute(_TAKEN, given).all()
    return [(row.id, _due(row)) for row in sorted(rows, key=lambda row: (row.at, row.id))]


_FOUND = (
    select(due.c.id)
    .where(due.c.state == "due", due.c.at <= bindparam("now"), due.c.attempts < PARKED_AFTER)
    .where(
        due.c.nudge != Nudge.ROUND,
        or_(due.c.lease_until.is_(None), due.c.lease_until <= bindparam("now")),
    )
    .order_by(due.c.at, due.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("found")
)
_TAKEN = (
    update(due)
    .where(due.c.id.in_(select(_FOUND.c.id)))
    .values(lease_until=bindparam("lease"))
    .returning(due.c.id, due.c.nudge, due.c.subject, due.c.member, due.c.at, due.c.until)
)


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


def concerned(connection: Connection, subject: str) -> list[int]:
    """The members for whom something is planned about a subject."""
    here = due.c.subject == subject, due.c.state == "due"
    return list(connection.execute(select(due.c.member).where(*here).order_by(due.c.id)).scalars())


def forget_for(connection: Connection, member: int, subjects: Collection[str]) -> None:
    """What a member was still to be told about these is told no more."""
    here = due.c.member == member, due.c.subject.in_(subjects), due.c.state == "due"
    connection.execute(delete(due).where(*here))


def happened(connection: Connection, nudge: str, subject: str) -> bool:
    """Whether a nudge of this kind has been said."""
    return bool(connection.execute(_HAPPENED, {"about": subject, "kind": nudge}).scalar())


_HAPPENED = select(
    exists().where(
        due.c.subject == bindparam("about"),
        due.c.nudge == bindparam("kind"),
        due.c.state == "done",
    )
)


def planned(connection: Connection, nudge: str, subject: str) -> datetime | None:
    """When a nudge is to come; None if it is not planned."""
    here = due.c.subject == subject, due.c.nudge == nudge, due.c.state == "due"
    return connection.execute(select(due.c.at).where(*here)).scalar()


def take(connection: Connection, number: int, taken: Due) -> bool:
    """Takes a due in hand. False if another has settled it, or it is not planned any more."""
    here = {
        "number": number,
        "kind": taken.nudge.value,
        "about": taken.subject,
        "whose": taken.member,
        "moment": taken.at,
    }
    return connection.execute(_TAKE, here).rowcount == 1


_TAKE = (
    update(due)
    .where(
        due.c.id == bindparam("number"),
        due.c.state == "due",
        due.c.nudge == bindparam("kind"),
        due.c.subject == bindparam("about"),
        due.c.member == bindparam("whose"),
        due.c.at == bindparam("moment"),
    )
    .values(state="done", reason="")
)


def settle(connection: Connection, number: int, reason: str, now: datetime) -> None:
    """Said, or dropped for a reason."""
    state = "dropped" if reason else "done"
    values = {"state": state, "reason": reason, "settled_at": now}
    connection.execute(_THIS_DUE, {"number": number, **values})


_THIS_DUE = update(due).where(due.c.id == bindparam("number"))


def put_off(connection: Connection, later: Due) -> None:
    """Plans a due anew for another moment."""
    insert_new(connection, due, _values(later), "id")


def waiting_for(
    connection: Connection, member: int, nudges: Collection[Nudge]
) -> list[tuple[int, Due]]:
    """What a member is to be told, by the numbers of its rows, the first one first."""
    rows = connection.execute(_WAITING_FOR, {"whose": member, "kinds": list(nudges)})
    return [(row.id, _due(row)) for row in rows]


_OF_MEMBER = and_(
    due.c.member == bindparam("whose"), due.c.nudge.in_(bindparam("kinds", expanding=True))
)
_WAITING_FOR = (
    select(due)
    .where(_OF_MEMBER, due.c.state == "due", due.c.attempts < PARKED_AFTER)
    .order_by(due.c.at, due.c.id)
)


def said_since(
    connection: Connection, member: int, nudges: Collection[Nudge], since: datetime
) -> list[tuple[Due, datetime]]:
    """What a member was told, each with the moment of its message."""
    given = {"whose": member, "kinds": list(nudges), "since": since}
    return [(_due(row), row.settled_at) for row in connection.execute(_SAID_SINCE, given)]


_SAID_SINCE = select(due).where(
    _OF_MEMBER, due.c.state == "done", due.c.settled_at >= bindparam("since")
)


def failed(connection: Connection, number: int, reason: str) -> bool:
    """Counts a try. Whether it was the last one."""
    statement = update(due).where(due.c.id == number).returning(due.c.attempts)
    values = {"attempts": due.c.attempts + 1, "reason": reason, "lease_until": None}
    return connection.execute(statement.values(**values)).scalar() == PARKED_AFTER
