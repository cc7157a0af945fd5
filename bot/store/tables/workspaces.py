"""Where the bot was installed by others, on a platform that gives it a token for each place."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.store.tables.columns import instant, sealed


class WorkspaceRow(SQLModel, table=True):
    """A workspace, known by the ``account`` of whoever writes from there."""

    __tablename__ = "workspace"

    account: str = Field(primary_key=True)
    user: str
    """Who the bot is there."""
    token: str = sealed()
    refresh: str = sealed()
    """What the next token is got with, once; "" where the token stays the same."""
    expires_at: datetime | None = instant(nullable=True)
    installed_at: datetime = instant()
    lease_until: datetime | None = instant(nullable=True)
    """Until when somebody has the next token in hand."""


class InstallRow(SQLModel, table=True):
    """An installation that was begun: the hash of what its end has to bring along."""

    __tablename__ = "install"

    digest: str = Field(primary_key=True)
    expires_at: datetime = instant(index=True)
