"""What the server keeps: messages, presses of buttons, and all a bot and its people share."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.telegram_hook import Hook

if TYPE_CHECKING:
    from tests.telegram_chats import Chat
    from tests.telegram_keyboards import Button, Markup
    from tests.telegram_updates import Bell, Clock, Updates
    from tests.telegram_wire import Json


@dataclass(frozen=True, slots=True)
class Document:
    """A file as the person can open it."""

    name: str
    content: bytes
    mime: str


@dataclass(slots=True, eq=False)
class Message:
    """One message. ``text`` is what people read (of a document: its caption), ``html`` what was
    sent; ``entities`` have offsets in UTF-16 units."""

    id: int
    chat: Chat
    sender: Json
    date: int
    text: str = ""
    html: str = ""
    entities: list[Json] = field(default_factory=list)
    markup: Markup | None = None
    document: Document | None = None
    extra: Json = field(default_factory=dict)
    reply_to: Message | None = None
    edits: int = 0
    edit_date: int = 0
    deleted: bool = False

    @property
    def from_bot(self) -> bool:
        return bool(self.sender["is_bot"])

    @property
    def buttons(self) -> list[list[Button]]:
        return self.markup.buttons if self.markup else []

    @property
    def labels(self) -> list[str]:
        """All its buttons, row by row."""
        return [button.label for row in self.buttons for button in row]

    def as_json(self) -> Json:
        """Bot API: Message."""
        found: Json = {"message_id": self.id, "from": self.sender, "chat": self.chat.as_json()}
        found |= {"date": self.date} | self.extra
        words = ("caption", "caption_entities") if self.extra else ("text", "entities")
        for name, value in zip(words, (self.text, self.entities), strict=True):
            found |= {name: value} if value else {}
        if self.edit_date:
            found["edit_date"] = self.edit_date
        if self.reply_to:
            found["reply_to_message"] = dataclasses.replace(self.reply_to, reply_to=None).as_json()
        if self.markup and self.markup.kind == "inline":
            found["reply_markup"] = {"inline_keyboard": self.markup.rows}
        return found


@dataclass(slots=True, eq=False)
class Press:
    """A callback query: the person's button spins until the bot answers it, once."""

    id: str
    message: Message
    data: str
    at: float
    bell: Bell = field(repr=False)
    answered: bool = False
    text: str = ""
    alert: bool = False

    async def answer(self, timeout: float = 45) -> str:  # noqa: ASYNC109 -- a test says how long it waits
        """The text of the answer, often empty."""
        try:
            await self.bell.until(lambda: self.answered or None, timeout)
        except TimeoutError:
            raise AssertionError(f"The press of {self.data!r} is not answered") from None
        return self.text


class World:
    """All a bot and its people share."""

    def __init__(self, bot: Json, clock: Clock, bell: Bell, updates: Updates) -> None:
        self.bot = bot
        self.clock = clock
        self.bell = bell
        self.updates = updates
        self.hook = Hook(updates, bell)
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.files: dict[str, Document] = {}
        self.private_users: set[int] = set()
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
