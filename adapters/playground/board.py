"""What is on the screens: people and their messages, in tables of the playground's own.

They are made when the playground starts, so a host without one never has them. What somebody
wrote or was told is sealed in them, as everywhere.
"""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    delete,
    insert,
    inspect,
    select,
    text,
    update,
)

from bot.store.database import clear_log
from bot.store.sealing import Sealed, SealedJson
from bot.store.tables import inbox

Row: TypeAlias = dict[str, Any]  # as the page gets it

METADATA = MetaData()
PEOPLE = Table(
    "playground_person_2",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String, unique=True),
    Column("action", String, unique=True),
    Column("name", Sealed, nullable=False),
    Column("language", String, nullable=False),
    Column("blocked", Boolean, nullable=False),
)
MESSAGES = Table(
    "playground_message_2",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("origin", String, unique=True, nullable=False),
    Column("who", String, nullable=False),
    Column("text", Sealed, nullable=False),
    Column("rows", SealedJson, nullable=False),
    Column("at", String, nullable=False),
    Column("edited", Boolean, nullable=False),
    sqlite_autoincrement=True,  # a number that was on a screen never stands for another message
)
FILES = Table(
    "playground_file",
    METADATA,
    Column("message", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("member", Integer, nullable=False),
    Column("subject", String, nullable=False),
)
"""Which messages bring a file, and what it is about: enough to make it when it is asked for."""
OLDER = {"playground_person": PEOPLE, "playground_message": MESSAGES}
"""Tables of earlier versions, with everything readable in them."""


class Board:
    def __init__(self, store: Engine) -> None:
        self._store = store
        with store.begin() as connection:
            METADATA.create_all(connection)
            found = OLDER.keys() & set(inspect(connection).get_table_names())
            for name in found:
                _seal(connection, name, OLDER[name])
        if found:
            clear_log(store)

    def people(self) -> list[Row]:
        """Everybody with their messages, in the order they came."""
        with self._store.begin() as connection:
            people = connection.execute(select(PEOPLE).order_by(PEOPLE.c.number)).mappings()
            shown = [{**person, "messages": list[Row]()} for person in people]
            by_id = {person["id"]: person["messages"] for person in shown}
            named = select(MESSAGES, FILES.c.name.label("file")).outerjoin(
                FILES, FILES.c.message == MESSAGES.c.id
            )
            for row in connection.execute(named.order_by(MESSAGES.c.id)).mappings():
                by_id[row["person"]].append(dict(row))
        return shown

    def person(self, identifier: str) -> Row | None:
        with self._store.begin() as connection:
            wanted = select(PEOPLE).where(PEOPLE.c.id == identifier)
            row = connection.execute(wanted).mappings().first()
        return dict(row) if row else None

    def add(self, action: str, name: str, language: str) -> str:
        """Adds somebody, once per action. Returns their id."""
        with self._store.begin() as connection:
            known = select(PEOPLE.c.id).where(PEOPLE.c.action == action)
            found = connection.execute(known).scalar()
            if found:
                return str(found)
            count = len(connection.execute(select(PEOPLE.c.number)).all())
            identifier = f"p{count + 1}"
            values = {"id": identifier, "action": action, "name": name, "language": language}
            connection.execute(insert(PEOPLE).values(**values, blocked=False))
        return identifier

    def block(self, identifier: str, *, blocked: bool) -> None:
        with self._store.begin() as connection:
            here = PEOPLE.c.id == identifier
            connection.execute(update(PEOPLE).where(here).values(blocked=blocked))

    def show(self, person: str, origin: str, who: str, said: Row, now: datetime) -> int:
        """Puts a message on a screen, once per origin. Returns its id.

        ``said`` has its ``text``, and may have ``rows`` of buttons and a ``file``.
        """
        with self._store.begin() as connection:
            known = select(MESSAGES.c.id).where(MESSAGES.c.origin == origin)
            found = connection.execute(known).scalar()
            if found:
                return int(found)
            values = {"text": said["text"], "rows": said.get("rows", []), "at": now.isoformat()}
            added = connection.execute(
                insert(MESSAGES).values(
                    person=person, origin=origin, who=who, edited=False, **values
                )
            )
            key = added.inserted_primary_key
            assert key is not None
            if "file" in said:
                connection.execute(insert(FILES).values(message=key[0], **said["file"]))
            return int(key[0])

    def file(self, message: int) -> Row | None:
        """What the file of a message is called and about; None if it has none."""
        joined = FILES.join(MESSAGES, FILES.c.message == MESSAGES.c.id)
        wanted = select(FILES, MESSAGES.c.person, MESSAGES.c.text).select_from(joined)
        with self._store.begin() as connection:
            row = connection.execute(wanted.where(FILES.c.message == message)).mappings().first()
        return dict(row) if row else None

    def clear(self, person: str, origin: str) -> None:
        """Wipes somebody's screen, but for what they wrote after the input it comes from."""
        kind, number, *_ = origin.split(":")
        here = MESSAGES.c.person == person
        with self._store.begin() as connection:
            later = select("action:" + inbox.c.external_id).where(inbox.c.id > int(number))
            if kind == "in":
                here = and_(here, MESSAGES.c.origin.not_in(later))
            gone = select(MESSAGES.c.id).where(here)
            connection.execute(delete(FILES).where(FILES.c.message.in_(gone)))
            connection.execute(delete(MESSAGES).where(MESSAGES.c.id.in_(gone)))
        clear_log(self._store)

    def remove(self, person: str, actions: Collection[str]) -> None:
        """Deletes from somebody's screen what they wrote in these actions."""
        here = MESSAGES.c.person == person, MESSAGES.c.who == "member"
        written = MESSAGES.c.origin.in_([f"action:{action}" for action in actions])
        with self._store.begin() as connection:
            connection.execute(delete(MESSAGES).where(*here, written))

    def change(self, person: str, message: int, said: Row) -> None:
        """Replaces a message, on the screen of whom it was for."""
        with self._store.begin() as connection:
            connection.execute(
                update(MESSAGES)
                .where(MESSAGES.c.id == message, MESSAGES.c.person == person)
                .values(text=said["text"], rows=said["rows"], edited=True)
            )


def _seal(connection: Connection, name: str, table: Table) -> None:
    """Moves what was readable to where it is sealed, all of it or nothing."""
    for row in connection.execute(text(f"SELECT * FROM {name}")).mappings().all():  # noqa: S608 -- ours
        values = {**row, "rows": json.loads(row["rows"])} if "rows" in row else row
        connection.execute(insert(table).values(**values))
    connection.execute(text(f"DROP TABLE {name}"))
