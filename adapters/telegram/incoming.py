"""A Telegram update, as the engine sees it."""

import re

from telegram import Chat, ChatMember, ChatMemberUpdated, Contact, Message, Update, User

from bot.domain.members import Address
from bot.engine.events import (
    Closed,
    Event,
    Founded,
    Left,
    Numbered,
    Pressed,
    Regrouped,
    Returned,
    Said,
    Sender,
    Unreadable,
    What,
)

GROUPS = (Chat.GROUP, Chat.SUPERGROUP)
ADDED = re.compile(r"/start@(?P<bot>\w+) (?P<token>[\w-]{1,64})", re.ASCII)
"""What an app says in a group for whoever adds the bot to it by a link with a token."""
OUT = (ChatMember.LEFT, ChatMember.BANNED)


def to_event(update: Update, account: str) -> Event | None:
    """None for what is not meant for us: channels, and nearly all that is said in groups."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or user.is_bot:
        return None
    if chat.type in GROUPS:
        what = _in_group(update, chat)
    else:
        what = _what(update) if chat.type == Chat.PRIVATE else None
    return Event(_sender(user, account), what) if what else None


def _what(update: Update) -> What | None:
    if update.callback_query is not None:
        message = update.callback_query.message
        ref = str(message.message_id) if message else ""
        return Pressed(update.callback_query.data or "", ref)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    return _said(update.message) if update.message else None


def _in_group(update: Update, chat: Chat) -> What | None:
    """The bot comes, goes, or the group gets another id. The rest is not ours to hear."""
    if update.my_chat_member is not None:
        out = update.my_chat_member.new_chat_member.status in OUT
        return Closed(str(chat.id)) if out else None
    message = update.message
    if message is None:
        return None
    if message.migrate_to_chat_id:
        return Regrouped(str(chat.id), str(message.migrate_to_chat_id))
    added = ADDED.fullmatch(message.text or "")
    ours = added is not None and added["bot"].casefold() == message.get_bot().username.casefold()
    return Founded(str(chat.id), added["token"]) if added is not None and ours else None


def _said(message: Message) -> What | None:
    if message.text:
        return Said(message.text, str(message.message_id))
    if message.contact:
        return _numbered(message.contact, message.from_user)
    return Unreadable() if message.effective_attachment else None


def _numbered(contact: Contact, sender: User | None) -> Numbered:
    """A contact from the address book is somebody else's; our own button sends the sender's."""
    number = f"+{re.sub(r'[^0-9]', '', contact.phone_number)}"
    return Numbered(number, own=sender is not None and contact.user_id == sender.id)


def _membership(changed: ChatMemberUpdated) -> What:
    """In a private chat, "kicked" is how Telegram says that somebody blocked the bot."""
    return Left() if changed.new_chat_member.status == ChatMember.BANNED else Returned()


def _sender(user: User, account: str) -> Sender:
    """Whoever it is, and wherever they did it: their own chat with us has their own id."""
    return Sender(
        Address("telegram", account, str(user.id), str(user.id)),
        name=user.first_name,
        username=user.username or "",
        language=(user.language_code or "").partition("-")[0],
    )
