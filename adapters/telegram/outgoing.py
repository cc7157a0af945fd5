"""A parcel, as Telegram wants it, and what Telegram's answer means for it."""

import re
from typing import Any, TypeAlias

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.telegram.transport import NoAnswerError, NotConnectedError
from bot.conversation.wording import plain
from bot.domain.parcels import (
    HIDDEN,
    Away,
    Gone,
    Later,
    Moved,
    Receipt,
    Refused,
    Sent,
    Uncertain,
)
from bot.store.outbox import Parcel

CAPTION = 1024
"""Characters of words beside a file, without their markup."""
UNCHANGED = "message is not modified"
UNREADABLE = "can't parse entities"
GONE = ("chat not found", "user not found", "peer_id_invalid", "bot can't initiate")
UNLINKABLE = ("button_user_privacy_restricted", "button_user_invalid")
"""A button to somebody's profile, against their settings."""
GROUP = "group:"
"""Begins an address that adds the bot to a group, before the token."""
Markup: TypeAlias = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
NOT_OURS = ("not enough rights", "chat_admin_required")
"""What only admins may do."""
NO_LONGER_THERE = ("message to delete not found",)
NO_LONGER_EDITABLE = ("message to edit not found", "message can't be edited")


NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}
"""As it goes out: the library would write it anew for each message, at a tenth of its cost."""


def to_call(parcel: Parcel, bot: str) -> dict[str, Any]:  # keyword arguments of Bot.send_message
    """What sending and editing have in common. ``bot`` is its username."""
    return {
        "chat_id": int(parcel.chat),
        "text": parcel.body["text"],
        "parse_mode": ParseMode.HTML,
        "reply_markup": _markup(parcel.body, bot),
        "api_kwargs": NO_PREVIEW,
    }


def _markup(body: dict[str, Any], bot: str) -> Markup | None:
    """Buttons under a message, or a keyboard: a message has one of them."""
    keyboard = body.get("keyboard")
    if keyboard:
        share, *others = keyboard
        keys = [[KeyboardButton(share, request_contact=True)], *([label] for label in others)]
        return ReplyKeyboardMarkup(keys, resize_keyboard=True, one_time_keyboard=True)
    if keyboard is not None:
        return ReplyKeyboardRemove()
    rows = [[_button(button, bot) for button in row] for row in body["rows"]]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: dict[str, str], bot: str) -> InlineKeyboardButton:
    if "handle" in button:
        return InlineKeyboardButton(button["label"], callback_data=button["handle"])
    url = button["url"]
    if url.startswith(GROUP):
        url = f"https://t.me/{bot}?startgroup={url.removeprefix(GROUP)}"
    return InlineKeyboardButton(button["label"], url=url)


def loudness(parcel: Parcel) -> dict[str, bool]:
    """Of a new message; an edit makes no sound anyway."""
    return {"disable_notification": True} if parcel.body.get("silent") else {}


def to_document(parcel: Parcel, content: bytes) -> dict[str, Any]:  # of Bot.send_document
    """A file with its words as the caption. Words too long for one lose their markup and end."""
    words = plain(parcel.body["text"])
    fits = len(words) <= CAPTION
    return {
        "chat_id": int(parcel.chat),
        "document": content,
        "filename": parcel.body["name"],
        "caption": parcel.body["text"] if fits else f"{words[: CAPTION - 1]}…",
        "parse_mode": ParseMode.HTML if fits else None,
        **loudness(parcel),
    }


def to_receipt(error: TelegramError) -> Receipt:
    """What a failed call means: whether it arrived, and whether trying again makes sense."""
    if _not_telegrams(error):
        return Uncertain(trouble=True)
    match error:
        case RetryAfter():
            wait = error.retry_after
            assert not isinstance(wait, int)  # PTB_TIMEDELTA is set
            return Later(wait)
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Gone(_why(error))
        case BadRequest():
            return _bad_request(error)
        case InvalidToken() | NotConnectedError():
            return Away(type(error).__name__)
        case TimedOut() | NoAnswerError():
            return Uncertain()
        case NetworkError():
            return Uncertain(trouble=True)
        case _:
            return Refused(_why(error))


def _not_telegrams(error: TelegramError) -> bool:
    """Whether something in between answered, in its own words: a proxy that says "forbidden" says
    nothing of a member. The library tells by an error of its own about those words."""
    return type(error) is TelegramError or type(error.__cause__) is TelegramError


def _why(error: TelegramError) -> str:
    """Telegram's words up to where they quote ours, which may be somebody's."""
    return re.split(r""" *"| +'""", error.message)[0]


def says(error: TelegramError, *phrases: str) -> bool:
    """Whether Telegram's own words contain a phrase; the library changes their case."""
    message = error.message.casefold()
    return any(phrase in message for phrase in phrases)


def _bad_request(error: BadRequest) -> Receipt:
    words, why = error.message.casefold(), _why(error)
    if UNCHANGED in words:
        return Sent()
    if any(phrase in words for phrase in UNLINKABLE):
        return Refused(HIDDEN)
    return Gone(why) if any(phrase in words for phrase in GONE) else Refused(why)
