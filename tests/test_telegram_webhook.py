"""Telegram brings updates, through a load balancer, to one or more replicas on one database."""

import asyncio
import io
import json
import sqlite3
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import ClientSession
from sqlalchemy import select
from structlog.testing import capture_logs

from adapters.telegram.app import Telegram, TelegramAddressError, greet
from adapters.telegram.webhook import HEADER, PATH, secret
from bot.engine.engine import Engine
from bot.engine.events import Key
from bot.service import Service
from bot.store.inbox import Payload
from bot.store.tables import inbox
from tests.fresh import fresh
from tests.house import Fixed, living, replica
from tests.postgres import Place
from tests.stage import HOUSE
from tests.telegram_standin import HoldAnswer, TelegramStandin
from tests.test_telegram import joins
from tests.ways import PUBLIC, hooked, replicas, telegram_of

pytestmark = pytest.mark.whole


async def test_two_replicas_hear_somebody_in_turn(shared: Place) -> None:
    async with TelegramStandin() as telegram, replicas(shared, telegram, 2) as urls:
        await joins(telegram.person("Ana", language="de"), "Kochen", "Singen")
        await telegram.until(lambda: not telegram.pending)
        assert {where for _, where, _ in telegram.hook.answers} == set(urls)
        assert "getUpdates" not in {call.method for call in telegram.calls}
        assert (telegram.problems, telegram.unanswered, telegram.pending) == ([], [], [])


async def test_an_update_that_comes_twice_at_once_has_one_effect(shared: Place) -> None:
    async with TelegramStandin() as telegram, replicas(shared, telegram, 2) as urls:
        ana = telegram.person("Ana", language="de")
        ana.says("/start")
        await ana.sees("Ich bin Tandem")
        telegram.redeliver()
        await telegram.until(lambda: not telegram.pending)
        [number, *_] = telegram.confirmed
        message = {"message_id": 77, "date": 1, "text": "/hilfe"}
        people = {"from": ana.user(), "chat": {"id": ana.id, "type": "private"}}
        update = {"update_id": number + 100, "message": message | people}
        async with ClientSession(headers={HEADER: secret(telegram.token)}) as client:

            async def bring(url: str) -> int:
                async with client.post(f"{url}{PATH}", json=update) as answer:
                    return answer.status

            assert await asyncio.gather(*(bring(url) for url in urls * 2)) == [200] * 4
        await ana.sees("Ich bringe Menschen zum gegenseitigen Mentoring zusammen")
        ana.presses("Los geht’s")
        await ana.sees("Einwilligung")
        assert [m.text[:10] for m in ana.messages if m.from_bot] == [
            "Hallo! Ich",
            "Ich bringe",
            "Bevor es l",
        ]
        assert telegram.problems == []


