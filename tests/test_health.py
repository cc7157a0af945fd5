"""Is it alive, is it ready, and how much waits: asked over HTTP, as a probe and Prometheus do."""

import asyncio
import re
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectorError, ClientSession
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, text, update

from adapters.web.health import figures, probes
from adapters.web.site import site
from bot.domain.parcels import Later, Refused, Sent
from bot.engine.engine import Engine
from bot.service import Service
from bot.store import outbox
from bot.store.inbox import receive
from bot.store.outbox import Parcel
from bot.store.tables import due, inbox
from bot.store.tables import outbox as sent
from tests.fresh import fresh
from tests.house import Fixed, living
from tests.stage import HOUSE, MONDAY
from tests.telegram_standin import ServerError, TelegramStandin
from tests.test_cli import first_line, output, tandem
from tests.test_telegram import joins
from tests.ways import telegram_of

pytestmark = pytest.mark.whole

Client = TestClient[Any, Any]  # of aiohttp's own
Figures = dict[tuple[str, tuple[str, ...]], float]
FINE = {"engine": "ok", "time": "ok"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    store = fresh(tmp_path / "t.db")
    service = Service(Engine(store, HOUSE), Fixed())
    yield service
    service.close()
    store.dispose()


@asynccontextmanager
async def probed(service: Service) -> AsyncIterator[Client]:
    application = site([*probes(service), *figures(service)])
    async with TestClient(TestServer(application, access_log=None)) as client:
        yield client


async def told(client: Client, path: str) -> tuple[int, dict[str, str]]:
    answer = await client.get(path)
    return answer.status, await answer.json()


async def measured(client: Client) -> Figures:
    """By name and the values of its labels, sorted."""
    answer = await client.get("/metrics")
    assert answer.status == 200
    families = text_string_to_metric_families(await answer.text())
    return {
        (sample.name, tuple(sorted(sample.labels.values()))): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.file
async def test_it_lives_as_long_as_the_engine_answers(service: Service) -> None:
    async with probed(service) as client:
        assert await told(client, "/healthz") == (200, FINE)
        stuck = threading.Event()
        busy = asyncio.ensure_future(service._calls.briefly(stuck.wait))  # noqa: SLF001 -- a turn that hangs
        assert await told(client, "/healthz") == (503, {**FINE, "engine": "failing"})
        stuck.set()
        await busy
        assert await told(client, "/healthz") == (200, FINE)


async def test_it_is_ready_once_the_database_and_every_platform_are_there(
    service: Service, tmp_path: Path
) -> None:
    service.links |= {"telegram": True, "slack": False}
    async with probed(service) as client:
        parts = {"database": "ok", "telegram": "ok", "slack": "failing"}
        assert await told(client, "/readyz") == (503, parts)
        service.links["slack"] = True
        assert await told(client, "/readyz") == (200, {**parts, "slack": "ok"})
        store = fresh(tmp_path / "t.db")
        with store.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        status, parts = await told(client, "/readyz")
        assert (status, parts["database"]) == (503, "failing")
        with store.begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))
        store.dispose()
        status, parts = await told(client, "/readyz")
        assert (status, parts["database"]) == (503, "failing")
        assert await told(client, "/healthz") == (200, FINE), "a restart would not help"


async def test_a_platform_out_of_reach_is_told_and_so_is_its_return(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)) as service:
        ana = telegram.person("Ana", language="de")
        ana.says("/start")
        await ana.sees("Ich bin Tandem")
        assert service.links == {"telegram": True}
        down = telegram.fails(ServerError(), "getUpdates", times=2)
        ana.says("hallo")
        await down.happens(times=2)
        assert service.links == {"telegram": False}
        ana.says("noch da?")
        await telegram.until(lambda: service.links["telegram"])


