"""Getting to know each other, as long as it lasts: then nothing is left of what was answered."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection, delete, select

from bot.domain.acquainting import Acquainting, Outcome, Word
from bot.domain.tandems import Tandem
from bot.store.database import put
from bot.store.tables import acquainting, word


def get(connection: Connection, tandem: Tandem, patience: timedelta) -> Acquainting | None:
    """None where it is over, or was never begun."""
    here = acquainting.c.tandem == tandem.id
    row = connection.execute(select(acquainting).where(here)).first()
    if row is None:
        return None
    return Acquainting(
        tandem=tandem.id,
        members=tandem.members,
        about=tandem.about,
        since=row.since,
        until=row.until,
        patience=patience,
        talk=row.talk,
        last=row.last,
        asked_at=row.asked_at,
        words=words(connection, tandem.id),
    )


def words(connection: Connection, tandem: int) -> Mapping[int, Word]:
    rows = connection.execute(select(word).where(word.c.tandem == tandem))
    return {row.member: Word(row.word) for row in rows}


def save(connection: Connection, known: Acquainting) -> None:
    if known.outcome is not Outcome.OPEN:
        forget(connection, known.tandem)
        return
    values = {
        "tandem": known.tandem,
        "talk": known.talk,
        "last": known.last,
        "since": known.since,
        "until": known.until,
        "asked_at": known.asked_at,
    }
    put(connection, acquainting, values)
    connection.execute(delete(word).where(word.c.tandem == known.tandem))
    for member, said in known.words.items():
        connection.execute(
            word.insert().values(tandem=known.tandem, member=member, word=said.value)
        )


def forget(connection: Connection, tandem: int) -> None:
    for table in (acquainting, word):
        connection.execute(delete(table).where(table.c.tandem == tandem))
