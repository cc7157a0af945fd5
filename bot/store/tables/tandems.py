"""Those who met: from getting to know each other to what they agree on and reach."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import instant, plain_json, sealed, sealed_by_member, sealed_json


class TandemRow(SQLModel, table=True):
    __tablename__ = "tandem"

    id: int | None = Field(default=None, primary_key=True)
    state: str
    resumes: str
    """What a paused one goes back to."""
    rhythm: str
    zone: str
    about: dict[int, Any] = sealed_by_member()
    made_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)
    openers: list[str] = plain_json(list)
    """The questions to begin with that were shown, by name."""


class TandemMember(SQLModel, table=True):
    __tablename__ = "tandem_member"
    __table_args__ = (UniqueConstraint("member", "place"),)

    tandem: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    place: int | None = None
    """Which of the member's places it takes, from 1 to as many as they want; None once it ended."""
    left_at: datetime | None = instant(nullable=True)
    """When they left a group that goes on without them."""
    contact_kind: str = ""
    contact: str = sealed()


class GroupRow(SQLModel, table=True):
    """A tandem's group that its members opened themselves, or the way to open it."""

    __tablename__ = "group_chat"
    __table_args__ = (Index("group_chat_there", "platform", "account", "chat"),)

    tandem: int = Field(primary_key=True)
    member: int
    """Who opens it."""
    hash: str = Field(index=True)
    """Of the one-time token; "" once it was used."""
    expires_at: datetime = instant()
    platform: str = ""
    account: str = ""
    chat: str = ""


class AcquaintingRow(SQLModel, table=True):
    """Getting to know each other, as long as it lasts."""

    __tablename__ = "acquainting"

    tandem: int = Field(primary_key=True)
    talk: int
    last: bool
    since: datetime = instant()
    until: datetime = instant()
    asked_at: datetime | None = instant(nullable=True)


class WordRow(SQLModel, table=True):
    """How a member would like to go on: for nobody else, and until all have said it."""

    __tablename__ = "word"

    tandem: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    word: str = sealed()


class AgreementRow(SQLModel, table=True):
    """A version of what a tandem agrees on. Append-only, apart from what is forgotten."""

    __tablename__ = "agreement"

    tandem: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    by: int
    """0 for the bot's own suggestion."""
    base: int
    """The version it was made of; where a newer one had come, this one stands beside."""
    content: dict[str, Any] = sealed_json()
    at: datetime = instant()


class AgreementYes(SQLModel, table=True):
    """A member agreed to a version, and what they want to achieve themselves."""

    __tablename__ = "agreement_yes"

    tandem: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    goal: str = sealed()
    at: datetime = instant()


class MilestoneRow(SQLModel, table=True):
    """What a tandem wants to reach. Without a title it was taken away."""

    __tablename__ = "milestone"

    tandem: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    title: str = sealed()
    due: date | None = None
    done_at: datetime | None = instant(nullable=True)
    by: int = 0
    """Who added it, or 0 for somebody who is gone."""
    cheered: bool = False
