"""What care for a tandem needs to know: sessions that fell out, and whose word is waited for. Both
last as long as the tandem does."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bot.domain.care import Past
from bot.domain.sessions import State
from bot.domain.silence import Step, Wait
from bot.store.database import insert_new
from bot.store.tables import lapse, reflection, session, silence

ANSWER = reflection.c.member, reflection.c.held, reflection.c.moved


def add_lapse(connection: Connection, tandem: int, starts_at: datetime) -> None:
    insert_new(connection, lapse, {"tandem": tandem, "starts_at": starts_at}, "tandem")


def lapses(connection: Connection, tandem: int) -> list[datetime]:
    """When sessions should have begun that were called off late."""
    rows = select(lapse.c.starts_at).where(lapse.c.tandem == tandem).order_by(lapse.c.starts_at)
    return list(connection.execute(rows).scalars())


def past(connection: Connection, tandem: int) -> list[Past]:
    """Sessions whose time is over, the first one first, with what was answered of them.

    The answers are private: what follows from all of them may be used, none of them shown.
    """
    here = session.c.tandem == tandem, session.c.state == State.PAST
    rows = connection.execute(
        select(session.c.id, session.c.starts_at, *ANSWER)
        .outerjoin(reflection, reflection.c.session == session.c.id)
        .where(*here, session.c.starts_at.is_not(None))
    )
    begun: dict[int, datetime] = {}
    said: dict[int, dict[int, bool]] = {}
    for row in rows:
        begun[row.id] = row.starts_at
        answers = said.setdefault(row.id, {})
        if row.member is not None and not row.moved:
            answers[row.member] = row.held
    found = [Past(at, said[number]) for number, at in begun.items()]
    return sorted(found, key=lambda one: one.starts_at)


def waits(connection: Connection, tandem: int) -> Mapping[int, Wait]:
    rows = connection.execute(select(silence).where(silence.c.tandem == tandem))
    return {row.member: Wait(Step(row.step), row.at) for row in rows}


def save_waits(connection: Connection, tandem: int, known: Mapping[int, Wait]) -> None:
    connection.execute(delete(silence).where(silence.c.tandem == tandem))
    for member, wait in known.items():
        values = {"tandem": tandem, "member": member, "step": wait.step.value, "at": wait.at}
        connection.execute(insert(silence).values(**values))


def no_longer(connection: Connection, tandem: int, member: int) -> None:
    """Nobody waits for somebody who left."""
    here = silence.c.tandem == tandem, silence.c.member == member
    connection.execute(delete(silence).where(*here))


def forget(connection: Connection, tandem: int) -> None:
    for table in (lapse, silence):
        connection.execute(delete(table).where(table.c.tandem == tandem))
