"""Who has a part in a tandem and all that belongs to it, in a session, a proposal, a case."""

from sqlalchemy import Connection, or_, select

from bot.store.tables import proposal_member, report, session, tandem_member


def in_tandem(connection: Connection, number: int, member: int) -> bool:
    here = select(tandem_member.c.member).where(tandem_member.c.tandem == number)
    return member in connection.execute(here).scalars().all()


def in_session(connection: Connection, number: int, member: int) -> bool:
    found = connection.execute(select(session.c.tandem).where(session.c.id == number)).scalar()
    return found is not None and in_tandem(connection, found, member)


def in_proposal(connection: Connection, number: int, member: int) -> bool:
    here = select(proposal_member.c.member).where(proposal_member.c.proposal == number)
    return member in connection.execute(here).scalars().all()


def is_concerned(connection: Connection, case: int, member: int) -> bool:
    """Who told a case, or whom it names, decides nothing in it."""
    named = or_(report.c.member == member, report.c.about == member)
    here = select(report.c.id).where(report.c.id == case, named)
    return connection.execute(here).first() is not None
