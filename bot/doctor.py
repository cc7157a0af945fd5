"""``tandem doctor``: looks at everything the bot needs, and says what is missing."""

from collections.abc import Awaitable
from dataclasses import dataclass

from sqlalchemy import make_url

from adapters.slack.app import greet as greet_slack
from adapters.telegram.app import greet as greet_telegram
from bot.errors import OperatorError
from bot.settings import Settings
from bot.store.database import connect, key_beside

OTHERS = 0o077
"""Permissions of anybody but the owner."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``words`` say what was found or, if it is not fine, what to do."""

    what: str
    fine: bool
    words: str


async def examine(settings: Settings) -> list[Finding]:
    """A finding for each part, in the order in which one sets them up."""
    return [
        Finding("settings", True, "every value can be read"),
        _database(settings),
        _key(settings),
        await _telegram(settings),
        await _slack(settings),
        _playground(settings),
        _organizers(settings),
        _contact(settings),
    ]


def _database(settings: Settings) -> Finding:
    try:
        connect(settings.database_url, settings.tandem_key_file).dispose()
    except OperatorError as error:
        return Finding("database", False, str(error))
    return Finding("database", True, f"{make_url(settings.database_url)!r}, schema up to date")


def _key(settings: Settings) -> Finding:
    """Whoever can read it can read everything, so nobody else on the machine may."""
    path = settings.tandem_key_file or key_beside(settings.database_url)
    if path is None or not path.exists():
        return Finding("key", True, "made at the first start")
    if path.stat().st_mode & OTHERS:
        return Finding("key", False, f"TANDEM_KEY_FILE: others can read it; chmod 600 {path}")
    return Finding(
        "key", True, f"{path}, readable by its owner only; back it up apart from the data"
    )


async def _telegram(settings: Settings) -> Finding:
    if not settings.telegram:
        return Finding("telegram", True, "not set up (TELEGRAM_BOT_TOKEN is empty)")
    token = settings.telegram_bot_token.get_secret_value()
    return await _platform("telegram", greet_telegram(token, settings.telegram_api_url))


async def _slack(settings: Settings) -> Finding:
    if not settings.slack:
        return Finding("slack", True, "not set up (SLACK_BOT_TOKEN is empty)")
    bot, app = settings.slack_bot_token, settings.slack_app_token
    greeting = greet_slack(bot.get_secret_value(), app.get_secret_value(), settings.slack_api_url)
    return await _platform("slack", greeting)


async def _platform(what: str, greeting: Awaitable[str]) -> Finding:
    try:
        return Finding(what, True, await greeting)
    except OperatorError as error:
        return Finding(what, False, str(error))


def _playground(settings: Settings) -> Finding:
    if settings.playground is None:
        return Finding("playground", True, "off")
    host, port = settings.playground
    loopback = host in {"127.0.0.1", "localhost", "::1"}
    words = f"http://{host}:{port}"
    if not loopback:
        words = f"TANDEM_PLAYGROUND: {words} is open to others and has no login; use 127.0.0.1"
    return Finding("playground", loopback, words)


def _organizers(settings: Settings) -> Finding:
    if settings.organizers or not (settings.telegram or settings.slack):
        return Finding("organizers", True, f"{len(settings.organizers)} named")
    return Finding(
        "organizers", False, "TANDEM_ORGANIZERS: nobody is told when something needs a person"
    )


def _contact(settings: Settings) -> Finding:
    """Members are promised a person, and a responsible one."""
    missing = [
        name
        for name, value in (
            ("TANDEM_OPERATOR", settings.tandem_operator),
            ("TANDEM_CONTACT", settings.tandem_contact),
        )
        if not value
    ]
    if missing and (settings.telegram or settings.slack):
        return Finding(
            "contact", False, f"{', '.join(missing)}: name who is responsible and whom to ask"
        )
    return Finding("contact", True, settings.tandem_contact or "nobody named")
