"""A real app of Bolt at the other end of the stand-in: messages, modals, buttons, the Home tab."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
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
CARD: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Shall* we?"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "yes", "text": plain("Yes"), "value": "1"},
            {"type": "static_select", "action_id": "menu", "options": OPTIONS},
            {"type": "overflow", "action_id": "more", "options": OPTIONS},
        ],
    },
]


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


async def acknowledge(ack: Any) -> None:
    await ack()


@pytest.mark.usefixtures("handler")
async def test_a_message_and_its_answer(
    slack: SlackStandin, app: AsyncApp, bodies: Bodies, ana: Person
) -> None:
    app.message(re.compile(".*"))(echo)
    ana.says("1 < 2 & https://a.de")
    await ana.sees("You said 1 < 2 & https://a.de")
    assert ana.messages[-1].active == ["<https://a.de>"]
    event = bodies[0]["event"]
    assert (event["channel_type"], event["user"], event["channel"][0]) == ("im", ana.id, "D")
    assert event["client_msg_id"]
    await slack.settled()
    assert (slack.acks[0].kind, slack.acks[0].seconds < 1) == ("events_api", True)
    assert len(slack.acks) == 2, "the bot's own message comes back to it, too"
    ana.sends_file("cv.pdf", b"pdf", "here")
    await slack.until(lambda: bodies[-1]["event"].get("subtype") == "file_share")
    assert bodies[-1]["event"]["files"][0]["name"] == "cv.pdf"
    assert not slack.problems


@pytest.mark.usefixtures("handler")
async def test_events_need_their_scope(slack: SlackStandin, bodies: Bodies, ana: Person) -> None:
    slack.patience = 0.02
    ben = slack.person("Ben")
    group = slack.open([ana.id, ben.id])[0]
    ana.says("not for the bot", group)
    assert (await ben.sees("not for the bot")).author == ana.id
    assert [one.name for one in ben.groups] == ["mpdm-ana.huber--ben--tandem-1"]
    ana.deactivates()
    slack.scopes.discard("users:read")
    ana.reactivates()
    await slack.settled()
    assert {body["event"]["type"] for body in bodies} == {"user_change"}
    assert bodies[0]["event"]["user"]["deleted"] is True
    assert slack.failures == ["event user_change: no acknowledgement in time"]


@pytest.mark.usefixtures("handler")
async def test_a_modal_from_the_command_to_the_end(
    slack: SlackStandin, app: AsyncApp, bodies: Bodies, ana: Person
) -> None:
    @app.command("/tandem")
    async def command(ack: Any, client: Any, body: Json) -> None:
        await ack(f"Hello <@{body['user_id']}>")
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("form")
    async def submitted(ack: Any, client: Any, body: Json) -> None:
        values = body["view"]["state"]["values"]
        if values["drink"]["chosen"]["selected_option"]["value"] == "tea":
            await ack(response_action="errors", errors={"drink": "Out of tea"})
            return
        await ack()
        name = values["name"]["typed"]["value"]
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Thanks, {name}")

    ana.commands("/tandem", "hilfe")
    await ana.sees("Hello @Ana Huber")
    form = await ana.sees_modal("Form")
    assert form.labels == ["Name", "Drink", "Day", "Tags"]
    await ana.submits({"Name": "A"})
    assert (len(form.errors), len(bodies)) == (2, 1), "not sent: too short, and no drink"
    await ana.submits({"name": "A<&", "Drink": "Tea", "day": "2026-11-30", "tags": ["Coffee"]})
    assert (form.errors, ana.modal) == ({"drink": "Out of tea"}, form)
    assert await ana.submits({"Drink": "coffee"}) is None
    await ana.sees(lambda surface: surface.text == "Thanks, A<&")
    state = bodies[-1]["view"]["state"]["values"]
    assert state["day"]["day"] == {"type": "datepicker", "selected_date": "2026-11-30"}
    tags = next(iter(state["tags"].values()))
    assert [one["value"] for one in tags["selected_options"]] == ["coffee"]
    assert bodies[-1]["view"]["private_metadata"] == "kept"
    assert not slack.problems


@pytest.mark.usefixtures("handler")
async def test_answers_to_submissions(
    slack: SlackStandin, app: AsyncApp, bodies: Bodies, ana: Person
) -> None:
    second = {"type": "modal", "title": plain("Second"), "blocks": CARD[:1]}
    answers: list[Json] = [
        {"response_action": "update", "view": FORM | {"title": plain("New title")}},
        {"response_action": "errors", "errors": {"nowhere": "?"}},
        {"response_action": "push", "view": second},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "clear"},
    ]

    @app.view("form")
    async def submitted(ack: Any) -> None:
        await ack(**answers.pop(0))

    app.view_closed("form")(acknowledge)
    await app.client.views_open(trigger_id=slack.new_trigger(ana), view=FORM)
    form = await ana.submits({"Name": "Ana", "Drink": "Tea"})
    assert form
    assert (form.title, form.errors) == ("New title", {})
    await ana.submits()
    assert "no input block 'nowhere'" in slack.problems.pop()
    pushed = await ana.submits()
    assert pushed
    assert (pushed.title, pushed.previous) == ("Second", form.id)
    ana.closes_modal()
    await ana.submits()
    assert "missing required field: title" in slack.problems.pop()
    assert form.errors == {"": TROUBLE}
    assert await ana.submits() is None
    await app.client.views_open(trigger_id=slack.new_trigger(ana), view=FORM)
    closing = ana.closes_modal()
    assert closing
    assert await closing.done
    assert (bodies[-1]["type"], bodies[-1]["is_cleared"]) == ("view_closed", False)
    assert not slack.problems


@pytest.mark.usefixtures("handler")
async def test_buttons_menus_and_response_urls(
    slack: SlackStandin, app: AsyncApp, bodies: Bodies, ana: Person
) -> None:
    @app.action(re.compile(".*"))
    async def pressed(ack: Any, action: Json, respond: Any, body: Json) -> None:
        await ack()
        if "message" in body:
            await respond(text=f"pressed {action['action_id']}", replace_original=False)

    await app.client.chat_postMessage(channel=ana.id, text="Shall we?", blocks=CARD)
    card = await ana.sees("Shall we?")
    assert card.plain == "Shall we?\n[Yes] <Tea | Coffee> <Tea | Coffee>"
    ana.presses("Yes")
    await ana.sees("pressed yes")
    assert ana.ephemerals[-1].only_for == ana.id
    assert bodies[-1]["container"]["message_ts"] == ana.messages[0].ts
    assert (bodies[-1]["channel"]["name"], bodies[-1]["actions"][0]["value"]) == (
        "directmessage",
        "1",
    )
    ana.chooses("menu", "Coffee")
    await ana.sees("pressed menu")
    assert bodies[-1]["actions"][0]["selected_option"]["value"] == "coffee"
    values = next(iter(bodies[-1]["state"]["values"].values()))
    assert values["menu"]["selected_option"]["value"] == "coffee"
    ana.chooses("more", "tea", card)
    await ana.sees("pressed more")
    ana.presses_value("forged", "x", card)
    await ana.sees("pressed forged")
    assert bodies[-1]["actions"][0]["value"] == "x"
    await app.client.chat_postEphemeral(
        channel=ana.messages[0].channel, user=ana.id, text="a", blocks=CARD
    )
    assert await ana.presses("Yes").done
    assert bodies[-1]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[-1]
    assert not slack.problems


@pytest.mark.usefixtures("handler")
async def test_the_home_tab(
    slack: SlackStandin, app: AsyncApp, bodies: Bodies, ana: Person
) -> None:
    @app.event("app_home_opened")
    async def opened(event: Json, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": CARD})

    @app.action("yes")
    async def pressed(ack: Any) -> None:
        await ack("a payload where none is taken")

    ana.opens_home()
    home = await ana.sees("Shall we?")
    assert home is ana.home
    ana.opens_home()
    await ana.sees("Shall we?")
    assert "view" not in bodies[0]["event"]
    assert bodies[1]["event"]["view"]["type"] == "home"
    assert await ana.presses("Yes", in_home=True).done
    assert bodies[-1]["container"]["type"] == "view"
    assert "response_url" not in bodies[-1]
    assert slack.problems == [
        "Ana Huber: pressing 'Yes': answered with a payload where none is taken"
    ]


@pytest.mark.usefixtures("handler")
async def test_a_command_from_a_channel_without_the_bot(
    slack: SlackStandin, app: AsyncApp, ana: Person
) -> None:
    @app.command("/tandem")
    async def command(ack: Any, respond: Any) -> None:
        await ack({"text": "Here I am not", "blocks": CARD})
        await respond("in the channel", response_type="in_channel")

    ana.commands("/tandem", elsewhere=True)
    await ana.sees("Shall we?")
    await slack.until(lambda: slack.elsewhere.messages)
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await app.client.chat_postMessage(channel=slack.elsewhere.id, text="a")
