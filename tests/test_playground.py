"""The playground's server over HTTP: it only plays with its own page, and forgets nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.playground.app import Playground
from bot.domain.parcels import Sent
from bot.service import Service
from bot.store.database import open_engine
from bot.store.outbox import Parcel
from tests.house import living

ANA = {"action": "a1", "name": "Ana", "language": "de"}


class Web:
    def __init__(self, session: aiohttp.ClientSession, playground: Playground) -> None:
        self.session, self.playground = session, playground

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        url = f"{self.playground.url}/api/{path}"
        async with self.session.post(url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def texts(self, count: int) -> list[str]:
        """The bot's messages to the first person, once there are so many."""
        async with self.session.get(f"{self.playground.url}/api/events") as events:
            async for _ in events.content:
                state = await self.state()
                shown = [m["text"] for m in state["people"][0]["messages"] if m["who"] == "bot"]
                if len(shown) >= count:
                    return shown
        raise AssertionError("the events ended")

    async def state(self) -> Any:  # the page's JSON
        async with self.session.get(f"{self.playground.url}/api/state") as answer:
            return await answer.json()


@asynccontextmanager
async def opened(folder: Path, *, clock_moves: bool = True) -> AsyncIterator[Web]:
    built: list[Playground] = []
    store = open_engine(f"sqlite:///{folder}/house.db")

    def build(service: Service) -> Playground:
        address = ("127.0.0.1", 0)
        built.append(Playground(service, store, *address, clock_moves=clock_moves, language="de"))
        return built[0]

    async with living(folder, build) as service, aiohttp.ClientSession() as session:
        await service.tick()  # by then the address is taken
        yield Web(session, built[0])
    store.dispose()


async def test_an_action_that_comes_twice_has_one_effect(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        assert await web.post("people", ANA) == (200, {"id": "p1"})
        assert await web.post("people", ANA) == (200, {"id": "p1"})
        said = {"action": "a2", "person": "p1", "text": "/hilfe"}
        for _ in range(3):
            assert (await web.post("say", said))[0] == 200
        texts = await web.texts(2)
        assert [text[:11] for text in texts] == ["Hallo! Ich ", "Das kannst "]


async def test_a_restart_keeps_what_is_on_the_screens(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        before = await web.texts(1)
    async with opened(tmp_path) as web:
        assert await web.texts(1) == before


async def test_a_parcel_delivered_twice_is_shown_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        await web.texts(1)
        body = {"text": "Hallo", "rows": []}
        parcel = Parcel("key", "playground", "local", "p1", "send", body)
        receipts = [await web.playground.deliver(parcel) for _ in range(2)]
        assert receipts == [Sent("2"), Sent("2")]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("people", {}),
        ("people", {**ANA, "name": "x" * 41}),
        ("people", {**ANA, "language": "fr"}),
        ("people", []),
        ("say", {"action": "a2", "person": "nobody", "text": "hallo"}),
        ("say", {"action": "a2", "person": "p1", "text": 7}),
        ("say", {"person": "p1", "text": "hallo"}),
        ("press", {"action": "a2", "person": "p1", "handle": "x", "message": "y"}),
        ("submit", {"action": "a2", "person": "p1", "handle": "x", "values": []}),
        ("gibtesnicht", {"action": "a2", "person": "p1"}),
        ("clock", {"action": "a2", "days": -1}),
        ("clock", {"action": "a2", "days": 10_000}),
    ],
    ids=str,
)
async def test_what_the_page_would_never_send_is_refused(
    tmp_path: Path, path: str, body: object
) -> None:
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        status, said = await web.post(path, body)
        assert (status, list(said)) == (400, ["error"])


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Content-Type": "text/plain"},
    ],
    ids=str,
)
async def test_another_sites_page_can_do_nothing(tmp_path: Path, headers: dict[str, str]) -> None:
    async with opened(tmp_path) as web:
        assert (await web.post("people", ANA, **headers))[0] == 403
        assert (await web.state())["people"] == []


async def test_malformed_and_endless_requests_are_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        url, json = f"{web.playground.url}/api/people", {"Content-Type": "application/json"}
        async with web.session.post(url, data=b"{", headers=json) as answer:
            assert answer.status == 400
        async with web.session.post(url, data=b" " * 70_000, headers=json) as answer:
            assert answer.status == 413


async def test_beside_real_messengers_the_clock_stands_still(tmp_path: Path) -> None:
    async with opened(tmp_path, clock_moves=False) as web:
        assert (await web.post("clock", {"action": "a", "days": 1}))[0] == 409
