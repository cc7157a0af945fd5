"""What members write for themselves, and what of it they show."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import NEVER_AGAIN, instant, sealed


class DiaryRow(SQLModel, table=True):
    """Private to its member, like a reflection."""

    __tablename__ = "diary"

    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(index=True)
    text: str = sealed()
    at: datetime = instant()


class ShareRow(SQLModel, table=True):
    """A diary entry that the others of a tandem were shown, until it is taken back."""

    __tablename__ = "share"
    # A number that was in somebody's chat never stands for another entry.
    __table_args__ = (UniqueConstraint("member", "entry", "tandem"), NEVER_AGAIN)

    id: int | None = Field(default=None, primary_key=True)
    member: int
    tandem: int
    entry: str
    at: datetime = instant()
    outdated: bool = False
    """The entry was changed since; the others have it as it was."""


class ReflectionRow(SQLModel, table=True):
    """Private to its member: nobody else is ever shown a row of this table."""

    __tablename__ = "reflection"

    session: int = Field(primary_key=True)
    member: int = Field(primary_key=True)
    held: bool
    """False if they said that it did not take place."""
    moved: bool = False
    """It did not, and is to be at another time."""
    useful: int | None = None
    insight: str = sealed()
    next_step: str = sealed()
    at: datetime = instant()
