"""The page of professional contacts, sent from here at once: no inbox, no outbox, no engine.

Neither what somebody asked nor who it was is kept or logged, so what can't be sent is tried
again here, and nowhere else.
"""

import asyncio
from collections import deque
from collections.abc import Iterable

import structlog
from telegram import Bot, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from adapters.telegram.incoming import to_event
from adapters.telegram.keeping import read
from adapters.telegram.outgoing import UNREADABLE, says, to_receipt
from bot.conversation import crisis
from bot.conversation.wording import markup, plain
from bot.domain.parcels import Away, Later, Uncertain
from bot.service import Service
from bot.store.inbox import Payload

log = structlog.get_logger()

WAITS_S = (0.5, 2.0, 8.0, 0.0)
"""After each try, if Telegram does not ask for a pause of its own; none after the last."""
AT_ONCE_S = 2.0
"""How long the next poll, which confirms the update, waits for the page to be out."""
REMEMBERED = 1000
"""Numbers of updates that were answered, in memory only: one not confirmed yet is read again."""


def asks(payload: Payload) -> bool:
    """Whether the bare words ask for the page. To have every update read whole by the library, only
    for this, would cost as much as all else that is done before it is kept."""
    match payload:
        case {"message": {"text": str(words)}} | {"callback_query": {"data": str(words)}}:
            return crisis.asked(words) is not None
        case _:
            return False


class Emergency:
    def __init__(self, service: Service, bot: Bot) -> None:
        self._service = service
        self._bot = bot
        self._answered: deque[int] = deque(maxlen=REMEMBERED)
        self._sending: set[asyncio.Task[None]] = set()

    async def answer(self, updates: Iterable[Payload]) -> set[int]:
        """Sends the page to whoever asks for it, once however often an update is read.

        Returns which updates those are; the others go their usual way.
        """
        asking = [update for one in updates if asks(one) and (update := read(one, self._bot))]
        pages = [(update, self._page(update)) for update in asking]
        sending = [self._started(update, page) for update, page in pages if page]
        begun = [task for task in sending if task is not None]
        if begun:
            await asyncio.wait(begun, timeout=AT_ONCE_S)
        return {update.update_id for update, page in pages if page}

    async def close(self) -> None:
        """Lets pages under way get out, but not for ever."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=AT_ONCE_S)
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    def _page(self, update: Update) -> str:
        try:
            return self._service.crisis(to_event(update, str(self._bot.id)))
        except Exception:  # noqa: BLE001 -- what can't be read is counted on its usual way
            return ""

    def _started(self, update: Update, page: str) -> asyncio.Task[None] | None:
        if update.update_id in self._answered:
            return None
        self._answered.append(update.update_id)
        task = asyncio.create_task(self._send(update, page))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return task

    async def _send(self, update: Update, page: str) -> None:
        chat = update.effective_chat
        assert chat is not None, "a page is for somebody in a chat"
        for wait_s in WAITS_S:
            pause_s = await self._tried(chat.id, page, wait_s)
            if not pause_s:
                break
            await asyncio.sleep(pause_s)
        if update.callback_query:
            await self._stop_spinning(update.callback_query.id)

    async def _tried(self, chat: int, page: str, wait_s: float) -> float:
        """0 once it is sent, or never will be; otherwise how long to wait for another try."""
        try:
            await self._say(chat, page)
        except TelegramError as error:
            log.warning("the page is not sent", why=type(error).__name__)
            match to_receipt(error):
                case Later(wait):
                    return wait.total_seconds()
                case Away() | Uncertain():
                    return wait_s
                case _:
                    pass
        return 0.0

    async def _say(self, chat: int, page: str) -> None:
        preview = LinkPreviewOptions(is_disabled=True)
        try:
            await self._bot.send_message(chat, page, ParseMode.HTML, link_preview_options=preview)
        except BadRequest as error:
            if not says(error, UNREADABLE):  # an operator's own contacts may be
                raise
            await self._bot.send_message(chat, plain(markup(page)), link_preview_options=preview)

    async def _stop_spinning(self, query: str) -> None:
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:
            log.debug("press not answered", why=type(error).__name__)
