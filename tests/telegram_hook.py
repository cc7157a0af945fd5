"""Bringing updates to a bot: setWebhook, and what stands between Telegram and the bot.

Updates of one chat come one after another, the next once the one before was taken; a press has a
queue of its own beside the messages (tdlib/telegram-bot-api, WebhookActor). Whatever is not
answered with 2xx comes again. Real waits grow; here each is ``again_s``.
"""

import asyncio
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from tests.telegram_updates import Bell, Updates
from tests.telegram_wire import Json, Params, bad_request

PORTS: Final = (443, 80, 88, 8443)  # Bot API: setWebhook
_LONG_S: Final = 3600.0
_PATIENCE_S: Final = 10.0
_TIMES: Final = 400  # "gives up after a reasonable amount of attempts": a test has something wrong
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{0,256}")


@dataclass
class Hook:
    """``upstreams`` are the bots behind each public origin, each asked in turn: name lookup, TLS
    and load balancer in one."""

    updates: Updates
    bell: Bell
    url: str = ""
    secret: str = ""
    last_error: str = ""
    again_s: float = 0.05
    upstreams: dict[str, list[str]] = field(default_factory=dict)
    answers: list[tuple[int, str, int]] = field(default_factory=list)
    """Of each try: the update, where it was brought to, and the status; 0 without an answer."""
    _busy: set[tuple[str, int]] = field(default_factory=set)

    def set(self, params: Params) -> None:
        """Bot API: setWebhook. Without a url there is none any more."""
        url, secret = params.text("url"), params.text("secret_token")
        if url:
            self._check(url)
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self.url, self.secret = url, secret
        self.bell.ring()

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in PORTS:
            raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443, 8443")
        if f"https://{parts.netloc}" not in self.upstreams:
            raise bad_request("bad webhook: Failed to resolve host: Name or service not known")

    async def run(self) -> None:
        async with aiohttp.ClientSession() as client, asyncio.TaskGroup() as bringing:
            while True:
                update = await self.bell.until(self._next, _LONG_S)
                self._busy.add(_queue(update))
                bringing.create_task(self._bring(client, update))

    def _next(self) -> Json | None:
        waiting = self.updates.pending if self.url else []
        return next((one for one in waiting if _queue(one) not in self._busy), None)

    async def _bring(self, client: aiohttp.ClientSession, update: Json) -> None:
        for _ in range(_TIMES):
            if not self.url or await self.post(client, update):
                break
            await asyncio.sleep(self.again_s)
        else:
            raise AssertionError(f"never taken: {update}, {self.answers}")
        self._busy.discard(_queue(update))
        self.bell.ring()

    async def post(self, client: aiohttp.ClientSession, update: Json) -> bool:
        """One try; whether it was taken."""
        parts = urlsplit(self.url)
        upstreams = self.upstreams[f"https://{parts.netloc}"]
        where = upstreams[len(self.answers) % len(upstreams)]
        status = await self._status(client, f"{where}{parts.path}", update)
        number = int(update["update_id"])
        self.answers.append((number, where, status))
        taken = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
        if taken:
            self.updates.brought(number)
        else:
            self.last_error = f"Wrong response from the webhook: {status}"
        self.bell.ring()
        return taken

    async def _status(self, client: aiohttp.ClientSession, url: str, update: Json) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        timeout = aiohttp.ClientTimeout(total=_PATIENCE_S)
        try:
            async with client.post(url, json=update, headers=headers, timeout=timeout) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0


def _queue(update: Json) -> tuple[str, int]:
    """What comes in order."""
    if "callback_query" in update:
        return "press", int(update["callback_query"]["from"]["id"])
    [content] = [value for name, value in update.items() if name != "update_id"]
    return "chat", int(content["chat"]["id"])
