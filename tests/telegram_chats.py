"""A chat, as the server keeps it and as a person sees it.

It keeps a log of what the bot changed, and a test reads that forwards only: a message seen is not
seen again until the bot edits it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.telegram_messages import Message
from tests.telegram_wire import Json, bad_request

if TYPE_CHECKING:
    from tests.telegram_keyboards import Button, Markup
    from tests.telegram_messages import World

What = str | Callable[[Message], bool]


@dataclass(frozen=True, slots=True)
class _Change:
    """The bot wrote or edited ``message``; ``then`` is how it looked right after."""

    message: Message
    then: Message


class Chat:
    """What a person and a group have in common."""

    def __init__(self, world: World, chat_id: int, name: str) -> None:
        assert chat_id not in world.chats, f"The id {chat_id} is taken"
        self.id = chat_id
        self.name = name
        self.history: list[Message] = []
        self.keyboard: list[list[str]] = []
        self.keys: list[list[Json]] = []
        self._world = world
        self._changes: list[_Change] = []
        self._seen = 0
        world.chats[chat_id] = self

    @property
    def messages(self) -> list[Message]:
        """The bot's, oldest first, without those it deleted."""
        return [message for message in self.history if message.from_bot and not message.deleted]

    @property
    def last(self) -> Message:
        """The bot's newest message; raises AssertionError if there is none."""
        assert self.messages, f"The bot has written nothing.\n{self.screen()}"
        return self.messages[-1]

    @property
    def mark(self) -> int:
        """This moment, for ``sees(..., after=...)``."""
        return len(self._changes)

    async def sees(
        self,
        what: What,
        *,
        timeout: float = 45,  # noqa: ASYNC109 -- a test says how long it waits
        anywhere: bool = False,
        after: int | None = None,
    ) -> Message:
        """Wait for a message of the bot that holds the words, or for which the predicate holds.

        Looks at what was written or edited since the last one seen, in that order, each as it was
        then; ``after`` looks from another mark, ``anywhere`` from the beginning. Raises
        AssertionError with the whole chat after ``timeout`` seconds.
        """
        start = 0 if anywhere else self._seen if after is None else after
        try:
            found = await self._world.bell.until(lambda: self._find(what, start), timeout)
        except TimeoutError:
            raise AssertionError(self._not_seen(what, start, timeout)) from None
        self._seen = max(self._seen, found + 1)
        return self._changes[found].message

    def screen(self) -> str:
        """The chat as its people see it, for the message of a failed assertion."""
        lines = [f"── {self.name} ({self.id}) ──"]
        for message in self.history:
            lines += _drawn(message)
        lines += [f"  keyboard: {_labels(row)}" for row in self.keyboard]
        return "\n".join(lines)

    def as_json(self) -> Json:
        """Bot API: Chat."""
        raise NotImplementedError

    def full_json(self) -> Json:
        """Bot API: ChatFullInfo."""
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
        accepted = dict.fromkeys((*gifts, "gifts_from_channels"), False)
        colours = {"accent_color_id": self.id % 7, "max_reaction_count": 11}
        return self.as_json() | colours | {"accepted_gift_types": accepted}

    def check_readable(self) -> None:
        """Raises 400 if the bot can't know this chat."""

    def check_writable(self) -> None:
        """Raises what the API answers to a bot that may not write here (now)."""
        self.check_readable()

    def add(self, message: Message) -> Message:
        """A new message, of the bot or a person."""
        self.history.append(message)
        if message.from_bot and message.markup:
            self._show_keyboard(message.markup)
        return self.changed(message)

    def changed(self, message: Message) -> Message:
        """Tell those who wait for it."""
        if message.from_bot and not message.deleted:
            self._changes.append(_Change(message, dataclasses.replace(message)))
        self._world.bell.ring()
        return message

    def new_message(self, sender: Json) -> Message:
        """An empty one with the next id, still to be filled and added."""
        return Message(len(self.history) + 1, self, sender, self._world.clock.date())

    def find(self, message_id: int, role: str) -> Message:
        """Raises 400, e.g. "message to edit not found"."""
        for message in self.history:
            if message.id == message_id and not message.deleted:
                return message
        raise bad_request(f"{role} not found")

    def button(self, which: str | int, message: Message | None = None) -> tuple[Message, Button]:
        """The newest button of that name, or the one of that number under the newest buttons."""
        places = [message] if message else [it for it in self.messages[::-1] if it.buttons]
        for place in places[:1] if isinstance(which, int) else places:
            buttons = [button for row in place.buttons for button in row]
            named = [button for button in buttons if button.label == which]
            for button in buttons[which:][:1] if isinstance(which, int) else named[:1]:
                return place, button
        visible = "\n".join(f"  #{it.id}: {_labels(it.labels)}" for it in places) or "  none"
        raise AssertionError(f"No button {which!r}; there are:\n{visible}\n{self.screen()}")

    def _find(self, what: What, start: int) -> int | None:
        for position, change in enumerate(self._changes[start:], start):
            if not change.message.deleted and _matches(change.then, what):
                return position
        return None

    def _not_seen(self, what: What, start: int, seconds: float) -> str:
        earlier = self._find(what, 0)
        hint = ""
        if earlier is not None and earlier < start:
            hint = (
                f"\nMessage #{self._changes[earlier].message.id} would do, but was passed already."
            )
        return f"{self.name} doesn't see {what!r} within {seconds} s.{hint}\n{self.screen()}"

    def _show_keyboard(self, markup: Markup) -> None:
        if markup.kind in {"keyboard", "remove"}:
            self.keyboard, self.keys = markup.labels, markup.rows


def _matches(message: Message, what: What) -> bool:
    return what in message.text if isinstance(what, str) else what(message)


def _labels(labels: list[str]) -> str:
    return " ".join(f"[{label}]" for label in labels)


def _drawn(message: Message) -> list[str]:
    arrow = "<" if message.from_bot else ">"
    notes = f" (edited {message.edits}x)" if message.edits else ""
    notes += " (deleted)" if message.deleted else ""
    if message.document:
        notes += f" (file {message.document.name}, {len(message.document.content)} bytes)"
    elif message.extra:
        notes += f" ({', '.join(message.extra)})"
    words = f" {message.text}".rstrip().replace("\n", "\n" + " " * 8)
    rows = [f"        {_labels([button.label for button in row])}" for row in message.buttons]
    return [f"  #{message.id} {message.sender['first_name']} {arrow}{notes}{words}", *rows]
