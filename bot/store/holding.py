"""Who may change what, where several are at work on one database at once.

Whatever is decided is about members. Before anything is read, the rows of all whom it can be about
are taken, in the order of their numbers. What turns out to be about somebody else as well, or about
everybody, is undone and done anew with the whole house to itself. So of two that are about one
member the later sees all that the earlier did, and nobody waits for each other in a circle.

On SQLite one writes at a time, and there is nothing to take.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, Select, Table, bindparam, func, select, union
from sqlalchemy.exc import OperationalError

from bot.store.database import on_postgresql
from bot.store.tables import account, member, proposal_member, session, tandem_member
from bot.store.together import transaction

R = TypeVar("R")

HOUSE = 0x7A4D03
"""Names the lock on the whole house to PostgreSQL: members are held beside each other in it."""
HELD = "held"
TRIES = 5
COLLIDED = {"40001", "40P01"}
"""What PostgreSQL calls transactions that could not be done beside each other, or deadlocked."""
TANDEMS = {"tandem", "agreement", "silence"}

Concerned: TypeAlias = Callable[[Connection], Collection[int] | None]
"""Whom something can be about: the numbers of members; None: everybody."""


class BeyondError(Exception):
    """It is about somebody who is not held. It is done anew by `carry_out`, and seen by nobody."""


def everybody(_connection: Connection) -> None:
    return None


def nobody(_connection: Connection) -> Collection[int]:
    return ()


def carry_out(store: Engine, do: Callable[[Connection], R], concerned: Concerned) -> R:
    """One transaction, done anew as a whole where it could not be done beside another."""
    for left in reversed(range(TRIES)):
        try:
            with transaction(store) as connection:
                _hold(connection, concerned)
                return do(connection)
        except BeyondError:
            concerned = everybody
        except OperationalError as error:
            if not left or getattr(error.orig, "sqlstate", "") not in COLLIDED:
                raise
    raise AssertionError("with everybody held nothing is beyond")


def need(connection: Connection, members: Iterable[int]) -> None:
    """Goes on only if these members are held. What only reads holds nobody and needs nobody."""
    held = connection.get_execution_options().get(HELD)
    if held is not None and not held.issuperset(members):
        raise BeyondError


def need_everybody(connection: Connection) -> None:
    if connection.get_execution_options().get(HELD) is not None:
        raise BeyondError


def by_sender(connection: Connection, platform: str, user: str) -> Collection[int] | None:
    """All that somebody's doings can be about; a stranger's need the whole house."""
    found = connection.execute(_KNOWN_AS, {"on": platform, "known_as": user}).scalars().all()
    return _circle(connection, found) if found else None


_KNOWN_AS = select(account.c.member).where(
    account.c.platform == bindparam("on"), account.c.user == bindparam("known_as")
)


def by_due(connection: Connection, subject: str, number: int) -> Collection[int] | None:
    """All that a due can be about: ``number`` is its member, or 0."""
    kind, _, rest = subject.partition(":")
    if number:
        return _circle(connection, [number])
    if not rest.isdecimal():
        return None
    if kind == "session":
        found = select(session.c.tandem).where(session.c.id == int(rest))
        theirs = select(tandem_member.c.member).where(tandem_member.c.tandem.in_(found))
    elif kind in TANDEMS:
        theirs = select(tandem_member.c.member).where(tandem_member.c.tandem == int(rest))
    elif kind == "proposal":
        theirs = select(proposal_member.c.member).where(proposal_member.c.proposal == int(rest))
    else:
        return None
    return _circle(connection, connection.execute(theirs).scalars().all())


def _circle(connection: Connection, members: Collection[int]) -> Collection[int]:
    """These members, and whoever was ever proposed to them or in a tandem with them."""
    return {*members, *connection.execute(_TOGETHER, {"theirs": list(members)}).scalars()}


def _with_them(table: Table, key: str) -> Select[Any]:  # of numbers
    theirs = table.c.member.in_(bindparam("theirs", expanding=True))
    return select(table.c.member).where(table.c[key].in_(select(table.c[key]).where(theirs)))


_TOGETHER = union(_with_them(proposal_member, "proposal"), _with_them(tandem_member, "tandem"))
_HOLD_HOUSE = select(func.pg_advisory_xact_lock(HOUSE))
_HOLD_BESIDE = select(func.pg_advisory_xact_lock_shared(HOUSE))
_HOLD = (
    select(member.c.id)
    .where(member.c.id.in_(bindparam("theirs", expanding=True)))
    .order_by(member.c.id)
    .with_for_update()
)


def _hold(connection: Connection, concerned: Concerned) -> None:
    if not on_postgresql(connection):
        return
    numbers = concerned(connection)
    if numbers is None:
        connection.execute(_HOLD_HOUSE)
        return
    connection.execution_options(**{HELD: frozenset(numbers)})
    if not numbers:  # what only keeps or takes in hand never waits for a round to be laid out
        return
    connection.execute(_HOLD_BESIDE)
    connection.execute(_HOLD, {"theirs": list(numbers)})
    need(connection, concerned(connection) or ())
