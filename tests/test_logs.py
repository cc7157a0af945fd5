"""Logs: whatever happens, no token and nobody's word stands in them; each line is one event."""

import asyncio
import json
import os
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from telegram.error import BadRequest

from adapters.telegram.outgoing import to_receipt
from bot import logs
from bot.domain.parcels import Refused
from bot.errors import OperatorError
from tests.slack_standin import SlackStandin
from tests.telegram_standin import DropBefore, ServerError, TelegramStandin, TooMany
from tests.test_cli import output, tandem
from tests.test_telegram import joins

pytestmark = pytest.mark.whole

FORMS = ("json", "lines")
WORDS = ("Annegret", "Bienenzucht", "Geheimnis", "Berthold", "Wachsblume")
TROUBLE = """
CREATE TRIGGER trouble BEFORE INSERT ON outbox WHEN NEW.platform = 'slack'
BEGIN SELECT RAISE(ABORT, 'no room'); END;
UPDATE member SET zone = 'Wachsblume/Nirgends'
WHERE id = (SELECT member FROM account WHERE platform = 'telegram');
"""
"""What a failing disk and a bug look like: the second one's message quotes a member's own word."""


async def test_through_a_whole_walk_with_failures_no_canary_gets_into_the_log(
    tmp_path: Path,
) -> None:
    async with TelegramStandin() as telegram, SlackStandin() as slack:
        secret = "0123456789abcdef" * 2
        settings = {
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": secret,
            "SLACK_API_URL": slack.url,
        }
        program = await tandem(tmp_path, "run", **settings)
        written = asyncio.ensure_future(program.communicate())
        ana = telegram.person("Annegret", username="annegret_h", language="de")
        ben = slack.person("Berthold", locale="de-DE", tz="Europe/Berlin")
        await joins(ana, "Bienenzucht", "Klöppeln", timeout=30)
        await slack.connected()
        ben.says("Geheimnis")
        await slack.until(lambda: bool(ben.messages[1:]))
        telegram.fails(TooMany(1), "sendMessage", ana)
        ana.says("/hilfe")
        await ana.sees("Ich suche jemanden")
        telegram.fails(ServerError(), "sendMessage", ana)
        telegram.fails(DropBefore(), "getUpdates")
        slack.fault("error", "chat.postMessage", error="invalid_blocks")
        posted = len(slack.calls_of("chat.postMessage"))
        ben.says("Geheimnis, nochmals")
        await slack.until(lambda: len(slack.calls_of("chat.postMessage")) > posted + 1)
        ana.says("Geheimnis")
        with closing(sqlite3.connect(tmp_path / "data" / "tandem.db", timeout=30)) as beside:
            beside.executescript(TROUBLE)
        ana.says("/profil")
        ben.says("Geheimnis zum Dritten")
        async with asyncio.timeout(30):
            while {"IntegrityError", "ZoneInfoNotFoundError"} - set(await tries(tmp_path)):
                pass
        program.terminate()
        _, raw = await written
    errors = raw.decode()
    assert program.returncode == 0
    for trouble in ("ZoneInfoNotFoundError", "IntegrityError", "invalid_blocks"):
        assert trouble in errors, "what went wrong has to be in it"
    assert re.search(r"in-[0-9a-f]{12}", errors)
    tokens = (telegram.token, slack.bot_token, slack.app_token, secret)
    people = (str(ana.id), ben.id, "annegret_h", "127.0.0.1")
    for canary in (*WORDS, *tokens, *people):
        assert canary not in errors
    for line in errors.splitlines():
        assert {"time", "level", "event"} <= set(json.loads(line))


async def tries(folder: Path) -> list[str]:
    """Why inputs had no effect, as the bot noted it."""
    return await asyncio.to_thread(_tries, folder / "data" / "tandem.db")


def _tries(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as beside:
        return [why for (why,) in beside.execute("SELECT error FROM inbox WHERE error <> ''")]


LOUD = """
import asyncio, logging, threading
from bot import logs

logs.configure(["token-of-somebody"], {form!r})
logging.getLogger("aiohttp.server").error("Error handling request from %s", "Geheimnis")
logging.getLogger("slack_bolt.App").warning("Unhandled request Geheimnis")
logging.getLogger("httpx").info("GET https://api/bottoken-of-somebody")
logging.getLogger("bot.x").warning("Geheimnis")
threading.Thread(target=lambda: 1 / 0 if False else [].index("Geheimnis")).start()

async def main():
    asyncio.get_running_loop().set_exception_handler(logs.of_the_loop)
    asyncio.get_running_loop().call_soon(int, "Geheimnis")
    await asyncio.sleep(0)
    try:
        raise KeyError("Geheimnis")
    except KeyError as error:
        raise ExceptionGroup("Geheimnis", [ValueError("token-of-somebody")]) from error

asyncio.run(main())
"""


@pytest.mark.parametrize("form", FORMS)
async def test_libraries_threads_and_the_end_of_the_program_tell_no_values(
    tmp_path: Path, form: str
) -> None:
    script = LOUD.format(form=form)
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parent.parent)},
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    code, _, errors = await output(program)
    assert code == 1
    assert "Geheimnis" not in errors
    assert "token-of-somebody" not in errors
    assert "Error handling request from %s" in errors
    assert errors.count("ended by a bug") == 2
    assert errors.count("task failed") == 1
    for line in errors.splitlines():
        assert line.startswith("{" if form == "json" else ("time=", "    "))
    for kind in ("KeyError", "ValueError", "ExceptionGroup"):
        assert f"builtins.{kind}" in errors


def test_an_error_tells_its_kind_its_place_and_its_cause_but_not_its_message() -> None:
    cause = ValueError("Geheimnis")
    cause.add_note("form onboarding, field name")
    with pytest.raises(LookupError) as caught:
        raise LookupError("Geheimnis") from cause
    told = list(logs.trace(caught.value))
    assert "builtins.ValueError" in told
    assert told[told.index("builtins.ValueError") + 1 :][:2] == [
        "form onboarding, field name",
        "which led to",
    ]
    assert told[-1] == "builtins.LookupError"
    assert any("test_logs.py" in line for line in told)
    assert "Geheimnis" not in "".join(line for line in told if "(" not in line)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OperatorError("TANDEM_X: do this"), "bot.errors.OperatorError: TANDEM_X: do this"),
        (
            OperationalError("INSERT", {"text": "Geheimnis"}, sqlite3.OperationalError("full")),
            "sqlalchemy.exc.OperationalError: full",
        ),
        (OSError(28, "Geheimnis", "/geheim"), "builtins.OSError: No space left on device"),
        (ValueError("Geheimnis"), "builtins.ValueError"),
    ],
    ids=["ours", "database", "system", "other"],
)
def test_messages_without_values_are_told(error: Exception, told: str) -> None:
    assert list(logs.trace(error)) == [told]


def test_what_telegram_quotes_of_a_message_is_not_kept() -> None:
    for message, why in (
        ('Can\'t parse entities: unsupported start tag "ana" at', "tag"),
        ("Inline keyboard button url 'tg://user?id=7' is invalid", "url"),
        ("Can't be edited", "edited"),
    ):
        receipt = to_receipt(BadRequest(message))
        assert isinstance(receipt, Refused)
        assert receipt.reason.split()[-1] == why
