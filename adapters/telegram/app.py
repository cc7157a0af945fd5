"""The Telegram adapter: its own durable ways in, the library's application, and sending."""

import asyncio
from types import TracebackType
from typing import Any, Self

import structlog
from aiohttp import web
from telegram import Bot, BotCommand, Update, WebhookInfo
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes, ExtBot, TypeHandler

from adapters.telegram.emergency import Emergency
from adapters.telegram.incoming import to_event
from adapters.telegram.keeping import PLATFORM, key
from adapters.telegram.outgoing import (
    CAPTION,
    NO_LONGER_EDITABLE,
    NO_LONGER_THERE,
    NOT_OURS,
    UNREADABLE,
    loudness,
    says,
    to_call,
    to_document,
    to_receipt,
)
from adapters.telegram.polling import AT_MOST_S, Polling, pause_s
from adapters.telegram.transport import Transport
from adapters.telegram.webhook import Webhook
from bot.conversation.commands import COMMANDS
from bot.conversation.wording import LANGUAGES, Wording, plain
from bot.domain.parcels import NotSent, Receipt, Refused, Sent
from bot.engine.events import Key
from bot.errors import OperatorError
from bot.service import Service
from bot.store.inbox import Payload
from bot.store.outbox import Parcel

log = structlog.get_logger()

REFUSED = "TELEGRAM_BOT_TOKEN: Telegram does not know it; copy it anew from @BotFather"


class TelegramTokenError(OperatorError):
    """Telegram does not take the token; the message says what to do."""


class TelegramAddressError(OperatorError):
    """Telegram does not bring updates to our address; the message says what to do."""


