"""The stand-in of Slack's Web API, driven with the official client."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.slack_client import error, refusal
from tests.slack_people import Person
from tests.slack_shapes import Json
from tests.slack_standin import SlackStandin

pytestmark = pytest.mark.asyncio

TITLE = {"type": "plain_text", "text": "Title"}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Hello* &amp; <https://a.b|you>"}}
MODAL: Json = {"type": "modal", "title": TITLE, "blocks": [SECTION]}
HOME: Json = {"type": "home", "blocks": [SECTION]}


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[SlackStandin]:
    async with SlackStandin() as standin:
        yield standin


@pytest.fixture
def web(slack: SlackStandin) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, slack.url, retry_handlers=[])


@pytest.fixture
def ana(slack: SlackStandin) -> Person:
    return slack.person("Ana Huber", locale="de-DE", display_name="ana")


@pytest.fixture
def ben(slack: SlackStandin) -> Person:
    return slack.person("Ben Ott", tz="America/New_York")


async def test_tokens_and_scopes(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    assert (await web.auth_test())["user_id"] == slack.bot_user
    assert (await web.api_test(foo="bar"))["args"] == {"foo": "bar"}
    assert await error(AsyncWebClient(base_url=slack.url).auth_test()) == "not_authed"
    assert await error(AsyncWebClient("xoxb-no", slack.url).auth_test()) == "invalid_auth"
    app = AsyncWebClient(slack.app_token, slack.url)
    assert await error(app.auth_test()) == "not_allowed_token_type"
    wrong = web.apps_connections_open(app_token=slack.bot_token)
    assert await error(wrong) == "not_allowed_token_type"
    slack.scopes.discard("users:read")
    needed = await refusal(web.users_info(user=ana.id))
    assert (needed["error"], needed["needed"]) == ("missing_scope", "users:read")
    assert "chat:write" in needed["provided"]


async def test_an_unknown_method_is_a_problem(slack: SlackStandin, web: AsyncWebClient) -> None:
    assert await error(web.api_call("chat.shout")) == "unknown_method"
    assert slack.problems == ["chat.shout: unknown_method"]
    assert slack.calls_of("chat.shout")[0].answer == {"ok": False, "error": "unknown_method"}


async def test_users(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    user = (await web.users_info(user=ana.id, include_locale=True))["user"]
    assert (user["locale"], user["tz"], user["real_name"]) == ("de-DE", ana.tz, "Ana Huber")
    assert user["tz_offset"] in (3600, 7200)
    assert user["profile"]["first_name"] == "Ana"
    assert user["profile"]["display_name"] == "ana"
    assert "locale" not in (await web.users_info(user=ana.id))["user"]
    assert await error(web.users_info(user="U404")) == "user_not_found"
    ana.is_visible = False
    assert await error(web.users_info(user=ana.id)) == "user_not_visible"
    ana.is_visible = True
    ana.deactivates()
    assert (await web.users_info(user=ana.id))["user"]["deleted"] is True
    ana.leaves_workspace()
    assert await error(web.users_info(user=ana.id)) == "user_not_found"
    assert not slack.problems


async def test_opening_conversations(
    slack: SlackStandin, web: AsyncWebClient, ana: Person, ben: Person
) -> None:
    dm = await web.conversations_open(users=ana.id)
    assert dm["channel"]["id"].startswith("D")
    again = await web.conversations_open(users=[ana.id], return_im=True)
    assert (again["already_open"], again["channel"]["user"]) == (True, ana.id)
    assert again["channel"]["id"] == dm["channel"]["id"]
    group = await web.conversations_open(users=[ana.id, ben.id])
    same = await web.conversations_open(users=[ben.id, ana.id])
    assert group["channel"]["id"] == same["channel"]["id"]
    assert group["channel"]["id"].startswith("C")
    assert not slack.problems


async def test_refused_conversations(
    slack: SlackStandin, web: AsyncWebClient, ana: Person, ben: Person
) -> None:
    many = [slack.person(f"Person {number}").id for number in range(9)]
    assert await error(web.conversations_open(users=many)) == "too_many_users"
    assert await error(web.conversations_open(users=slack.bot_user)) == "not_enough_users"
    assert await error(web.conversations_open(users=[ana.id, "U404"])) == "user_not_found"
    assert await error(web.conversations_open(channel="D404")) == "channel_not_found"
    ben.is_external = True
    assert await error(web.conversations_open(users=[ana.id, ben.id])) == "invalid_user_combination"
    ben.is_visible = False
    assert await error(web.conversations_open(users=[ana.id, ben.id])) == "user_not_visible"
    ana.deactivates()
    assert await error(web.conversations_open(users=ana.id)) == "user_disabled"
    slack.scopes.discard("mpim:write")
    refused = await refusal(web.conversations_open(users=[ana.id, ben.id]))
    assert (refused["error"], refused["needed"]) == ("missing_scope", "mpim:write")


async def test_posting(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    posted = await web.chat_postMessage(channel=ana.id, text="Hello", blocks=[SECTION])
    assert posted["channel"] == ana.messages[0].channel
    assert posted["message"]["blocks"][0]["text"]["verbatim"] is False
    message = await ana.sees("Hello & you")
    assert (message.text, message.active) == ("Hello", ["<https://a.b|you>"])
    await web.chat_update(channel=posted["channel"], ts=posted["ts"], text="Bye <!channel>")
    edited = await ana.sees("Bye")
    assert edited is message
    assert (message.blocks, ana.messages[0].edits) == ([], ["Hello & you"])
    assert message.active == ["<!channel>"]
    await web.chat_delete(channel=posted["channel"], ts=posted["ts"])
    assert not ana.messages
    assert not slack.problems


async def test_refused_posts(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    dm = (await web.conversations_open(users=ana.id))["channel"]["id"]
    assert await error(web.chat_postMessage(channel="C404", text="a")) == "channel_not_found"
    empty = web.api_call("chat.postMessage", json={"channel": dm, "text": ""})
    assert await error(empty) == "no_text"
    assert await error(web.chat_postMessage(channel=dm, text="a" * 40_001)) == "msg_too_long"
    broken = await refusal(web.chat_postMessage(channel=dm, text="a", blocks="[{"))
    assert broken["error"] == "invalid_blocks_format"
    long = [{"type": "markdown", "text": "a" * 10_000}] * 2
    assert await error(web.chat_postMessage(channel=dm, text="a", blocks=long)) == (
        "msg_blocks_too_long"
    )
    slack.channels[dm].bot_in = False
    assert await error(web.chat_postMessage(channel=dm, text="a")) == "not_in_channel"
    slack.channels[dm].bot_in = True
    slack.channels[dm].archived = True
    assert await error(web.chat_postMessage(channel=dm, text="a")) == "is_archived"
    assert len(slack.problems) == 4


async def test_posting_to_accounts_that_are_gone(
    slack: SlackStandin, web: AsyncWebClient, ana: Person
) -> None:
    ana.deactivates()
    assert await error(web.chat_postMessage(channel=ana.id, text="a")) == "user_disabled"
    slack.disabled_dm = None
    assert (await web.chat_postMessage(channel=ana.id, text="a"))["ok"]
    ana.leaves_workspace()
    assert await error(web.chat_postMessage(channel=ana.id, text="a")) == "channel_not_found"
    slack.messages_tab = False
    ben = slack.person("Ben")
    assert await error(web.chat_postMessage(channel=ben.id, text="a")) == "messages_tab_disabled"


async def test_refused_edits(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    said = ana.says("mine")
    ts, channel = said.ts, said.channel
    assert await error(web.chat_update(channel=channel, ts=ts, text="a")) == "cant_update_message"
    assert await error(web.chat_delete(channel=channel, ts=ts)) == "cant_delete_message"
    assert await error(web.chat_update(channel=channel, ts="1.2", text="a")) == "message_not_found"
    assert await error(web.chat_update(channel=ana.id, ts=ts, text="a")) == "channel_not_found"
    assert not slack.problems
    sent = await web.chat_postMessage(channel=channel, text="a")
    long = web.chat_update(channel=channel, ts=sent["ts"], text="a" * 4_001)
    assert await error(long) == "msg_too_long"


async def test_ephemeral_messages(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    dm = ana.says("hi").channel
    await web.chat_postEphemeral(channel=dm, user=ana.id, text="only you")
    assert await ana.sees("only you") is ana.ephemerals[0]
    refused = web.chat_postEphemeral(channel=dm, user="U404", text="a")
    assert await error(refused) == "user_not_in_channel"
    assert not slack.problems


async def test_a_message_with_blocks_needs_a_text(
    slack: SlackStandin, web: AsyncWebClient, ana: Person
) -> None:
    with pytest.warns(UserWarning, match="text"):
        await web.chat_postMessage(channel=ana.id, blocks=[SECTION])
    assert slack.problems == ["chat.postMessage: no fallback text beside the blocks"]


async def test_uploading_a_file(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    dm = ana.says("hi").channel
    await web.files_upload_v2(
        channel=dm, filename="a.ics", content="BEGIN", title="A", initial_comment="here"
    )
    await ana.sees("here")
    file = ana.messages[-1].files[0]
    assert (file["name"], file["title"], file["size"]) == ("a.ics", "A", 5)
    assert slack.files[file["id"]]["data"] == b"BEGIN"
    to_user = web.files_upload_v2(channel=ana.id, filename="a", content="a")
    assert await error(to_user) == "channel_not_found"
    never = web.files_completeUploadExternal(files=[{"id": "F404"}])
    assert await error(never) == "file_not_found"
    assert not slack.problems


async def test_a_response_url_works_five_times(slack: SlackStandin, ana: Person) -> None:
    dm = slack.channels[ana.says("hi").channel]
    hook = AsyncWebhookClient(slack.new_response_url(ana, dm.id, None))
    for number in range(5):
        assert (await hook.send(text=f"answer {number}")).body == "ok"
    assert (await hook.send(text="too many")).status_code == 404
    assert [message.text for message in ana.ephemerals][-1] == "answer 4"
    original = ana.ephemerals[0]
    other = AsyncWebhookClient(slack.new_response_url(ana, dm.id, original))
    await other.send(text="replaced", replace_original=True)
    assert original.text == "replaced"
    await other.send(text="", delete_original=True)
    assert original not in ana.ephemerals
    await other.send(text="for all", response_type="in_channel")
    assert ana.messages[-1].text == "for all"
    slack.advance(30 * 60 + 1)
    assert "expired_url" in str((await other.send(text="late")).body)
