"""When a tandem meets, and what follows from it."""

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import Instant, instant, plain_json, sealed


class SessionRow(SQLModel, table=True):
    __tablename__ = "session"
    __table_args__ = (UniqueConstraint("tandem", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    tandem: int
    number: int
    state: str
    zone: str
    planned: str | None = None
    """Local wall time in ``zone``; ``starts_at`` is derived from it and stored beside."""
    minutes: int = 60
    starts_at: datetime | None = instant(nullable=True, index=True)
    was: str | None = None
    """What was planned before it was moved or called off."""
    sequence: int = 0
    uid: str
    """A calendar knows it by this and ``sequence``."""
    wish: str | None = None
    wished_by: int = 0
    agreed: list[int] = plain_json(list)
    place: str = sealed()
    notice: int = 0
    """Hours, as agreed on when it was planned."""
    slot: str | None = None
    """The wall time of the series that it stands for."""
    skipped: list[str] = plain_json(list)
    """Wall times of the series that were left out just before it."""
    extra: bool = False
    """Beside the series."""
    turn: int = 0
    """Whose topic had the main part, or 0."""


class StepRow(SQLModel, table=True):
    """What a member wants to do until the next session, as all of the tandem read it."""

    __tablename__ = "step"

    session: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    text: str = sealed()
    at: datetime = instant()


class CueRow(SQLModel, table=True):
    """A member wants to read in the guide when the time of a phase is over."""

    __tablename__ = "cue"

    session: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    phase: str
    till: datetime = instant()
    parcel: str = ""
    """By which the outbox knows the message that shows it, or ""."""


class LapseRow(SQLModel, table=True):
    """A session was called off later than agreed. Who did it is not kept."""

    __tablename__ = "lapse"

    tandem: int = Field(primary_key=True)
    starts_at: datetime = Field(sa_column=Column(Instant, primary_key=True))


class SilenceRow(SQLModel, table=True):
    """Something waits for a member's word, and how often they were asked for it."""

    __tablename__ = "silence"

    tandem: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    step: str
    at: datetime = instant()
