"""Asking Telegram for updates. Each poll confirms the updates before it, so they are committed
first: the library's own polling confirms before any handler has run, and loses what it held.

Whoever asks for the page of professional contacts is answered before anything is committed.
"""

import asyncio

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, RetryAfter, TelegramError

from adapters.telegram.emergency import Emergency
from adapters.telegram.keeping import PLATFORM, WANTED, kept, key
from bot.service import Service

log = structlog.get_logger()

POLL_S = 50
AT_MOST_S = 30.0
"""The longest wait between two tries to reach Telegram."""
AGAIN_S = 1.0
LEASE = "telegram polling"
"""Telegram talks to one program at a time; another asks when that one has ended."""


class Polling:
    def __init__(self, service: Service, bot: Bot, emergency: Emergency) -> None:
        self._service = service
        self._bot = bot
        self._emergency = emergency

    async def run(self) -> None:
        """Begins with the earliest update that is not confirmed, which a webhook may have left
        behind newer ones; what is known already has no effect again."""
        last: int | None = None
        while True:
            if not await self._service.still_leads(LEASE):
                await asyncio.sleep(AGAIN_S)
                continue
            async with self._service.leading(LEASE):
                updates = await self._updates(last)
            others = await self._emergency.answer(updates, str(self._bot.id))
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
        inputs = [(key(update, self._bot), update.to_dict()) for update in updates]
        if not inputs or await kept(self._service, inputs):
            return True
        await asyncio.sleep(AGAIN_S)
        return False


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
