"""What was said: found again, taken back, and forgotten."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select, update

from bot.domain.members import Address
from bot.domain.parcels import State
from bot.store.outbox import FORGOTTEN, OPEN, Parcel, to_parcel
from bot.store.tables import outbox


def said(connection: Connection, address: Address, ref: str) -> str | None:
    """The words of a message that still has buttons, if they are still known."""
    there = {"on": address.platform, "of": address.account, "in": address.chat, "was": ref}
    body = connection.execute(_SAID, there).scalar()
    return body["text"] if body and body.get("rows") else None


_SAID = (
    select(outbox.c.body)
    .where(
        outbox.c.platform == bindparam("on"),
        outbox.c.account == bindparam("of"),
        outbox.c.chat == bindparam("in"),
        outbox.c.ref == bindparam("was"),
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
)


def place(connection: Connection, key: str) -> tuple[tuple[str, str, str], str] | None:
    """The chat and the message that a parcel went to, as far as it is known."""
    row = connection.execute(select(outbox).where(outbox.c.key == key)).first()
    if row is None or not row.ref:
        return None
    return (row.platform, row.account, row.chat), row.ref


def withdraw(
    connection: Connection, subjects: Iterable[str], apart_from: Iterable[int]
) -> list[Parcel]:
    """Forgets what others were told about something, and drops what they were still to be told.

    Returns one parcel for each of the messages that stand in their chats, once.
    """
    theirs = outbox.c.subject.in_(list(subjects)), outbox.c.member.not_in(list(apart_from))
    rows = connection.execute(select(outbox).where(*theirs).order_by(outbox.c.id)).all()
    waiting = outbox.c.state == State.DUE
    dropped = {"state": State.DROPPED.value, "reason": "withdrawn"}
    connection.execute(update(outbox).where(*theirs, waiting).values(**dropped))
    connection.execute(update(outbox).where(*theirs).values(body=FORGOTTEN))
    known = [row for row in rows if row.state == State.SENT and row.body != FORGOTTEN]
    sent = {(r.platform, r.account, r.chat, r.ref): r for r in known}
    return [to_parcel(row) for key, row in sent.items() if key[3] and row.member]


def forget_said(connection: Connection, subjects: Iterable[str]) -> None:
    """What anybody was told about these is not known any more; in their chats it stays."""
    done = outbox.c.subject.in_(list(subjects)), outbox.c.state.not_in(OPEN)
    connection.execute(update(outbox).where(*done).values(body=FORGOTTEN))


def forget_words(connection: Connection, number: int, subjects: Iterable[str]) -> None:
    """What a member read about something is not known any more; in their chat it stays."""
    here = outbox.c.member == number, outbox.c.subject.in_(list(subjects))
    done = outbox.c.state.not_in(OPEN)
    connection.execute(update(outbox).where(*here, done).values(body=FORGOTTEN))
