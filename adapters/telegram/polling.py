"""Asking Telegram for updates. Each poll confirms the updates before it, so they are committed
first: the library's own polling confirms before any handler has run, and loses what it held.

They are asked for as they are, not as the library's objects: one that it can't read would keep all
the others from coming, for ever.

Whoever asks for the page of professional contacts is answered before anything is committed.
"""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError

from adapters.telegram.emergency import Emergency
from adapters.telegram.keeping import PLATFORM, WANTED, kept, key
from adapters.telegram.transport import READ_S, Transport
from bot.service import Service
from bot.store.inbox import Payload

log = structlog.get_logger()

POLL_S = 50
AT_MOST_S = 30.0
"""The longest wait between two tries to reach Telegram."""
AGAIN_S = 1.0
LEASE = "telegram polling"
"""Telegram talks to one program at a time; another asks when that one has ended."""


class Polling:
    def __init__(
        self, service: Service, bot: Bot, emergency: Emergency, transport: Transport
    ) -> None:
        self._service = service
        self._bot = bot
        self._emergency = emergency
        self._transport = transport

    async def run(self) -> None:
        """Begins with the earliest update that is not confirmed, which a webhook may have left
        behind newer ones; what is known already has no effect again."""
        last: int | None = None
        while True:
            if not await self._service.leases.still_held(LEASE):
                await asyncio.sleep(AGAIN_S)
                continue
            async with self._service.leases.keeping(LEASE):
                updates = await self._updates(last)
            if await self._kept(await self._unanswered(updates)) and updates:
                last = updates[-1]["update_id"]

    async def _updates(self, last: int | None) -> list[Payload]:
        wait_s = 1.0
        while True:
            try:
                found = await self._asked(last)
            except TelegramError as error:
                self._service.links[PLATFORM] = False
                await asyncio.sleep(pause_s(error, wait_s))
                wait_s = min(2 * wait_s, AT_MOST_S)
            else:
                self._service.links[PLATFORM] = True
                return found

    async def _asked(self, last: int | None) -> list[Payload]:
        """Bot API: getUpdates."""
        asked = {"timeout": POLL_S, "allowed_updates": json.dumps(WANTED)}
        if last is not None:
            asked["offset"] = last + 1
        url = f"{self._bot.base_url}/getUpdates?{urlencode(asked)}"
        found: Any = await self._transport.post(url, read_timeout=POLL_S + READ_S)
        return list(found)

    async def _unanswered(self, updates: list[Payload]) -> list[Payload]:
        """Without those that ask for the page, which is sent, and the asking not kept."""
        answered = await self._emergency.answer(updates)
        return [one for one in updates if one["update_id"] not in answered]

    async def _kept(self, updates: list[Payload]) -> bool:
        inputs = [(key(one["update_id"], self._bot), one) for one in updates]
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
