"""Telegram brings updates to an address of ours, behind however many replicas.

Each is committed before it is confirmed, as with polling; what is not confirmed comes again. Of one
chat it brings messages one after another, but a press may arrive beside them: the inbox takes all
in the order in which they were committed (tdlib/telegram-bot-api, WebhookActor: a queue per chat).
"""

import hashlib
import hmac
import json
from http import HTTPStatus

from aiohttp import web
from telegram import Bot

from adapters.telegram.emergency import Emergency
from adapters.telegram.keeping import WANTED, kept, key
from bot.service import Service
from bot.store.inbox import Payload

PATH = "/telegram/updates"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Webhook:
    """``url`` is where Telegram finds us; "" as long as it is asked for updates instead."""

    def __init__(self, service: Service, bot: Bot, emergency: Emergency, url: str) -> None:
        self._service = service
        self._bot = bot
        self._emergency = emergency
        self._secret = secret(bot.token)
        self.url = f"{url.rstrip('/')}{PATH}" if url else ""
        self.open = False
        """Whether updates can be taken in; before, they stay Telegram's."""

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.take)] if self.url else []

    async def summon(self) -> None:
        """Tells Telegram where to bring updates to; every replica tells it the same."""
        await self._bot.set_webhook(self.url, allowed_updates=WANTED, secret_token=self._secret)

    async def take(self, request: web.Request) -> web.Response:
        """The secret comes first: of a request without it not even the body is read."""
        if not self._is_telegrams(request):
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        if not self.open:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        payload = _read(await request.read())
        if payload is None:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        taken = await self._taken(payload)
        return web.Response(status=HTTPStatus.OK if taken else HTTPStatus.SERVICE_UNAVAILABLE)

    def _is_telegrams(self, request: web.Request) -> bool:
        given = request.headers.get(HEADER, "")
        return hmac.compare_digest(given.encode(errors="replace"), self._secret.encode())

    async def _taken(self, payload: Payload) -> bool:
        """Whoever asks for the page of professional contacts gets it, and that is not kept."""
        if await self._emergency.answer([payload]):
            return True
        return await kept(self._service, [(key(payload["update_id"], self._bot), payload)])


def secret(token: str) -> str:
    """The same for all replicas; it tells nothing of the token."""
    return hmac.new(token.encode(), b"tandem: webhook", hashlib.sha256).hexdigest()


def _read(body: bytes) -> Payload | None:
    """None for what is no update: Telegram sends nothing of the kind."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    is_update = isinstance(found, dict) and type(found.get("update_id")) is int
    return found if is_update else None
