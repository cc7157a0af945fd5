"""The outbox: what is to be sent, written with the state it speaks of."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.domain.parcels import Patience, State
from bot.store.database import insert_new
from bot.store.tables import account, group_chat, outbox

FORGOTTEN: dict[str, Any] = {"text": "", "rows": []}
OPEN = (State.DUE, State.SENDING)
HEARD = frozenset({"send", "file"})
"""These make a sound where they arrive; an edit or a home page makes none."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One call to a platform. ``body`` is what to say, in the platform-neutral form; ``silent`` in
    it asks for no sound, where the platform can do that.

    ``method``: send, edit (the message ``ref``), delete (the messages in ``ref``), group (open one,
    then send), invite (get a link into a chat, as the receipt's ``ref``), home, file (called
    ``name`` in the body, made when it is sent). ``unasked``: nobody is waiting for it.
    """

    key: str
    platform: str
    account: str
    chat: str
    method: str
    body: dict[str, Any] = field(default_factory=dict)  # JSON
    member: int = 0
    ref: str = ""
    patience: Patience = Patience.REPLY
    subject: str = ""
    not_before: datetime | None = None
    """When nobody is woken by it; None: at once."""
    expires_at: datetime | None = None
    unasked: bool = False
    id: int = 0


def post(connection: Connection, parcel: Parcel, now: datetime) -> bool:
    """Puts a parcel into the outbox, once per key however often it is asked for.

    Whoever waits for it waits for nothing but what was to go to the same chat before; and what was
    tried in vain there is tried at once.
    """
    values = {
        "key": parcel.key,
        "platform": parcel.platform,
        "account": parcel.account,
        "chat": parcel.chat,
        "member": parcel.member,
        "method": parcel.method,
        "patience": parcel.patience.value,
        "subject": parcel.subject,
        "body": parcel.body,
        "ref": parcel.ref,
        "state": State.DUE.value,
        "reason": "",
        "attempts": 0,
        "made_at": now,
        "not_before": parcel.not_before or now,
        "expires_at": parcel.expires_at,
        "unasked": parcel.unasked,
    }
    if not parcel.unasked:
        there = {"on": parcel.platform, "of": parcel.account, "in": parcel.chat, "now": now}
        connection.execute(_WAITED_FOR, there)
    return insert_new(connection, outbox, values, "id") is not None


_WAITED_FOR = (
    update(outbox)
    .where(
        outbox.c.platform == bindparam("on"),
        outbox.c.account == bindparam("of"),
        outbox.c.chat == bindparam("in"),
        outbox.c.state == State.DUE,
        or_(outbox.c.unasked, outbox.c.attempts > 0),
    )
    .values(
        unasked=False,
        not_before=case((outbox.c.attempts > 0, bindparam("now")), else_=outbox.c.not_before),
    )
)


def forget(connection: Connection, number: int) -> None:
    connection.execute(delete(outbox).where(outbox.c.id == number))


def move(connection: Connection, parcel: Parcel, chat: str) -> None:
    """Everything still to be sent to a chat goes to its new id."""
    for table in (outbox, account, group_chat):
        connection.execute(
            update(table)
            .where(
                table.c.platform == parcel.platform,
                table.c.account == parcel.account,
                table.c.chat == parcel.chat,
            )
            .values(chat=chat)
        )


def get(connection: Connection, number: int) -> Parcel:
    return to_parcel(connection.execute(select(outbox).where(outbox.c.id == number)).one())


def home_is_due(connection: Connection, there: tuple[str, str, str]) -> bool:
    """Whether a member's home is going to be drawn anyway: it is drawn from the newest state.

    One that was tried before may have been drawn already, as things were then.
    """
    here = dict(zip(("on", "of", "in"), there, strict=True))
    return bool(connection.execute(_HOME, here).scalar())


_HOME = select(
    exists().where(
        outbox.c.platform == bindparam("on"),
        outbox.c.account == bindparam("of"),
        outbox.c.chat == bindparam("in"),
        outbox.c.method == "home",
        outbox.c.state == State.DUE,
        outbox.c.attempts == 0,
    )
)


def all_said(connection: Connection, platform: str, now: datetime) -> bool:
    """Whether nothing that could go out by now is still waiting or under way."""
    due = and_(outbox.c.state == State.DUE, outbox.c.not_before <= now)
    waiting = exists().where(
        outbox.c.platform == platform, or_(due, outbox.c.state == State.SENDING)
    )
    return not connection.execute(select(waiting)).scalar()


def next_waking(connection: Connection, now: datetime) -> datetime | None:
    """When something goes out next that waits for somebody's morning."""
    later = outbox.c.not_before > now, outbox.c.attempts == 0
    waiting = select(func.min(outbox.c.not_before)).where(outbox.c.state == State.DUE, *later)
    return connection.execute(waiting).scalar()


def wait_for(connection: Connection, number: int, morning: datetime, now: datetime) -> None:
    """What waits for a member's morning waits for another one."""
    later = outbox.c.not_before > now, outbox.c.attempts == 0
    theirs = outbox.c.member == number, outbox.c.state == State.DUE
    connection.execute(update(outbox).where(*theirs, *later).values(not_before=morning))


def to_parcel(row: Row[Any]) -> Parcel:
    return Parcel(
        key=row.key,
        platform=row.platform,
        account=row.account,
        chat=row.chat,
        method=row.method,
        body=row.body,
        member=row.member,
        ref=row.ref,
        patience=Patience(row.patience),
        subject=row.subject,
        expires_at=row.expires_at,
        id=row.id,
    )
