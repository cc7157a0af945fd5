"""A parcel as calls of the Web API, and what Slack's answer means for it.

Sources: the error lists of docs.slack.dev/reference/methods for chat.postMessage, chat.update,
conversations.open, views.publish and files.completeUploadExternal.
"""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, TypeAlias

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.blocks import Rows, parts, to_blocks
from adapters.slack.mrkdwn import to_plain
from bot.domain.parcels import (
    TAKEN_OUT,
    Away,
    Gone,
    Later,
    NotSent,
    Receipt,
    Refused,
    Uncertain,
)
from bot.store.outbox import Parcel

TEXT = 4000
"""The longest text of chat.update, and what chat.postMessage recommends."""
WHOLE_TEXT = 40_000
"""The longest text of chat.postMessage; Slack cuts what is longer."""
WAIT_S = 30.0
"""If Slack asks for a pause without saying how long."""


class NotInstalledError(Exception):
    """The bot is not in that workspace, or not any more."""


class NoTokenError(Exception):
    """No token that is good in that workspace could be had yet."""


FAILURES = (SlackApiError, aiohttp.ClientError, TimeoutError, NotInstalledError, NoTokenError)
"""All that a call can raise; anything else is a bug."""
GONE = {
    "cannot_dm_bot",
    "channel_not_found",
    "is_archived",
    "user_disabled",
    "user_not_found",
    "user_not_visible",
}
REVOKED = {
    "account_inactive",  # of the bot itself: its token belongs to a deleted user or workspace
    "token_revoked",
}
"""What is answered once the bot was taken out, also to whoever was down when that was told."""
TOKEN = REVOKED | {"invalid_auth", "not_authed", "token_expired"}
"""Nothing can be sent until there is another token, and then all of it."""
OURS = {"messages_tab_disabled", "missing_scope", "not_allowed_token_type"}
"""Only the operator can mend these; what is to be sent is tried again for a while."""
MENDED = TOKEN | OURS
"""By what an installation brings: its token is read anew."""
PERHAPS = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
"""Slack's own trouble, in which it may have done what was asked."""
UNEDITABLE = {
    "cant_update_message",
    "channel_not_found",
    "edit_window_closed",
    "message_not_found",
}
UNREADABLE = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}

Params: TypeAlias = dict[str, Any]  # arguments of a method


def to_call(parcel: Parcel) -> tuple[str, Params]:
    """The method and its arguments; for a group, the call that opens it.

    Opening is idempotent, and answers the channel to say the rest in: see `to_message`.
    """
    match parcel.method:
        case "send":
            return "chat.postMessage", to_message(parcel, parcel.chat)
        case "edit":
            channel, _, ts = parcel.ref.partition(":")
            whole = to_message(parcel, channel)
            return "chat.update", {"ts": ts, **{n: whole[n] for n in ("channel", "text", "blocks")}}
        case "group":
            return "conversations.open", {"users": ",".join(parcel.body["users"])}
        case unknown:
            raise LookupError(f"Slack has no {unknown}")


def to_message(parcel: Parcel, channel: str) -> Params:
    return worded(parcel.body["text"], parcel.body["rows"], channel)


def worded(html: str, rows: Rows, channel: str) -> Params:
    """A new message. ``text`` alone carries the whole meaning: screen readers get nothing else.

    Links are not unfolded: that would fetch what a pair meets at.
    """
    return {
        "channel": channel,
        "text": next(iter(parts(to_plain(html), TEXT)), ""),
        "blocks": to_blocks(html, rows),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def without_blocks(method: str, params: Params, parcel: Parcel) -> Params:
    """The last resort for a message whose blocks are refused: its words alone."""
    longest = TEXT if method == "chat.update" else WHOLE_TEXT
    [text, *_] = parts(to_plain(parcel.body["text"]), longest)
    return {**params, "text": text, "blocks": [], "parse": "none"}


def to_receipt(error: Exception, method: str = "send") -> Receipt:
    """What a failed call means: whether it arrived, and whether trying again makes sense."""
    match error:
        case SlackApiError():
            return _answered(error, method)
        case NotInstalledError():
            return Gone("not installed")
        case NoTokenError():
            return Away("no token")
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return Away("no connection")
        case aiohttp.ClientError() | TimeoutError():
            return Uncertain()
        case _:
            raise error


def code(error: Exception) -> str:
    """Slack's own name of what is wrong; "" if Slack named nothing."""
    response = error.response if isinstance(error, SlackApiError) else None
    if not isinstance(response, AsyncSlackResponse) or not isinstance(response.data, dict):
        return ""
    return str(response.data.get("error", ""))


def pause_s(error: Exception) -> float:
    """How long Slack asks to be left alone after an error; 0 if it does not."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    if response is None or status != HTTPStatus.TOO_MANY_REQUESTS:
        return 0.0
    asked = str(response.headers.get("Retry-After", ""))
    return float(asked) if asked.isdecimal() else WAIT_S


def _answered(error: SlackApiError, method: str) -> Receipt:
    if pause := pause_s(error):
        return Later(timedelta(seconds=pause), everywhere=True)
    match code(error):
        case said if said in PERHAPS or not said:
            return Uncertain(trouble=True)
        case said if said in REVOKED:
            return Away(TAKEN_OUT)
        case said if said in TOKEN:
            return Away(said)
        case said if said in OURS:
            return NotSent(said)
        case said if said in GONE and method != "group":
            # A group that can't be opened says nothing of its members one by one.
            return Gone(said)
        case said:
            return Refused(said)
