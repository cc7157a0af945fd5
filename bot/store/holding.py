"""Who may change what, where several are at work on one database at once.

Whatever is decided is about members. Before anything is read, the rows of all whom it can be about
are taken, in the order of their numbers. What turns out to be about somebody else as well, or about
everybody, is undone and done anew with the whole house to itself. So of two that are about one
member the later sees all that the earlier did, and nobody waits for each other in a circle.

On SQLite one writes at a time, and there is nothing to take.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Engine,
    Select,
    Table,
    bindparam,
    false,
    func,
    select,
    true,
    union,
)
from sqlalchemy.exc import DBAPIError

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

Numbers: TypeAlias = Select[Any] | CompoundSelect[Any]  # SQLAlchemy types no unions


class Concerned(NamedTuple):
    """Whom something can be about: what finds the numbers of members, and what is bound in it."""

    these: Numbers
    given: Mapping[str, object] = {}


EVERYBODY: Final = None
NOBODY: Final = Concerned(select(member.c.id).where(false()))


class BeyondError(Exception):
    """It is about somebody who is not held. It is done anew by `carry_out`, and seen by nobody."""


def carry_out(store: Engine, do: Callable[[Connection], R], concerned: Concerned | None) -> R:
    """One transaction, done anew as a whole where it could not be done beside another, or the
    database was cut off from us. Whether it was kept is not known then, so doing it twice must be
    the same as once."""
    for left in reversed(range(TRIES)):
        try:
            with transaction(store) as connection:
                _hold(connection, concerned)
                return do(connection)
        except BeyondError:
            concerned = EVERYBODY
        except DBAPIError as error:
            if not left or not _may_be_done_anew(error):
                raise
    raise AssertionError("with everybody held nothing is beyond")


def _may_be_done_anew(error: DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", "") in COLLIDED


def need(connection: Connection, members: Iterable[int]) -> None:
    """Goes on only if these members are held. What only reads holds nobody and needs nobody."""
    held = connection.get_execution_options().get(HELD)
    if held is not None and not held.issuperset(members):
        raise BeyondError


def need_everybody(connection: Connection) -> None:
    if connection.get_execution_options().get(HELD) is not None:
        raise BeyondError


def by_sender(platform: str, user: str) -> Concerned:
    """All that somebody's doings can be about."""
    return Concerned(_BY_SENDER, {"on": platform, "known_as": user})


def by_due(subject: str, number: int) -> Concerned | None:
    """All that a due can be about: ``number`` is its member, or 0."""
    kind, _, rest = subject.partition(":")
    if number:
        return Concerned(_BY_NUMBER, {"number": number})
    if kind not in _BY_SUBJECT or not rest.isdecimal():
        return EVERYBODY
    return Concerned(_BY_SUBJECT[kind], {"number": int(rest)})


def _circle(members: Select[Any]) -> Numbers:
    """These members, and whoever was ever proposed to them or in a tandem with them."""
    theirs = (
        _with_them(proposal_member, "proposal", members),
        _with_them(tandem_member, "tandem", members),
    )
    return union(members, *theirs)


def _with_them(table: Table, key: str, members: Select[Any]) -> Select[Any]:
    shared = select(table.c[key]).where(table.c.member.in_(members))
    return select(table.c.member).where(table.c[key].in_(shared))


_NUMBER: BindParameter[int] = bindparam("number")
_IN_TANDEM = _circle(select(tandem_member.c.member).where(tandem_member.c.tandem == _NUMBER))
_TANDEM_OF = select(session.c.tandem).where(session.c.id == _NUMBER)
_IN_SESSION = _circle(select(tandem_member.c.member).where(tandem_member.c.tandem.in_(_TANDEM_OF)))
_PROPOSED = _circle(select(proposal_member.c.member).where(proposal_member.c.proposal == _NUMBER))
_BY_NUMBER = _circle(select(member.c.id).where(member.c.id == _NUMBER))
_BY_SENDER = _circle(
    select(account.c.member).where(
        account.c.platform == bindparam("on"), account.c.user == bindparam("known_as")
    )
)
_BY_SUBJECT = {
    "session": _IN_SESSION,
    "tandem": _IN_TANDEM,
    "agreement": _IN_TANDEM,
    "silence": _IN_TANDEM,
    "proposal": _PROPOSED,
}


def _hold(connection: Connection, concerned: Concerned | None) -> None:
    if not on_postgresql(connection):
        return
    if concerned is EVERYBODY:
        connection.execute(_HOLD_HOUSE)
    elif concerned is NOBODY:
        # What only keeps or takes in hand never waits for a round to be laid out.
        connection.execution_options(**{HELD: frozenset()})
    else:
        _hold_these(connection, concerned)


def _hold_these(connection: Connection, concerned: Concerned) -> None:
    """Who came to be among them while they were waited for is found by looking once more."""
    held = connection.execute(_held(concerned.these), concerned.given).scalars().all()
    if not held:  # a stranger's doings need the whole house
        raise BeyondError
    connection.execution_options(**{HELD: frozenset(held)})
    need(connection, connection.execute(concerned.these, concerned.given).scalars().all())


_HOLD_HOUSE = select(func.pg_advisory_xact_lock(HOUSE))
_BESIDE = select(func.pg_advisory_xact_lock_shared(HOUSE).label("held")).cte("beside")


@cache
def _held(these: Numbers) -> Select[Any]:
    """The house is held beside others before the first row is: rows come from there as well."""
    return (
        select(member.c.id)
        .join_from(member, _BESIDE, true())
        .where(member.c.id.in_(these))
        .order_by(member.c.id)
        .with_for_update(of=member)
    )
