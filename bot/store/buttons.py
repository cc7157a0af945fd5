"""Buttons: a platform sees a random handle; what it means and whose it is stays here.

A handle is the place of a button in its message and the message's token: ``2.`` and the token.
"""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.conversation.talk import Press, Verb
from bot.store.tables import button

LIFE = timedelta(days=60)
RANDOM = 16
"""Bytes in a token: 128 bits, 22 characters, well below Telegram's 64 bytes."""


def issue(
    connection: Connection, member: int, named: Iterable[tuple[str, Press]], now: datetime
) -> list[str]:
    """A new handle for each labelled meaning, for one member only."""
    presses = {str(place): _written(*one) for place, one in enumerate(named)}
    if not presses:
        return []
    token = secrets.token_urlsafe(RANDOM)
    row = {"token": token, "member": member, "presses": presses, "expires_at": now + LIFE}
    connection.execute(_ISSUE, row)
    return [handle_at(place, token) for place in presses]


_ISSUE = insert(button)


def handle_at(place: str, token: str) -> str:
    return f"{place}.{token}"


def meaning(
    connection: Connection, handle: str, member: int, now: datetime
) -> tuple[str, Press] | None:
    """Label and meaning of a handle; None for an unknown, expired or somebody else's alike."""
    place, _, token = handle.rpartition(".")
    row = connection.execute(_MEANING, {"known_as": token}).first()
    if row is None or row.member != member or row.expires_at <= now:
        return None
    # Handles of before migration 0021 are a token of their own, without a place.
    written = row.presses.get(place or "0")
    return _read(written) if written else None


_MEANING = select(button).where(button.c.token == bindparam("known_as"))


def forget_about(
    connection: Connection, members: Collection[int], subjects: Collection[str]
) -> None:
    """These members' buttons about something mean nothing any more; others beside them go on."""
    rows = connection.execute(select(button).where(button.c.member.in_(members))).all()
    kept = {
        row.token: {at: one for at, one in row.presses.items() if _about(one) not in subjects}
        for row in rows
    }
    changed = [row.token for row in rows if kept[row.token] != row.presses]
    if changed:
        connection.execute(_KEEP, [{"known_as": one, "kept": kept[one]} for one in changed])


_KEEP = (
    update(button).where(button.c.token == bindparam("known_as")).values(presses=bindparam("kept"))
)


def forget_expired(connection: Connection, now: datetime) -> None:
    connection.execute(delete(button).where(button.c.expires_at <= now))


def _written(label: str, press: Press) -> list[str]:
    return [label, press.verb, press.target, press.name, press.value, press.subject]


def _read(written: list[str]) -> tuple[str, Press]:
    label, verb, target, name, value, subject = written
    return label, Press(Verb(verb), target, name, value, subject)


def _about(written: list[str]) -> str:
    return _read(written)[1].subject
