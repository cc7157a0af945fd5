"""The bot's methods that concern messages: send, edit, delete, answer a press."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from tests.telegram_markup import Formatted
from tests.telegram_people import Group
from tests.telegram_reading import (
    Methods,
    find_chat,
    find_replied,
    find_writable,
    read_buttons,
    read_document,
    read_formatted,
    read_text,
)
from tests.telegram_wire import Json, Params, bad_request, utf16_length

if TYPE_CHECKING:
    from tests.telegram_keyboards import Markup
    from tests.telegram_messages import Document, Message, World

METHODS: Final = Methods()

_DELETABLE_S: Final = 48 * 3600  # Bot API: deleteMessage
_QUERY_VALID_S: Final = 15.0  # not documented; about what bots see
_ACTIONS: Final = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"}
    | {"upload_document", "choose_sticker", "find_location", "record_video_note"}
    | {"upload_video_note"}
)
_SENDING: Final = (
    "chat_id parse_mode reply_markup reply_parameters disable_notification protect_content "
)


@METHODS.add("sendMessage", _SENDING + "text link_preview_options disable_web_page_preview")
def send_message(world: World, params: Params) -> Json:
    formatted = read_text(world, params)
    return _sent(world, params, formatted).as_json()


@METHODS.add("sendDocument", _SENDING + "document caption disable_content_type_detection")
def send_document(world: World, params: Params) -> Json:
    file_id, document = read_document(world, params)
    formatted = read_formatted(world, params, "caption")
    if utf16_length(formatted.text) > 1024:
        raise bad_request("message caption is too long")
    described = {"file_name": document.name, "mime_type": document.mime, "file_id": file_id}
    described |= {"file_unique_id": file_id[:11]}
    extra = {"document": described | {"file_size": len(document.content)}}
    return _sent(world, params, formatted, document=document, extra=extra).as_json()


@METHODS.add(
    "editMessageText", "chat_id message_id text parse_mode reply_markup link_preview_options"
)
def edit_message_text(world: World, params: Params) -> Json:
    formatted = read_text(world, params)
    markup = read_buttons(world, params)
    message = _editable(world, params)
    if message.extra:
        raise bad_request("there is no text in the message to edit")
    return _edited(world, message, formatted, markup, params.text("text"))


@METHODS.add("editMessageReplyMarkup", "chat_id message_id reply_markup")
def edit_message_reply_markup(world: World, params: Params) -> Json:
    markup = read_buttons(world, params)
    message = _editable(world, params)
    return _edited(world, message, Formatted(message.text, message.entities), markup, message.html)


@METHODS.add("deleteMessage", "chat_id message_id")
def delete_message(world: World, params: Params) -> bool:
    """One's own for 48 hours; in a private chat also the person's."""
    chat = find_writable(world, params)
    message = chat.find(params.number("message_id"), "message to delete")
    if not message.from_bot and isinstance(chat, Group):
        raise bad_request("message can't be deleted")
    if world.clock.date() - message.date > _DELETABLE_S:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    chat.changed(message)
    return True


@METHODS.add("answerCallbackQuery", "callback_query_id text show_alert url cache_time")
def answer_callback_query(world: World, params: Params) -> bool:
    press = world.presses.get(params.text("callback_query_id"))
    text, url = params.text("text"), params.text("url")
    if utf16_length(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    if url and not url.startswith(f"https://t.me/{world.bot['username']}?start="):
        raise bad_request("URL_INVALID")
    if press is None or press.answered or world.clock.now() - press.at >= _QUERY_VALID_S:
        why = "query is too old and response timeout expired or query ID is invalid"
        raise bad_request(why)
    press.answered, press.text, press.alert = True, text, params.flag("show_alert")
    return True


@METHODS.add("sendChatAction", "chat_id action")
def send_chat_action(world: World, params: Params) -> bool:
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    find_writable(world, params)
    return True


@METHODS.add("createChatInviteLink", "chat_id name expire_date member_limit creates_join_request")
def create_chat_invite_link(world: World, params: Params) -> Json:
    """For admins who may invite (Bot API: createChatInviteLink)."""
    chat = find_chat(world, params.text("chat_id"))
    if not isinstance(chat, Group) or not chat.inviting:
        raise bad_request("not enough rights to manage chat invite link")
    chat.check_writable()
    link = f"https://t.me/+{secrets.token_urlsafe(12)}"
    kind = {"creates_join_request": False, "is_primary": False, "is_revoked": False}
    return {"invite_link": link, "creator": world.bot} | kind


@METHODS.add("getChat", "chat_id")
def get_chat(world: World, params: Params) -> Json:
    return find_chat(world, params.text("chat_id")).full_json()


def _sent(
    world: World,
    params: Params,
    formatted: Formatted,
    *,
    document: Document | None = None,
    extra: Json | None = None,
) -> Message:
    markup = read_buttons(world, params)
    chat = find_writable(world, params)
    message = chat.new_message(world.bot)
    message.reply_to = find_replied(chat, params)
    message.text, message.entities = formatted.text, formatted.entities
    message.html = params.text("caption" if document else "text")
    message.markup, message.document, message.extra = markup, document, extra or {}
    return chat.add(message)


def _editable(world: World, params: Params) -> Message:
    """Only the bot's own, "without reply_markup or with inline keyboards" (Bot API: Updating)."""
    chat = find_writable(world, params)
    message = chat.find(params.number("message_id"), "message to edit")
    if not message.from_bot or (message.markup and message.markup.kind != "inline"):
        raise bad_request("message can't be edited")
    return message


def _edited(
    world: World, message: Message, formatted: Formatted, markup: Markup | None, html: str
) -> Json:
    """An edit without reply_markup takes the buttons away."""
    if markup and markup.kind != "inline":
        raise bad_request("inline keyboard expected")
    now = (formatted.text, formatted.entities, markup)
    if now == (message.text, message.entities, message.markup):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    message.text, message.entities, message.markup = now
    message.html, message.edits = html, message.edits + 1
    message.edit_date = world.clock.date()
    return message.chat.changed(message).as_json()
