"""Asking Telegram for updates. Each poll confirms the updates before it, so they are committed
first: the library's own polling confirms before any handler has run, and loses what it held.

Whoever asks for the page of professional contacts is answered before anything is committed.
"""

import asyncio

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, RetryAfter, TelegramError

from adapters.telegram.emergency import Emergency
from bot.engine.events import Key
from bot.service import Service

log = structlog.get_logger()

PLATFORM = "telegram"
POLL_S = 50
AT_MOST_S = 30.0
"""The longest wait between two tries to reach Telegram."""
COMMIT_S = 2.0
"""How long the database may take. Then it is polled again, without confirming anything, since
somebody who needs the page may be among the newer updates."""
AGAIN_S = 1.0
LEASE = "telegram polling"
"""Telegram talks to one program at a time; another asks when that one has ended."""
WANTED = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]


class Polling:
    def __init__(self, service: Service, bot: Bot, emergency: Emergency) -> None:
        self._service = service
        self._bot = bot
        self._emergency = emergency

    async def run(self) -> None:
        account = str(self._bot.id)
        last = await self._service.last_received(PLATFORM, account)
        while True:
            if not await self._service.still_leads(LEASE):
                await asyncio.sleep(AGAIN_S)
                continue
            async with self._service.leading(LEASE):
                updates = await self._updates(last)
            others = await self._emergency.answer(updates, account)
            if await self._kept(others) and updates:
                last = updates[-1].update_id

    async def _updates(self, last: int | None) -> list[Update]:
        wait_s = 1.0
        while True:
            try:
                found = await self._bot.get_updates(
                    offset=last + 1 if last is not None else None,
                    timeout=POLL_S,
                    allowed_updates=WANTED,
                )
            except TelegramError as error:
                self._service.links[PLATFORM] = False
                await asyncio.sleep(pause_s(error, wait_s))
                wait_s = min(2 * wait_s, AT_MOST_S)
            else:
                self._service.links[PLATFORM] = True
                return list(found)

    async def _kept(self, updates: list[Update]) -> bool:
        """False if the database can't take them now: they stay Telegram's, and come again."""
        if not updates:
            return True
        try:
            async with asyncio.timeout(COMMIT_S):
                await self._service.receive([(key(u, self._bot), u.to_dict()) for u in updates])
        except Exception as error:  # noqa: BLE001 -- whatever the reason: not kept, not confirmed
            why = type(error).__name__
        else:
            return True
        log.error("updates not kept yet", why=why)
        await asyncio.sleep(AGAIN_S)
        return False


def key(update: Update, bot: Bot) -> Key:
    return PLATFORM, str(bot.id), str(update.update_id)


def pause_s(error: TelegramError, wait_s: float) -> float:
    """How long to leave Telegram alone after an error, in seconds."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return wait if isinstance(wait, int) else wait.total_seconds()
    if isinstance(error, Conflict):
        log.error("another program is polling with this token; only one may")
    else:
        log.warning("Telegram can't be reached", why=type(error).__name__)
    return wait_s
