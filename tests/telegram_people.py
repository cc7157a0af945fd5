"""The people: what they do becomes an update for the bot, as Telegram would send it.

A person is also the private chat with the bot (both have the same id). Everything a person can't
do in an app fails here at once: writing to a bot one has blocked, pressing a button that isn't
there.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final, Literal

from tests.telegram_chats import Chat
from tests.telegram_messages import Message, Press, World
from tests.telegram_wire import ApiError, Json, bad_request, forbidden, utf16_length

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMAND: Final = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w+)?")
State = Literal["stranger", "writing", "blocking", "deactivated"]


class Person(Chat):
    """Somebody with Telegram. To the bot, nobody exists before having written to it."""

    def __init__(self, world: World, user_id: int, name: str, **optional: str) -> None:
        super().__init__(world, user_id, name)
        self.state: State = "stranger"
        self._optional = {key: value for key, value in optional.items() if value}

    def user(self) -> Json:
        """Bot API: User."""
        return {"id": self.id, "is_bot": False, "first_name": self.name} | self._optional

    def as_json(self) -> Json:
        chat = {"id": self.id, "first_name": self.name} | self._optional | {"type": "private"}
        return {key: value for key, value in chat.items() if key != "language_code"}

    def check_readable(self) -> None:
        if self.state == "stranger":
            raise bad_request("chat not found")

    def check_writable(self) -> None:
        self.check_readable()
        if self.state == "blocking":
            raise forbidden("bot was blocked by the user")
        if self.state == "deactivated":
            raise forbidden("user is deactivated")

    def says(
        self, text: str, *, to: Group | None = None, answering: Message | None = None
    ) -> Message:
        """Write, and so open the chat. In a group the bot hears only what its privacy mode lets
        through: commands, answers to its messages, and its name."""
        assert 0 < utf16_length(text.strip()) <= 4096, "Apps split a text of more than 4096"
        message = self._write(to or self)
        message.text = text.strip()
        message.entities = _commands(message.text)
        message.reply_to = answering
        return self._send(message, heard=to is None or to.is_heard(message))

    def sends_voice(self) -> Message:
        return self._sends(voice={"duration": 3, "mime_type": "audio/ogg"} | _file(11_264))

    def sends_photo(self, caption: str | None = None) -> Message:
        sizes = [{"width": w, "height": w * 3 // 4} | _file(w * 60) for w in (90, 320, 800)]
        return self._sends(caption or "", photo=sizes)

    def sends_sticker(self) -> Message:
        looks = {"width": 512, "height": 512, "emoji": "👋", "set_name": "Hello"}
        kinds = {"type": "regular", "is_animated": False, "is_video": False}
        return self._sends(sticker=looks | kinds | _file(24_000))

    def shares_number(self, number: str = "+49 170 1234567") -> Message:
        """Press the key of the keyboard that sends one's own number, which has to be there."""
        asked = [key for row in self.keys for key in row if key.get("request_contact")]
        assert asked, f"{self.name} is not asked for a number\n{self.screen()}"
        return self._sends(contact=self._card(number, self))

    def sends_contact(self, of: Person, number: str = "+49 170 7654321") -> Message:
        """Somebody's card from the address book: it looks the same, but is another's."""
        return self._sends(contact=self._card(number, of))

    def _card(self, number: str, of: Person) -> Json:
        return {"phone_number": number, "first_name": of.name, "user_id": of.id}

    def sends_location(self) -> Message:
        return self._sends(location={"latitude": 52.520008, "longitude": 13.404954})

    def edits(self, text: str, message: Message | None = None) -> Message:
        """Change one's own message, by default the newest (an edited_message update)."""
        self._check_able(self)
        own = [it for it in self.history if it.sender["id"] == self.id and not it.deleted]
        assert own, f"{self.name} has written nothing"
        edited = message or own[-1]
        assert edited.sender["id"] == self.id, "People edit only their own messages"
        edited.text, edited.entities = text, _commands(text)
        edited.edits += 1
        edited.edit_date = self._world.clock.date()
        self._world.updates.add("edited_message", edited.as_json())
        return edited

    def presses(
        self, which: str | int, message: Message | None = None, *, to: Group | None = None
    ) -> Press:
        """Press the newest button with this label, or by number; an AssertionError lists those
        that are there. Buttons that open a link or copy a text are none of the bot's business."""
        place, button = (to or self).button(which, message)
        assert button.data is not None, f"{button} brings nothing to the bot"
        assert not place.deleted, f"Message #{place.id} is deleted"
        return self._press(button.data, place)

    def presses_data(
        self, data: str, message: Message | None = None, *, inaccessible: bool = False
    ) -> Press:
        """What a manipulated app can send: any data, from a message in one's reach, or with
        ``inaccessible`` from one the server no longer shows (Bot API: InaccessibleMessage)."""
        place = message or self.last
        return self._press(data, place, inaccessible=inaccessible or place.deleted)

    def blocks(self) -> None:
        assert self.state == "writing", f"{self.name} is {self.state}"
        self.state = "blocking"
        self._announce("member", "kicked")

    def unblocks(self) -> None:
        assert self.state == "blocking", f"{self.name} is {self.state}"
        self.state = "writing"
        self._announce("kicked", "member")

    def deactivates(self) -> None:
        """Delete the account: the bot is not told (but by the next 403)."""
        self.state = "deactivated"

    def hides_profile(self) -> None:
        """Forbid ``tg://user?id=`` buttons, as strict privacy settings do."""
        self._world.private_users.add(self.id)

    def _check_able(self, chat: Chat) -> None:
        """A blocked bot is still met in groups."""
        assert self.state != "deactivated", f"{self.name} is {self.state}"
        if isinstance(chat, Group):
            assert self in chat.members, f"{self.name} is not in {chat.name}"
        else:
            assert chat is self, "Even a manipulated app reaches only the person's own chats"
            assert self.state != "blocking", f"{self.name} is {self.state}"

    def _write(self, chat: Chat) -> Message:
        self._check_able(chat)
        if chat is self:
            self.state = "writing"
        return chat.new_message(self.user())

    def _sends(self, caption: str = "", /, **content: object) -> Message:
        message = self._write(self)
        message.text = caption
        message.extra = dict(content)
        return self._send(message, heard=True)

    def _send(self, message: Message, *, heard: bool) -> Message:
        message.chat.add(message)
        if heard:
            self._world.updates.add("message", message.as_json())
        return message

    def _press(self, data: str, message: Message, *, inaccessible: bool = False) -> Press:
        self._check_able(message.chat)
        assert len(data.encode()) <= 64, "Telegram carries no more than 64 bytes"
        press = Press(
            str(secrets.randbelow(2**62)), message, data, self._world.clock.now(), self._world.bell
        )
        self._world.presses[press.id] = press
        hidden = {"chat": message.chat.as_json(), "message_id": message.id, "date": 0}
        query: Json = {"id": press.id, "from": self.user(), "data": data}
        query |= {"message": hidden if inaccessible else message.as_json()}
        query |= {"chat_instance": str(-message.chat.id * 31)}
        self._world.updates.add("callback_query", query)
        return press

    def _announce(self, old: str, new: str) -> None:
        update = _member_update(self._world, self, self.user(), old, new)
        self._world.updates.add("my_chat_member", update)


