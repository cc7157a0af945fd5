"""Blocks: pairs who must not meet. Read by whatever brings people together, shown to nobody."""

from datetime import datetime

from sqlalchemy import Connection, and_, delete, or_, select

from bot.store.database import insert_new
from bot.store.tables import block


def add(connection: Connection, member: int, other: int, now: datetime) -> None:
    insert_new(connection, block, {"member": member, "other": other, "at": now}, "member")


def of(connection: Connection, member: int) -> frozenset[int]:
    """Everyone a member must not meet, whoever of the two asked for it."""
    rows = connection.execute(
        select(block.c.member, block.c.other).where(
            or_(block.c.member == member, block.c.other == member)
        )
    )
    return frozenset(row.other if row.member == member else row.member for row in rows)


def couples(connection: Connection) -> list[tuple[int, int]]:
    """Everybody who must not meet somebody."""
    return [(r.member, r.other) for r in connection.execute(select(block.c.member, block.c.other))]


def remove(connection: Connection, one: int, other: int) -> None:
    connection.execute(
        delete(block).where(
            or_(
                and_(block.c.member == one, block.c.other == other),
                and_(block.c.member == other, block.c.other == one),
            )
        )
    )
