"""What is on the screens: people and their messages, in tables of the playground's own.

They are made when the playground starts, so a host without one never has them.
"""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    select,
    update,
)

Row: TypeAlias = dict[str, Any]  # as the page gets it

METADATA = MetaData()
PEOPLE = Table(
    "playground_person",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String, unique=True),
    Column("action", String, unique=True),
    Column("name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("blocked", Boolean, nullable=False),
)
MESSAGES = Table(
    "playground_message",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("origin", String, unique=True, nullable=False),
    Column("who", String, nullable=False),
    Column("text", String, nullable=False),
    Column("rows", JSON, nullable=False),
    Column("at", String, nullable=False),
    Column("edited", Boolean, nullable=False),
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


class Board:
    def __init__(self, store: Engine) -> None:
        self._store = store
        METADATA.create_all(store)

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

    def change(self, person: str, message: int, said: Row) -> None:
        """Replaces a message, on the screen of whom it was for."""
        with self._store.begin() as connection:
            connection.execute(
                update(MESSAGES)
                .where(MESSAGES.c.id == message, MESSAGES.c.person == person)
                .values(text=said["text"], rows=said["rows"], edited=True)
            )