class Telegram:
    """``public_url``: where Telegram is to bring updates to; "" to ask for them instead."""

    platform = PLATFORM

    def __init__(
        self,
        service: Service,
        token: str,
        api_url: str,
        language: str = "de",
        public_url: str = "",
    ) -> None:
        self._service = service
        self._language = language
        base = f"{api_url.rstrip('/')}/bot"
        self._transports = Transport(), Transport()
        sending, polling = self._transports
        bot = ExtBot(token, base_url=base, request=sending, get_updates_request=polling)
        self._application = Application.builder().bot(bot).updater(None).job_queue(None).build()
        self._application.add_handler(TypeHandler(Update, self._on_update))
        self._emergency = Emergency(service, bot)
        self._polling = Polling(service, bot, self._emergency, polling)
        self._webhook = Webhook(service, bot, self._emergency, public_url)
        self._answers: set[asyncio.Task[None]] = set()

    @property
    def _bot(self) -> Bot:
        return self._application.bot

    async def __aenter__(self) -> Self:
        """Waits for Telegram to be reachable; a refused token ends the start."""
        try:
            await self._patiently(self._application.initialize)
            await self._patiently(self._arrange)
            await self._patiently(self._offer_commands)
        except BaseException:  # also when stopped while waiting
            await self._close()
            raise
        self._webhook.open = True
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._webhook.open = False
        await self._emergency.close()
        for answer in self._answers:
            answer.cancel()
        await asyncio.gather(*self._answers, return_exceptions=True)
        await self._application.shutdown()
        await self._close()

    async def _close(self) -> None:
        for transport in self._transports:
            await transport.shutdown()

    def routes(self) -> list[web.RouteDef]:
        return self._webhook.routes()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as loops:
            if not self._webhook.url:
                loops.create_task(self._polling.run())
            loops.create_task(self._service.drain(self.platform, self._handle))

    async def deliver(self, parcel: Parcel) -> Receipt:
        try:
            return await self._call(parcel)
        except TelegramError as error:
            if isinstance(error, BadRequest) and says(error, UNREADABLE):
                log.warning("markup refused, sent as plain text", parcel=parcel.id)
                return await self._plainly(parcel)
            return to_receipt(error)

    async def _call(self, parcel: Parcel) -> Receipt:
        match parcel.method:
            case "send":
                return await self._send(parcel)
            case "edit":
                return await self._edit(parcel)
            case "file":
                return await self._file(parcel)
            case "delete":
                return await self._delete(parcel)
            case "invite":
                return await self._invite(parcel)
            case method:
                return Refused(f"Telegram has no {method}")

    async def _send(self, parcel: Parcel, **changed: Any) -> Receipt:  # Bot.send_message's own
        said = {**self._said(parcel), **loudness(parcel), **changed}
        message = await self._bot.send_message(**said)
        return Sent(str(message.message_id))

    async def _invite(self, parcel: Parcel) -> Receipt:
        """The way into a group, if we may tell it: only where somebody made the bot an admin."""
        try:
            found = await self._bot.create_chat_invite_link(int(parcel.chat))
        except BadRequest as error:
            if not says(error, *NOT_OURS):
                raise
            return Sent()
        return Sent(found.invite_link)

    def _said(self, parcel: Parcel) -> dict[str, Any]:
        return to_call(parcel, self._bot.username)

    async def _edit(self, parcel: Parcel) -> Receipt:
        """A question that can't be edited any more is asked anew; an answer needs no repeating."""
        try:
            await self._bot.edit_message_text(message_id=int(parcel.ref), **self._said(parcel))
        except BadRequest as error:
            if not says(error, *NO_LONGER_EDITABLE):
                raise
            return await self._send(parcel) if parcel.body["rows"] else Sent()
        return Sent()

    async def _delete(self, parcel: Parcel) -> Receipt:
        """What somebody deleted before us is gone as well."""
        for ref in parcel.ref.split(","):
            try:
                await self._bot.delete_message(int(parcel.chat), int(ref))
            except BadRequest as error:
                if not says(error, *NO_LONGER_THERE):
                    raise
        return Sent()

    async def _file(self, parcel: Parcel, **changed: Any) -> Receipt:
        """Without its bytes nothing is sent: that is tried again, and never uncertain."""
        try:
            content = await self._service.file(parcel)
        except Exception as error:  # a bug in the making, or no database
            log.exception("file not made", parcel=parcel.id)
            return NotSent(type(error).__name__)
        message = await self._bot.send_document(**{**to_document(parcel, content), **changed})
        return Sent(str(message.message_id))

    async def _plainly(self, parcel: Parcel) -> Receipt:
        text = plain(parcel.body["text"])
        try:
            if parcel.method == "file":
                return await self._file(parcel, caption=text[:CAPTION], parse_mode=None)
            return await self._send(parcel, text=text, parse_mode=None)
        except TelegramError as error:
            return to_receipt(error)

    async def _handle(self, _key: Key, payload: Payload) -> None:
        await self._application.process_update(Update.de_json(payload, self._bot))

    async def _on_update(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """The library would only log an error from here, so it is counted as a try at once."""
        where = key(update.update_id, self._bot)
        try:
            event = to_event(update, account=where[1])
        except Exception as error:  # noqa: BLE001 -- the edge of a turn
            await self._service.failed(where, error)
            return
        await self._service.turn(where, event)
        if update.callback_query:
            answer = asyncio.create_task(self._stop_spinning(update.callback_query.id))
            self._answers.add(answer)
            answer.add_done_callback(self._answers.discard)

    async def _stop_spinning(self, query: str) -> None:
        """The one call outside the outbox: nothing is lost with it but a spinning circle."""
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:
            log.debug("press not answered", why=type(error).__name__)

    async def _arrange(self) -> None:
        """How updates come. What waits at Telegram stays there either way."""
        if not self._webhook.url:
            await self._bot.delete_webhook()
            return
        try:
            await self._webhook.summon()
        except BadRequest as error:
            raise TelegramAddressError(
                f"TANDEM_PUBLIC_URL: Telegram says {error.message!r}; it needs an https:// address "
                "with a name it can look up, at port 443, 80, 88 or 8443"
            ) from None

    async def _offer_commands(self) -> None:
        for language in LANGUAGES:
            menu = _menu(language)
            await self._bot.set_my_commands(menu, language_code=language)
            if language == self._language:
                await self._bot.set_my_commands(menu)

    async def _patiently(self, do: Any) -> None:  # a bound method of the library
        wait_s = 1.0
        while True:
            try:
                await do()
            except InvalidToken:
                raise TelegramTokenError(REFUSED) from None
            except TelegramError as error:
                await asyncio.sleep(pause_s(error, wait_s))
                wait_s = min(2 * wait_s, AT_MOST_S)
            else:
                return


def _menu(language: str) -> list[BotCommand]:
    wording = Wording("commands", language)
    return [BotCommand(names[language], wording.label(name)) for name, names in COMMANDS.items()]


def _reached(known: WebhookInfo) -> None:
    """What went wrong long ago is still told; it counts while something waits."""
    if known.url and known.pending_update_count and known.last_error_message:
        raise TelegramAddressError(
            f"TANDEM_PUBLIC_URL: Telegram can't bring updates to {known.url}: "
            f"{known.last_error_message}; check the proxy and that the bot runs"
        )


async def greet(token: str, api_url: str, public_url: str = "") -> str:
    """Who the bot is, for ``tandem doctor``; an `OperatorError` names the cure.

    With a ``public_url`` it is also asked whether updates get there.
    """
    bot = Bot(token, base_url=f"{api_url.rstrip('/')}/bot", request=Transport())
    try:
        async with bot:
            if public_url:
                _reached(await bot.get_webhook_info())
            return f"@{bot.username}"
    except InvalidToken:
        raise TelegramTokenError(REFUSED) from None
    except TelegramError as error:
        raise OperatorError(
            f"TELEGRAM_API_URL: no answer from {api_url} ({type(error).__name__}); "
            "check the address and the network"
        ) from None
    finally:
        await bot.request.shutdown()
