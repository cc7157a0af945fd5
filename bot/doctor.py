"""``tandem doctor``: looks at everything the bot needs, and says what is missing."""

from collections.abc import Awaitable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout

from adapters.slack.app import greet as greet_slack
from adapters.telegram.app import greet as greet_telegram
from bot import checkup
from bot.checkup import Finding
from bot.errors import OperatorError
from bot.settings import Settings
from bot.store import gone, workspaces
from bot.store.database import connect, key_beside

OTHERS = 0o077
"""Permissions of anybody but the owner."""
ANSWER_S, SKEW_S = 10, 30


async def examine(settings: Settings) -> list[Finding]:
    """A finding for each part, in the order in which one sets them up."""
    return [
        Finding("settings", True, "every value can be read"),
        *_database(settings),
        _key(settings),
        checkup.deletions(gone.beside(_key_file(settings))),
        checkup.zones(),
        await _clock(settings),
        await _telegram(settings),
        await _slack(settings),
        _playground(settings),
        _organizers(settings),
        _contact(settings),
    ]


def _database(settings: Settings) -> list[Finding]:
    try:
        store = connect(settings.database_url, settings.tandem_key_file)
    except OperatorError as error:
        return [Finding("database", False, str(error))]
    try:
        return list(checkup.examine(store, real=settings.telegram or settings.slack))
    finally:
        store.dispose()


def _key_file(settings: Settings) -> Path | None:
    return settings.tandem_key_file or key_beside(settings.database_url)


def _key(settings: Settings) -> Finding:
    """Whoever can read it can read everything, so nobody else on the machine may."""
    path = _key_file(settings)
    if path is None or not path.exists():
        return Finding("key", True, "made at the first start")
    if path.stat().st_mode & OTHERS:
        return Finding("key", False, f"TANDEM_KEY_FILE: others can read it; chmod 600 {path}")
    return Finding(
        "key", True, f"{path}, readable by its owner only; back it up apart from the data"
    )


async def _clock(settings: Settings) -> Finding:
    """Against a platform's, as its answers tell it; where there is none, nobody can say."""
    url = settings.telegram_api_url if settings.telegram else settings.slack_api_url
    if not (settings.telegram or settings.slack):
        return Finding("clock", True, "not compared: no platform is set up")
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=ANSWER_S)) as client,
            client.head(url) as answer,
        ):
            theirs = parsedate_to_datetime(answer.headers["Date"])
    except (ClientError, TimeoutError, KeyError, ValueError):
        return Finding("clock", True, "not compared: the platform told no time")
    off = (datetime.now(UTC) - theirs).total_seconds()
    words = f"{abs(off):.0f} s {'before' if off > 0 else 'behind'} the platform's"
    if abs(off) > SKEW_S:
        return Finding("clock", False, f"{words}; let the system keep time (NTP)")
    return Finding("clock", True, "as the platform's")


async def _telegram(settings: Settings) -> Finding:
    if not settings.telegram:
        return Finding("telegram", True, "not set up (TELEGRAM_BOT_TOKEN is empty)")
    token = settings.telegram_bot_token.get_secret_value()
    public_url = settings.tandem_public_url if settings.telegram_mode == "webhook" else ""
    greeting = greet_telegram(token, settings.telegram_api_url, public_url)
    return await _platform("telegram", greeting)


async def _slack(settings: Settings) -> Finding:
    if not settings.slack:
        return Finding("slack", True, "not set up (SLACK_BOT_TOKEN is empty)")
    if settings.slack_client_id:
        return _installed(settings)
    bot = settings.slack_bot_token.get_secret_value()
    app = "" if settings.slack_mode == "http" else settings.slack_app_token.get_secret_value()
    return await _platform("slack", greet_slack(bot, app, settings.slack_api_url))


def _installed(settings: Settings) -> Finding:
    """Slack tells nothing of an app by its id and secret alone."""
    try:
        store = connect(settings.database_url, settings.tandem_key_file)
    except OperatorError as error:
        return Finding("slack", False, str(error))
    with store.begin() as connection:
        known, left = workspaces.count(connection), workspaces.left_behind(connection)
    store.dispose()
    address = f"{settings.tandem_public_url.rstrip('/')}/slack/install"
    told = "".join(
        f"; {account} took it out: {number} of its members are deleted from {at:%Y-%m-%d} on, "
        "unless it installs it again"
        for account, number, at in left
    )
    words = f"workspaces that installed it: {known}; more do at {address}{told}"
    return Finding("slack", True, words)


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
