"""The playground's server over HTTP: it only plays with its own page, and forgets nothing."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from adapters.playground.app import Playground
from adapters.playground.incoming import username
from bot.domain.parcels import Refused, Sent
from bot.engine.engine import Engine
from bot.engine.house import House
from bot.service import Service
from bot.store.database import connect
from bot.store.outbox import Parcel
from tests.fresh import fresh
from tests.house import living
from tests.postgres import Place
from tests.stage import HOUSE, MONDAY

pytestmark = pytest.mark.whole

SCREENED = replace(HOUSE, screens=frozenset({"playground"}))
ANA = {"action": "a1", "name": "Ana", "language": "de"}


class Web:
    def __init__(self, session: aiohttp.ClientSession, playground: Playground) -> None:
        self.session, self.playground = session, playground

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        url = f"{self.playground.url}/api/{path}"
        async with self.session.post(url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def texts(self, count: int, person: int = 0) -> list[str]:
        """The bot's messages to a person, the first one, once there are so many."""
        async with self.session.get(f"{self.playground.url}/api/events") as events:
            async for _ in events.content:
                state = await self.state()
                messages = state["people"][person]["messages"]
                shown = [m["text"] for m in messages if m["who"] == "bot"]
                if len(shown) >= count:
                    return shown
        raise AssertionError("the events ended")

    async def shown(self, last: str) -> list[Any]:
        """What is on the first person's screen, once its last message has these words."""
        url = f"{self.playground.url}/api/events"
        async with asyncio.timeout(30), self.session.get(url) as events:
            async for _ in events.content:
                messages: list[Any] = (await self.state())["people"][0]["messages"]
                if messages and last in messages[-1]["text"]:
                    return messages
        raise AssertionError("the events ended")

    async def say(self, text: str, then: str) -> list[Any]:
        said = {"action": uuid4().hex, "person": "p1", "text": text}
        assert (await self.post("say", said))[0] == 200
        return await self.shown(then)

    async def press(self, label: str, then: str) -> list[Any]:
        """Presses the newest button with this label."""
        messages = (await self.state())["people"][0]["messages"]
        [*_, (message, handle)] = [
            (m["id"], b["handle"])
            for m in messages
            for row in m["rows"]
            for b in row
            if b["label"] == label
        ]
        pressed = {"person": "p1", "handle": handle, "message": message, "label": label}
        assert (await self.post("press", {"action": handle, **pressed}))[0] == 200
        return await self.shown(then)

    async def state(self) -> Any:  # the page's JSON
        async with self.session.get(f"{self.playground.url}/api/state") as answer:
            return await answer.json()


@asynccontextmanager
async def opened(
    where: Path | Place, *, clock_moves: bool = True, house: House = HOUSE
) -> AsyncIterator[Web]:
    built: list[Playground] = []
    there = Place(f"sqlite:///{where}/house.db") if isinstance(where, Path) else where
    store = there.open()

    def build(service: Service) -> Playground:
        address = ("127.0.0.1", 0)
        built.append(Playground(service, store, *address, clock_moves=clock_moves, language="de"))
        return built[0]

    async with living(there, build, house=house) as service, aiohttp.ClientSession() as session:
        await service.tick()  # by then the address is taken
        yield Web(session, built[0])
    store.dispose()


async def test_an_action_that_comes_twice_has_one_effect(place: Place) -> None:
    async with opened(place) as web:
        assert await web.post("people", ANA) == (200, {"id": "p1"})
        assert await web.post("people", ANA) == (200, {"id": "p1"})
        said = {"action": "a2", "person": "p1", "text": "/hilfe"}
        for _ in range(3):
            assert (await web.post("say", said))[0] == 200
        texts = await web.texts(2)
        assert [text[:11] for text in texts] == ["Hallo! Ich ", "Ich bringe "]


async def test_a_restart_keeps_what_is_on_the_screens(place: Place) -> None:
    async with opened(place) as web:
        await web.post("people", ANA)
        before = await web.texts(1)
    async with opened(place) as web:
        assert await web.texts(1) == before


async def test_what_a_crash_left_half_done_is_done_and_shown(tmp_path: Path) -> None:
    """Received, and then the program was killed: the next one goes on from there."""
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        await web.texts(1)
    store = fresh(tmp_path / "house.db")
    said = {"kind": "say", "person": "p1", "text": "/hilfe", "hidden": False}
    Engine(store, HOUSE).receive([(("playground", "local", "a2"), said)], MONDAY)
    store.dispose()
    async with opened(tmp_path) as web:
        assert [text[:11] for text in await web.texts(2)] == ["Hallo! Ich ", "Ich bringe "]
        shown = (await web.state())["people"][0]["messages"]
        assert [m["text"] for m in shown if m["who"] == "member"] == ["/hilfe"]


