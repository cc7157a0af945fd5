"""Payloads in the shapes Slack sends, as recorded in the samples of its own SDKs."""

import secrets
import uuid
from typing import Any

from tests.slack_records import Channel, Member
from tests.slack_shapes import Json
from tests.slack_surfaces import VALUES, Control, Message, Surface, View
from tests.slack_workspace import Workspace


def bot_message(slack: Workspace, message: Message) -> Json:
    """A message of the bot as the Web API answers it and interactions bring it back."""
    body: Json = {
        "user": message.author,
        "type": "message",
        "ts": message.ts,
        "bot_id": slack.bot_id,
        "app_id": slack.app_id,
        "text": message.fallback,
        "team": slack.team,
        "bot_profile": {"id": slack.bot_id, "app_id": slack.app_id, "name": "Tandem"},
        **message.extra,
    }
    if message.blocks:
        body["blocks"] = message.blocks
    if message.files:
        body["files"] = message.files
    if message.edits:
        body["edited"] = {"user": message.author, "ts": message.ts}
    return body


def message_event(slack: Workspace, message: Message) -> Json:
    """message.im or message.mpim; the bot's own messages come too, with its bot_id."""
    channel = slack.channels[message.channel]
    ends = {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind}
    if message.author == slack.bot_user:
        return {**bot_message(slack, message), **ends}
    said: Json = {
        "user": message.author,
        "type": "message",
        "ts": message.ts,
        "text": message.fallback,
        "team": slack.team,
        "blocks": _typed_blocks(message),
        **ends,
    }
    if message.files:
        return {**said, "subtype": "file_share", "files": message.files, "upload": False}
    return {**said, "client_msg_id": str(uuid.uuid4())}


def _typed_blocks(message: Message) -> list[Json]:
    text = {"type": "text", "text": message.plain}
    section = {"type": "rich_text_section", "elements": [text]}
    return [{"type": "rich_text", "block_id": secrets.token_urlsafe(4), "elements": [section]}]


def message_changed(slack: Workspace, message: Message, before: Json) -> Json:
    channel, now = slack.channels[message.channel], slack.new_ts()
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": bot_message(slack, message),
        "previous_message": before,
        "channel": channel.id,
        "ts": now,
        "event_ts": now,
        "channel_type": channel.kind,
    }


def message_deleted(slack: Workspace, message: Message) -> Json:
    channel, now = slack.channels[message.channel], slack.new_ts()
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "previous_message": bot_message(slack, message),
        "channel": channel.id,
        "deleted_ts": message.ts,
        "ts": now,
        "event_ts": now,
        "channel_type": channel.kind,
    }


def home_opened(slack: Workspace, who: Member, channel: Channel, tab: str) -> Json:
    event: Json = {
        "type": "app_home_opened",
        "user": who.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": slack.new_ts(),
    }
    return {**event, "view": view_object(slack, who.home)} if tab == "home" and who.home else event


def user_change(slack: Workspace, who: Member) -> Json:
    user, now = who.profile(slack.team, locale=True), slack.new_ts()
    return {"type": "user_change", "user": user, "cache_ts": int(slack.now()), "event_ts": now}


def event_callback(slack: Workspace, event: Json) -> Json:
    bot = {"team_id": slack.team, "user_id": slack.bot_user, "is_bot": True}
    return {
        "token": "verification-token",
        "team_id": slack.team,
        "context_team_id": slack.team,
        "context_enterprise_id": None,
        "api_app_id": slack.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": slack.new_id("Ev"),
        "event_time": int(slack.now()),
        "authorizations": [{"enterprise_id": None, **bot, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_urlsafe(24)}",
    }


def view_object(slack: Workspace, view: View) -> Json:
    body: Json = {
        "id": view.id,
        "team_id": slack.team,
        "type": view.raw["type"],
        "blocks": view.blocks,
        "private_metadata": view.raw.get("private_metadata", ""),
        "callback_id": view.raw.get("callback_id", ""),
        "state": view.state,
        "hash": view.hash,
        "title": view.raw.get("title"),
        "clear_on_close": view.raw.get("clear_on_close", False),
        "notify_on_close": view.raw.get("notify_on_close", False),
        "close": view.raw.get("close"),
        "submit": view.raw.get("submit"),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": slack.app_id,
        "external_id": view.raw.get("external_id", ""),
        "app_installed_team_id": slack.team,
        "bot_id": slack.bot_id,
    }
    return body


def _interaction(slack: Workspace, kind: str, who: Member) -> Json:
    return {
        "type": kind,
        "user": {
            "id": who.id,
            "username": who.username,
            "name": who.username,
            "team_id": slack.team,
        },
        "api_app_id": slack.app_id,
        "token": "verification-token",
        "team": {"id": slack.team, "domain": "standin"},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def view_submission(slack: Workspace, who: Member, view: View) -> Json:
    return {
        **_interaction(slack, "view_submission", who),
        "trigger_id": slack.new_trigger(who, view),
        "view": view_object(slack, view),
        "response_urls": [],
    }


def view_closed(slack: Workspace, who: Member, view: View, *, cleared: bool) -> Json:
    body = _interaction(slack, "view_closed", who)
    return {**body, "view": view_object(slack, view), "is_cleared": cleared}


def action_of(slack: Workspace, control: Control, value: Any) -> Json:
    """One of the ``actions``: what was pressed, or what was chosen where."""
    action: Json = {
        "action_id": control.action_id,
        "block_id": control.block_id,
        "type": control.kind,
        "action_ts": slack.new_ts(),
    }
    if control.kind == "button":
        named = {"text": control.element["text"], "value": value}
        more = {key: control.element[key] for key in ("style", "url") if key in control.element}
        return action | {key: part for key, part in named.items() if part is not None} | more
    name = "selected_option" if control.kind == "overflow" else VALUES[control.kind][0]
    return action | {name: value}


def block_actions(slack: Workspace, who: Member, where: Surface, action: Json) -> Json:
    body = _interaction(slack, "block_actions", who)
    body["actions"] = [action]
    if isinstance(where, Message):
        return body | _on_message(slack, who, where)
    if not isinstance(where, View):
        raise TypeError(where)
    body["trigger_id"] = slack.new_trigger(who, where)
    body["container"] = {"type": "view", "view_id": where.id}
    return body | {"view": view_object(slack, where)}


def _on_message(slack: Workspace, who: Member, message: Message) -> Json:
    """Ephemeral messages come without their ``message``."""
    channel = slack.channels[message.channel]
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.is_ephemeral,
    }
    body: Json = {
        "trigger_id": slack.new_trigger(who),
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        "state": message.state,
        "response_url": slack.new_response_url(who, channel.id, message),
    }
    return body if message.is_ephemeral else {**body, "message": bot_message(slack, message)}


def slash_command(slack: Workspace, who: Member, channel: Channel, command: str, text: str) -> Json:
    return {
        "token": "verification-token",
        "team_id": slack.team,
        "team_domain": "standin",
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": who.id,
        "user_name": who.username,
        "command": command,
        "text": text,
        "api_app_id": slack.app_id,
        "is_enterprise_install": "false",
        "response_url": slack.new_response_url(who, channel.id, None),
        "trigger_id": slack.new_trigger(who),
    }
