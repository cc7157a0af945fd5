"""What Slack sends, as the engine sees it. Bodies are Slack's own JSON."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from adapters.slack.modals import to_values
from adapters.slack.mrkdwn import from_slack
from bot.domain.members import Address
from bot.engine.events import (
    Commanded,
    Event,
    Key,
    Left,
    Looked,
    Pressed,
    Said,
    Sender,
    Submitted,
    Uninstalled,
    Unreadable,
    What,
)

Body: TypeAlias = dict[str, Any]  # Slack's JSON

TYPED = (None, "file_share", "me_message")
"""Subtypes of a message that somebody wrote; the others tell of edits, joins, topics ..."""
SLACKBOT = "USLACKBOT"
MOMENTS = range(2**32)
"""Seconds that are a moment of this epoch."""


@dataclass(frozen=True, slots=True)
class Person:
    """What ``users.info`` tells of somebody; what they send does not carry it."""

    name: str = ""
    language: str = ""
    zone: str = ""
    is_bot: bool = False


NOBODY = Person()


UNREAD = ("message", "token", "response_url")
"""A press brings the whole message it was under, which is ours; the others are Slack's ways to know
and reach a program, and nobody's business later."""


def lean(body: Body) -> Body:
    """A body without what nobody reads, so that it is not kept."""
    return {name: part for name, part in body.items() if name not in UNREAD}


def to_event(body: Body, account: str, person: Person = NOBODY) -> Event | None:
    """None for what means nothing to us: edits, channels, the bot's own messages, other bots."""
    user, what = user_of(body), _what(body)
    if isinstance(what, Uninstalled):
        return Event(Sender(Address("slack", account, "", "")), what)
    if what is None or person.is_bot or user in {"", SLACKBOT}:
        return None
    # Posting to a user's id finds the right chat, whatever its id is.
    address = Address("slack", account, user, chat=user)
    return Event(Sender(address, person.name, "", person.language, person.zone), what)


def to_key(body: Body, account: str) -> Key:
    """The id under which Slack would deliver this again, or else its digest."""
    match body:
        case {"event_id": str(found)} | {"trigger_id": str(found)}:
            return "slack", account, found
        case _:
            whole = json.dumps(body, sort_keys=True).encode()
            return "slack", account, hashlib.sha256(whole).hexdigest()


def user_of(body: Body) -> str:
    match body:
        case {"event": {"user": {"id": str(user)}}} | {"event": {"user": str(user)}}:
            return user
        case {"user": {"id": str(user)}} | {"user_id": str(user)}:
            return user
        case _:
            return ""


def _what(body: Body) -> What | None:
    match body:
        case {
            "type": "event_callback",
            "event": {"type": "app_uninstalled"} | {"tokens": {"bot": [_, *_]}},
            "event_time": int(at),
        } if at in MOMENTS:
            return _uninstalled(at)
        case {"type": "event_callback", "event": dict(event)}:
            return _happened(event)
        case {"type": "block_actions", "actions": [{"value": str(handle)}, *_]}:
            return Pressed(handle, _ref(body))
        case {"type": "view_submission", "view": {"private_metadata": str(handle)} as view}:
            return Submitted(handle, to_values(view))
        case {"command": str(), **rest}:
            return Commanded(_text(rest))
        case _:
            return None


def _uninstalled(at: int) -> What:
    """Slack tells it twice, in either order: that the tokens are gone, and that the app is."""
    return Uninstalled(datetime.fromtimestamp(at, UTC))


def _happened(event: Body) -> What | None:
    match event:
        case {"type": "message", "channel_type": "im"} if "bot_id" not in event:
            return _written(event)
        case {"type": "app_home_opened", "tab": "home"}:
            return Looked()
        case {"type": "user_change", "user": {"deleted": True}}:
            return Left()
        case _:
            return None


def _written(message: Body) -> What | None:
    if message.get("subtype") not in TYPED:
        return None
    if text := _text(message):
        return Said(text)
    return Unreadable() if message.get("files") or message.get("attachments") else None


def _text(body: Body) -> str:
    """As it was typed; "" for what is no text."""
    text = body.get("text")
    return from_slack(text).strip() if isinstance(text, str) else ""


def _ref(body: Body) -> str:
    """The message that was pressed, for an edit; a modal or a home page has none."""
    match body.get("container"):
        case {"type": "message", "channel_id": channel, "message_ts": ts}:
            return f"{channel}:{ts}"
        case _:
            return ""
