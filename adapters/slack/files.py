"""Files, in the three steps Slack wants: a place to upload to, the upload, and sharing it.

By hand, since only the last step shows anything: what goes wrong before it was certainly not
sent, and the library's own way tells no step from another
(docs.slack.dev/messaging/working-with-files).
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.mrkdwn import to_mrkdwn
from adapters.slack.outgoing import FAILURES, to_receipt
from bot.domain.parcels import NotSent, Receipt, Sent, Uncertain
from bot.store.outbox import Parcel

log = structlog.get_logger()

Make = Callable[[Parcel], Awaitable[bytes]]


class NotUploadedError(aiohttp.ClientError):
    """The place to upload to did not take the bytes."""


class Files:
    """``make`` gives a parcel's bytes, which are not kept here either."""

    def __init__(self, http: aiohttp.ClientSession, make: Make) -> None:
        self._http = http
        self._make = make

    async def deliver(self, client: AsyncWebClient, parcel: Parcel) -> Receipt:
        """What Slack refuses while sharing is raised, as with every other call."""
        try:
            content = await self._make(parcel)
        except Exception as error:  # a bug in the making, or no database
            log.exception("file not made", parcel=parcel.id)
            return NotSent(type(error).__name__)
        try:
            channel, file = await self._uploaded(client, parcel, content)
        except FAILURES as error:
            if isinstance(to_receipt(error), Uncertain):
                return NotSent("file not uploaded")  # or it was, and nobody sees it
            raise
        await _share(client, parcel, channel, file)
        return Sent()

    async def _uploaded(
        self, client: AsyncWebClient, parcel: Parcel, content: bytes
    ) -> tuple[str, str]:
        """The chat to share it in, which must be open, and the file's id."""
        opened = await client.conversations_open(users=parcel.chat)
        name, length = parcel.body["name"], len(content)
        place = await client.files_getUploadURLExternal(filename=name, length=length)
        async with self._http.post(place["upload_url"], data=content) as answer:
            if answer.status != HTTPStatus.OK:
                raise NotUploadedError
        return str(opened["channel"]["id"]), str(place["file_id"])


async def _share(client: AsyncWebClient, parcel: Parcel, channel: str, file: str) -> None:
    await client.files_completeUploadExternal(
        files=[{"id": file, "title": parcel.body["name"]}],
        channel_id=channel,
        initial_comment=to_mrkdwn(parcel.body["text"]),
    )
