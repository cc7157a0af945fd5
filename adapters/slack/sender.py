"""Sending: each parcel is one call, or two where a group or another message is needed.

Nothing is tried again here, except in another form: see `scheduler.delivery`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.calling import called
from adapters.slack.files import Files
from adapters.slack.home import to_home
from adapters.slack.outgoing import (
    FAILURES,
    MENDED,
    UNEDITABLE,
    UNREADABLE,
    Params,
    code,
    to_call,
    to_message,
    to_receipt,
    without_blocks,
)
from adapters.slack.tokens import Tokens
from bot.domain.parcels import NotSent, Receipt, Refused, Sent, Uncertain
from bot.store.outbox import Parcel

log = structlog.get_logger()

Home = Callable[[int], Awaitable[list[dict[str, Any]]]]  # bodies as in the outbox


class Sender:
    """Each parcel goes out with the token of its own workspace."""

    def __init__(self, tokens: Tokens, home: Home, files: Files) -> None:
        self._tokens = tokens
        self._home = home
        self._files = files

    async def deliver(self, parcel: Parcel) -> Receipt:
        try:
            return await called(
                self._tokens, parcel.account, lambda client: self._deliver(client, parcel)
            )
        except FAILURES as error:
            return _failed(parcel, error)

    async def _deliver(self, client: AsyncWebClient, parcel: Parcel) -> Receipt:
        match parcel.method:
            case "home":
                return await self._publish(client, parcel)
            case "group":
                return await self._group(client, parcel)
            case "edit":
                return await self._edit(client, parcel)
            case "file":
                return await self._files.deliver(client, parcel)
            case _:
                return await _post(client, parcel, parcel.chat)

    async def _edit(self, client: AsyncWebClient, parcel: Parcel) -> Receipt:
        """A question that can't be edited any more is asked anew; an answer needs no repeating."""
        try:
            await _say(client, *to_call(parcel), parcel)
        except SlackApiError as error:
            if code(error) not in UNEDITABLE:
                raise
            return await _post(client, parcel, parcel.chat) if parcel.body["rows"] else Sent()
        return Sent()

    async def _group(self, client: AsyncWebClient, parcel: Parcel) -> Receipt:
        method, params = to_call(parcel)
        try:
            opened = await client.api_call(method, json=params)
        except FAILURES as error:
            if isinstance(to_receipt(error), Uncertain):
                # Opened or not, nothing was said in it, and opening twice opens it once.
                return NotSent("group not opened")
            raise
        return await _post(client, parcel, opened["channel"]["id"])

    async def _publish(self, client: AsyncWebClient, parcel: Parcel) -> Receipt:
        view = to_home(await self._home(parcel.member))
        user = parcel.chat.removeprefix("home:")
        await client.views_publish(user_id=user, view=view)
        return Sent()


async def _post(client: AsyncWebClient, parcel: Parcel, channel: str) -> Receipt:
    said = await _say(client, "chat.postMessage", to_message(parcel, channel), parcel)
    return Sent(f"{said['channel']}:{said['ts']}")


async def _say(
    client: AsyncWebClient, method: str, params: Params, parcel: Parcel
) -> AsyncSlackResponse:
    try:
        return await client.api_call(method, json=params)
    except SlackApiError as error:
        if code(error) not in UNREADABLE:
            raise
        why = code(error)
    log.error("blocks refused, sent as plain text", parcel=parcel.id, why=why)
    return await client.api_call(method, json=without_blocks(method, params, parcel))


def _failed(parcel: Parcel, error: Exception) -> Receipt:
    receipt = to_receipt(error, parcel.method)
    if isinstance(receipt, Refused) or code(error) in MENDED:
        log.error("Slack refused", parcel=parcel.id, method=parcel.method, why=code(error))
    return receipt
