"""Answers outside the Web API: response_url, and payloads in acknowledgements of commands.

Source: docs.slack.dev/interactivity/handling-user-interaction (message responses).
"""

import json
from http import HTTPStatus
from typing import Any

from aiohttp import web

from tests.slack_chat import MOST_TEXT, content
from tests.slack_given import Given, SlackError
from tests.slack_payloads import message_event
from tests.slack_records import Channel, Member, ResponseUrl
from tests.slack_surfaces import Message
from tests.slack_workspace import RESPONSE_USES, Workspace


async def respond(slack: Workspace, request: web.Request) -> web.Response:
    """A POST to a response_url: five times within thirty minutes, "ok" as text."""
    url = slack.response_urls.get(request.match_info["key"])
    refused = _refused(slack, url)
    if url is None or refused:
        body = {"ok": False, "error": refused}
        return web.json_response(body, status=HTTPStatus.NOT_FOUND)
    url.uses += 1
    try:
        given = Given(json.loads(await request.text()))
        _apply(slack, url, given)
    except (json.JSONDecodeError, SlackError) as refusal:
        slack.problem(f"response_url: {refusal}")
        return web.Response(status=HTTPStatus.BAD_REQUEST, text=str(refusal))
    return web.Response(text="ok")


def _refused(slack: Workspace, url: ResponseUrl | None) -> str:
    if url is None:
        return "invalid_url"
    if slack.now() > url.expires:
        return "expired_url"
    return "used_url" if url.uses >= RESPONSE_USES else ""


def _apply(slack: Workspace, url: ResponseUrl, given: Given) -> None:
    owner, channel = slack.people[url.owner], slack.channels[url.channel]
    original = url.original
    if given.flag("delete_original") and original:
        (owner.ephemerals if original.is_ephemeral else channel.messages).remove(original)
        slack.tell()
    elif given.flag("replace_original") and original:
        slack.edit(original, *content(slack, given, "response_url", MOST_TEXT))
    else:
        show(slack, owner, channel, given.values)


def show(slack: Workspace, owner: Member, channel: Channel, answer: Any) -> Message:
    """Shows an answer to the person alone, or in the channel if it is ``in_channel``."""
    body = {"text": answer} if isinstance(answer, str) else dict(answer)
    text, blocks = content(slack, Given(body), "response", MOST_TEXT)
    if body.get("response_type") != "in_channel":
        return slack.whisper(channel, owner, text, blocks)
    message = slack.add(channel, slack.bot_user, text, blocks)
    if slack.echoes:
        slack.socket.event(message_event(slack, message))
    return message


def command_answered(slack: Workspace, owner: Member, channel: Channel, payload: Any) -> None:
    """The acknowledgement of a command may hold a message; one that can't be shown is a problem."""
    if not payload:
        return
    try:
        show(slack, owner, channel, payload)
    except SlackError as refusal:
        why = "; ".join(refusal.more.get("errors", []))
        slack.problem(f"answer to a command: {refusal.error} {why}".rstrip())
