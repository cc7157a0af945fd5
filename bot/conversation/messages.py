"""What goes out: messages for a chat and sheets for platforms that have them."""

from dataclasses import dataclass, field
from typing import TypeAlias

from bot.conversation.talk import Press
from bot.conversation.wording import Label, Words


@dataclass(frozen=True, slots=True)
class Link:
    """Leads out of the chat. ``group:<token>`` adds the bot to a group, with the token."""

    url: str


@dataclass(frozen=True, slots=True)
class Button:
    label: Label
    press: Press | Link


Rows: TypeAlias = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """Text and rows of buttons. ``replaces``: it takes the place of the message pressed.

    ``keyboard``: labels in the place of the letters, where a platform has that; the first one
    sends somebody's own phone number. An empty one gives the letters back.
    """

    text: Words
    rows: Rows = ()
    replaces: bool = False
    keyboard: tuple[Label, ...] | None = None


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Label


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of a sheet. ``kind``: text, lines, choice, choices, moment or shown (no input).

    ``label`` is the question's first paragraph, ``hint`` the rest of it.
    """

    name: str
    kind: str
    label: Label
    hint: Label
    options: tuple[Option, ...] = ()
    value: str | list[str] | None = None
    optional: bool = False
    limit: int = 0
    other: Label | None = None
    """For a moment: the label of a free text, which counts before the options."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a form as a whole. ``press`` is what submitting it means."""

    title: Label
    submit: Label
    cancel: Label
    entries: tuple[Entry, ...]
    press: Press
    problems: dict[str, Label] = field(default_factory=dict)
