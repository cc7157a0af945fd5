"""The bot's methods about itself: who it is, its commands and descriptions, its webhook."""

import json
import re
from http import HTTPStatus
from typing import Any, Final

from tests.telegram_messages import World
from tests.telegram_people import Person
from tests.telegram_reading import Methods, find_chat
from tests.telegram_wire import ApiError, Json, Params, bad_request

METHODS: Final = Methods()

_WIDE_SCOPES: Final = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
)
_CHAT_SCOPES: Final = frozenset({"chat", "chat_administrators", "chat_member"})
_HOOKED: Final = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")


@METHODS.add("getMe")
def get_me(world: World, _: Params) -> Json:
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False}
    unused = ("supports_inline_queries", "can_connect_to_business", "has_main_web_app")
    return world.bot | abilities | dict.fromkeys(unused, False)


@METHODS.add("getUpdates", "offset limit timeout allowed_updates")
async def get_updates(world: World, params: Params) -> list[Json]:
    """allowed_updates holds for what happens from now on, and until it is given again."""
    if world.hook.url:
        why = "can't use getUpdates method while webhook is active"
        raise ApiError(
            HTTPStatus.CONFLICT, f"Conflict: {why}; use deleteWebhook to delete it first"
        )
    _allow(world, params)
    limit = params.number("limit", 100)
    return await world.updates.get(params.number("offset"), limit, params.number("timeout"))


def _allow(world: World, params: Params) -> None:
    allowed = params.nested("allowed_updates")
    if isinstance(allowed, list):
        world.updates.allow(str(kind) for kind in allowed)


@METHODS.add("setWebhook", "url secret_token allowed_updates max_connections drop_pending_updates")
def set_webhook(world: World, params: Params) -> bool:
    world.hook.set(params)
    _allow(world, params)
    return True


@METHODS.add("deleteWebhook", "drop_pending_updates")
def delete_webhook(world: World, params: Params) -> bool:
    world.hook.url = ""
    if params.flag("drop_pending_updates"):
        world.updates.forget()
    return True


@METHODS.add("getWebhookInfo")
def get_webhook_info(world: World, _: Params) -> Json:
    waiting, error = len(world.updates.pending), world.hook.last_error
    wrong = {"last_error_date": world.clock.date(), "last_error_message": error} if error else {}
    info = {"url": world.hook.url, "has_custom_certificate": False}
    return info | {"pending_update_count": waiting} | wrong


@METHODS.add("setMyCommands", "commands scope language_code")
def set_my_commands(world: World, params: Params) -> bool:
    key = _key(world, params)
    commands = params.nested("commands")
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > 100 or len(params.text("commands").encode()) > 7750:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")  # the second limit: opencrabs#1613, measured
    world.commands[key] = [_command(command) for command in commands]
    return True


@METHODS.add("getMyCommands", "scope language_code")
def get_my_commands(world: World, params: Params) -> list[Json]:
    return world.commands.get(_key(world, params), [])


@METHODS.add("deleteMyCommands", "scope language_code")
def delete_my_commands(world: World, params: Params) -> bool:
    world.commands.pop(_key(world, params), None)
    return True


@METHODS.add("setMyDescription", "description language_code")
def set_my_description(world: World, params: Params) -> bool:
    return _describe(world, params, "description", 512)


@METHODS.add("setMyShortDescription", "short_description language_code")
def set_my_short_description(world: World, params: Params) -> bool:
    return _describe(world, params, "short_description", 120)


def menu(world: World, person: Person) -> list[Json]:
    """The commands a person's app offers in the private chat (Bot API: Determining list of
    commands)."""
    language = str(person.user().get("language_code", ""))[:2]
    chat = _scope({"type": "chat", "chat_id": person.id})
    for scope in (chat, _scope({"type": "all_private_chats"}), _scope({"type": "default"})):
        for key in ((scope, language), (scope, "")):
            if world.commands.get(key):
                return world.commands[key]
    return []


def _key(world: World, params: Params) -> tuple[str, str]:
    scope = params.nested("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in _CHAT_SCOPES:
        find_chat(world, str(scope.get("chat_id", "")))
    elif kind not in _WIDE_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    return _scope(scope), _language(params)


def _scope(scope: Json) -> str:
    return json.dumps({name: str(value) for name, value in scope.items()}, sort_keys=True)


def _language(params: Params) -> str:
    """A two-letter ISO 639-1 code, or none (Bot API: setMyCommands)."""
    code = params.text("language_code")
    if not re.fullmatch("(?:[a-z]{2})?", code):
        raise bad_request("invalid language code specified")
    return code


def _command(command: Any) -> Json:
    """Bot API: BotCommand."""
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = command.get("command"), command.get("description")
    if not isinstance(name, str) or not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not description.strip():
        raise bad_request("command description must be non-empty")
    if len(description.strip()) > 256:
        raise bad_request("command description length must not exceed 256")
    return {"command": name, "description": description.strip()}


def _describe(world: World, params: Params, name: str, longest: int) -> bool:
    text, language = params.text(name), _language(params)
    if len(text) > longest:
        raise bad_request(f"{name} is too long")
    world.descriptions[name, language] = text
    return True
