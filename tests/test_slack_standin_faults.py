"""Rate limits, faults on demand, and what a test is told when nothing comes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_client import error
from tests.slack_people import Person
from tests.slack_standin import SlackStandin

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[SlackStandin]:
    async with SlackStandin() as standin:
        yield standin


@pytest.fixture
def web(slack: SlackStandin) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, slack.url, retry_handlers=[])


@pytest.fixture
def ana(slack: SlackStandin) -> Person:
    return slack.person("Ana Huber")


@pytest.fixture
def ben(slack: SlackStandin) -> Person:
    return slack.person("Ben Ott")


async def test_posting_is_limited_for_each_channel(
    slack: SlackStandin, web: AsyncWebClient, ana: Person, ben: Person
) -> None:
    slack.limits = True
    for _ in range(5):
        await web.chat_postMessage(channel=ana.id, text="a")
    with pytest.raises(SlackApiError) as caught:
        await web.chat_postMessage(channel=ana.id, text="a")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert caught.value.response["error"] == "ratelimited"
    await web.chat_postMessage(channel=ben.id, text="a")
    assert not slack.problems
    assert await error(web.chat_postMessage(channel=ana.messages[0].channel, text="a"))
    assert "before Retry-After was over" in slack.problems[0]
    slack.advance(1)
    await web.chat_postMessage(channel=ana.id, text="a")


async def test_other_methods_are_limited_by_their_tier(
    slack: SlackStandin, web: AsyncWebClient
) -> None:
    slack.limits = True
    await web.apps_connections_open(app_token=slack.app_token)
    with pytest.raises(SlackApiError) as caught:
        await web.apps_connections_open(app_token=slack.app_token)
    assert caught.value.response.headers["Retry-After"] == "60"


async def test_faults(slack: SlackStandin, web: AsyncWebClient, ana: Person, ben: Person) -> None:
    def post(to: Person) -> Any:
        return web.chat_postMessage(channel=to.id, text="a")

    ana.opens_messages()
    slack.fault("error", error="fatal_error", channel=ana.id)
    await post(ben)
    assert await error(post(ana)) == "fatal_error"
    slack.fault("http_500", "chat.postMessage")
    with pytest.raises(SlackApiError) as caught:
        await post(ana)
    assert caught.value.response.status_code == 500
    slack.fault("ratelimited", channel=ana.messages[-1].channel if ana.messages else None)
    assert await error(post(ana)) == "ratelimited"
    slack.advance(1)
    slack.fault("drop_before")
    with pytest.raises(aiohttp.ClientError):
        await post(ana)
    assert not ana.messages
    slack.fault("drop_after")
    with pytest.raises(aiohttp.ClientError):
        await post(ana)
    assert len(ana.messages) == 1
    assert not slack.problems


async def test_an_answer_can_be_held(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    fault = slack.fault("hold", "chat.postMessage")
    call = asyncio.create_task(web.chat_postMessage(channel=ana.id, text="a"))
    await ana.sees("a")
    assert not call.done()
    fault.release.set()
    assert (await call)["ok"]


async def test_the_official_client_repeats_a_dropped_call(slack: SlackStandin, ana: Person) -> None:
    """With its default retry handler, a message whose answer is lost is posted twice."""
    slack.fault("drop_after", "chat.postMessage")
    await AsyncWebClient(slack.bot_token, slack.url).chat_postMessage(channel=ana.id, text="a")
    assert len(ana.messages) == 2


async def test_what_a_person_does_not_see_is_told_with_her_screen(
    web: AsyncWebClient, ana: Person
) -> None:
    await web.chat_postMessage(channel=ana.id, text="Hello")
    await ana.sees("Hello")
    with pytest.raises(AssertionError, match=r"not see 'Hello' within 0 s(.|\n)*Tandem: Hello"):
        await ana.sees("Hello", timeout=0)
    assert (await ana.sees("Hello", anywhere=True)).text == "Hello"
    with pytest.raises(AssertionError, match=r"no button 'Yes', only \[\]"):
        ana.presses("Yes")
