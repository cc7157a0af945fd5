"""The page of professional contacts, posted from here at once: no inbox, no outbox, no engine.

Neither what somebody asked nor who it was is kept or logged, so what can't be posted is tried
again here, and nowhere else. It is a message and not ephemeral: it has to be found again.
"""

import asyncio

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calling import called
from adapters.slack.mrkdwn import to_plain
from adapters.slack.outgoing import FAILURES, UNREADABLE, code, to_receipt, worded
from adapters.slack.tokens import Tokens
from bot.domain.members import Address
from bot.domain.parcels import Away, Later, NotSent, Uncertain

log = structlog.get_logger()

WAITS_S = (0.5, 2.0, 8.0, 0.0)
"""After each try, if Slack does not ask for a pause of its own; none after the last."""
AT_ONCE_S = 1.5
"""How long the acknowledgement, which Slack wants within three seconds, waits for the page."""


class Emergency:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._posting: set[asyncio.Task[None]] = set()

    async def answer(self, there: Address, page: str) -> None:
        """Posts the page in the direct messages with somebody, wherever they asked for it."""
        task = asyncio.create_task(self._post(there, page))
        self._posting.add(task)
        task.add_done_callback(self._posting.discard)
        await asyncio.wait({task}, timeout=AT_ONCE_S)

    async def close(self) -> None:
        """Lets pages under way get out, but not for ever."""
        if self._posting:
            await asyncio.wait(self._posting, timeout=AT_ONCE_S)
        for task in self._posting:
            task.cancel()
        await asyncio.gather(*self._posting, return_exceptions=True)

    async def _post(self, there: Address, page: str) -> None:
        for wait_s in WAITS_S:
            pause_s = await self._tried(there, page, wait_s)
            if not pause_s:
                break
            await asyncio.sleep(pause_s)

    async def _tried(self, there: Address, page: str, wait_s: float) -> float:
        """0 once it is posted, or never will be; otherwise how long to wait for another try."""
        try:
            await self._say(there, page)
        except FAILURES as error:
            log.warning("the page is not posted", why=code(error) or type(error).__name__)
            match to_receipt(error):
                case Later(wait):
                    return wait.total_seconds()
                case Away() | NotSent() | Uncertain():
                    return wait_s
                case _:
                    pass
        return 0.0

    async def _say(self, there: Address, page: str) -> None:
        async def say(client: AsyncWebClient) -> None:
            try:
                await client.chat_postMessage(**worded(page, [], there.user))
            except SlackApiError as error:
                if code(error) not in UNREADABLE:  # an operator's own contacts may be
                    raise
                await client.chat_postMessage(channel=there.user, text=to_plain(page))

        await called(self._tokens, there.account, say)
