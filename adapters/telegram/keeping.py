"""Keeping updates: what is not committed is not confirmed, and comes again."""

import asyncio

import structlog
from telegram import Bot, Update

from bot.engine.events import Key
from bot.service import Service
from bot.store.inbox import Payload

log = structlog.get_logger()

PLATFORM = "telegram"
WANTED = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
COMMIT_S = 2.0
"""How long the database may take. Then nothing is confirmed and Telegram is asked, or asks, again:
somebody who needs the page of professional contacts may be among the newer updates."""


READ = ("message_id", "date", "chat")
"""All that is read of the message that a press was under: it is ours, words, buttons and all."""


async def kept(service: Service, inputs: list[tuple[Key, Payload]]) -> bool:
    """False if the database can't take them now: they stay Telegram's."""
    try:
        async with asyncio.timeout(COMMIT_S):
            await service.receive([(key, lean(payload)) for key, payload in inputs])
    except Exception as error:  # noqa: BLE001 -- whatever the reason: not kept, not confirmed
        why = type(error).__name__
    else:
        return True
    log.error("updates not kept yet", why=why)
    return False


def key(number: int, bot: Bot) -> Key:
    return PLATFORM, str(bot.id), str(number)


def lean(payload: Payload) -> Payload:
    """An update without what nobody reads, so that it is not kept, sealed and read again."""
    match payload:
        case {"callback_query": {"message": dict(message)} as press}:
            under = {part: message[part] for part in READ if part in message}
            return {**payload, "callback_query": {**press, "message": under}}
        case _:
            return payload


def read(payload: Payload, bot: Bot) -> Update | None:
    """None for what the library can't read. It is kept all the same: on its way through the inbox
    it is tried again, counted, and left for the operator to see."""
    try:
        return Update.de_json(payload, bot)
    except Exception:  # noqa: BLE001 -- whatever a platform's newer version may hold
        return None
