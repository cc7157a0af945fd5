"""The outbox: written with the state it speaks of, claimed by a sender, settled by its receipt."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    update,
)

from bot.domain.members import Address
from bot.domain.parcels import Fate, Later, Patience, Receipt, Sent, State, fate
from bot.store.database import insert_new, put
from bot.store.tables import account, group_chat, hold, member, outbox

LEASE = timedelta(seconds=60)
"""Longer than any send takes: past it, the sender is taken to be dead."""
FORGOTTEN: dict[str, Any] = {"text": "", "rows": []}
OPEN = (State.DUE, State.SENDING)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One call to a platform. ``body`` is what to say, in the platform-neutral form.

    ``method``: send, edit (the message ``ref``), delete (the messages in ``ref``), group (open one,
    then send), invite (get a link into a chat, as the receipt's ``ref``), home, file (called
    ``name`` in the body, made when it is sent).
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
    id: int = 0


def post(connection: Connection, parcel: Parcel, now: datetime) -> bool:
    """Puts a parcel into the outbox, once per key however often it is asked for."""
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
    }
    return insert_new(connection, outbox, values, "id") is not None


def claim(connection: Connection, platform: str, now: datetime, limit: int) -> list[Parcel]:
    """Leases what may be sent now: per chat the oldest only, so that order holds.

    What waits for somebody's morning lets pass what they ask for at night.
    """
    _drop(connection, platform, now)
    ahead = outbox.alias()
    begun = or_(ahead.c.not_before <= now, ahead.c.attempts > 0)
    first_of_chat = ~exists().where(
        ahead.c.platform == outbox.c.platform,
        ahead.c.account == outbox.c.account,
        ahead.c.chat == outbox.c.chat,
        ahead.c.state.in_(OPEN),
        ahead.c.id < outbox.c.id,
        begun,
    )
    found = (
        select(outbox.c.id)
        .where(
            outbox.c.platform == platform,
            outbox.c.state == State.DUE,
            outbox.c.not_before <= now,
            first_of_chat,
            ~_held(now),
        )
        .order_by(outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("found")
    )
    leased = update(outbox).where(outbox.c.id.in_(select(found.c.id))).values(**_lease(now))
    rows = connection.execute(leased.returning(outbox)).all()
    return sorted((_parcel(row) for row in rows), key=lambda parcel: parcel.id)


def abandoned(connection: Connection, now: datetime) -> list[Parcel]:
    """What was leased by a sender that did not come back in time."""
    return _under_way(connection, outbox.c.lease_until <= now)


def left_behind(connection: Connection, platform: str = "") -> list[Parcel]:
    """What was leased by senders that are gone, on a platform or everywhere."""
    return _under_way(connection, outbox.c.platform == platform if platform else true())


def _under_way(connection: Connection, where: ColumnElement[bool]) -> list[Parcel]:
    rows = connection.execute(select(outbox).where(outbox.c.state == State.SENDING, where))
    return [_parcel(row) for row in rows]


def settle(connection: Connection, parcel: Parcel, receipt: Receipt, now: datetime) -> Fate | None:
    """What becomes of a parcel. A pause the platform asked for outlives a restart.

    None if it was deleted while it was on its way; another may have its number by now.
    """
    here = outbox.c.id == parcel.id, outbox.c.key == parcel.key
    row = connection.execute(select(outbox).where(*here).with_for_update()).first()
    if row is None:
        return None
    # A pause was asked for before anything was tried: it does not count as a try.
    tries = row.attempts - (1 if isinstance(receipt, Later) else 0)
    outcome = fate(receipt, Patience(row.patience), row.attempts, row.expires_at, now)
    values = {
        "state": outcome.state.value,
        "reason": outcome.reason,
        "attempts": tries,
        "not_before": outcome.not_before or row.not_before,
        "lease_until": None,
        "sent_at": now if outcome.state is State.SENT else None,
        "ref": receipt.ref if isinstance(receipt, Sent) and receipt.ref else row.ref,
    }
    connection.execute(update(outbox).where(*here).values(**values))
    if isinstance(receipt, Later):
        _hold(connection, row, receipt, now)
    return outcome


def give_back(connection: Connection, parcel: Parcel) -> None:
    """Ends a lease under which nothing was begun: due again at once, and no try is counted."""
    here = outbox.c.id == parcel.id, outbox.c.key == parcel.key, outbox.c.state == State.SENDING
    values = {"state": State.DUE.value, "lease_until": None, "attempts": outbox.c.attempts - 1}
    connection.execute(update(outbox).where(*here).values(**values))


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
    return _parcel(connection.execute(select(outbox).where(outbox.c.id == number)).one())


def said(connection: Connection, address: Address, ref: str) -> str | None:
    """The words of a message that still has buttons, if they are still known."""
    body = connection.execute(
        select(outbox.c.body)
        .where(
            outbox.c.platform == address.platform,
            outbox.c.account == address.account,
            outbox.c.chat == address.chat,
            outbox.c.ref == ref,
        )
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).scalar()
    return body["text"] if body and body.get("rows") else None


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
    return [_parcel(row) for key, row in sent.items() if key[3] and row.member]


def forget_said(connection: Connection, subjects: Iterable[str]) -> None:
    """What anybody was told about these is not known any more; in their chats it stays."""
    done = outbox.c.subject.in_(list(subjects)), outbox.c.state.not_in(OPEN)
    connection.execute(update(outbox).where(*done).values(body=FORGOTTEN))


def forget_words(connection: Connection, number: int, subjects: Iterable[str]) -> None:
    """What a member read about something is not known any more; in their chat it stays."""
    here = outbox.c.member == number, outbox.c.subject.in_(list(subjects))
    done = outbox.c.state.not_in(OPEN)
    connection.execute(update(outbox).where(*here, done).values(body=FORGOTTEN))


def home_is_due(connection: Connection, number: int, chat: str) -> bool:
    """Whether a member's home is going to be drawn anyway: it is drawn from the newest state."""
    here = outbox.c.member == number, outbox.c.chat == chat
    waiting = exists().where(*here, outbox.c.method == "home", outbox.c.state == State.DUE)
    return bool(connection.execute(select(waiting)).scalar())


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


