"""Which entries of a diary the others of a tandem are shown."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    cast,
    delete,
    func,
    literal,
    select,
    update,
)

from bot.domain.diary import Share
from bot.store.database import inserted
from bot.store.tables import outbox, share

STANDING: dict[str, Any] = {"text": "", "rows": [], "standing": True}
"""What is left of a message after its time, as long as it can be taken back."""


def add(connection: Connection, number: int, tandem: int, entry: str, now: datetime) -> Share:
    values = {"member": number, "tandem": tandem, "entry": entry, "at": now, "outdated": False}
    return Share(inserted(connection, share, values), number, tandem, entry, now)


def of(connection: Connection, number: int) -> list[Share]:
    """All that a member shares."""
    return _found(connection, share.c.member == number)


def of_entry(connection: Connection, number: int, entry: str) -> list[Share]:
    return _found(connection, share.c.member == number, share.c.entry == entry)


def of_tandem(connection: Connection, number: int) -> list[Share]:
    return _found(connection, share.c.tandem == number)


def outdate(connection: Connection, number: int, entry: str) -> None:
    """The entry was changed; what the others have is what it was."""
    here = share.c.member == number, share.c.entry == entry
    connection.execute(update(share).where(*here).values(outdated=True))


def remove(connection: Connection, gone: Share) -> None:
    connection.execute(delete(share).where(share.c.id == gone.id))


def number_since(connection: Connection, member: int, tandem: int, since: datetime) -> int:
    """How many entries a member has begun to share with a tandem since then."""
    here = share.c.member == member, share.c.tandem == tandem, share.c.at >= since
    return connection.execute(select(func.count()).select_from(share).where(*here)).scalar_one()


def withheld(connection: Connection, reader: int) -> list[str]:
    """What somebody can still read although it is shared with them no longer."""
    told = select(outbox.c.subject).where(
        outbox.c.member == reader,
        outbox.c.subject.like("share:%"),
        outbox.c.subject.not_in(subjects()),
    )
    return list(connection.execute(told.distinct()).scalars())


def subjects() -> Select[tuple[str]]:
    """What messages are about that show an entry, for a condition."""
    return select(literal("share:") + cast(share.c.id, String))


def _found(connection: Connection, *where: ColumnElement[bool]) -> list[Share]:
    rows = connection.execute(select(share).where(*where).order_by(share.c.id))
    return [_share(row) for row in rows]


def _share(row: Row[Any]) -> Share:
    return Share(row.id, row.member, row.tandem, row.entry, row.at, row.outdated)
