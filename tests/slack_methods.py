"""The methods of the Web API that exist here, and what each asks of the caller.

Source: docs.slack.dev/reference/methods. Scopes and rate limit tiers are those of each method's
page; the tiers in calls per minute are from docs.slack.dev/apis/web-api/rate-limits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from tests import slack_chat, slack_files, slack_views
from tests.slack_given import Given, SlackError
from tests.slack_records import Channel
from tests.slack_shapes import Json
from tests.slack_workspace import Workspace

MOST_USERS: Final = 8
_TIER_1, _TIER_3, _TIER_4, _OFTEN = 1, 50, 100, 600


@dataclass(frozen=True)
class Method:
    do: Callable[[Workspace, Given], Json]
    scope: str | None
    per_minute: int
    caller: Literal["bot", "app", "anyone"] = "bot"


def _test(_slack: Workspace, given: Given) -> Json:
    return {"args": given.values}


def _auth_test(slack: Workspace, _given: Given) -> Json:
    return {
        "url": "https://standin.slack.com/",
        "team": "Stand-in",
        "user": "tandem",
        "team_id": slack.team,
        "user_id": slack.bot_user,
        "bot_id": slack.bot_id,
        "is_enterprise_install": False,
    }


def _connections_open(slack: Workspace, _given: Given) -> Json:
    return {"url": slack.socket.open_url()}


def _users_info(slack: Workspace, given: Given) -> Json:
    given.need("user")
    member = slack.member(given.text("user"))
    if not member.is_visible:
        raise SlackError("user_not_visible")
    return {"user": member.profile(slack.team, locale=given.flag("include_locale"))}


def _conversations_open(slack: Workspace, given: Given) -> Json:
    if "channel" in given:
        channel, new = _reopened(slack, given.text("channel")), False
    else:
        users = [user.strip() for user in given.text("users").split(",") if user.strip()]
        channel, new = _opened(slack, users)
    answer: Json = {"channel": {"id": channel.id}}
    if given.flag("return_im"):
        answer["channel"] |= {"is_im": channel.kind == "im", "is_mpim": channel.kind == "mpim"}
        answer["channel"] |= {"is_open": True, "is_org_shared": False}
        answer["channel"] |= {"user": channel.members[0]} if channel.kind == "im" else {}
    return answer if new else {"no_op": True, "already_open": True, **answer}


def _reopened(slack: Workspace, ident: str) -> Channel:
    channel = slack.channels.get(ident)
    if channel is None:
        raise SlackError("channel_not_found")
    return channel


def _opened(slack: Workspace, users: list[str]) -> tuple[Channel, bool]:
    """The channel of these users: always the same for the same ones, in whatever order."""
    if not users:
        raise SlackError("users_list_not_supplied")
    others = set(users) - {slack.bot_user}
    if not others:
        raise SlackError("not_enough_users")
    if len(others) > MOST_USERS:
        raise SlackError("too_many_users")
    needed = "im:write" if len(others) == 1 else "mpim:write"
    require(slack, needed)
    _may_meet(slack, others)
    return slack.open(others)


def _may_meet(slack: Workspace, users: set[str]) -> None:
    members = [slack.member(user) for user in sorted(users)]
    if not all(member.is_visible for member in members):
        raise SlackError("user_not_visible")
    if any(member.deleted for member in members):
        raise SlackError("user_disabled")
    if len(members) == 1 and members[0].is_bot:
        raise SlackError("cannot_dm_bot")
    if len(members) > 1 and any(member.is_external for member in members):
        raise SlackError("invalid_user_combination")


def require(slack: Workspace, scope: str) -> None:
    if scope not in slack.scopes:
        provided = ",".join(sorted(slack.scopes))
        raise SlackError("missing_scope", needed=scope, provided=provided)


def _unknown(_slack: Workspace, _given: Given) -> Json:
    raise SlackError("unknown_method")


_UNKNOWN: Final = Method(_unknown, None, _TIER_4, "anyone")
METHODS: Final = {
    "api.test": Method(_test, None, _TIER_4, "anyone"),
    "auth.test": Method(_auth_test, None, _OFTEN),
    "apps.connections.open": Method(_connections_open, None, _TIER_1, "app"),
    "users.info": Method(_users_info, "users:read", _TIER_4),
    "conversations.open": Method(_conversations_open, None, _TIER_3),
    "chat.postMessage": Method(slack_chat.post_message, "chat:write", _TIER_4),
    "chat.update": Method(slack_chat.update, "chat:write", _TIER_3),
    "chat.delete": Method(slack_chat.delete, "chat:write", _TIER_3),
    "chat.postEphemeral": Method(slack_chat.post_ephemeral, "chat:write", _TIER_4),
    "views.open": Method(slack_views.open_view, None, _TIER_4),
    "views.push": Method(slack_views.push, None, _TIER_4),
    "views.update": Method(slack_views.update, None, _TIER_4),
    "views.publish": Method(slack_views.publish, None, _TIER_4),
    "files.getUploadURLExternal": Method(slack_files.get_upload_url, "files:write", _TIER_4),
    "files.completeUploadExternal": Method(slack_files.complete_upload, "files:write", _TIER_4),
}

# Refusals that a correct app never gets, whatever people do.
MISTAKES: Final = frozenset(
    {
        "duplicate_external_id",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_json",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_allowed_token_type",
        "push_limit_reached",
        "unknown_method",
        "view_too_large",
    }
)


def checked(slack: Workspace, method: Method, token: str) -> None:
    """Refuses calls with the wrong token or without the scope."""
    if method.caller == "anyone":
        return
    if not token:
        raise SlackError("not_authed")
    if token not in (slack.bot_token, slack.app_token):
        raise SlackError("invalid_auth")
    if token != (slack.bot_token if method.caller == "bot" else slack.app_token):
        raise SlackError("not_allowed_token_type")
    if method.scope:
        require(slack, method.scope)


def answer(slack: Workspace, name: str, token: str, given: Given) -> Json:
    """Does the work and says what Slack answers. Mistakes are recorded as problems."""
    try:
        method = METHODS.get(name, _UNKNOWN)
        checked(slack, method, token)
        return {"ok": True, **method.do(slack, given)}
    except SlackError as refusal:
        if refusal.error in MISTAKES:
            why = "; ".join(refusal.more.get("errors", []))
            slack.problem(f"{name}: {refusal.error} {why}".rstrip())
        return refusal.answer
