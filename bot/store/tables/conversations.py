"""What is being asked, and what a button means."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from bot.store.tables.columns import instant, sealed_json


class ConversationRow(SQLModel, table=True):
    __tablename__ = "conversation"

    member: int = Field(primary_key=True)
    form: str = Field(primary_key=True)
    subject: str = Field(default="", primary_key=True)
    answers: dict[str, Any] = sealed_json()
    drafts: dict[str, Any] = sealed_json()
    facts: dict[str, Any] = sealed_json()
    in_chat: bool = True
    touched: int
    """Rises with every turn, so that the open form is the one touched last."""
    at: datetime = instant()
    """When its question was last asked."""


class ButtonRow(SQLModel, table=True):
    """The buttons of a message: whose they are, and what each means by its place in it.

    A platform sees nothing but a handle for each, see `bot.store.buttons`.
    """

    __tablename__ = "button"

    token: str = Field(primary_key=True)
    member: int
    presses: dict[str, list[str]] = sealed_json()
    """Of each its label, then the parts of a `Press`."""
    expires_at: datetime = instant(index=True)
