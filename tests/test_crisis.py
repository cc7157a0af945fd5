"""The page of professional contacts: at once, on every platform, with the database gone, and
without a trace of who asked."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import event, func, select
from structlog.testing import capture_logs

from bot.conversation import crisis
from bot.domain.members import Address
from bot.engine.engine import Engine
from bot.engine.events import Commanded, Event, Pressed, Said, Sender
from bot.service import Clock, Service
from bot.store.tables import button, inbox, member, outbox
from tests.fresh import fresh
from tests.house import living
from tests.slack_standin import SlackStandin
from tests.stage import HOUSE, Stage
from tests.telegram_standin import LoseAnswer, ServerError, TelegramStandin, TooMany
from tests.test_playground import ANA, opened
from tests.ways import slack_of, telegram_of

pytestmark = pytest.mark.whole

HELP = "0800 111 0 111"


def rows(folder: Path) -> dict[str, int]:
    """How many rows there are in each table that could tell of somebody."""
    with closing_store(folder) as store, store.begin() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar() or 0
            for table in (inbox, outbox, member, button)
        }


@contextmanager
def closing_store(folder: Path) -> Iterator[Database]:
    store = fresh(folder / "house.db")
    yield store
    store.dispose()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program holds the database, and does not let go."""
    with closing(sqlite3.connect(folder / "house.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


NOTHING_KEPT = {"inbox": 0, "outbox": 0, "member": 0, "button": 0}


@pytest.fixture
def logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[list[str]]:
    """All that was logged or printed, at the level of the house, once the test reads it."""
    caplog.set_level(logging.INFO)
    texts: list[str] = []
    yield texts
    everything = "".join([caplog.text, *capfd.readouterr()])
    assert [text for text in texts if text in everything] == []


async def test_telegram_answers_without_a_trace(tmp_path: Path, logged: list[str]) -> None:
    async with TelegramStandin() as telegram:
        ana = telegram.person("Ana", username="ana_h", language="de")
        logged += [str(ana.id), "ana_h", "notfall", "Notfall", HELP]
        async with living(tmp_path, telegram_of(telegram)):
            for asked in ("/notfall", "Notfall!", "/emergency@tandem_test_bot"):
                ana.says(asked)
                await ana.sees(HELP)
            await telegram.until(lambda: not telegram.pending)
        assert rows(tmp_path) == NOTHING_KEPT
        assert [m.text[:3] for m in ana.messages] == ["Ich", "Ich", "I’m"]
        assert telegram.problems == []


async def test_telegram_goes_on_behind_it_after_a_restart(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        ana = telegram.person("Ana", language="de")
        for asked in ("/notfall", "/start"):
            async with living(tmp_path, telegram_of(telegram)):
                ana.says(asked)
                await telegram.until(lambda: not telegram.pending)
                await ana.sees("")
        assert [m.text[:10] for m in ana.messages] == ["Ich bin ei", "Hallo! Ich"]


async def test_its_button_works_on_telegram_for_ever(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        ana = telegram.person("Ana", language="de")
        async with living(tmp_path / "before", telegram_of(telegram)):
            ana.says("/start")
            await ana.sees("Ich bin Tandem")
            ana.says("/hilfe")
            await ana.sees("Ich bringe Menschen zum gegenseitigen Mentoring zusammen")
        after = tmp_path / "after"  # an empty database, years later
        async with living(after, telegram_of(telegram), ahead=timedelta(days=1000)):
            press = ana.presses("Mir geht es nicht gut")
            await ana.sees(HELP)
            await press.answer()
        assert rows(after) == NOTHING_KEPT
        assert telegram.problems == []
        assert telegram.unanswered == []


@pytest.mark.parametrize("fault", [TooMany(1), ServerError(502), LoseAnswer()], ids=str)
async def test_telegram_is_asked_again_if_it_fails(
    tmp_path: Path, fault: TooMany | ServerError | LoseAnswer, logged: list[str]
) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)):
        ana = telegram.person("Ana", language="de")
        logged += [str(ana.id), "notfall", HELP]
        telegram.fails(fault, method="sendMessage", times=1)
        ana.says("/notfall")
        await telegram.until(lambda: len([c for c in telegram.calls if "send" in c.method]) > 1)
        await ana.sees(HELP)
        assert telegram.problems == []


async def test_telegram_answers_while_the_database_is_locked(tmp_path: Path) -> None:
    """Others have to wait for the database; nothing of theirs is lost."""
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)):
        ana, ben = telegram.person("Ana", language="de"), telegram.person("Ben", language="de")
        ana.says("hallo")
        await ana.sees("Ich bin Tandem")
        with locked(tmp_path):
            ben.says("hallo")
            await telegram.until(lambda: len(telegram.pending) == 1)
            ana.says("/notfall")
            await ana.sees(HELP)
            assert ben.messages == []
        await ben.sees("Ich bin Tandem")
        await telegram.until(lambda: not telegram.pending)
        assert len(ana.messages) == 2  # sent once, though its update was read again and again


