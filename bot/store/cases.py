"""Cases: what was reported, apart from everything else, and what has become of it."""

from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from bot.domain.reports import State
from bot.store.database import inserted
from bot.store.holding import need_everybody
from bot.store.tables import report


def add(  # noqa: PLR0913, PLR0917 -- a row
    connection: Connection, member: int, about: int, tandem: int, text: str, now: datetime
) -> int:
    """A new case; its number. Before it is given away, all are held whom this will be told."""
    need_everybody(connection)
    values = {
        "member": member,
        "about": about,
        "tandem": tandem,
        "text": text,
        "state": State.OPEN.value,
        "at": now,
    }
    return inserted(connection, report, values)


def state(connection: Connection, number: int) -> State:
    """As it stays until the turn is over: two organizers may look at one case."""
    here = select(report.c.state).where(report.c.id == number).with_for_update()
    return State(connection.execute(here).scalar_one())


def tandem_of(connection: Connection, number: int) -> int:
    """The tandem a case is about, or 0."""
    found = connection.execute(select(report.c.tandem).where(report.c.id == number)).scalar_one()
    return int(found)


def about(connection: Connection, number: int) -> int:
    """Whom a case is about, or 0."""
    found = connection.execute(select(report.c.about).where(report.c.id == number)).scalar_one()
    return int(found)


def reporter(connection: Connection, number: int) -> int:
    """Who told a case, or 0 once they are gone."""
    found = connection.execute(select(report.c.member).where(report.c.id == number)).scalar_one()
    return int(found)


def open_about(connection: Connection, member: int) -> set[int]:
    """Who told of a member what is not settled yet."""
    here = report.c.about == member, report.c.state == State.OPEN.value, report.c.member != 0
    return set(connection.execute(select(report.c.member).where(*here)).scalars())


def open_by(connection: Connection, member: int) -> bool:
    """Whether anything that a member told is not settled yet."""
    here = report.c.member == member, report.c.state == State.OPEN.value
    return connection.execute(select(report.c.id).where(*here).limit(1)).first() is not None


def subjects_of(connection: Connection, member: int) -> tuple[list[str], list[str]]:
    """Under which names the cases are spoken of that a member told, and those that name them."""
    rows = connection.execute(
        select(report.c.id, report.c.member).where(
            or_(report.c.member == member, report.c.about == member)
        )
    ).all()
    told = [f"case:{row.id}" for row in rows if row.member == member]
    return told, [f"case:{row.id}" for row in rows if row.member != member]


def close(connection: Connection, number: int) -> None:
    closed = update(report).where(report.c.id == number).values(state=State.CLOSED.value)
    connection.execute(closed)
