"""Whose turn sessions were, and the next steps agreed on in them."""

from datetime import datetime

from sqlalchemy import Connection, Select, delete, insert, select, update

from bot.domain.guides import Step
from bot.domain.sessions import State
from bot.store.tables import session, step


def turns(connection: Connection, tandem: int, before: int) -> tuple[int, ...]:
    """Whose topic had the main part in sessions with a lower number, the newest first."""
    noted = session.c.tandem == tandem, session.c.number < before, session.c.turn != 0
    rows = select(session.c.turn).where(*noted).order_by(session.c.number.desc())
    return tuple(connection.execute(rows).scalars())


def note_turn(connection: Connection, number: int, member: int) -> None:
    """Touches nothing else, so that a time that is agreed on meanwhile stays."""
    connection.execute(update(session).where(session.c.id == number).values(turn=member))


def of(connection: Connection, number: int) -> tuple[Step, ...]:
    """Those of a session, by member."""
    rows = select(step).where(step.c.session == number).order_by(step.c.member)
    return tuple(Step(row.member, row.text) for row in connection.execute(rows))


def last(connection: Connection, tandem: int, number: int) -> tuple[Step, ...]:
    """Those agreed on when they met before a session; what is older has had its time."""
    found = connection.execute(met_before(tandem, number)).scalar()
    return of(connection, found) if found else ()


def met_before(tandem: int, number: int) -> Select[int]:
    """The last session before one that was not called off."""
    here = session.c.tandem == tandem, session.c.number < number, session.c.state == State.PAST
    return select(session.c.id).where(*here).order_by(session.c.number.desc()).limit(1)


def write(connection: Connection, number: int, new: Step, now: datetime) -> None:
    """In the place of what the member wrote before."""
    here = step.c.session == number, step.c.member == new.member
    connection.execute(delete(step).where(*here))
    values = {"session": number, "member": new.member, "text": new.text, "at": now}
    connection.execute(insert(step).values(**values))


def forget_member(connection: Connection, number: int) -> None:
    connection.execute(delete(step).where(step.c.member == number))
    connection.execute(update(session).where(session.c.turn == number).values(turn=0))


def forget_in(connection: Connection, number: int, member: int) -> None:
    """Of somebody who left a group: what they wanted to do, and whose turn is still to come."""
    theirs = select(session.c.id).where(session.c.tandem == number)
    here = step.c.session.in_(theirs), step.c.member == member
    connection.execute(delete(step).where(*here))
    mine = session.c.tandem == number, session.c.turn == member
    connection.execute(update(session).where(*mine).values(turn=0))


def forget_tandem(connection: Connection, number: int) -> None:
    theirs = select(session.c.id).where(session.c.tandem == number)
    connection.execute(delete(step).where(step.c.session.in_(theirs)))
    connection.execute(update(session).where(session.c.tandem == number).values(turn=0))