async def test_slack_answers_in_direct_messages_without_a_trace(
    tmp_path: Path, logged: list[str]
) -> None:
    async with SlackStandin() as slack:
        ana = slack.person("Ana Huber", locale="de-DE")
        logged += [ana.id, "Huber", "notfall", "Notfall", HELP]
        async with living(tmp_path, slack_of(slack)):
            await slack.connected()
            await ana.commands("/tandem", "notfall", elsewhere=True).done
            await ana.sees(HELP)
            ana.says("Notfall")
            await ana.sees(HELP)
            ana.commands("/tandem", "emergency")
            await ana.sees("I’m a bot")
            await slack.settled()
        assert rows(tmp_path) == NOTHING_KEPT
        assert ana.ephemerals == []
        assert slack.problems == []
        assert slack.failures == []


async def test_its_button_is_on_slacks_help_and_home_page(tmp_path: Path) -> None:
    async with SlackStandin() as slack:
        ana = slack.person("Ana Huber", locale="de-DE")
        async with living(tmp_path, slack_of(slack)):
            await slack.connected()
            ana.opens_home()
            await ana.sees("Ich bin Tandem")
            ana.commands("/tandem", "hilfe")
            await ana.sees("Ich bringe Menschen zum gegenseitigen Mentoring zusammen")
            with locked(tmp_path):
                ana.presses("Mir geht es nicht gut", in_home=True)
                await ana.sees(HELP)
                ana.presses("Mir geht es nicht gut")
                await ana.sees(HELP)
        assert slack.problems == []
        assert slack.failures == []


@pytest.mark.parametrize("kind", ["ratelimited", "http_500", "drop_after"])
async def test_slack_is_asked_again_if_it_fails(
    tmp_path: Path,
    kind: str,
    logged: list[str],
) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)):
        ana = slack.person("Ana Huber", locale="de-DE")
        logged += [ana.id, "Huber", HELP]
        await slack.connected()
        slack.fault(kind, "chat.postMessage")  # type: ignore[arg-type]  # one of the kinds there are
        ana.says("Notfall")
        await slack.until(lambda: len(slack.calls_of("chat.postMessage")) > 1)
        await ana.sees(HELP)
        await slack.settled()
        assert slack.problems == []


async def test_the_playground_answers_without_a_trace(tmp_path: Path, logged: list[str]) -> None:
    logged += ["notfall", HELP]
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        await web.texts(1)
        before = rows(tmp_path), await web.state()
        with locked(tmp_path):
            said = {"action": "a2", "person": "p1", "text": "/notfall"}
            pressed = {"action": "a3", "person": "p1", "handle": "crisis.en", "message": 1}
            for path, body, words in (("say", said, HELP), ("press", pressed, "I’m a bot")):
                status, answer = await web.post(path, body)
                assert (status, answer["sheet"]) == (200, None)
                assert words in answer["crisis"]
        assert (rows(tmp_path), await web.state()) == before


async def test_an_operators_contacts_are_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "crisis.j2").write_text(
        "{% block crisis %}{% endblock %}{% block local %}Krisendienst: 030 12345{% endblock %}"
    )
    async with served(replace_texts(tmp_path)) as service:
        page = service.crisis(Event(ANYBODY, Said("Notfall")))
        assert "Krisendienst: 030 12345" in page
        assert HELP in page


ANYBODY = Sender(Address("telegram", "bot", "ana", "ana"), language="de")


def replace_texts(folder: Path) -> Engine:
    return Engine(fresh(folder / "house.db"), replace(HOUSE, texts=folder))


@asynccontextmanager
async def served(engine: Engine) -> AsyncIterator[Service]:
    service = Service(engine, Clock())
    try:
        yield service
    finally:
        service.close()
        engine.store.dispose()


@pytest.mark.parametrize("what", [Said("/notfall"), Commanded("notfall"), Pressed("crisis.de")])
def test_should_it_reach_the_engine_it_is_told_all_the_same(
    tmp_path: Path, what: Said | Commanded | Pressed
) -> None:
    stage = Stage(tmp_path)
    stage.join("ana", "telegram")
    stage.act("ana", Said("hallo"))
    stage.act("ana", what)
    assert stage.sent[-1].body["text"] == crisis.page("de", None)


@pytest.mark.file
async def test_a_database_that_is_locked_for_long_ends_nothing(tmp_path: Path) -> None:
    """What loops for ever waits for it: with the program, the page would be gone, too."""
    store = fresh(tmp_path / "house.db")
    store.dispose()
    event.listen(store, "connect", lambda opened, _: opened.execute("PRAGMA busy_timeout=1"))
    async with served(Engine(store, HOUSE)) as service:
        with capture_logs() as logs, locked(tmp_path):
            claiming = asyncio.create_task(service.claim("telegram", 1))
            while not logs:  # noqa: ASYNC110 -- a log has no event
                await asyncio.sleep(0.01)
        assert await claiming == []
        assert logs[0]["event"] == "the database can't be used"
