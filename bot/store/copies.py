"""What is read for somebody's own copy of their data, each list in the order things happened.

Rows as they are stored: what of them concerns the other members of a tandem is for
`bot.engine.exported` to leave out.
"""

from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, Table, and_, or_, select

from bot.domain.parcels import State
from bot.store import tables
from bot.store.tables import account, due, member, outbox, proposal_member, reflection, session

Rows: TypeAlias = Sequence[Any]  # SQLAlchemy does not tell the types of a row's columns


def master(connection: Connection, number: int) -> Row[Any]:
    """A member's own row."""
    return connection.execute(select(member).where(member.c.id == number)).one()


def accounts(connection: Connection, number: int) -> Rows:
    return _theirs(connection, account, number)


def consents(connection: Connection, number: int) -> Rows:
    return _theirs(connection, tables.consent, number)


def reports(connection: Connection, number: int) -> Rows:
    """Those they made. Nobody is told of one that is about them."""
    return _theirs(connection, tables.report, number)


def entries(connection: Connection, number: int) -> Rows:
    return _theirs(connection, tables.diary, number)


def proposals(connection: Connection, number: int) -> list[int]:
    rows = connection.execute(
        select(proposal_member.c.proposal)
        .where(proposal_member.c.member == number)
        .order_by(proposal_member.c.proposal)
    )
    return list(rows.scalars())


def sessions(connection: Connection, tandem: int) -> Rows:
    return connection.execute(
        select(session).where(session.c.tandem == tandem).order_by(session.c.number)
    ).all()


def reflections(connection: Connection, number: int) -> Rows:
    """With the tandem and the number of each session, as long as that is known."""
    return connection.execute(
        select(reflection, session.c.tandem, session.c.number)
        .outerjoin(session, session.c.id == reflection.c.session)
        .where(reflection.c.member == number)
        .order_by(reflection.c.at, reflection.c.session)
    ).all()


def messages(connection: Connection, number: int, groups: Collection[str]) -> Rows:
    """What was said to them alone, and in the groups of these tandems.

    Not what an organizer was told of a case: that is about somebody else.
    """
    alone = and_(outbox.c.member == number, outbox.c.subject.not_like("case:%"))
    together = and_(outbox.c.method == "group", outbox.c.subject.in_(groups))
    return connection.execute(
        select(outbox.c.sent_at, outbox.c.body)
        .where(or_(alone, together), outbox.c.state == State.SENT)
        .order_by(outbox.c.id)
    ).all()


def planned(connection: Connection, number: int, subjects: Collection[str]) -> Rows:
    """Dues of their own, and those for everybody who has a part in one of these subjects."""
    concerned = or_(
        due.c.member == number, and_(due.c.member == 0, due.c.subject.in_(list(subjects)))
    )
    return connection.execute(
        select(due.c.nudge, due.c.at)
        .where(due.c.state == "due", concerned)
        .order_by(due.c.at, due.c.id)
    ).all()


def _theirs(connection: Connection, table: Table, number: int) -> Rows:
    rows = select(table).where(table.c.member == number).order_by(table.c.id)
    return connection.execute(rows).all()
