"""Sending: each parcel is one call, or two where a group or another message is needed.

Nothing is tried again here, except in another form: see `scheduler.delivery`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.files import Files
from adapters.slack.home import to_home
from adapters.slack.outgoing import (
    FAILURES,
    OURS,
    UNEDITABLE,
    UNREADABLE,
    Params,
    code,
    to_call,
    to_message,
    to_receipt,
    without_blocks,
)
from bot.domain.parcels import NotSent, Receipt, Refused, Sent, Uncertain
from bot.store.outbox import Parcel

log = structlog.get_logger()

Home = Callable[[int], Awaitable[list[dict[str, Any]]]]  # bodies as in the outbox


class Sender:
    def __init__(self, client: AsyncWebClient, home: Home, files: Files) -> None:
        self._client = client
        self._home = home
        self._files = files

    async def deliver(self, parcel: Parcel) -> Receipt:
        try:
            return await self._deliver(parcel)
        except FAILURES as error:
            return _failed(parcel, error)

    async def _deliver(self, parcel: Parcel) -> Receipt:
        match parcel.method:
            case "home":
                return await self._publish(parcel)
            case "group":
                return await self._group(parcel)
            case "edit":
                return await self._edit(parcel)
            case "file":
                return await self._files.deliver(parcel)
            case _:
                return await self._post(parcel, parcel.chat)

    async def _post(self, parcel: Parcel, channel: str) -> Receipt:
        said = await self._say("chat.postMessage", to_message(parcel, channel), parcel)
        return Sent(f"{said['channel']}:{said['ts']}")

    async def _edit(self, parcel: Parcel) -> Receipt:
        """A question that can't be edited any more is asked anew; an answer needs no repeating."""
        try:
            await self._say(*to_call(parcel), parcel)
        except SlackApiError as error:
            if code(error) not in UNEDITABLE:
                raise
            return await self._post(parcel, parcel.chat) if parcel.body["rows"] else Sent()
        return Sent()

    async def _group(self, parcel: Parcel) -> Receipt:
        method, params = to_call(parcel)
        try:
            opened = await self._client.api_call(method, json=params)
        except FAILURES as error:
            if isinstance(to_receipt(error), Uncertain):
                # Opened or not, nothing was said in it, and opening twice opens it once.
                return NotSent("group not opened")
            raise
        return await self._post(parcel, opened["channel"]["id"])

    async def _publish(self, parcel: Parcel) -> Receipt:
        view = to_home(await self._home(parcel.member))
        user = parcel.chat.removeprefix("home:")
        await self._client.views_publish(user_id=user, view=view)
        return Sent()

    async def _say(self, method: str, params: Params, parcel: Parcel) -> AsyncSlackResponse:
        try:
            return await self._client.api_call(method, json=params)
        except SlackApiError as error:
            if code(error) not in UNREADABLE:
                raise
            why = code(error)
        log.error("blocks refused, sent as plain text", parcel=parcel.id, why=why)
        return await self._client.api_call(method, json=without_blocks(method, params, parcel))


def _failed(parcel: Parcel, error: Exception) -> Receipt:
    receipt = to_receipt(error, parcel.method)
    if isinstance(receipt, Refused) or code(error) in OURS:
        log.error("Slack refused", parcel=parcel.id, method=parcel.method, why=code(error))
    return receipt
