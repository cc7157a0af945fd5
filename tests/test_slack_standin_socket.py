"""Deliveries over Socket Mode: acknowledged, late, lost, twice; connections that end."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_client import running
from tests.slack_people import TROUBLE, Person
from tests.slack_shapes import Json
from tests.slack_standin import SlackStandin

pytestmark = pytest.mark.asyncio

Bodies = list[Json]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(block: str, element: Json, **more: Any) -> Json:
    label = plain(block.title())
    return {"type": "input", "block_id": block, "label": label, "element": element, **more}


OPTIONS = [{"text": plain(label), "value": label.lower()} for label in ("Tea", "Coffee")]
FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "private_metadata": "kept",
    "notify_on_close": True,
    "title": plain("Form"),
    "submit": plain("Send"),
    "blocks": [
        field("name", {"type": "plain_text_input", "action_id": "typed", "min_length": 2}),
        field("drink", {"type": "static_select", "action_id": "chosen", "options": OPTIONS}),
        field("day", {"type": "datepicker", "action_id": "day"}, optional=True),
        field("tags", {"type": "checkboxes", "options": OPTIONS}, optional=True),
    ],
}


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[SlackStandin]:
    async with SlackStandin() as standin:
        yield standin


@pytest.fixture
def ana(slack: SlackStandin) -> Person:
    return slack.person("Ana Huber", locale="de-DE")


@pytest.fixture
def app(slack: SlackStandin) -> AsyncApp:
    return AsyncApp(client=AsyncWebClient(slack.bot_token, slack.url))


@pytest.fixture
def bodies(app: AsyncApp) -> Bodies:
    """All that reaches the app; events of its own are dropped before."""
    seen: Bodies = []

    @app.use
    async def note(body: Json, next_: Any) -> None:
        seen.append(body)
        await next_()

    return seen


@pytest_asyncio.fixture
async def handler(slack: SlackStandin, app: AsyncApp) -> AsyncIterator[None]:
    async with running(slack, app):
        yield


async def echo(message: Json, say: Any) -> None:
    await say(text=f"You said {message['text']}")


@pytest.mark.usefixtures("handler")
async def test_an_event_can_come_twice(
    slack: SlackStandin, app: AsyncApp, bodies: Bodies, ana: Person
) -> None:
    retries: list[Any] = []

    @app.event("message")
    async def heard(request: Any, say: Any) -> None:
        retries.append(request.headers.get("x-slack-retry-num"))
        await say("heard")

    ana.says("hi")
    await ana.sees("heard")
    await slack.settled()
    assert await slack.redeliver().done
    await ana.sees("heard")
    assert retries == [["0"], ["1"]]
    assert bodies[0]["event_id"] == bodies[1]["event_id"]
    slack.redeliver(bodies[0]["event_id"])
    await ana.sees("heard")


@pytest.mark.usefixtures("handler")
@pytest.mark.parametrize("reason", ["refresh_requested", "warning", None])
async def test_the_app_connects_again(
    slack: SlackStandin,
    app: AsyncApp,
    ana: Person,
    reason: str | None,
) -> None:
    app.message(re.compile(".*"))(echo)
    first = slack.socket.lines[0]
    slack.disconnect(reason)
    ana.says("in between")
    await ana.sees("You said in between")
    await slack.until(lambda: first not in slack.socket.lines)
    ana.says("after")
    await ana.sees("You said after")
    assert not slack.problems
    assert not slack.failures


async def test_what_is_not_acknowledged_is_sent_three_more_times(
    slack: SlackStandin, ana: Person
) -> None:
    slack.patience = 0.02
    said = ana.says("waits for a connection")
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(slack.socket.open_url()) as socket:
            assert (await socket.receive_json())["type"] == "hello"
            envelopes = [await socket.receive_json() for _ in range(4)]
            await slack.settled()
        assert [one["retry_attempt"] for one in envelopes] == [0, 1, 2, 3]
        assert {one["payload"]["event"]["ts"] for one in envelopes} == {said.ts}
        assert len({one["payload"]["event_id"] for one in envelopes}) == 1
        assert len({one["envelope_id"] for one in envelopes}) == 4
    assert slack.failures == ["event message: no acknowledgement in time"]


async def test_an_event_on_a_lost_connection_comes_again(slack: SlackStandin, ana: Person) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(slack.socket.open_url()) as socket:
            await socket.receive_json()
            ana.says("hi")
            assert (await socket.receive_json())["retry_attempt"] == 0
            slack.disconnect(None)
        await slack.until(lambda: not slack.socket.lines)
        async with session.ws_connect(slack.socket.open_url()) as socket:
            await socket.receive_json()
            again = await socket.receive_json()
            assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
            await socket.send_json({"envelope_id": again["envelope_id"]})
            await slack.settled()
            await socket.send_json({"envelope_id": "unknown"})
            await slack.until(lambda: slack.problems)
    assert "never sent" in slack.problems[0]
    assert not slack.failures


async def test_a_person_sees_what_does_not_reach_the_app(
    slack: SlackStandin, app: AsyncApp, ana: Person
) -> None:
    assert not await ana.commands("/tandem", "help").done
    assert ana.failures == ["Ana Huber: /tandem help: the app has no connection"]
    await app.client.views_open(trigger_id=slack.new_trigger(ana), view=FORM)
    form = await ana.submits({"Name": "Ana", "Drink": "Tea"})
    assert form
    assert form.errors == {"": TROUBLE}
    assert len(slack.failures) == 2
    slack.patience = 0.02
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(slack.socket.open_url()),
    ):
        assert not await ana.commands("/tandem").done
    assert "no acknowledgement in time" in slack.failures[-1]


async def test_a_websocket_url_works_once(slack: SlackStandin) -> None:
    url = slack.socket.open_url()
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url):
            pass
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
    assert slack.problems


async def test_it_ends_at_once_with_open_connections() -> None:
    async with aiohttp.ClientSession() as session:
        async with SlackStandin() as slack:
            await session.ws_connect(slack.socket.open_url())
            slack.fault("hold")
            ana = slack.person("Ana")
            post = {"channel": ana.id, "text": "a", "token": slack.bot_token}
            held = asyncio.create_task(session.post(f"{slack.url}chat.postMessage", data=post))
            await ana.sees("a")
            begun = time.monotonic()
        assert time.monotonic() - begun < 0.5
        await asyncio.gather(held, return_exceptions=True)