async def test_what_waits_and_for_how_long_is_read_when_it_is_asked_for(service: Service) -> None:
    with service._engine.store.begin() as connection:  # noqa: SLF001 -- the database behind it
        for number, at in enumerate((MONDAY - 3 * MINUTE, MONDAY - MINUTE)):
            key = ("telegram", "bot", str(number))
            receive(connection, key, {}, at)
        connection.execute(update(inbox).where(inbox.c.external_id == "1").values(attempts=3))
        for chat, at in (("1", MONDAY - 2 * MINUTE), ("2", MONDAY + MINUTE)):
            outbox.post(connection, Parcel(chat, "slack", "T", chat, "send"), at)
        outbox.post(connection, Parcel("3", "slack", "T", "3", "send"), MONDAY)
        connection.execute(update(sent).where(sent.c.key == "3").values(state="uncertain"))
        row = {"subject": "session:1", "until": MONDAY, "state": "due", "reason": ""}
        for late, tries in ((5, 0), (9, 3)):
            values = {"nudge": f"n{late}", "at": MONDAY - late * MINUTE, "attempts": tries}
            connection.execute(insert(due).values(**row, **values))
    async with probed(service) as client:
        found = await measured(client)
    assert found["tandem_inbox_waiting", ("telegram",)] == 1
    assert found["tandem_inbox_oldest_seconds", ("telegram",)] == 180
    assert found["tandem_outbox_waiting", ("slack",)] == 1
    assert found["tandem_outbox_oldest_seconds", ("slack",)] == 120
    assert found["tandem_due_waiting", ()] == 1
    assert found["tandem_due_lag_seconds", ()] == 300
    assert found["tandem_parked", ("input",)] == found["tandem_parked", ("due",)] == 1
    assert found["tandem_uncertain", ()] == 1


async def test_sends_are_counted_by_what_became_of_them(service: Service) -> None:
    parcel = Parcel("1", "telegram", "bot", "1", "send")
    for receipt in (Sent("7"), Sent("8"), Refused("no"), Later(timedelta(seconds=30))):
        await service.settle(parcel, receipt)
    async with probed(service) as client:
        found = await measured(client)
    assert found["tandem_sends_total", ("sent", "telegram")] == 2
    assert found["tandem_sends_total", ("refused", "telegram")] == 1
    assert found["tandem_sends_total", ("later", "telegram")] == 1
    assert found["tandem_held_seconds_total", ("telegram",)] == 30


async def test_the_program_tells_it_where_it_is_told_to(tmp_path: Path) -> None:
    held = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    address = f"127.0.0.1:{held.sockets[0].getsockname()[1]}"
    settings = {"TANDEM_METRICS": address, "TANDEM_PLAYGROUND": "127.0.0.1:0"}
    code, _, errors = await output(await tandem(tmp_path, "run", **settings))
    assert (code, errors.partition(" (")[0]) == (2, f"TANDEM_METRICS: can't open {address}")
    held.close()
    await held.wait_closed()
    program = await tandem(tmp_path, "run", **settings)
    await first_line(program)
    told: list[dict[str, str]] = []
    async with ClientSession() as client:
        while not told:
            assert program.returncode is None
            with suppress(ClientConnectorError):
                told = [await (await client.get(f"http://{address}/readyz")).json()]
        figures = await (await client.get(f"http://{address}/metrics")).text()
    assert told == [{"database": "ok", "playground": "ok"}]
    assert "tandem_due_lag_seconds 0.0" in figures
    assert "process_resident_memory_bytes" in figures
    program.send_signal(signal.SIGTERM)
    assert await output(program) == (0, "", "")


async def test_no_figure_leads_to_anybody(tmp_path: Path) -> None:
    """After two joined, whose words, names and numbers must stand nowhere in it."""
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)) as service:
        ana = telegram.person("Annegret", language="de", username="annegret_h")
        ben = telegram.person("Berthold", language="de", username="bert")
        await joins(ana, "Singen", "Kochen")
        await joins(ben, "Kochen", "Singen")
        async with probed(service) as client:
            found = await measured(client)
            body = (await (await client.get("/metrics")).text()).casefold()
    labels = {value for _, values in found for value in values}
    allowed = {"telegram", "sent", "input", "due", "open", "done"}
    bounds = {value for value in labels if re.fullmatch(r"[\d.]+|\+Inf", value)}
    assert labels - bounds <= allowed
    assert found["tandem_turn_seconds_count", ("telegram",)] > 20
    for word in ("annegret", "bert", "singen", str(ana.id), str(ben.id)):
        assert word not in body
