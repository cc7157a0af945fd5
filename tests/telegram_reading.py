"""What a call means: the chat, words, buttons and file that its parameters name.

Every check is the documented one, in the words of the real server where its source has them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from tests.telegram_keyboards import Markup, read_markup
from tests.telegram_markup import Formatted, parse_html, parse_plain
from tests.telegram_messages import Document, Message, World
from tests.telegram_people import Person
from tests.telegram_wire import Json, Params, Upload, bad_request, utf16_length

if TYPE_CHECKING:
    from tests.telegram_chats import Chat

Answer = Callable[[World, Params], Any]

_LARGEST_FILE: Final = 50 * 1024**2  # Bot API: sendDocument


@dataclass(frozen=True, slots=True)
class Method:
    """What answers a method (perhaps later, being a coroutine), and the parameters it knows."""

    name: str
    answer: Answer
    parameters: frozenset[str]


class Methods(dict[str, Method]):
    """By name in small letters: the API doesn't mind the case."""

    def add(self, name: str, parameters: str = "") -> Callable[[Answer], Answer]:
        def register(answer: Answer) -> Answer:
            self[name.lower()] = Method(name, answer, frozenset(parameters.split()))
            return answer

        return register


def find_chat(world: World, chat_id: str) -> Chat:
    """A chat the bot knows; raises 400."""
    if not chat_id:
        raise bad_request("chat_id is empty")
    is_number = chat_id.removeprefix("-").isdecimal()
    chat = world.chats.get(int(chat_id)) if is_number else None
    if chat is None:
        raise bad_request("chat not found")
    chat.check_readable()
    return chat


def find_writable(world: World, params: Params) -> Chat:
    chat = find_chat(world, params.text("chat_id"))
    chat.check_writable()
    return chat


def read_text(world: World, params: Params) -> Formatted:
    """1-4096 characters after entities parsing (Bot API: sendMessage)."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    formatted = read_formatted(world, params, "text")
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if utf16_length(formatted.text) > 4096:
        raise bad_request("message is too long")
    return formatted


def read_formatted(world: World, params: Params, name: str) -> Formatted:
    source, mode = params.text(name), params.text("parse_mode").lower()
    if len(source.encode()) > 2**15:
        raise bad_request("text is too long")
    if mode not in {"", "html"}:
        raise bad_request("unsupported parse_mode (the stand-in parses HTML only)")
    formatted = parse_html(source) if mode else parse_plain(source)
    return Formatted(formatted.text, _with_people(world, formatted.entities))


def _with_people(world: World, entities: list[Json]) -> list[Json]:
    """A mention of somebody the bot never met disappears (Bot API: HTML style)."""
    kept = []
    for entity in entities:
        known = world.chats.get(entity["user"]["id"]) if "user" in entity else None
        if _is_known(known):
            kept.append(entity | {"user": known.user()})
        elif "user" not in entity:
            kept.append(entity)
    return kept


def _is_known(chat: Chat | None) -> TypeGuard[Person]:
    return isinstance(chat, Person) and chat.state != "stranger"


def read_buttons(world: World, params: Params) -> Markup | None:
    def check_user(user_id: int) -> None:
        if user_id in world.private_users:
            raise bad_request("BUTTON_USER_PRIVACY_RESTRICTED")
        if not _is_known(world.chats.get(user_id)):
            raise bad_request("BUTTON_USER_INVALID")

    markup = read_markup(params.text("reply_markup"), check_user)
    if markup and markup.kind == "keyboard" and params.number("chat_id") < 0:
        _check_private(markup)
    return markup


def _check_private(markup: Markup) -> None:
    """Asking for a number is for private chats (Bot API: KeyboardButton)."""
    if any(key.get("request_contact") for row in markup.rows for key in row):
        raise bad_request("phone number can be requested in private chats only")


def find_replied(chat: Chat, params: Params) -> Message | None:
    """Bot API: ReplyParameters."""
    wanted = params.nested("reply_parameters")
    if not isinstance(wanted, dict):
        return None
    message_id = wanted.get("message_id", 0)
    known = any(it.id == message_id and not it.deleted for it in chat.history)
    if wanted.get("allow_sending_without_reply") and not known:
        return None
    return chat.find(message_id, "message to be replied")


def read_document(world: World, params: Params) -> tuple[str, Document]:
    """An upload, directly or as ``attach://<name>``, or the file_id of one before it."""
    sent = params.text("document")
    upload = params.files.get(sent.removeprefix("attach://") or "document")
    if upload is not None:
        return _stored(world, upload)
    if not sent:
        raise bad_request("there is no document in the request")
    if sent not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return sent, world.files[sent]


def _stored(world: World, upload: Upload) -> tuple[str, Document]:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > _LARGEST_FILE:
        raise bad_request("file is too big")
    file_id = secrets.token_urlsafe(48)
    world.files[file_id] = Document(upload.name, upload.content, upload.mime)
    return file_id, world.files[file_id]
