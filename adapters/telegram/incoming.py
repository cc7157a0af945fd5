"""A Telegram update, as the engine sees it."""

from telegram import Chat, ChatMember, ChatMemberUpdated, Message, Update, User

from bot.domain.members import Address
from bot.engine.events import Event, Left, Pressed, Returned, Said, Sender, Unreadable, What


def to_event(update: Update, account: str) -> Event | None:
    """None for what is not meant for us: groups, channels, and service messages."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or user.is_bot or chat.type != Chat.PRIVATE:
        return None
    what = _what(update)
    return Event(_sender(user, chat, account), what) if what else None


def _what(update: Update) -> What | None:
    if update.callback_query is not None:
        message = update.callback_query.message
        ref = str(message.message_id) if message else ""
        return Pressed(update.callback_query.data or "", ref)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    return _said(update.message) if update.message else None


def _said(message: Message) -> What | None:
    if message.text:
        return Said(message.text)
    return Unreadable() if message.effective_attachment else None


def _membership(changed: ChatMemberUpdated) -> What:
    """In a private chat, "kicked" is how Telegram says that somebody blocked the bot."""
    return Left() if changed.new_chat_member.status == ChatMember.BANNED else Returned()


def _sender(user: User, chat: Chat, account: str) -> Sender:
    return Sender(
        Address("telegram", account, str(user.id), str(chat.id)),
        name=user.first_name,
        username=user.username or "",
        language=(user.language_code or "").partition("-")[0],
    )
