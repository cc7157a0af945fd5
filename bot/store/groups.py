"""Groups that members open themselves: the hash of the token that leads into one, then its chat."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, select, update

from bot.domain.groups import LIFE, Group
from bot.store.database import put
from bot.store.tables import group_chat

RANDOM = 24
"""Bytes: 192 bits, in 32 characters; a start parameter has at most 64."""


def issue(connection: Connection, tandem: int, founder: int, now: datetime) -> str:
    """A token for a link that opens a tandem's group; an older one of the tandem is void."""
    token = secrets.token_urlsafe(RANDOM)
    nowhere = dict.fromkeys(("platform", "account", "chat"), "")
    values = {"tandem": tandem, "member": founder, "hash": _hash(token), "expires_at": now + LIFE}
    put(connection, group_chat, {**values, **nowhere})
    return token


def by_token(connection: Connection, token: str, now: datetime) -> Group | None:
    """The group a token opens; None for an unknown, used or expired one alike."""
    here = group_chat.c.hash == _hash(token), group_chat.c.expires_at > now
    row = connection.execute(select(group_chat).where(*here)).first()
    return _group(row) if row else None


def of(connection: Connection, tandem: int) -> Group | None:
    row = connection.execute(select(group_chat).where(group_chat.c.tandem == tandem)).first()
    return _group(row) if row else None


def opened(connection: Connection, tandem: int, there: tuple[str, str, str]) -> None:
    """A tandem's group is there: platform, account, chat. The token is forgotten."""
    platform, account, chat = there
    values = {"platform": platform, "account": account, "chat": chat, "hash": ""}
    connection.execute(update(group_chat).where(group_chat.c.tandem == tandem).values(**values))


def closed(connection: Connection, there: tuple[str, str, str]) -> None:
    """The bot is in a group no longer, so it has none for that tandem."""
    connection.execute(delete(group_chat).where(_at(there)))


def moved(connection: Connection, there: tuple[str, str, str], chat: str) -> None:
    """A group goes on under another id."""
    connection.execute(update(group_chat).where(_at(there)).values(chat=chat))


def forget_expired(connection: Connection, now: datetime) -> None:
    late = group_chat.c.chat == "", group_chat.c.expires_at <= now
    connection.execute(delete(group_chat).where(*late))


def _at(there: tuple[str, str, str]) -> ColumnElement[bool]:
    columns = group_chat.c.platform, group_chat.c.account, group_chat.c.chat
    return and_(*(column == value for column, value in zip(columns, there, strict=True)))


def _group(row: Row[tuple[object, ...]]) -> Group:
    return Group(row.tandem, row.member, row.expires_at, row.platform, row.account, row.chat)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
