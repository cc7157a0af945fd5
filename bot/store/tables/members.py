"""Who takes part, where they are reached, and what they agreed to."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import NEVER_AGAIN, instant, sealed, sealed_json


class MemberRow(SQLModel, table=True):
    __tablename__ = "member"
    __table_args__ = NEVER_AGAIN

    id: int | None = Field(default=None, primary_key=True)
    account: int | None = None
    """Where messages go; None for somebody who is gone, of whom nothing else is left."""
    name: str = sealed()
    language: str
    zone: str
    standing: str = Field(index=True)
    profile: dict[str, Any] | None = sealed_json(nullable=True)
    since: datetime | None = instant(nullable=True)
    paused_until: datetime | None = instant(nullable=True)
    lead: str = "eve"
    quiet_hours: str = "20-8"
    quiet_sundays: bool = True
    joined_at: datetime = instant()
    seen_at: datetime | None = instant(nullable=True)


class AccountRow(SQLModel, table=True):
    """Where a member is known: one on each platform at most."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("platform", "account", "user"),)

    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(index=True)
    platform: str
    account: str
    user: str
    chat: str
    username: str = sealed()
    reachable: bool = True


class CodeRow(SQLModel, table=True):
    """A one-time code to link another account with, as its hash only."""

    __tablename__ = "code"

    hash: str = Field(primary_key=True)
    member: int = Field(index=True)
    expires_at: datetime = instant(index=True)


class ConsentRow(SQLModel, table=True):
    """Append-only: what was agreed to, in which words, when and where."""

    __tablename__ = "consent"

    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(index=True)
    """0 once they are gone; then the proof has a pseudonym that leads to nobody."""
    pseudonym: str = ""
    purpose: str
    version: str
    text_hash: str
    language: str
    channel: str
    given: bool
    at: datetime = instant()


class BlockRow(SQLModel, table=True):
    """Two who must not meet, whoever of them asked for it. Never shown to anybody."""

    __tablename__ = "block"

    member: int = Field(primary_key=True)
    other: int = Field(primary_key=True, index=True)
    at: datetime = instant()


class ReportRow(SQLModel, table=True):
    """What a member told the organizers in private."""

    __tablename__ = "report"

    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(index=True)
    about: int = 0
    """The member it is about, or 0."""
    tandem: int = 0
    text: str = sealed()
    state: str
    at: datetime = instant()


class FeedRow(SQLModel, table=True):
    """A member's own calendar address: of its secret part only the hash."""

    __tablename__ = "feed"

    member: int = Field(primary_key=True)
    digest: str = Field(unique=True)
    at: datetime = instant()