async def test_a_sheet_comes_back_with_the_press_that_opens_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        await web.texts(1)
        [message] = (await web.state())["people"][0]["messages"]
        [form] = [b for row in message["rows"] for b in row if b["label"] == "Als Formular"]
        pressed = {"person": "p1", "handle": form["handle"], "message": message["id"]}
        answers = [await web.post("press", {**pressed, "action": f"a{n}"}) for n in range(2, 22)]
        titles = {(status, said["sheet"] and said["sheet"]["title"]) for status, said in answers}
        assert titles == {(200, "Dein Profil")}


async def test_what_is_not_for_a_chat_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        await web.state()
        parcel = Parcel("key", "playground", "local", "group:p1,p2", "group", {})
        assert await web.playground.deliver(parcel) == Refused("the playground has no group")


async def test_a_parcel_delivered_twice_is_shown_once(place: Place) -> None:
    async with opened(place) as web:
        await web.post("people", ANA)
        await web.texts(1)
        body = {"text": "Hallo", "rows": []}
        parcel = Parcel("key", "playground", "local", "p1", "send", body)
        receipts = [await web.playground.deliver(parcel) for _ in range(2)]
        assert receipts == [Sent("2"), Sent("2")]


async def test_deleted_data_leave_an_empty_screen_and_a_last_word(place: Place) -> None:
    async with opened(place, house=SCREENED) as web:
        await web.post("people", ANA)
        await web.post("people", {**ANA, "action": "b1", "name": "Ben"})
        await web.shown("Ich bin")
        await web.say("/daten", "Deine Daten")
        await web.press("Alles löschen", "Wirklich alles löschen")
        [last] = await web.press("Endgültig löschen", "sind gelöscht")
        assert (last["who"], last["rows"]) == ("bot", [])
        assert "Diesen Chat kannst du selbst löschen" not in last["text"]
        assert [len(p["messages"]) for p in (await web.state())["people"]] == [1, 1]
        again = await web.say("hallo", "Ich bin")
        assert [m["id"] > last["id"] for m in again[1:]] == [True, True]


async def test_what_was_typed_into_a_diary_can_be_deleted_from_the_screen(tmp_path: Path) -> None:
    erasable = replace(HOUSE, sheets=frozenset(), erasable=frozenset({"playground"}))
    async with opened(tmp_path, house=erasable) as web:
        await web.post("people", ANA)
        await web.say("/tagebuch", "Möchtest du ein Lerntagebuch führen?")
        await web.press("Ja, Tagebuch führen", "noch leer")
        await web.press("Eintrag schreiben", "festhalten")
        before = await web.say("Geheimnis", "Aufgehoben")
        assert "Geheimnis" in [message["text"] for message in before]
        after = await web.press("Aus dem Chat löschen", "Ich lösche")
        assert "Geheimnis" not in [message["text"] for message in after]


