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
SUBJECT = -1


def issue(
    connection: Connection, member: int, named: Iterable[tuple[str, Press]], now: datetime
) -> list[str]:
    """A new handle for each labelled meaning, for one member only."""
    presses = {
        str(place): [label, press.verb, press.target, press.name, press.value, press.subject]
        for place, (label, press) in enumerate(named)
    }
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
    label, verb, *rest = row.presses.get(place or "0", [None, None])
    return (label, Press(Verb(verb), *rest)) if verb else None


_MEANING = select(button).where(button.c.token == bindparam("known_as"))


def forget_about(
    connection: Connection, members: Collection[int], subjects: Collection[str]
) -> None:
    """These members' buttons about something mean nothing any more; others beside them go on."""
    for row in connection.execute(select(button).where(button.c.member.in_(members))).all():
        rest = {at: press for at, press in row.presses.items() if press[SUBJECT] not in subjects}
        if rest != row.presses:
            this = button.c.token == row.token
            connection.execute(update(button).where(this).values(presses=rest))


def forget_expired(connection: Connection, now: datetime) -> None:
    connection.execute(delete(button).where(button.c.expires_at <= now))
