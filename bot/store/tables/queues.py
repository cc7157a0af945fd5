"""What comes in, what goes out, and what time brings."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import NEVER_AGAIN, instant, sealed_json

PARKED_AFTER = 3
"""Tries before an input or a due is set aside, so that nothing else waits for it."""


class Meta(SQLModel, table=True):
    """Facts about this database itself."""

    key: str = Field(primary_key=True)
    value: str


class InboxRow(SQLModel, table=True):
    """Raw input, committed before it is confirmed. Its payload goes once it had its effect."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("platform", "account", "external_id"),
        Index("inbox_waiting", "platform", "done_at", "id"),
        NEVER_AGAIN,
    )

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    account: str
    external_id: str
    payload: dict[str, Any] | None = sealed_json(nullable=True)
    received_at: datetime = instant()
    done_at: datetime | None = instant(nullable=True)
    attempts: int = 0
    retry_at: datetime | None = instant(nullable=True)
    error: str = ""


class OutboxRow(SQLModel, table=True):
    """What is to be sent. due → sending → sent | uncertain | failed | dropped."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_next", "platform", "state", "unasked", "id"),
        Index("outbox_chat", "platform", "account", "chat", "state", "id"),
        NEVER_AGAIN,
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    platform: str
    account: str
    chat: str
    member: int = 0
    method: str
    patience: str
    subject: str = ""
    body: dict[str, Any] = sealed_json()
    ref: str = ""
    state: str
    reason: str = ""
    attempts: int = 0
    made_at: datetime = instant()
    not_before: datetime = instant()
    expires_at: datetime | None = instant(nullable=True)
    lease_until: datetime | None = instant(nullable=True)
    sent_at: datetime | None = instant(nullable=True)
    unasked: bool = False
    """Nobody is waiting for it, so that whatever answers somebody goes first."""


class HoldRow(SQLModel, table=True):
    """Until when a platform asked us to leave a chat or a method alone ("" means all)."""

    __tablename__ = "hold"

    platform: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    method: str = Field(primary_key=True)
    until: datetime = instant()


class DueRow(SQLModel, table=True):
    """A nudge at its moment. due → done | dropped (with the reason)."""

    __tablename__ = "due"
    __table_args__ = (
        UniqueConstraint("nudge", "subject", "member", "at"),
        Index("due_next", "state", "at", "id"),
        NEVER_AGAIN,
    )

    id: int | None = Field(default=None, primary_key=True)
    nudge: str
    subject: str = Field(index=True)
    member: int = 0
    at: datetime = instant()
    until: datetime = instant()
    state: str = "due"
    reason: str = ""
    attempts: int = 0
    lease_until: datetime | None = instant(nullable=True)
    """Until when a program has it in hand that took it; past that, it ended on the way."""
    settled_at: datetime | None = instant(nullable=True)
    """When it was said or dropped; those said in one message at the same instant."""


class LeaseRow(SQLModel, table=True):
    """What one program does for all that are at work on this database, and until when."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    """Sending on a platform, by its name, or a round of matching."""
    owner: str
    until: datetime = instant()
