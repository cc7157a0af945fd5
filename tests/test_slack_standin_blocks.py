"""Each limit of Block Kit once: what is just short enough passes, one more does not."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, HeaderBlock, SectionBlock
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_blocks import message_findings, view_findings
from tests.slack_render import active, shown, typed
from tests.slack_shapes import Json
from tests.slack_standin import SlackStandin


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "a", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(text: str = "a", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), **more}


def option(label: str = "a", value: str = "a", **more: Any) -> Json:
    return {"text": plain(label), "value": value, **more}


def confirm(title: str = "a", text: str = "a", yes: str = "a", no: str = "a") -> Json:
    return {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}


def field(element: Json, label: str = "a", **more: Any) -> Json:
    return {"type": "input", "label": plain(label), "element": element, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def options(kind: str, *listed: Json, **more: Any) -> Json:
    return {"type": kind, "options": list(listed), **more}


def written(**more: Any) -> Json:
    return field({"type": "plain_text_input", **more})


def view(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("a"), "blocks": list(blocks or [section()]), **more}


def many(number: int, what: str = "a") -> str:
    return what * number


@pytest.mark.parametrize(
    "blocks",
    [
        [section(many(3000))] * 50,
        [section(), {"type": "section", "fields": [plain(many(2000))] * 10}],
        [{"type": "header", "text": plain(many(150))}, {"type": "divider"}],
        [{"type": "context", "elements": [mrkdwn("a")] * 10}],
        [actions(*[button()] * 25)],
        [section(accessory=button(many(75), value=many(2000), url=many(3000)))],
        [actions(button(style="primary", confirm=confirm(many(100), many(300), many(30))))],
        [field(options("static_select", *[option(many(75), many(150))] * 100))],
        [field(options("radio_buttons", *[option(description=mrkdwn(many(75)))] * 10))],
        [field(options("checkboxes", {"text": mrkdwn("*a*"), "value": "a"}), hint=plain("a"))],
        [actions(options("overflow", *[option(url="https://a.b")] * 5))],
        [written(max_length=3000, min_length=0, initial_value=many(3000))],
        [field({"type": "datepicker", "initial_date": "2026-11-30"})],
        [field({"type": "timepicker", "initial_time": "23:59", "timezone": "Europe/Berlin"})],
        [{"type": "image", "image_url": "https://a.b", "alt_text": many(2000)}],
        [ActionsBlock(elements=[ButtonElement(text="a", action_id="a")]).to_dict()],
        [HeaderBlock(text="a").to_dict(), SectionBlock(text="a", block_id="a").to_dict()],
    ],
)
def test_what_slack_takes(blocks: list[Json]) -> None:
    assert message_findings(blocks) == []


@pytest.mark.parametrize(
    ("blocks", "finding"),
    [
        ([section(many(3001))], "must be less than 3001 characters [json-pointer:/blocks/0/text"),
        ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([section() | {"text": mrkdwn("a") | {"text": None}}], "must provide a string"),
        ([{"type": "section"}], "must define either `text` or `fields`"),
        ([{"type": "section", "fields": [plain("a")] * 11}], "no more than 10 items allowed"),
        ([{"type": "section", "fields": [plain(many(2001))]}], "must be less than 2001"),
        ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([section(color="red")], "invalid additional property: color"),
        ([{"type": "marquee"}], "unsupported type: marquee"),
        ([{"text": "a"}], "missing required field: type"),
        (["a"], "must provide an object"),
        ([{"type": "header", "text": plain(many(151))}], "must be less than 151 characters"),
        (
            [{"type": "header", "text": mrkdwn("a")}],
            "valid enum value [json-pointer:/blocks/0",
        ),
        ([{"type": "context", "elements": [plain("a")] * 11}], "no more than 10 items"),
        ([{"type": "context", "elements": [button()]}], "unsupported type: button"),
        ([actions(*[button()] * 26)], "no more than 25 items"),
        ([actions()], "no less than 1 items"),
        ([actions({"type": "plain_text_input"})], "unsupported type: plain_text_input"),
        ([actions(button(many(76)))], "must be less than 76"),
        ([actions({**button(), "text": mrkdwn("a")})], "must be a valid enum value"),
        ([actions(button(value=many(2001)))], "must be less than 2001"),
        ([actions(button(url=many(3001)))], "must be less than 3001"),
        ([actions(button(action_id=many(256)))], "must be less than 256"),
        ([actions(button(style="green"))], "must be a valid enum value"),
        ([actions(button(accessibility_label=many(76)))], "must be less than 76"),
        ([actions(button(confirm=confirm(title=many(101))))], "must be less than 101"),
        ([actions(button(confirm=confirm(text=many(301))))], "must be less than 301"),
        ([actions(button(confirm=confirm(yes=many(31))))], "must be less than 31"),
        ([actions(button(confirm=confirm(no=many(31))))], "must be less than 31"),
        ([actions(button(action_id="a"), button(action_id="a"))], "duplicate action_id: a"),
        ([section(block_id="a"), section(block_id="a")], "duplicate block_id: a"),
        ([section(block_id=many(256))], "must be less than 256"),
        ([field(written()["element"], many(2001))], "must be less than 2001"),
        ([field(written()["element"], hint=plain(many(2001)))], "must be less than 2001"),
        ([field(button())], "unsupported type: button"),
        ([written(max_length=3001)], "must be between 1 and 3000"),
        ([written(max_length=True)], "must provide an integer"),
        ([written(min_length=10, max_length=5)], "`min_length` must not be more"),
        ([written(initial_value=many(3001))], "must be less than 3001"),
        ([written(placeholder=plain(many(151)))], "must be less than 151"),
        ([written(multiline="yes")], "must provide a boolean"),
        ([field(options("static_select", *[option()] * 101))], "no more than 100 items"),
        ([field(options("static_select", option(many(76))))], "must be less than 76"),
        ([field(options("static_select", option(value=many(151))))], "must be less than 151"),
        ([field(options("static_select", option(description=plain(many(76)))))], "less than 76"),
        ([field(options("static_select", {**option(), "text": mrkdwn("a")}))], "enum value"),
        ([field({"type": "static_select"})], "either `options` or `option_groups`"),
        ([field(options("multi_static_select", *[option()] * 101))], "no more than 100 items"),
        (
            [field(options("static_select", option(), initial_option=option("b")))],
            "must match one of the options [json-pointer:/blocks/0/element/initial_option]",
        ),
        (
            [field(options("checkboxes", option(), initial_options=[option("b")]))],
            "must match one of the options",
        ),
        ([field(options("radio_buttons", *[option()] * 11))], "no more than 10 items"),
        ([field(options("checkboxes", *[option()] * 11))], "no more than 10 items"),
        ([field(options("radio_buttons", option(url="a")))], "invalid additional property: url"),
        ([actions(options("overflow", *[option()] * 6))], "no more than 5 items"),
        ([field({"type": "datepicker", "initial_date": "30.11.2026"})], "a date like YYYY-MM-DD"),
        ([field({"type": "timepicker", "initial_time": "24:00"})], "a time like HH:mm"),
        ([{"type": "image", "image_url": "a"}], "missing required field: alt_text"),
        ([{"type": "image", "image_url": "a", "alt_text": many(2001)}], "less than 2001"),
        ([written(focus_on_load=True), written(focus_on_load=True)], "only one element"),
        ({"type": "section"}, "must provide an array"),
    ],
)
def test_what_slack_refuses(blocks: Any, finding: str) -> None:
    assert finding in "; ".join(message_findings(blocks))


def test_action_ids_may_be_unique_in_each_block_only() -> None:
    two = [actions(button(action_id="a")), actions(button(action_id="a"))]
    assert message_findings(two, "surface")
    assert not message_findings(two, "block")
    assert message_findings([actions(button(action_id="a"), button(action_id="a"))], "block")


@pytest.mark.parametrize(
    ("given", "finding"),
    [
        (view(title=plain(many(25))), "must be less than 25 characters [json-pointer:/view/title"),
        (view(submit=plain(many(25))), "must be less than 25 characters"),
        (view(close=plain(many(25))), "must be less than 25 characters"),
        (view(title=mrkdwn("a")), "must be a valid enum value"),
        (view(private_metadata=many(3001)), "must be less than 3001"),
        (view(callback_id=many(256)), "must be less than 256"),
        (view(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (view(written()), "missing required field: submit"),
        (view(submit_disabled=True), "invalid additional property: submit_disabled"),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        (view() | {"type": "home"}, "unsupported type: home"),
    ],
)
def test_what_slack_refuses_in_modals(given: Json, finding: str) -> None:
    assert finding in "; ".join(view_findings(given, "modal"))


def test_views_that_slack_takes() -> None:
    full = view(*[section(block_id=f"{number}") for number in range(99)], written())
    assert not view_findings(full | {"submit": plain(many(24))}, "modal")
    assert not view_findings({"type": "home", "blocks": [section()] * 100}, "home")
    assert view_findings(view() | {"type": "home"}, "home")


@pytest.mark.asyncio
async def test_findings_come_back_as_slack_words_them() -> None:
    async with SlackStandin() as slack:
        web = AsyncWebClient(slack.bot_token, slack.url)
        ana = slack.person("Ana")
        with pytest.raises(SlackApiError) as caught:
            await web.chat_postMessage(channel=ana.id, text="a", blocks=[section(many(3001))])
        where = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
        answer = caught.value.response
        assert (answer["error"], answer["errors"]) == ("invalid_blocks", [where])
        assert answer["response_metadata"]["messages"] == [f"[ERROR] {where}"]
        assert slack.problems == [f"chat.postMessage: invalid_blocks {where}"]
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            await web.views_open(trigger_id=slack.new_trigger(ana), view=view(title=mrkdwn("a")))
        large = view(written(initial_value=many(3000)), submit=plain("a"))
        large["blocks"] = [
            field(options("radio_buttons", *[option(many(75), many(150))] * 10), many(2000))
            for _ in range(100)
        ]
        with pytest.raises(SlackApiError, match="view_too_large"):
            await web.views_open(trigger_id=slack.new_trigger(ana), view=large)


def test_texts_as_people_type_and_read_them() -> None:
    assert typed("a < b & c 👍") == "a &lt; b &amp; c :+1:"
    assert typed("see https://a.b/c?d=1&e. Or a@b.de") == (
        "see <https://a.b/c?d=1&amp;e>. Or <mailto:a@b.de|a@b.de>"
    )
    assert typed("a & https://a.b", linked=False) == "a &amp; https://a.b"
    assert typed("<!channel>") == "&lt;!channel&gt;"
    assert active("<!here> <@U1> <#C1|x> <https://a|b> &lt;!here&gt; <3 a < b>") == [
        "<!here>",
        "<@U1>",
        "<#C1|x>",
        "<https://a|b>",
    ]
    assert shown("*Hi* <@U1>, _see_ <https://a.b|this> &lt;3 a*b*c", {"U1": "Ana"}) == (
        "Hi @Ana, see this <3 a*b*c"
    )
