"""The outbox: written with the state it speaks of, claimed by a sender, settled by its receipt."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Case,
    Connection,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
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

    Whoever waits for it waits for nothing but what was to go to the same chat before.
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
        there = {"on": parcel.platform, "of": parcel.account, "in": parcel.chat}
        connection.execute(_WAITED_FOR, there)
    return insert_new(connection, outbox, values, "id") is not None


_WAITED_FOR = (
    update(outbox)
    .where(
        outbox.c.platform == bindparam("on"),
        outbox.c.account == bindparam("of"),
        outbox.c.chat == bindparam("in"),
        outbox.c.state == State.DUE,
        outbox.c.unasked,
    )
    .values(unasked=False)
)


def claim(connection: Connection, platform: str, now: datetime, limit: int) -> list[Parcel]:
    """Leases what may be sent now, answers first: per chat the oldest only, so that order holds.

    What waits for somebody's morning lets pass what they ask for at night. What comes to its turn
    and is of no use any more is dropped, and its chat goes on.
    """
    leased: list[Parcel] = []
    while True:
        given = {"on": platform, "now": now, "most": limit - len(leased)}
        rows = connection.execute(_FIRST, given).all()
        fit, stale = [r for r in rows if not r.stale], [r for r in rows if r.stale]
        if fit:
            lease = {"numbers": [row.id for row in fit], "until": now + LEASE}
            connection.execute(_LEASE, lease)
            leased += map(_parcel, fit)
        if not stale:
            return leased
        connection.execute(_DROP, [{"number": r.id, "reason": r.stale} for r in stale])


def _first() -> Select[Any]:  # of a row with the columns of the outbox
    """The first of each chat, unless the platform asked for a pause, and why it is stale."""
    now: BindParameter[Any] = bindparam("now")
    ahead = outbox.alias()
    earlier = (
        ahead.c.platform == outbox.c.platform,
        ahead.c.account == outbox.c.account,
        ahead.c.chat == outbox.c.chat,
        ahead.c.state.in_(OPEN),
        ahead.c.id < outbox.c.id,
        or_(ahead.c.not_before <= now, ahead.c.attempts > 0),
    )
    held = exists().where(
        hold.c.platform == outbox.c.platform,
        hold.c.account == outbox.c.account,
        or_(hold.c.chat == outbox.c.chat, hold.c.chat == ""),
        or_(hold.c.method == outbox.c.method, hold.c.method == ""),
        hold.c.until > now,
    )
    return (
        select(outbox, _stale(now).label("stale"))
        .where(
            outbox.c.platform == bindparam("on"),
            outbox.c.state == State.DUE,
            outbox.c.not_before <= now,
            ~exists().where(*earlier),
            ~held,
        )
        .order_by(outbox.c.unasked, outbox.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True, of=outbox)
    )


def _stale(now: BindParameter[Any]) -> Case[str]:
    """What comes too late, or is meant for somebody who can't be reached, is not sent."""
    lost = exists().where(
        account.c.platform == outbox.c.platform,
        account.c.account == outbox.c.account,
        account.c.chat == outbox.c.chat,
        ~account.c.reachable,
    )
    paused = exists().where(member.c.id == outbox.c.member, member.c.paused_until > now)
    return case(
        (outbox.c.expires_at <= now, "too late"),
        (lost, "unreachable"),
        (and_(outbox.c.patience == Patience.NUDGE, paused), "paused"),
        else_="",
    )


_FIRST = _first()
_LEASE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("numbers", expanding=True)))
    .values(
        state=State.SENDING.value,
        lease_until=bindparam("until"),
        attempts=outbox.c.attempts + 1,
    )
)
_DROP = update(outbox).where(outbox.c.id == bindparam("number")).values(state=State.DROPPED.value)


def abandoned(connection: Connection, platform: str, now: datetime) -> list[Parcel]:
    """What was leased by a sender that did not come back in time."""
    return [_parcel(row) for row in connection.execute(_ABANDONED, {"on": platform, "now": now})]


def left_behind(connection: Connection, platform: str = "") -> list[Parcel]:
    """What was leased by senders that are gone, on a platform or everywhere."""
    there = outbox.c.platform == platform if platform else true()
    return [_parcel(row) for row in connection.execute(_UNDER_WAY.where(there))]


_UNDER_WAY = select(outbox).where(outbox.c.state == State.SENDING)
_ABANDONED = _UNDER_WAY.where(
    outbox.c.platform == bindparam("on"), outbox.c.lease_until <= bindparam("now")
)


def settle(connection: Connection, parcel: Parcel, receipt: Receipt, now: datetime) -> Fate | None:
    """What becomes of a parcel. A pause the platform asked for outlives a restart.

    None if it was deleted while it was on its way, or its end is known already: what is taken for
    lost may have been sent meanwhile.
    """
    here = {"number": parcel.id, "known_as": parcel.key}
    if isinstance(receipt, Sent):
        return _sent(connection, here, receipt, now)
    row = connection.execute(_STANDS, here).first()
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
        "sent_at": None,
    }
    connection.execute(_SETTLE, {**here, **values})
    if isinstance(receipt, Later):
        _hold(connection, row, receipt, now)
    return outcome


def _sent(
    connection: Connection, here: dict[str, Any], receipt: Sent, now: datetime
) -> Fate | None:
    """It is sent whatever was known of it before, so that nothing need be read."""
    values = {"state": State.SENT.value, "reason": "", "lease_until": None, "sent_at": now}
    ref = {"ref": receipt.ref} if receipt.ref else {}
    settled = connection.execute(_SETTLE, {**here, **values, **ref}).rowcount
    return Fate(State.SENT) if settled else None


_HERE = outbox.c.id == bindparam("number"), outbox.c.key == bindparam("known_as")
_ITS = ("attempts", "patience", "expires_at", "not_before")
_WHERE_TO = ("platform", "account", "chat", "method")
_STANDS = (
    select(*[outbox.c[name] for name in (*_ITS, *_WHERE_TO)])
    .where(*_HERE, outbox.c.state == State.SENDING)
    .with_for_update()
)
_SETTLE = update(outbox).where(*_HERE)


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


def home_is_due(connection: Connection, there: tuple[str, str, str]) -> bool:
    """Whether a member's home is going to be drawn anyway: it is drawn from the newest state."""
    here = dict(zip(("on", "of", "in"), there, strict=True))
    return bool(connection.execute(_HOME, here).scalar())


_HOME = select(
    exists().where(
        outbox.c.platform == bindparam("on"),
        outbox.c.account == bindparam("of"),
        outbox.c.chat == bindparam("in"),
        outbox.c.method == "home",
        outbox.c.state == State.DUE,
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
