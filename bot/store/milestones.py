"""Milestones of tandems."""

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.domain.milestones import Milestone, Milestones
from bot.store import pairs
from bot.store.tables import milestone


def get(connection: Connection, number: int) -> Milestones:
    """All of a tandem."""
    rows = of(connection, number)
    return Milestones(pairs.get_tandem(connection, number), tuple(_milestone(r) for r in rows))


def of(connection: Connection, number: int) -> list[Row[Any]]:
    """The rows of a tandem, as they were added; those taken away have no title."""
    found = select(milestone).where(milestone.c.tandem == number).order_by(milestone.c.number)
    return list(connection.execute(found).all())


def save(connection: Connection, before: Milestones, after: Milestones) -> None:
    """Stores what has changed."""
    known = {m.number for m in before.every}
    for one in after.every:
        if one.number not in known:
            key = {"tandem": after.tandem.id, "number": one.number}
            connection.execute(insert(milestone).values(**key, **_values(one)))
        elif one not in before.every:
            here = milestone.c.tandem == after.tandem.id, milestone.c.number == one.number
            connection.execute(update(milestone).where(*here).values(**_values(one)))


def make_nameless(connection: Connection, number: int) -> None:
    """Who is gone leaves what was agreed on to the others; that it came from them goes."""
    connection.execute(update(milestone).where(milestone.c.by == number).values(by=0))


def forget(connection: Connection, number: int) -> None:
    connection.execute(delete(milestone).where(milestone.c.tandem == number))


def _values(one: Milestone) -> dict[str, object]:
    return {
        "title": one.title,
        "due": one.due,
        "done_at": one.done_at,
        "by": one.by,
        "cheered": one.cheered,
    }


def _milestone(row: Row[Any]) -> Milestone:
    return Milestone(row.number, row.title, row.due, row.done_at, row.by, row.cheered)
