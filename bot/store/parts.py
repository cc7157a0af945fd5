"""Who has a part in a tandem and all that belongs to it, in a session, a proposal, a case."""

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from bot.store.tables import proposal_member, report, session, tandem_member


def in_tandem(connection: Connection, number: int, member: int) -> bool:
    return _is_there(connection, tandem_member.c.tandem == number, tandem_member.c.member == member)


def in_session(connection: Connection, number: int, member: int) -> bool:
    found = connection.execute(select(session.c.tandem).where(session.c.id == number)).scalar()
    return found is not None and in_tandem(connection, found, member)


def in_proposal(connection: Connection, number: int, member: int) -> bool:
    here = proposal_member.c.proposal == number, proposal_member.c.member == member
    return _is_there(connection, *here)


def is_concerned(connection: Connection, case: int, member: int) -> bool:
    """Who told a case, or whom it names, decides nothing in it."""
    named = or_(report.c.member == member, report.c.about == member)
    return _is_there(connection, report.c.id == case, named)


def _is_there(connection: Connection, *row: ColumnElement[bool]) -> bool:
    return bool(connection.execute(select(exists().where(*row))).scalar())
