"""Who was suggested to whom, in which round, and what they said to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import instant, sealed, sealed_by_member, sealed_json


class RoundRow(SQLModel, table=True):
    """A round of matching. open → done; its key is there once, so it happens once."""

    __tablename__ = "round"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    """The date, and a number where rounds come as people come."""
    seed: int = Field(sa_column=Column(BigInteger, nullable=False))
    hash: str
    """Of the inputs, which are forgotten sooner."""
    inputs: dict[str, Any] | None = sealed_json(nullable=True)
    outcome: dict[str, Any] | None = sealed_json(nullable=True)
    state: str
    at: datetime = instant()


class ProposalRow(SQLModel, table=True):
    __tablename__ = "proposal"

    id: int | None = Field(default=None, primary_key=True)
    state: str
    about: dict[int, Any] = sealed_by_member()
    made_at: datetime = instant()
    expires_at: datetime = instant()


class ProposalMember(SQLModel, table=True):
    __tablename__ = "proposal_member"

    proposal: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    accepted: bool = False


class QuestionRow(SQLModel, table=True):
    """What a member would like to know before they answer a proposal; gone once it is over."""

    __tablename__ = "question"

    proposal: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    text: str = sealed()


class ReplyRow(SQLModel, table=True):
    """That a question was answered; the answer itself is passed on and not kept."""

    __tablename__ = "reply"

    proposal: int = Field(primary_key=True)
    asker: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)


class ReasonRow(SQLModel, table=True):
    """Why a member said no, for their own matching: nobody else is ever shown it."""

    __tablename__ = "reason"

    proposal: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    code: str = sealed()
    """Empty as long as it was not told."""
    topics: list[str] = sealed_json()
    at: datetime = instant()
