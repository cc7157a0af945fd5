"""What comes in, from whichever platform, and what a platform may answer at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.conversation.answers import Answer
from bot.conversation.messages import Sheet
from bot.domain.members import Address

Key: TypeAlias = tuple[str, str, str]
"""Platform, account, and the platform's own id of the input: unique, however often it comes."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who did something, with what the platform tells of them; "" where it tells nothing."""

    address: Address
    name: str = ""
    username: str = ""
    language: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """``ref`` is the message, where it can be deleted."""

    text: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command by any of its names, and what stands behind it; none asks for where one stands."""

    word: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """``ref`` is the message whose button it was, so that it can be replaced."""

    handle: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A sheet, sent off. ``handle`` came with it."""

    handle: str
    values: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A phone number came by the platform's own button. ``own``: it is the sender's."""

    number: str
    own: bool


@dataclass(frozen=True, slots=True)
class Founded:
    """Somebody added the bot to a group, by a link with a token."""

    chat: str
    token: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The bot is in a group no longer."""

    chat: str


@dataclass(frozen=True, slots=True)
class Regrouped:
    """A group goes on under another id."""

    chat: str
    into: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A voice message, a picture, a file: something with no text in it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody opened their home page."""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody blocked the bot, or their account is gone."""


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The bot was taken out of a whole workspace: no member did that to themselves."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody can be reached again."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """A chat goes on under another id."""

    chat: str


What: TypeAlias = (
    Said
    | Commanded
    | Pressed
    | Submitted
    | Numbered
    | Founded
    | Closed
    | Regrouped
    | Unreadable
    | Looked
    | Left
    | Uninstalled
    | Returned
    | Migrated
)


@dataclass(frozen=True, slots=True)
class Event:
    sender: Sender
    what: What


@dataclass(frozen=True, slots=True)
class Reply:
    """What a platform shows right away, outside the outbox: nothing lasting is in it.

    ``sheet`` opens, replaces or corrects a sheet; None closes one that was submitted.
    """

    sheet: Sheet | None = None
    handle: str = ""


NOTHING = Reply()
