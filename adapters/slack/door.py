"""The way in: a client for the Web API, who the bot is, and what is wrong with its tokens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.outgoing import FAILURES, PERHAPS, code, pause_s
from bot.errors import OperatorError

T = TypeVar("T")

log = structlog.get_logger()

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=10)
AT_MOST_S = 30.0
"""The longest wait between two tries to reach Slack, unless Slack asks for more."""
SCOPES = frozenset(
    {
        "chat:write",
        "commands",
        "files:write",
        "im:history",
        "im:write",
        "mpim:write",
        "users:read",
    }
)
CURES = {
    "SLACK_BOT_TOKEN": "copy the Bot User OAuth Token anew (OAuth & Permissions)",
    "SLACK_APP_TOKEN": "create an app-level token with connections:write (Basic Information)",
}


class SlackError(OperatorError):
    """Slack does not take a token, or it lacks a scope; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What ``auth.test`` tells of the bot."""

    team: str
    team_name: str
    user: str
    name: str
    bot: str
    missing: tuple[str, ...]
    """Scopes that the manifest names and the token does not have."""


def session() -> aiohttp.ClientSession:
    """One for all calls. Made where it is used: it belongs to the running loop."""
    return aiohttp.ClientSession(timeout=TIMEOUT)


def web_client(
    http: aiohttp.ClientSession, api_url: str, token: str | None = None
) -> AsyncWebClient:
    """Without the library's own retries: trying again is the outbox's business alone."""
    base = f"{api_url.rstrip('/')}/"
    logger = quiet("slack_sdk", logging.WARNING)
    return AsyncWebClient(token, base_url=base, session=http, retry_handlers=[], logger=logger)


def quiet(name: str, level: int) -> logging.Logger:
    """A logger for the libraries, which at INFO write whole messages, and addresses with tickets.

    Bolt gives each of its loggers the root's level, unless it gets one to take after.
    """
    logger = logging.getLogger(name)
    logger.setLevel(level)
    return logger


async def identify(client: AsyncWebClient) -> Identity:
    answer = await _taken(client.auth_test(), "SLACK_BOT_TOKEN")
    given = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")}
    return Identity(
        team=answer["team_id"],
        team_name=answer["team"],
        user=answer["user_id"],
        name=answer["user"],
        bot=answer["bot_id"],
        missing=tuple(sorted(SCOPES - given)),
    )


async def socket_url(client: AsyncWebClient, app_token: str) -> str:
    """Where to connect to, once and soon."""
    answer = await _taken(client.apps_connections_open(app_token=app_token), "SLACK_APP_TOKEN")
    return str(answer["url"])


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Tries until Slack can be reached. A refused token is a `SlackError` at once."""
    wait_s = 1.0
    while True:
        try:
            return await call()
        except FAILURES as error:
            log.warning("Slack can't be reached", why=code(error) or type(error).__name__)
            await asyncio.sleep(max(wait_s, pause_s(error)))
            wait_s = min(2 * wait_s, AT_MOST_S)


async def greet(bot_token: str, app_token: str, api_url: str) -> str:
    """Who the bot is and where, for ``tandem doctor``; an `OperatorError` names the cure.

    Without an ``app_token`` Slack posts to the bot, which nothing can be asked about.
    """
    async with session() as http:
        client = web_client(http, api_url, bot_token)
        try:
            identity = await identify(client)
            if app_token:
                await socket_url(client, app_token)
        except FAILURES as error:
            why = code(error) or type(error).__name__
            raise SlackError(
                f"SLACK_API_URL: no answer from {api_url} ({why}); "
                "check the address and the network"
            ) from None
    if identity.missing:
        raise SlackError(lacking(identity))
    return f"@{identity.name} in {identity.team_name}"


def lacking(identity: Identity) -> str:
    return (
        f"SLACK_BOT_TOKEN: it lacks {', '.join(identity.missing)}; update the app with "
        "adapters/slack/manifest.yaml and install it to the workspace again"
    )


async def _taken(call: Awaitable[AsyncSlackResponse], setting: str) -> AsyncSlackResponse:
    try:
        return await call
    except SlackApiError as error:
        why = code(error)
        if not why or why == "ratelimited" or why in PERHAPS:
            raise
        raise SlackError(f"{setting}: Slack says {why}; {CURES[setting]}") from None
