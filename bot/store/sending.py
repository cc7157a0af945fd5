"""Sending: claimed by a sender, settled by its receipt, never blindly repeated."""

from collections.abc import Collection
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

from bot.domain.hours import Quiet, belated
from bot.domain.parcels import (
    STEADY,
    TRIES,
    Away,
    Fate,
    Later,
    Patience,
    Receipt,
    Sent,
    State,
    Uncertain,
    backoff,
    fate,
)
from bot.store.appointments import has_near
from bot.store.database import put
from bot.store.outbox import HEARD, OPEN, Parcel, to_parcel
from bot.store.tables import account, hold, member, outbox

TROUBLE = Uncertain(trouble=True)
LEASE = timedelta(seconds=60)
"""Longer than any send takes: past it, the sender is taken to be dead."""


LATE = timedelta(minutes=15)
"""What was to be sent so long ago comes after an outage: its reader may have gone to sleep. And
where nothing was sent for so long there is one."""


def claim(connection: Connection, platform: str, now: datetime, limit: int) -> list[Parcel]:
    """Leases what may be sent now, answers first: per chat the oldest only, so that order holds.

    What waits for somebody's morning lets pass what they ask for at night; what comes late waits
    for it as well. What comes to its turn and is of no use any more is dropped. Its chat goes on.
    """
    leased: list[Parcel] = []
    while True:
        given = {"on": platform, "now": now, "late": now - LATE, "most": limit - len(leased)}
        rows = connection.execute(_FIRST, given).all()
        stale = [row for row in rows if row.stale]
        mornings = _mornings(connection, [r.id for r in rows if r.late and not r.stale], now)
        fit = [row for row in rows if not row.stale and row.id not in mornings]
        if fit:
            lease = {"numbers": [row.id for row in fit], "until": now + LEASE}
            connection.execute(_LEASE, lease)
            leased += map(to_parcel, fit)
        if len(fit) == len(rows):
            return leased
        if stale:
            connection.execute(_DROP, [{"number": r.id, "reason": r.stale} for r in stale])
        if mornings:
            wait = [{"number": number, "morning": at} for number, at in mornings.items()]
            connection.execute(_WAIT, wait)


def _mornings(connection: Connection, late: Collection[int], now: datetime) -> dict[int, datetime]:
    """By the number of a parcel, when its reader is up, for those who are not: nor on their way to
    a session, of which a partner may be telling them something."""
    if not late:
        return {}
    readers = connection.execute(_READERS, {"numbers": late})
    up_at = {
        row.id: belated(now, row.zone, Quiet(row.quiet_hours, row.quiet_sundays), row.seen_at)
        for row in readers
        if row.patience == Patience.NUDGE or not has_near(connection, row.member, now)
    }
    return {number: at for number, at in up_at.items() if at > now}


def _first() -> Select[Any]:  # of a row with the columns of the outbox
    """The first of each chat, unless the platform asked for a pause; why it is stale, and whether
    it would make a sound that nobody waits for, and was to be sent long ago."""
    now: BindParameter[Any] = bindparam("now")
    nobody_waits = or_(outbox.c.unasked, outbox.c.patience == Patience.NUDGE)
    late = and_(nobody_waits, outbox.c.method.in_(HEARD), outbox.c.not_before <= bindparam("late"))
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
        select(outbox, _stale(now).label("stale"), late.label("late"))
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
_READERS = (
    select(
        *(outbox.c[name] for name in ("id", "patience", "member")),
        *(member.c[name] for name in ("zone", "quiet_hours", "quiet_sundays", "seen_at")),
    )
    .join(member, member.c.id == outbox.c.member)
    .where(outbox.c.id.in_(bindparam("numbers", expanding=True)))
)
_WAIT = (
    update(outbox)
    .where(outbox.c.id == bindparam("number"))
    .values(not_before=bindparam("morning"), attempts=0)
)
"""Untried, as what waits for a morning is: it lets others pass."""
_DROP = update(outbox).where(outbox.c.id == bindparam("number")).values(state=State.DROPPED.value)


def abandoned(connection: Connection, platform: str, now: datetime) -> list[Parcel]:
    """What was leased by a sender that did not come back in time."""
    return [to_parcel(row) for row in connection.execute(_ABANDONED, {"on": platform, "now": now})]


def still_leased(connection: Connection, parcels: Collection[Parcel]) -> list[Parcel]:
    """Those of them that are."""
    if not parcels:
        return []
    these = outbox.c.id.in_([parcel.id for parcel in parcels])
    under_way = select(outbox.c.id).where(outbox.c.state == State.SENDING, these)
    leased = set(connection.execute(under_way).scalars())
    return [parcel for parcel in parcels if parcel.id in leased]


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
    if receipt == TROUBLE and row.attempts >= TRIES and _others_arrive(connection, row, now):
        receipt = Uncertain()
    outcome = fate(receipt, Patience(row.patience), row.attempts, row.expires_at, now)
    values = {
        "state": outcome.state.value,
        "reason": outcome.reason,
        "attempts": _tries(receipt, row.attempts),
        "not_before": outcome.not_before or row.not_before,
        "lease_until": None,
        "sent_at": None,
    }
    connection.execute(_SETTLE, {**here, **values})
    _hold(connection, row, receipt, now)
    return outcome


def _others_arrive(connection: Connection, row: Row[Any], now: datetime) -> bool:
    """Whether the platform has trouble with this parcel alone: it may have come each time."""
    like = (
        outbox.c.platform == row.platform,
        outbox.c.account == row.account,
        outbox.c.method == row.method,
    )
    lately = outbox.c.sent_at > now - LATE
    return bool(connection.execute(select(exists().where(*like, lately))).scalar())


def _tries(receipt: Receipt, attempts: int) -> int:
    """A pause was asked for before anything was tried: it does not count as a try."""
    match receipt:
        case Later():
            return attempts - 1
        case Away():
            return min(attempts, STEADY)
        case _:
            return attempts


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


def _hold(connection: Connection, row: Row[Any], receipt: Receipt, now: datetime) -> None:
    """What else has to wait: a chat, a method, or all that goes there."""
    match receipt:
        case Later(wait, everywhere=True):
            scope = {"chat": "", "method": row.method}
        case Later(wait):
            scope = {"chat": row.chat, "method": ""}
        case Away():
            wait, scope = backoff(min(row.attempts, STEADY)), {"chat": "", "method": ""}
        case _:
            return
    connection.execute(delete(hold).where(hold.c.until <= now))
    values = {"platform": row.platform, "account": row.account, **scope}
    put(connection, hold, {**values, "until": now + wait})
