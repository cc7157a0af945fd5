"""Modals and the Home tab in the stand-in, driven with the official client."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_client import error, refusal, running
from tests.slack_people import Person
from tests.slack_shapes import Json
from tests.slack_standin import SlackStandin

pytestmark = pytest.mark.asyncio

TITLE = {"type": "plain_text", "text": "Title"}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Hello* &amp; <https://a.b|you>"}}
MODAL: Json = {"type": "modal", "title": TITLE, "blocks": [SECTION]}
FORM: Json = {
    "type": "modal",
    "title": TITLE,
    "submit": TITLE,
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "name"},
        },
        {
            "type": "input",
            "block_id": "mail",
            "label": {"type": "plain_text", "text": "Mail"},
            "element": {"type": "email_text_input", "action_id": "mail"},
        },
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": "more",
                    "text": {"type": "plain_text", "text": "More"},
                }
            ],
        },
    ],
}
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
    return slack.person("Ana Huber")


async def test_triggers(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    trigger = slack.new_trigger(ana)
    await web.views_open(trigger_id=trigger, view=MODAL)
    assert (await ana.sees_modal("Title")).text == "Title\nHello & you"
    used = web.views_open(trigger_id=trigger, view=MODAL)
    assert await error(used) == "exchanged_trigger_id"
    assert await error(web.views_open(trigger_id="1.2.3", view=MODAL)) == "invalid_trigger_id"
    late = slack.new_trigger(ana)
    slack.advance(3.1)
    assert await error(web.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
    assert not slack.problems


async def test_a_stack_of_three_views(
    slack: SlackStandin, web: AsyncWebClient, ana: Person
) -> None:
    outside = web.views_push(trigger_id=slack.new_trigger(ana), view=MODAL)
    assert await error(outside) == "not_found"
    first = await web.views_open(trigger_id=slack.new_trigger(ana), view=MODAL)
    below = first["view"]["id"]
    for _ in range(2):
        pushed = await web.views_push(trigger_id=slack.new_trigger(ana, ana.modal), view=MODAL)
        assert pushed["view"]["root_view_id"] == first["view"]["id"]
        assert pushed["view"]["previous_view_id"] == below
        below = pushed["view"]["id"]
    fourth = web.views_push(trigger_id=slack.new_trigger(ana, ana.modal), view=MODAL)
    assert await error(fourth) == "push_limit_reached"
    ana.closes_modal()
    assert len(ana.modals) == 2


async def test_updating_views(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    opened = await web.views_open(trigger_id=slack.new_trigger(ana), view=MODAL)
    view = opened["view"]
    other = MODAL | {"title": {"type": "plain_text", "text": "Other"}}
    await web.views_update(view_id=view["id"], hash=view["hash"], view=other)
    await ana.sees_modal("Other")
    stale = web.views_update(view_id=view["id"], hash=view["hash"], view=other)
    assert await error(stale) == "hash_conflict"
    ana.closes_modal()
    assert await error(web.views_update(view_id=view["id"], view=other)) == "not_found"
    assert not slack.problems


async def test_the_home_tab(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    first = await web.views_publish(user_id=ana.id, view=HOME)
    assert await ana.sees("Hello & you") is ana.home
    second = await web.views_publish(user_id=ana.id, view=HOME, hash=first["view"]["hash"])
    assert second["view"]["id"] == first["view"]["id"]
    stale = web.views_publish(user_id=ana.id, view=HOME, hash=first["view"]["hash"])
    assert await error(stale) == "hash_conflict"
    assert not slack.problems
    unknown = await refusal(web.views_publish(user_id="U404", view=HOME))
    assert unknown["response_metadata"]["messages"] == [
        "[ERROR] invalid `user_id` [json-pointer:/user_id]"
    ]
    slack.home_tab = False
    assert await error(web.views_publish(user_id=ana.id, view=HOME)) == "not_enabled"


async def test_a_button_in_a_modal(slack: SlackStandin, web: AsyncWebClient, ana: Person) -> None:
    """What was typed goes along, and stays when the app updates the view."""
    app = AsyncApp(client=web)
    states: list[Json] = []

    @app.action("more")
    async def pressed(ack: Any, body: Json, client: Any) -> None:
        await ack()
        states.append(body["view"]["state"]["values"])
        again = FORM | {"blocks": [*FORM["blocks"], SECTION]}
        await client.views_update(view_id=body["view"]["id"], view=again)

    async with running(slack, app):
        await web.views_open(trigger_id=slack.new_trigger(ana), view=FORM)
        ana.fills({"Name": "Ana", "Mail": "ana@"})
        assert await ana.presses("More").done
        form = await ana.sees_modal(lambda view: "Hello" in view.text)
    assert states[0]["name"]["name"]["value"] == "Ana"
    await ana.submits()
    assert form.errors == {"mail": "Please enter a valid email address."}
    assert form.state["values"]["name"]["name"]["value"] == "Ana"
    ana.closes_modal(everything=True)
    assert ana.modal is None
    assert not slack.problems