class Group(Chat):
    """A group the bot is in; members are there from the beginning."""

    def __init__(self, world: World, chat_id: int, title: str, members: Sequence[Person]) -> None:
        super().__init__(world, chat_id, title)
        assert members, "A group has members"
        self.members = list(members)
        self.refusal: ApiError | None = None
        self.inviting = False

    def as_json(self) -> Json:
        kind = "supergroup" if self.id < -(10**12) else "group"
        return {"id": self.id, "title": self.name, "type": kind}

    def check_writable(self) -> None:
        if self.refusal:
            raise self.refusal

    def is_heard(self, message: Message) -> bool:
        """Privacy mode, which is on for every new bot (Bot features: Privacy mode)."""
        name = f"@{self._world.bot['username']}"
        commands = _COMMAND.findall(message.text)
        called = any("@" not in command or command.endswith(name) for command in commands)
        answers = message.reply_to is not None and message.reply_to.from_bot
        return called or answers or name in message.text

    def adds_bot(self) -> None:
        self._announce("left", "member")

    def promotes_bot(self) -> None:
        """Make the bot an admin who may invite."""
        self.inviting = True

    def removes_bot(self) -> None:
        self.refusal = forbidden(f"bot was kicked from the {self.as_json()['type']} chat")
        self._announce("member", "kicked")

    def migrate(self) -> Group:
        """Become a supergroup: another chat with another id. Both chats get a service message."""
        new = Group(self._world, -(10**12) + self.id, self.name, self.members)
        what = "group chat was upgraded to a supergroup chat"
        self.refusal = ApiError(400, f"Bad Request: {what}", migrate_to_chat_id=new.id)
        self._serve(migrate_to_chat_id=new.id)
        new._serve(migrate_from_chat_id=self.id)
        return new

    def _serve(self, **content: int) -> None:
        message = self.new_message(self.members[0].user())
        message.extra = dict(content)
        self.add(message)
        self._world.updates.add("message", message.as_json())

    def _announce(self, old: str, new: str) -> None:
        update = _member_update(self._world, self, self.members[0].user(), old, new)
        self._world.updates.add("my_chat_member", update)


def _member_update(world: World, chat: Chat, by: Json, old: str, new: str) -> Json:
    """Bot API: ChatMemberUpdated, about the bot itself."""
    members = {}
    for when, status in (("old_chat_member", old), ("new_chat_member", new)):
        until = {"until_date": 0} if status == "kicked" else {}
        members[when] = {"user": world.bot, "status": status} | until
    return {"chat": chat.as_json(), "from": by, "date": world.clock.date()} | members


def _commands(text: str) -> list[Json]:
    return [
        {"type": "bot_command", "offset": utf16_length(text[: it.start()]), "length": len(it[0])}
        for it in _COMMAND.finditer(text)
    ]


def _file(size: int) -> Json:
    """Bot API: PhotoSize, Voice ... all have these."""
    return {
        "file_id": secrets.token_urlsafe(48),
        "file_unique_id": secrets.token_urlsafe(11),
        "file_size": size,
    }
