"""The kinds of columns. Every timestamp is UTC and aware; local times stand beside their zone."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

from bot.store.sealing import Sealed, SealedJson

NEVER_AGAIN = {"sqlite_autoincrement": True}
"""Of a table whose rows are known by their numbers elsewhere: in keys of messages, in chats. A
number is not given again after its row is gone; PostgreSQL never does."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, also on SQLite, which would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime would be ambiguous: {value}")
        there = value.astimezone(UTC)
        return there.replace(tzinfo=None) if dialect.name == "sqlite" else there

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # PostgreSQL answers in the zone of its session, whichever that is.
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class SealedByMember(SealedJson):
    """Something for each member, by their numbers, which JSON alone would turn into text."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # JSON
        found = super().process_result_value(value, dialect)
        return {int(number): said for number, said in found.items()}


def instant(*, nullable: bool = False, index: bool = False) -> Any:  # SQLModel's own field type
    return Field(default=None, sa_column=Column(Instant, nullable=nullable, index=index))


def plain_json(default: type = dict) -> Any:  # SQLModel's own field type
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


def sealed() -> Any:  # SQLModel's own field type
    return Field(default="", sa_column=Column(Sealed, nullable=False, default=""))


def sealed_json(*, nullable: bool = False) -> Any:  # SQLModel's own field type
    return Field(default=None, sa_column=Column(SealedJson, nullable=nullable))


def sealed_by_member() -> Any:  # SQLModel's own field type
    return Field(default=None, sa_column=Column(SealedByMember, nullable=False))
