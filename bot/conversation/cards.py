"""Cards: what the bot says of its own accord, with the buttons under it.

A card holds no conversation: pressing a button is an event (`Act`), a question asked
(`Opens`), a command, a way out of the chat (`Leads`), or the way to professional help (`Crisis`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Where(StrEnum):
    """Where a form opens. A sheet is a Slack modal or the like."""

    CHAT = "chat"
    BEST = "best"
    SHEET = "sheet"
    """Only offered where there are sheets."""


@dataclass(frozen=True, slots=True)
class Act:
    name: str


@dataclass(frozen=True, slots=True)
class Opens:
    name: str
    form: str
    where: Where = Where.BEST


@dataclass(frozen=True, slots=True)
class Leads:
    """Leads out of the chat, to the address in ``about`` under ``<name>_url``.

    Without an address there is no button. Where it may lead: see `messages.Link`.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Says:
    """The same as typing a command."""

    name: str
    command: str


@dataclass(frozen=True, slots=True)
class Crisis:
    """Shows the page of professional contacts, for ever and without the engine."""

    name: str


Action: TypeAlias = Act | Opens | Says | Leads | Crisis


@dataclass(frozen=True, slots=True)
class Card:
    """``file`` is the template file, ``name`` the block; actions stand in rows of two.

    ``buttons``: the block whose name those of the buttons begin with, where cards share them.
    """

    file: str
    name: str
    actions: tuple[Action, ...] = ()
    buttons: str = ""

    def label(self, action: Action) -> str:
        """The block with the words of a button."""
        return f"{self.buttons or self.name}__{action.name}"

    def wording(self) -> Iterator[str]:
        yield self.name
        yield from map(self.label, self.actions)


@dataclass(frozen=True, slots=True)
class Tell:
    """A card for a member, not worded yet: that happens in their language.

    ``choices`` gives an action's button once per value (times to choose from); without an entry
    it stands once. ``replaces``: the card takes the place of the message that was pressed.
    ``lettered``: letters come back where a keyboard stood in their place.
    """

    member: int
    card: Card
    about: Mapping[str, object] = field(default_factory=dict)
    subject: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    replaces: bool = False
    lettered: bool = False
