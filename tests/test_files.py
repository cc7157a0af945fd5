"""Files: made when they are sent, whole when they arrive, and never kept on the way."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import aiohttp
import pytest
from sqlalchemy import select

from adapters.slack.app import Slack
from adapters.telegram.app import Telegram
from bot.conversation.wording import markup
from bot.domain.members import Address, Member
from bot.domain.parcels import Away, Gone, Later, NotSent, Receipt, Sent, Uncertain
from bot.engine.desk import Desk
from bot.engine.engine import Engine
from bot.engine.house import House
from bot.service import Service
from bot.store import forgetting, people
from bot.store.outbox import Parcel
from bot.store.tables import outbox
from tests.fresh import fresh
from tests.house import Fixed, living
from tests.slack_standin import SlackStandin
from tests.stage import HOUSE, MONDAY
from tests.telegram_standin import (
    DropBefore,
    LoseAnswer,
    ServerError,
    TelegramStandin,
    TooMany,
)
from tests.test_playground import ANA, opened
from tests.ways import slack_of, telegram_of

pytestmark = pytest.mark.whole

NAME = "tandem-daten.zip"
WORDS = "Deine Daten: <b>alles</b> &amp; mehr"


def whole(content: bytes) -> bool:
    """Not a byte of it is missing or another one: each file in it has its checksum."""
    with ZipFile(BytesIO(content)) as archive:
        names = ["daten.html", "daten.json", "schema.json"]
        return archive.testzip() is None and archive.namelist() == names


def post(folder: Path, words: str = WORDS) -> None:
    """Something in the house sends the first member a file."""
    store = fresh(folder / "house.db")
    with store.begin() as connection:
        desk = Desk(connection, MONDAY, "test", HOUSE)
        desk.post_file(people.by_id(connection, 1), markup(words), NAME, "data:1")
    store.dispose()


def parcel(platform: str, chat: str) -> Parcel:
    body = {"text": WORDS, "rows": [], "name": NAME}
    return Parcel("key", platform, "b", chat, "file", body, member=1, subject="data:1")


@asynccontextmanager
async def serving(folder: Path, house: House = HOUSE) -> AsyncIterator[Service]:
    """A house with one member, and nobody who sends; the test does."""
    store = fresh(folder / "house.db")
    service = Service(Engine(store, house), Fixed())
    try:
        yield service
    finally:
        service.close()
        store.dispose()


def somebody(folder: Path, platform: str) -> None:
    store = fresh(folder / "house.db")
    with store.begin() as connection:
        new = Member(0, Address(platform, "b", "1", "1"), "de", "Europe/Berlin")
        people.add(connection, new, MONDAY)
    store.dispose()


async def test_a_file_arrives_on_telegram_whole(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        ana = telegram.person("Ana", language="de")
        async with living(tmp_path, telegram_of(telegram)):
            ana.says("/start")
            await ana.sees("Ich bin Tandem")
            post(tmp_path)
            message = await ana.sees("Deine Daten: alles & mehr")
        assert message.document is not None
        assert message.document.name == NAME
        assert whole(message.document.content)
        assert message.document.mime == "application/zip"
        assert message.html == WORDS
        assert telegram.problems == []


async def test_words_too_long_for_a_caption_end_and_the_file_arrives(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        ana = telegram.person("Ana", language="de")
        async with living(tmp_path, telegram_of(telegram)):
            ana.says("/start")
            await ana.sees("Ich bin Tandem")
            post(tmp_path, "<b>&amp;</b>" * 1025)
            message = await ana.sees("&&&")
        assert message.document is not None
        assert message.text == "&" * 1023 + "…"
        assert telegram.problems == []


async def test_a_file_whose_words_telegram_can_not_read_arrives_with_plain_ones(
    tmp_path: Path,
) -> None:
    async with TelegramStandin() as telegram:
        ana = telegram.person("Ana", language="de")
        async with living(tmp_path, telegram_of(telegram)):
            ana.says("/start")
            await ana.sees("Ich bin Tandem")
            post(tmp_path, "<b>Deine</i> Daten")
            message = await ana.sees("Deine Daten")
        assert message.document is not None
        assert whole(message.document.content)


async def on_telegram(
    folder: Path, service: Service, fault: TooMany | ServerError | DropBefore | LoseAnswer | None
) -> Receipt:
    """What becomes of a file, if something happens to it or, with None, nobody listens."""
    somebody(folder, "telegram")
    async with AsyncExitStack() as stack:
        async with TelegramStandin() as telegram:
            ana = telegram.person("Ana", language="de")
            ana.says("/start")
            bot = Telegram(service, telegram.token, telegram.url)
            adapter = await stack.enter_async_context(bot)
            if fault is not None:
                telegram.fails(fault, method="sendDocument")
                return await adapter.deliver(parcel("telegram", str(ana.id)))
        return await adapter.deliver(parcel("telegram", str(ana.id)))


@pytest.mark.parametrize(
    ("fault", "receipt"),
    [
        (TooMany(30), Later(timedelta(seconds=30))),
        (ServerError(502), Uncertain(trouble=True)),
        (DropBefore(), Uncertain()),
        (LoseAnswer(), Uncertain()),
        (None, Away("NotConnectedError")),
    ],
    ids=str,
)
async def test_what_may_happen_to_a_file_on_the_way_to_telegram(
    tmp_path: Path,
    fault: TooMany | ServerError | DropBefore | LoseAnswer | None,
    receipt: Receipt,
) -> None:
    async with serving(tmp_path) as service:
        assert await on_telegram(tmp_path, service, fault) == receipt


async def test_a_file_arrives_in_slack_whole(tmp_path: Path) -> None:
    async with SlackStandin() as slack:
        ana = slack.person("Ana Huber", locale="de-DE")
        async with living(tmp_path, slack_of(slack)):
            await slack.connected()
            ana.commands("/tandem", "")
            await ana.sees("Ich bin")
            post(tmp_path)
            await ana.sees("Deine Daten")
            await slack.settled()
        [message] = [m for m in ana.messages if m.files]
        assert message.text == "Deine Daten: *alles* &amp; mehr"
        [file] = message.files
        assert (file["name"], file["title"]) == (NAME, NAME)
        assert whole(slack.files[file["id"]]["data"])
        assert slack.problems == []
        assert slack.failures == []


@asynccontextmanager
async def in_slack(folder: Path, service: Service) -> AsyncIterator[tuple[SlackStandin, Slack]]:
    somebody(folder, "slack")
    async with SlackStandin() as slack:
        adapter = slack_of(slack)(service)
        assert isinstance(adapter, Slack)
        async with adapter:
            yield slack, adapter


@pytest.mark.parametrize(
    ("kind", "method", "receipt"),
    [
        ("ratelimited", "conversations.open", Later(timedelta(seconds=1), everywhere=True)),
        ("ratelimited", "files.getUploadURLExternal", Later(timedelta(seconds=1), everywhere=True)),
        (
            "ratelimited",
            "files.completeUploadExternal",
            Later(timedelta(seconds=1), everywhere=True),
        ),
        ("drop_after", "conversations.open", NotSent("file not uploaded")),
        ("http_500", "files.getUploadURLExternal", NotSent("file not uploaded")),
        ("drop_after", "files.completeUploadExternal", Uncertain()),
        ("http_500", "files.completeUploadExternal", Uncertain(trouble=True)),
    ],
)
async def test_what_may_happen_to_a_file_on_the_way_to_slack(
    tmp_path: Path, kind: str, method: str, receipt: Receipt
) -> None:
    async with serving(tmp_path) as service, in_slack(tmp_path, service) as (slack, adapter):
        ana = slack.person("Ana Huber")
        slack.fault(kind, method)  # type: ignore[arg-type]  # one of the kinds there are
        assert await adapter.deliver(parcel("slack", ana.id)) == receipt


async def test_a_file_is_not_tried_for_who_is_gone_nor_without_the_scope(tmp_path: Path) -> None:
    async with serving(tmp_path) as service, in_slack(tmp_path, service) as (slack, adapter):
        ana = slack.person("Ana Huber")
        slack.scopes.discard("files:write")
        assert await adapter.deliver(parcel("slack", ana.id)) == NotSent("missing_scope")
        ana.deactivates()
        assert await adapter.deliver(parcel("slack", ana.id)) == Gone("user_disabled")


async def test_a_file_for_slack_while_nobody_listens(tmp_path: Path) -> None:
    async with serving(tmp_path) as service, AsyncExitStack() as stack:
        async with SlackStandin() as slack:
            somebody(tmp_path, "slack")
            adapter = slack_of(slack)(service)
            await stack.enter_async_context(adapter)
        assert await adapter.deliver(parcel("slack", "U1")) == Away("no connection")


async def test_the_upload_itself_may_fail(tmp_path: Path) -> None:
    async with serving(tmp_path) as service, in_slack(tmp_path, service) as (slack, adapter):
        ana = slack.person("Ana Huber")
        slack.origin = f"{slack.origin}/nowhere"  # what it tells as the place to upload to
        assert await adapter.deliver(parcel("slack", ana.id)) == NotSent("file not uploaded")
        assert ana.messages == []


async def test_a_file_of_somebody_who_is_gone_is_certainly_not_sent(tmp_path: Path) -> None:
    async with serving(tmp_path) as service:
        somebody(tmp_path, "playground")
        gone(tmp_path)
        async with TelegramStandin() as telegram:
            ana = telegram.person("Ana")
            bot = Telegram(service, telegram.token, telegram.url)
            async with bot:
                sent = await bot.deliver(parcel("telegram", str(ana.id)))
                assert sent == NotSent("LookupError")
        async with SlackStandin() as slack:
            adapter = slack_of(slack)(service)
            async with adapter:
                assert await adapter.deliver(parcel("slack", "U1")) == NotSent("LookupError")


def gone(folder: Path) -> None:
    store = fresh(folder / "house.db")
    with store.begin() as connection:
        forgetting.forget(connection, 1, [])
    store.dispose()


async def test_the_playground_makes_a_file_whenever_it_is_downloaded(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        await web.texts(1)
        post(tmp_path)
        assert (await web.texts(2))[1] == WORDS
        [hello, message] = (await web.state())["people"][0]["messages"]
        assert (hello["file"], message["file"]) == (None, NAME)
        for _ in range(2):
            status, headers, content = await download(web.session, web.playground.url, message)
            assert (status, whole(content)) == (200, True)
            assert headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{NAME}"
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Content-Type-Options"] == "nosniff"


async def test_the_playground_has_a_file_where_there_is_one(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        await web.texts(1)
        post(tmp_path)
        await web.texts(2)
        for message in (1, 3, 0, 2**70):
            status, *_ = await download(web.session, web.playground.url, {"id": message})
            assert status == 404
        gone(tmp_path)
        status, _, said = await download(web.session, web.playground.url, {"id": 2})
        expected = b'{"error":"nobody is left for the file tandem-daten.zip"}'
        assert (status, said) == (404, expected)


async def download(
    session: aiohttp.ClientSession, url: str, message: dict[str, int]
) -> tuple[int, dict[str, str], bytes]:
    async with session.get(f"{url}/files/{message['id']}") as answer:
        return answer.status, dict(answer.headers), await answer.read()


@pytest.mark.file
async def test_nothing_of_a_file_is_ever_stored(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        await web.texts(1)
        post(tmp_path)
        await web.texts(2)
        await download(web.session, web.playground.url, {"id": 2})
    store = fresh(tmp_path / "house.db")
    with store.begin() as connection:
        bodies = connection.execute(select(outbox.c.body).order_by(outbox.c.id)).scalars().all()
    store.dispose()
    assert bodies[-1] == {"text": WORDS, "rows": [], "name": NAME}
    with closing(sqlite3.connect(tmp_path / "house.db")) as database:
        everything = "\n".join(database.iterdump())
    assert b"PK\x03\x04".hex().upper() not in everything.upper()


async def test_a_parcel_with_a_file_comes_to_the_end_of_its_way(tmp_path: Path) -> None:
    somebody(tmp_path, "telegram")
    post(tmp_path)
    async with serving(tmp_path) as service:
        [claimed] = await service.claim("telegram", 1)
        assert (claimed.method, claimed.member, claimed.subject) == ("file", 1, "data:1")
        assert whole(await service.file(claimed))
        await service.settle(claimed, Sent("7"))
        assert await service.all_said("telegram")
