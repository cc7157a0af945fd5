"""Which calendar address is whose: by the hash of its secret part."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bot.store.tables import feed


def has(connection: Connection, member: int) -> bool:
    found = connection.execute(select(feed.c.member).where(feed.c.member == member))
    return found.first() is not None


def renew(connection: Connection, member: int, digest: str, now: datetime) -> None:
    """The address of before leads nowhere from now on."""
    stop(connection, member)
    values = {"member": member, "digest": digest, "at": now}
    connection.execute(insert(feed).values(**values))


def stop(connection: Connection, member: int) -> None:
    connection.execute(delete(feed).where(feed.c.member == member))


def owner(connection: Connection, digest: str) -> int | None:
    found = connection.execute(select(feed.c.member).where(feed.c.digest == digest))
    return found.scalar_one_or_none()
