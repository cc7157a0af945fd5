"""What one program does for all that are at work on a database: it has a lease, and renews it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select

from bot.store.tables import lease

LASTS = timedelta(seconds=6)
"""So long nobody does it after a program was killed that had the lease."""


def take(connection: Connection, name: str, owner: str, now: datetime) -> bool:
    """Takes or renews a lease. False as long as it is another's."""
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- much to load, and nobody shares a file

    values = {"owner": owner, "until": now + LASTS}
    free = or_(lease.c.owner == owner, lease.c.until <= now)
    statement = postgresql.insert(lease).values(name=name, **values)
    taken = statement.on_conflict_do_update(index_elements=["name"], set_=values, where=free)
    return connection.execute(taken.returning(lease.c.name)).scalar() is not None


def owner(connection: Connection, name: str) -> str | None:
    """Whose a lease is, or was when it ran out."""
    return connection.execute(select(lease.c.owner).where(lease.c.name == name)).scalar()


def give_up(connection: Connection, owner: str) -> None:
    """Others need not wait until the leases of a program run out that ends."""
    connection.execute(delete(lease).where(lease.c.owner == owner))