class Counting(Service):
    """Tells how often it was asked to keep something."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Engine(fresh(folder / "own.db"), HOUSE), Fixed())
        self.asked = 0

    async def receive(self, inputs: list[tuple[Key, Payload]], *, by_hand: bool = False) -> int:
        self.asked += 1
        return await super().receive(inputs, by_hand=by_hand)


async def test_only_what_telegram_brings_is_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with TelegramStandin() as telegram, AsyncExitStack() as stack:
        telegram.hook.upstreams[PUBLIC] = []
        service, ana = Counting(tmp_path), telegram.person("Ana")
        stack.callback(service.close)

        def build(_: Service) -> Telegram:
            return Telegram(service, telegram.token, telegram.url, public_url=PUBLIC)

        _, url = await stack.enter_async_context(replica(tmp_path, build))
        client = await stack.enter_async_context(ClientSession())
        update = json.dumps({"update_id": 7, "message": {"text": "Geheimnis"}})
        right = secret(telegram.token)

        async def status(given: str | None, body: str = update) -> int:
            headers = {} if given is None else {HEADER: given}
            sent = io.BytesIO(body.encode())
            async with client.post(f"{url}{PATH}", data=sent, headers=headers) as answer:
                assert await answer.read() == b"" or answer.status == 413
                return answer.status

        await telegram.until(lambda: bool(telegram.menu(ana)))
        await asyncio.sleep(0)
        with capture_logs() as logged:
            wrong = [None, "", right[:-1], right.upper(), telegram.token, "é" * 64, right + " x"]
            assert [await status(given) for given in wrong] == [401] * len(wrong)
            junk = ["", "nonsense", "[]", "{}", '{"update_id": "7"}', '{"update_id": true}']
            junk += ["[" * 100_000, '{"message": {}}']
            assert [await status(right, body) for body in junk] == [400] * len(junk)
            assert await status(right, "x" * (2 << 20)) == 413
            assert await status("", "x" * (2 << 20)) == 401
            assert service.asked == 0
            assert await status(right) == 200
            assert service.asked == 1
            async with client.get(f"{url}{PATH}") as answer:
                assert answer.status == 405
        assert "Geheimnis" not in f"{logged}{caplog.text}"
        assert right not in f"{logged}{caplog.text}"


async def test_the_secret_is_the_same_for_all_and_tells_nothing_of_the_token() -> None:
    token = "123456:TEST-token"  # noqa: S105 -- of nobody
    assert secret(token) == secret(token)
    assert secret(token) != secret(token + "x")
    assert not any(part in secret(token) for part in ("123456", "TEST"))


@pytest.mark.file
async def test_what_the_database_can_not_keep_is_not_confirmed_and_comes_again(
    tmp_path: Path,
) -> None:
    async with TelegramStandin() as telegram, replicas(tmp_path, telegram, 1):
        ana = telegram.person("Ana", language="de")
        ana.says("/start")
        await ana.sees("Ich bin Tandem")
        locking = sqlite3.connect(tmp_path / "house.db", isolation_level=None)
        locking.execute("BEGIN IMMEDIATE")
        ana.presses("Los geht’s")
        await telegram.until(lambda: telegram.hook.answers[-1][2] == 503)
        assert len(telegram.pending) == 1
        locking.execute("ROLLBACK")
        locking.close()
        await ana.sees("Einwilligung")
        await telegram.until(lambda: not telegram.pending)
        assert [m.text[:10] for m in ana.messages] == ["Hallo! Ich", "Bevor es l"]
        assert telegram.problems == []


async def test_the_page_of_professional_contacts_leaves_no_trace(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        telegram.hook.upstreams[PUBLIC] = urls = []
        async with replica(tmp_path, hooked(telegram)) as (_, url):
            urls.append(url)
            ana = telegram.person("Ana", language="de")
            ana.says("/notfall")
            await ana.sees("112")
            await telegram.until(lambda: not telegram.pending)
        store = fresh(tmp_path / "house.db")
        with store.begin() as connection:
            assert connection.execute(select(inbox)).all() == []
        store.dispose()
        assert telegram.hook.answers[-1][2] == 200


async def test_between_the_two_ways_nothing_is_lost(tmp_path: Path) -> None:
    """Also what could not be kept while newer updates could."""
    async with TelegramStandin() as telegram:
        ana, ben = telegram.person("Ana", language="de"), telegram.person("Ben", language="de")
        telegram.hook.upstreams[PUBLIC] = urls = []
        async with replica(tmp_path, hooked(telegram)) as (_, url):
            urls.append(url)
            ben.says("/start")
            await ben.sees("Ich bin Tandem")
            urls[:], telegram.hook.again_s = ["http://127.0.0.1:1"], 3600
            ana.says("/start")
            await telegram.until(lambda: not telegram.hook.answers[-1][2])
            urls[:] = [url]
            ben.presses("Los geht’s")
            await ben.sees("Einwilligung")
            assert ana.messages == []
        async with living(tmp_path, telegram_of(telegram)):
            await ana.sees("Ich bin Tandem")
            ben.presses("Ja, einverstanden")
            await ben.sees("Zwei Dinge sind freiwillig")
            assert telegram.hook.url == ""
        assert telegram.dropped == []
        assert not [c for c in telegram.calls if "drop_pending_updates" in c.params]
        assert telegram.problems == []


async def test_until_the_bot_is_up_updates_stay_telegrams(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        telegram.hook.upstreams[PUBLIC] = urls = []
        holding = telegram.fails(HoldAnswer(asyncio.Event()), method="setWebhook")
        async with replica(tmp_path, hooked(telegram)) as (_, url):
            urls.append(url)
            await holding.happens()
            ana = telegram.person("Ana", language="de")
            ana.says("/start")
            await telegram.until(lambda: bool(telegram.hook.answers))
            assert telegram.hook.answers[0][2] == 503
            assert isinstance(holding.fault, HoldAnswer)
            holding.fault.until.set()
            await ana.sees("Ich bin Tandem")
            assert telegram.hook.answers[-1][2] == 200


async def test_the_doctor_tells_that_updates_do_not_get_through(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        ana, asked = telegram.person("Ana", language="de"), (telegram.token, telegram.url, PUBLIC)
        assert await greet(*asked) == "@tandem_test_bot"
        telegram.hook.upstreams[PUBLIC] = urls = ["http://127.0.0.1:1"]
        async with replica(tmp_path, hooked(telegram)) as (_, url):
            await telegram.until(lambda: bool(telegram.hook.url))
            assert await greet(*asked) == "@tandem_test_bot"
            ana.says("/start")
            await telegram.until(lambda: bool(telegram.hook.answers))
            with pytest.raises(TelegramAddressError, match=f"can't bring updates to {PUBLIC}"):
                await greet(*asked)
            urls[:] = [url]
            await ana.sees("Ich bin Tandem")
            await telegram.until(lambda: not telegram.pending)
            assert await greet(*asked) == "@tandem_test_bot"


async def test_an_address_that_telegram_refuses_ends_the_start_with_the_cure(
    tmp_path: Path,
) -> None:
    async with TelegramStandin() as telegram:
        service = Service(Engine(fresh(tmp_path / "t.db"), HOUSE), Fixed())
        for public in ("http://tandem.example.org", PUBLIC, f"{PUBLIC}:8082"):
            bot = Telegram(service, telegram.token, telegram.url, public_url=public)
            with pytest.raises(TelegramAddressError, match="TANDEM_PUBLIC_URL: Telegram says"):
                async with bot:
                    pass
        service.close()
