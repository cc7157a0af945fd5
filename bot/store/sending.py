"""Sending: claimed by a sender, settled by its receipt, never blindly repeated."""

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
    or_,
    select,
    true,
    update,
)

from bot.domain.parcels import Fate, Later, Patience, Receipt, Sent, State, fate
from bot.store.database import put
from bot.store.outbox import OPEN, Parcel, to_parcel
from bot.store.tables import account, hold, member, outbox

LEASE = timedelta(seconds=60)
"""Longer than any send takes: past it, the sender is taken to be dead."""


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
            leased += map(to_parcel, fit)
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
    return [to_parcel(row) for row in connection.execute(_ABANDONED, {"on": platform, "now": now})]


def left_behind(connection: Connection, platform: str = "") -> list[Parcel]:
    """What was leased by senders that are gone, on a platform or everywhere."""
    there = outbox.c.platform == platform if platform else true()
    return [to_parcel(row) for row in connection.execute(_UNDER_WAY.where(there))]


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


def _hold(connection: Connection, row: Row[Any], asked: Later, now: datetime) -> None:
    connection.execute(delete(hold).where(hold.c.until <= now))
    scope = {"chat": "", "method": row.method} if asked.everywhere else {"chat": row.chat}
    values = {"platform": row.platform, "account": row.account, "method": "", **scope}
    put(connection, hold, {**values, "until": now + asked.wait})
