"""From a message to what a platform gets: each button with a handle that is its member's alone."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.conversation import crisis
from bot.conversation.messages import Button, Link, Message, Rows
from bot.conversation.talk import Press, Verb
from bot.domain.members import Member
from bot.store import buttons

CRISIS = Press(Verb.COMMAND, "crisis")


def body(connection: Connection, member: Member, message: Message, now: datetime) -> dict[str, Any]:
    """A message as it is put into the outbox."""
    said = {"text": str(message.text), "rows": rows(connection, member, message.rows, now)}
    return said if message.keyboard is None else {**said, "keyboard": list(message.keyboard)}


def rows(
    connection: Connection, member: Member, rows: Rows, now: datetime
) -> list[list[dict[str, str]]]:
    """Buttons as a platform gets them: a label and a handle, or where they lead."""
    presses = [(b.label, b.press) for row in rows for b in row]
    named = [(n, p) for n, p in presses if isinstance(p, Press) and p != CRISIS]
    issued = iter(buttons.issue(connection, member.id, named, now))
    return [[_button(member, b, issued) for b in row] for row in rows]


def way_out(connection: Connection, member: Member, now: datetime) -> dict[str, Any]:
    """The way to professional help, on its own: a body as in the outbox, without words."""
    button = Button(crisis.button(member.language), CRISIS)
    return {"text": "", "rows": rows(connection, member, ((button,),), now)}


def _button(member: Member, button: Button, issued: Iterator[str]) -> dict[str, str]:
    """The way to professional help is no secret, so it needs no store to be understood."""
    if isinstance(button.press, Link):
        return {"label": button.label, "url": button.press.url}
    if button.press == CRISIS:
        return {"label": button.label, "handle": crisis.handle(member.language)}
    return {"label": button.label, "handle": next(issued)}
