"""Who deleted their data, noted outside of the database: no backup may bring them back.

A line is a moment and a keyed hash of an address. The key lies sealed in the database and in each
of its backups, so the file alone leads to nobody; it holds nothing else, and is only added to.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import Connection, select

from bot.domain.members import Address, Standing
from bot.store import database
from bot.store.tables import account, member

log = structlog.get_logger()


def beside(key: Path | None) -> Path | None:
    """Beside the key: never in a backup of the database, and kept as carefully."""
    return key.with_suffix(".gone") if key else None


def note(connection: Connection, path: Path | None, who: Iterable[Address], now: datetime) -> None:
    """Before the deletion is committed: noted and not deleted is asked for again, not forgotten."""
    if path is None:
        return
    lines = [f"{now.astimezone(UTC).isoformat()} {_hash(connection, *_of(one))}\n" for one in who]
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError:  # the deletion itself must not wait for a disk
        log.exception("a deletion is not noted for restored backups")


def members(connection: Connection, path: Path | None) -> list[int]:
    """Who is in this database and deleted their data since they joined."""
    noted = _noted(path)
    if not noted:
        return []
    rows = connection.execute(
        select(
            account.c.platform, account.c.user, account.c.account, member.c.id, member.c.joined_at
        )
        .join(member, member.c.id == account.c.member)
        .where(member.c.standing != Standing.GONE)
    ).all()
    return sorted(
        {
            row.id
            for row in rows
            if noted.get(_hash(connection, row.platform, row.account, row.user), row.joined_at)
            > row.joined_at
        }
    )


def _noted(path: Path | None) -> dict[str, datetime]:
    """The last moment of each."""
    if path is None or not path.exists():
        return {}
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {known: datetime.fromisoformat(at) for at, known in (line for line in lines if line[1:])}


def _of(address: Address) -> tuple[str, str, str]:
    return address.platform, address.account, address.user


def _hash(connection: Connection, *parts: str) -> str:
    secret = database.secret(connection).encode()
    return hmac.new(secret, "\n".join(parts).encode(), hashlib.sha256).hexdigest()