async def test_a_screen_that_is_cleared_late_or_twice_keeps_what_came_after(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        await web.shown("Ich bin")
        clear = Parcel("in:2:1", "playground", "local", "p1", "clear")
        await web.say("weg damit", "Ich bin")  # the second thing that came in
        await web.say("bin ich noch da?", "Ich bin")
        for _ in range(2):
            assert await web.playground.deliver(clear) == Sent()
            texts = [m["text"] for m in (await web.state())["people"][0]["messages"]]
            assert texts == ["bin ich noch da?"]


def raw(folder: Path) -> bytes:
    """Every byte the database has on the disk, its log too."""
    return b"".join(path.read_bytes() for path in folder.glob("house.db*"))


@pytest.mark.file
async def test_nothing_typed_here_can_be_read_in_the_database(tmp_path: Path) -> None:
    words = ("Annegret", "Geheimnis", "Ungeheuer", "Notiert", "Einwilligung")
    async with opened(tmp_path) as web:
        await web.post("people", {**ANA, "name": "Annegret"})
        await web.shown("Ich bin")
        await web.press("Los geht’s", "Einwilligung")
        await web.press("Ja, einverstanden", "freiwillig")
        await web.press("Weiter", "Was kannst du gut")
        await web.say("Geheimnis, Ungeheuer", "Notiert")
        running = raw(tmp_path)
    assert len(running) > 10_000
    assert [
        word for word in words for found in (running, raw(tmp_path)) if word.encode() in found
    ] == []


@pytest.mark.file
async def test_screens_of_an_earlier_version_are_sealed_at_the_start(tmp_path: Path) -> None:
    connect(f"sqlite:///{tmp_path}/house.db").dispose()
    with closing(sqlite3.connect(tmp_path / "house.db")) as older:
        older.executescript(
            """
            CREATE TABLE playground_person (number INTEGER PRIMARY KEY, id VARCHAR, action VARCHAR,
              name VARCHAR NOT NULL, language VARCHAR NOT NULL, blocked BOOLEAN NOT NULL);
            CREATE TABLE playground_message (id INTEGER PRIMARY KEY, person VARCHAR NOT NULL,
              origin VARCHAR NOT NULL, who VARCHAR NOT NULL, text VARCHAR NOT NULL,
              rows JSON NOT NULL, at VARCHAR NOT NULL, edited BOOLEAN NOT NULL);
            INSERT INTO playground_person VALUES (1, 'p1', 'a1', 'Annegret', 'de', 0);
            INSERT INTO playground_message VALUES
              (7, 'p1', 'in:1:1', 'bot', 'Ungeheuer', '[[{"label": "Ja", "handle": "h"}]]',
               '2026-11-02T08:00:00+00:00', 0);
            """
        )
    assert b"Ungeheuer" in raw(tmp_path)
    for _ in range(2):
        async with opened(tmp_path) as web:
            [person] = (await web.state())["people"]
            assert (person["name"], person["language"], person["blocked"]) == (
                "Annegret",
                "de",
                False,
            )
            [message] = person["messages"]
            assert (message["id"], message["text"], message["edited"]) == (7, "Ungeheuer", False)
            assert message["rows"] == [[{"label": "Ja", "handle": "h"}]]
            assert await web.post("people", ANA) == (200, {"id": "p1"})
            found = raw(tmp_path)
        assert [word for word in (b"Annegret", b"Ungeheuer") if word in found + raw(tmp_path)] == []


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
        ("press", {"action": "a2", "person": "p1", "handle": "x", "message": True}),
        ("press", {"action": "a2", "person": "p1", "handle": "x", "message": 2**70}),
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
        half = b'{"action": "a", "name": "\\ud800", "language": "de"}'
        for raw in (b"", b"{", b"\xff", b"[" * 60_000, b"9" * 6_000, half):
            async with web.session.post(url, data=raw, headers=json) as answer:
                assert (answer.status, list(await answer.json())) == (400, ["error"])
        async with web.session.post(url, data=b" " * 70_000, headers=json) as answer:
            assert answer.status == 413


async def test_who_has_blocked_the_bot_can_not_write_to_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        await web.post("people", ANA)
        block, say = {"person": "p1", "blocked": True}, {"person": "p1", "text": "hallo"}
        assert (await web.post("block", {"action": "a2", **block}))[0] == 200
        assert (await web.post("say", {"action": "a3", **say}))[0] == 409
        assert (await web.post("block", {"action": "a4", **block, "blocked": False}))[0] == 200
        assert (await web.post("say", {"action": "a5", **say}))[0] == 200


async def test_two_moves_of_the_clock_at_once_are_two_moves(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        moves = ({"action": f"a{n}", "days": 1} for n in range(2))
        assert await asyncio.gather(*(web.post("clock", move) for move in moves)) == [(200, {})] * 2
        assert (await web.state())["now"] == "2026-11-04T08:00:00+00:00"


async def test_to_the_next_message_when_there_is_none(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        assert (await web.post("clock", {"action": "a", "to": "next"}))[0] == 409


async def test_a_request_that_never_ends_does_not_hold_up_stopping(tmp_path: Path) -> None:
    async with asyncio.timeout(20):
        async with opened(tmp_path) as web:
            host, _, port = web.playground.url.removeprefix("http://").partition(":")
            _, writer = await asyncio.open_connection(host, int(port))
            head = "POST /api/say HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            writer.write(f"{head}Content-Length: 9\r\n\r\n{{".encode())
            await writer.drain()
            await web.state()  # by then the server has read the other's head, too
        writer.close()


@pytest.mark.parametrize(("name", "expected"), [("Ana", "ana"), ("Jörg  M.", "jorg_m"), ("Ян", "")])
def test_a_username_is_what_platforms_would_take(name: str, expected: str) -> None:
    assert username(name) == expected


async def test_beside_real_messengers_the_clock_stands_still(tmp_path: Path) -> None:
    async with opened(tmp_path, clock_moves=False) as web:
        assert (await web.post("clock", {"action": "a", "days": 1}))[0] == 409
