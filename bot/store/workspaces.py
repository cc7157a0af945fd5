"""Workspaces that installed the bot: whose token is good where, and who gets the next one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, exists, func, or_, select, update

from bot.domain.dues import Due, Nudge
from bot.domain.members import Address
from bot.domain.parcels import TAKEN_OUT, State
from bot.store import dues
from bot.store.database import insert_new, put
from bot.store.tables import due, install, outbox, workspace

BEFORE = timedelta(hours=2)
"""How long before a token expires the next one is fetched."""
LEASE = timedelta(seconds=60)
"""Longer than fetching one takes; what failed is not tried again before."""
OPEN_FOR = timedelta(minutes=10)
LATEST = timedelta(days=365)
REFUSED_FOR = timedelta(days=3)
MOST = 1000
"""Installations begun at one time: whoever begins more of them does not fill the database."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """``refresh`` is good once, for the next token; "" where this one never expires."""

    account: str
    user: str
    token: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_at: datetime | None = None

    def expires_within(self, wait: timedelta, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at - now <= wait


def begin(connection: Connection, digest: str, now: datetime) -> bool:
    """Remembers an installation for ten minutes. False where too many were begun."""
    connection.execute(delete(install).where(install.c.expires_at <= now))
    count = connection.execute(select(func.count()).select_from(install)).scalar_one()
    values = {"digest": digest, "expires_at": now + OPEN_FOR}
    return count < MOST and insert_new(connection, install, values, "digest") is not None


def end(connection: Connection, digest: str, now: datetime) -> bool:
    """Whether it was begun, and not too long ago. It ends only once."""
    here = install.c.digest == digest, install.c.expires_at > now
    ended = connection.execute(delete(install).where(*here).returning(install.c.digest))
    return ended.first() is not None


def add(connection: Connection, new: Workspace, now: datetime) -> None:
    """The newest installation counts: the tokens of before are forgotten. Whoever was there when
    it was taken out is to be found again."""
    values = {
        "account": new.account,
        "user": new.user,
        "token": new.token,
        "refresh": new.refresh,
        "expires_at": new.expires_at,
        "installed_at": now,
        "lease_until": None,
    }
    put(connection, workspace, values)
    about = subject(new.account)
    back = [
        Due(Nudge.REINSTALLED, about, now, now + LATEST, number)
        for number in dues.concerned(connection, about)
    ]
    dues.plan(connection, about, back)


def subject(account: str) -> str:
    """By which time speaks of a workspace."""
    return f"workspace:{account}"


def left_behind(connection: Connection) -> list[tuple[str, int, datetime]]:
    """Those that took the bot out: how many are deleted if it is not back by when."""
    here = due.c.nudge == Nudge.UNINSTALLED, due.c.state == "due"
    found = select(due.c.subject, func.count(), func.min(due.c.at)).where(*here)
    rows = connection.execute(found.group_by(due.c.subject).order_by(due.c.subject))
    return [(account_of(about), number, at) for about, number, at in rows]


def refusing(connection: Connection, now: datetime) -> list[tuple[Address, datetime]]:
    """Those that took the bot out, to judge by what they refuse, and a moment by which they had:
    everything for so long that it is no trouble of the platform's."""
    newest = func.max(outbox.c.made_at).label("at")
    refused = (
        select(outbox.c.platform, outbox.c.account, newest)
        .where(outbox.c.state == State.DUE, outbox.c.reason == TAKEN_OUT)
        .where(outbox.c.made_at <= now - REFUSED_FOR)
        .group_by(outbox.c.platform, outbox.c.account)
        .subquery()
    )
    sent_since = exists().where(
        outbox.c.platform == refused.c.platform,
        outbox.c.account == refused.c.account,
        outbox.c.sent_at > refused.c.at,
    )
    rows = connection.execute(select(refused).where(~sent_since))
    return [(Address(row.platform, row.account, "", ""), row.at) for row in rows]


def account_of(about: str) -> str:
    return about.removeprefix("workspace:")


def find(connection: Connection, account: str) -> Workspace | None:
    row = connection.execute(select(workspace).where(workspace.c.account == account)).first()
    return _workspace(row) if row else None


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(workspace)).scalar_one()


def lease(connection: Connection, account: str, now: datetime) -> Workspace | None:
    """Takes fetching the next token in hand; None if it is not due, or another has it."""
    row = connection.execute(
        update(workspace)
        .where(
            workspace.c.account == account,
            workspace.c.expires_at <= now + BEFORE,
            or_(workspace.c.lease_until.is_(None), workspace.c.lease_until <= now),
        )
        .values(lease_until=now + LEASE)
        .returning(*workspace.c)
    ).first()
    return _workspace(row) if row else None


def renew(connection: Connection, old: Workspace, new: Workspace) -> None:
    """The next token, unless the workspace was installed anew or removed meanwhile."""
    row = connection.execute(select(workspace).where(workspace.c.account == old.account)).first()
    if row is not None and _workspace(row) == old:
        values = {"token": new.token, "refresh": new.refresh, "expires_at": new.expires_at}
        here = workspace.c.account == old.account
        connection.execute(update(workspace).where(here).values(**values, lease_until=None))


def remove(connection: Connection, account: str, at: datetime) -> bool:
    """Forgets the tokens of what was installed before; False if there is nothing of the kind."""
    here = workspace.c.account == account, workspace.c.installed_at <= at
    removed = connection.execute(delete(workspace).where(*here).returning(workspace.c.account))
    return removed.first() is not None


def _workspace(row: Row[tuple[object, ...]]) -> Workspace:
    return Workspace(row.account, row.user, row.token, row.refresh, row.expires_at)
