"""Questions on proposals while they are open, and why somebody said no.

Answers to questions are passed on and not kept: only that there was one.
"""

from collections.abc import Container
from datetime import datetime

from sqlalchemy import Connection, Row, delete, or_, select

from bot.domain.proposals import Proposal, State
from bot.domain.reasons import Reason
from bot.store.database import put
from bot.store.tables import question, reason, reply


def asked(connection: Connection, number: int) -> dict[int, str]:
    rows = connection.execute(select(question).where(question.c.proposal == number))
    return {row.member: row.text for row in rows}


def replied(connection: Connection, number: int) -> frozenset[tuple[int, int]]:
    rows = connection.execute(select(reply).where(reply.c.proposal == number))
    return frozenset((row.asker, row.member) for row in rows)


def save(connection: Connection, known: Proposal) -> None:
    """Once a proposal is over nothing is left of what was asked."""
    if known.state is not State.OPEN:
        for table in (question, reply):
            connection.execute(delete(table).where(table.c.proposal == known.id))
        return
    for member, text in known.asked.items():
        put(connection, question, {"proposal": known.id, "member": member, "text": text})
    for asker, member in known.replied - replied(connection, known.id):
        values = {"proposal": known.id, "asker": asker, "member": member}
        connection.execute(reply.insert().values(**values))


def keep_reason(connection: Connection, known: Reason) -> None:
    values = {
        "proposal": known.proposal,
        "member": known.member,
        "code": known.code,
        "topics": list(known.topics),
        "at": known.at,
    }
    put(connection, reason, values)


def get_reason(connection: Connection, proposal: int, member: int) -> Reason | None:
    """What is kept of a no; None once it is forgotten."""
    here = reason.c.proposal == proposal, reason.c.member == member
    row = connection.execute(select(reason).where(*here)).first()
    return _reason(row) if row else None


def reasons(connection: Connection, member: int) -> list[Reason]:
    """Those somebody told, the first one first."""
    here = reason.c.member == member
    rows = connection.execute(select(reason).where(here).order_by(reason.c.at, reason.c.proposal))
    return [found for found in map(_reason, rows) if found.code]


def drop_reason(connection: Connection, proposal: int, member: int) -> None:
    here = reason.c.proposal == proposal, reason.c.member == member
    connection.execute(delete(reason).where(*here))


def forget(connection: Connection, member: int) -> None:
    """What somebody asked and why they said no, and that others answered them."""
    for table in (question, reason):
        connection.execute(delete(table).where(table.c.member == member))
    theirs = or_(reply.c.member == member, reply.c.asker == member)
    connection.execute(delete(reply).where(theirs))


def age(connection: Connection, untold: datetime, told: datetime) -> None:
    """Not told for a while is not told; what was told serves for a while, too."""
    for row in connection.execute(select(reason).where(reason.c.at < untold)).all():
        if not row.code or row.at < told:
            drop_reason(connection, row.proposal, row.member)


def _reason(row: Row[tuple[object, ...]]) -> Reason:
    return Reason(row.proposal, row.member, row.at, tuple(row.topics), row.code)


def doubtful(connection: Connection, members: Container[int]) -> dict[int, tuple[str, ...]]:
    """By member, the wishes that brought proposals whose topics did not fit."""
    found: dict[int, tuple[str, ...]] = {}
    for row in connection.execute(select(reason)):
        if row.member in members and row.code == "topics":
            found[row.member] = (*found.get(row.member, ()), *row.topics)
    return found