def _drop(connection: Connection, platform: str, now: datetime) -> None:
    """What is stale, or meant for somebody who can't be reached, is not sent; and says why."""
    waiting = and_(outbox.c.platform == platform, outbox.c.state == State.DUE)
    lost = exists().where(
        account.c.platform == outbox.c.platform,
        account.c.account == outbox.c.account,
        account.c.chat == outbox.c.chat,
        ~account.c.reachable,
    )
    paused = select(member.c.id).where(member.c.paused_until > now)
    unasked = outbox.c.patience == Patience.NUDGE
    for reason, stale in (
        ("too late", outbox.c.expires_at <= now),
        ("unreachable", lost),
        ("paused", and_(unasked, outbox.c.member.in_(paused))),
    ):
        connection.execute(
            update(outbox).where(waiting, stale).values(state=State.DROPPED.value, reason=reason)
        )


def _held(now: datetime) -> Any:  # SQLAlchemy's own expression type
    return exists().where(
        hold.c.platform == outbox.c.platform,
        hold.c.account == outbox.c.account,
        or_(hold.c.chat == outbox.c.chat, hold.c.chat == ""),
        or_(hold.c.method == outbox.c.method, hold.c.method == ""),
        hold.c.until > now,
    )


def _lease(now: datetime) -> dict[str, Any]:  # values or expressions
    return {
        "state": State.SENDING.value,
        "lease_until": now + LEASE,
        "attempts": outbox.c.attempts + 1,
    }


def _hold(connection: Connection, row: Row[Any], asked: Later, now: datetime) -> None:
    connection.execute(delete(hold).where(hold.c.until <= now))
    scope = {"chat": "", "method": row.method} if asked.everywhere else {"chat": row.chat}
    values = {"platform": row.platform, "account": row.account, "method": "", **scope}
    put(connection, hold, {**values, "until": now + asked.wait})


def _parcel(row: Row[Any]) -> Parcel:
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
