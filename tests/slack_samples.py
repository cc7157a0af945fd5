"""What Slack sends, whole, in the shapes of the samples in docs.slack.dev and of Slack's SDKs."""

from typing import Any

Json = dict[str, Any]  # Slack's

TEAM, APP, USER, BOT, DM = "T0123ABCD", "A0123ABCD", "U0123ABCD", "U0987BOT0", "D0123ABCD"


def _event(event: Json) -> Json:
    return {
        "token": "Jhj5dZrVaK7ZwHHjRyZWjbDl",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": "Ev0123ABCDE",
        "event_time": 1793600000,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6Im1lc3NhZ2UiLCJ0aWQiOiJUMDEyM0FCQ0QifQ",
    }


def message(text: str, **more: Any) -> Json:
    """message.im"""
    return _event(
        {
            "user": USER,
            "type": "message",
            "ts": "1793600000.000100",
            "client_msg_id": "2e5b9a3e-6f0d-4a54-9d8e-1f1b7f1a2c3d",
            "text": text,
            "team": TEAM,
            "blocks": [
                {
                    "type": "rich_text",
                    "block_id": "xYz1",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [{"type": "text", "text": text}],
                        }
                    ],
                }
            ],
            "channel": DM,
            "event_ts": "1793600000.000100",
            "channel_type": "im",
            **more,
        }
    )


FILE: Json = {
    "id": "F0123ABCD",
    "created": 1793600000,
    "name": "audio_message.m4a",
    "title": "audio_message.m4a",
    "mimetype": "audio/mp4",
    "filetype": "m4a",
    "user": USER,
    "size": 12345,
    "mode": "hosted",
    "media_display_type": "audio",
    "subtype": "slack_audio",
}
EDITED = _event(
    {
        "type": "message",
        "subtype": "message_changed",
        "message": {"user": USER, "type": "message", "text": "later", "edited": {"user": USER}},
        "previous_message": {"user": USER, "type": "message", "text": "earlier"},
        "channel": DM,
        "hidden": True,
        "ts": "1793600001.000200",
        "event_ts": "1793600001.000200",
        "channel_type": "im",
    }
)
DELETED = _event(
    {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": {"user": USER, "type": "message", "text": "earlier"},
        "channel": DM,
        "hidden": True,
        "deleted_ts": "1793600000.000100",
        "ts": "1793600002.000300",
        "event_ts": "1793600002.000300",
        "channel_type": "im",
    }
)


def home_opened(tab: str) -> Json:
    return _event(
        {
            "type": "app_home_opened",
            "user": USER,
            "channel": DM,
            "tab": tab,
            "event_ts": "1793600000.123456",
        }
    )


def user_change(*, deleted: bool) -> Json:
    user = {
        "id": USER,
        "team_id": TEAM,
        "name": "ana.huber",
        "deleted": deleted,
        "profile": {"real_name": "Ana Huber", "display_name": "ana", "team": TEAM},
        "is_bot": False,
        "updated": 1793600000,
    }
    return _event({"type": "user_change", "user": user, "event_ts": "1793600000.000400"})


def _interaction(kind: str) -> Json:
    return {
        "type": kind,
        "user": {"id": USER, "username": "ana.huber", "name": "ana.huber", "team_id": TEAM},
        "api_app_id": APP,
        "token": "Jhj5dZrVaK7ZwHHjRyZWjbDl",
        "trigger_id": "4012345678.0123456789.0123456789abcdef0123456789abcdef",
        "team": {"id": TEAM, "domain": "example"},
        "enterprise": None,
        "is_enterprise_install": False,
    }


ACTION: Json = {
    "action_id": "b0.0",
    "block_id": "Kp3v",
    "text": {"type": "plain_text", "text": "Let’s go", "emoji": True},
    "value": "abcdefghijklmnopqrstuv",
    "type": "button",
    "action_ts": "1793600003.456789",
}
PRESSED: Json = {
    **_interaction("block_actions"),
    "container": {
        "type": "message",
        "message_ts": "1793600000.000500",
        "channel_id": DM,
        "is_ephemeral": False,
    },
    "channel": {"id": DM, "name": "directmessage"},
    "message": {
        "user": BOT,
        "type": "message",
        "ts": "1793600000.000500",
        "bot_id": "B0123ABCD",
        "app_id": APP,
        "text": "Hello",
        "team": TEAM,
        "blocks": [],
    },
    "state": {"values": {}},
    "response_url": "https://hooks.slack.com/actions/T0123ABCD/1/abc",
    "actions": [ACTION],
}
PRESSED_AT_HOME: Json = {
    **_interaction("block_actions"),
    "container": {"type": "view", "view_id": "V0123ABCD"},
    "view": {"id": "V0123ABCD", "team_id": TEAM, "type": "home", "blocks": []},
    "actions": [ACTION],
}


def submitted(values: Json, handle: str = "abcdefghijklmnopqrstuv") -> Json:
    """view_submission of a modal with an input for each value, by the name of its block."""
    state = {name: {name: {"type": "plain_text_input", **value}} for name, value in values.items()}
    return {
        **_interaction("view_submission"),
        "view": {
            "id": "V0123ABCD",
            "team_id": TEAM,
            "type": "modal",
            "blocks": [{"type": "input", "block_id": name} for name in values],
            "private_metadata": handle,
            "callback_id": "sheet",
            "state": {"values": state},
            "hash": "1793600000.AbCdEfGh",
            "title": {"type": "plain_text", "text": "Your profile", "emoji": True},
            "clear_on_close": False,
            "notify_on_close": False,
            "close": {"type": "plain_text", "text": "Later", "emoji": True},
            "submit": {"type": "plain_text", "text": "Next", "emoji": True},
            "previous_view_id": None,
            "root_view_id": "V0123ABCD",
            "app_id": APP,
            "external_id": "",
            "app_installed_team_id": TEAM,
            "bot_id": "B0123ABCD",
        },
        "response_urls": [],
    }


def command(text: str) -> Json:
    return {
        "token": "Jhj5dZrVaK7ZwHHjRyZWjbDl",
        "team_id": TEAM,
        "team_domain": "example",
        "channel_id": "C0123ABCD",
        "channel_name": "general",
        "user_id": USER,
        "user_name": "ana.huber",
        "command": "/tandem",
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T0123ABCD/1/abc",
        "trigger_id": "4012345679.0123456789.0123456789abcdef0123456789abcdef",
    }
