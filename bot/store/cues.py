"""Who wants to read in the guide through a session when the time of a phase is over."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from bot.domain.cues import Cue
from bot.store.tables import cue


def of(connection: Connection, session: int) -> dict[int, Cue]:
    """By member."""
    rows = connection.execute(select(cue).where(cue.c.session == session).order_by(cue.c.member))
    return {row.member: Cue(row.member, row.phase, row.till, row.parcel) for row in rows}


def save(connection: Connection, session: int, known: Iterable[Cue]) -> None:
    """In the place of all there were."""
    connection.execute(delete(cue).where(cue.c.session == session))
    for one in known:
        values = {"phase": one.phase, "till": one.till, "parcel": one.parcel}
        connection.execute(insert(cue).values(session=session, member=one.member, **values))
