"""Accounts: where a member is known. They are heard from each; messages go to one of them."""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from bot.domain.members import NOWHERE, Address
from bot.store.database import inserted
from bot.store.holding import need
from bot.store.tables import account, code, member

LIFE = timedelta(minutes=15)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without 0, O, 1 and I: a code is read on one screen and typed on another."""
LENGTH = 10
"""50 bits, for a quarter of an hour, and only one try at a time: not to be guessed."""


HERE = and_(
    account.c.platform == bindparam("on"),
    account.c.account == bindparam("of"),
    account.c.user == bindparam("known_as"),
)


def here(address: Address) -> dict[str, str]:
    """What `HERE` has to be given."""
    return {"on": address.platform, "of": address.account, "known_as": address.user}


def join(connection: Connection, number: int, address: Address, username: str) -> None:
    """A new account for a member, which messages go to from now on."""
    values = {
        "member": number,
        "platform": address.platform,
        "account": address.account,
        "user": address.user,
        "chat": address.chat,
        "username": username,
        "reachable": True,
    }
    new = inserted(connection, account, values)
    connection.execute(update(member).where(member.c.id == number).values(account=new))


def seen(connection: Connection, address: Address, username: str) -> tuple[Address, str, bool]:
    """Whoever writes can be reached; the platform's newest word on chat and name counts.

    Returns chat, name, and whether they could be reached, as all was before.
    """
    row = connection.execute(_ACCOUNT, here(address)).one()
    before = (replace(address, chat=row.chat), row.username, bool(row.reachable))
    if before != (address, username, True):
        values = {"chat": address.chat, "username": username, "reachable": True}
        connection.execute(_CHANGE, {**here(address), **values})
    return before


_ACCOUNT = select(account).where(HERE)
_CHANGE = update(account).where(HERE)


def reachable(connection: Connection, address: Address) -> bool:
    return bool(connection.execute(select(account.c.reachable).where(HERE), here(address)).scalar())


def lost(connection: Connection, number: int, platform: str, there: str) -> None:
    """Nothing sent to a member there arrives, until they write again."""
    need(connection, [number])
    theirs = account.c.member == number, account.c.platform == platform
    here = update(account).where(*theirs, account.c.account == there)
    connection.execute(here.values(reachable=False))


def found(connection: Connection, number: int, address: Address) -> None:
    """A member can be reached there again."""
    need(connection, [number])
    connection.execute(_CHANGE, {**here(address), "reachable": True})


def moved(connection: Connection, address: Address, chat: str) -> None:
    connection.execute(_CHANGE, {**here(address), "chat": chat})


def all_of(connection: Connection, number: int) -> list[tuple[Address, bool]]:
    """A member's accounts in the order they came, and whether each can be reached."""
    rows = connection.execute(_ALL_OF, {"whose": number})
    return [(Address(r.platform, r.account, r.user, r.chat), r.reachable) for r in rows]


_ALL_OF = (
    select(*[account.c[n] for n in ("platform", "account", "user", "chat", "reachable")])
    .where(account.c.member == bindparam("whose"))
    .order_by(account.c.id)
)


def known_in(connection: Connection, platform: str, there: str) -> list[tuple[int, Address]]:
    """Everybody who was ever heard there: their member's number, and where."""
    here = account.c.platform == platform, account.c.account == there
    rows = connection.execute(select(account).where(*here).order_by(account.c.id))
    return [(r.member, Address(r.platform, r.account, r.user, r.chat)) for r in rows]


def prefer(connection: Connection, number: int, address: Address) -> None:
    """From now on messages for a member go there."""
    there = select(account.c.id).where(HERE, account.c.member == number).scalar_subquery()
    preferring = update(member).where(member.c.id == number).values(account=there)
    connection.execute(preferring, here(address))


def preferred(connection: Connection, number: int) -> Address:
    """Where messages for a member go; nowhere if they are gone."""
    row = connection.execute(
        select(account).join(member, member.c.account == account.c.id).where(member.c.id == number)
    ).first()
    return Address(row.platform, row.account, row.user, row.chat) if row else NOWHERE


def hand_over(connection: Connection, address: Address, number: int) -> None:
    """An account goes to another member; with it the right to speak for them."""
    connection.execute(_CHANGE, {**here(address), "member": number})


def issue_code(connection: Connection, number: int, now: datetime) -> str:
    """A code that links one account within a quarter of an hour; an older one is void."""
    connection.execute(delete(code).where(code.c.member == number))
    new = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    values = {"hash": _hash(new), "member": number, "expires_at": now + LIFE}
    connection.execute(insert(code).values(**values))
    return new


def redeem(connection: Connection, typed: str, now: datetime) -> int | None:
    """The member a code leads to, once; None for an unknown, used or expired one alike."""
    here = code.c.hash == _hash(typed.upper())
    row = connection.execute(select(code).where(here)).first()
    connection.execute(delete(code).where(here))
    return row.member if row is not None and row.expires_at > now else None


def forget_expired(connection: Connection, now: datetime) -> None:
    connection.execute(delete(code).where(code.c.expires_at <= now))


def _hash(typed: str) -> str:
    return hashlib.sha256(typed.encode()).hexdigest()
