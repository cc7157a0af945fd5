"""Slack's language and ours: what comes in as events, what goes out as calls, receipts."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from difflib import unified_diff
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import app as adapter
from adapters.slack.blocks import parts, to_blocks
from adapters.slack.door import SCOPES
from adapters.slack.home import to_home
from adapters.slack.incoming import Person, to_event, to_key
from adapters.slack.installing import RETURN
from adapters.slack.modals import to_response, to_values, to_view
from adapters.slack.mrkdwn import from_slack, to_mrkdwn, to_plain
from adapters.slack.outgoing import to_call, to_message, to_receipt
from adapters.slack.people import to_person
from adapters.slack.posted import PATH
from bot.conversation import sheets
from bot.conversation.answers import Answer
from bot.conversation.asking import Asking
from bot.conversation.commands import COMMANDS
from bot.conversation.forms import Form
from bot.conversation.messages import Entry, Option, Sheet
from bot.conversation.talk import Conversation, Press, Verb
from bot.conversation.wording import LANGUAGES, Label, Wording
from bot.domain.members import Address
from bot.domain.parcels import TAKEN_OUT, Away, Gone, Later, Receipt, Refused, Uncertain
from bot.engine.events import (
    Commanded,
    Event,
    Left,
    Looked,
    Pressed,
    Reply,
    Said,
    Sender,
    Submitted,
    Unreadable,
    What,
)
from bot.flows import FORMS
from bot.flows.agreement import BEGUN
from bot.store.outbox import Parcel
from tests.slack_blocks import message_findings, view_findings
from tests.slack_render import active, texts
from tests.slack_samples import (
    DELETED,
    DM,
    EDITED,
    FILE,
    PRESSED,
    PRESSED_AT_HOME,
    TEAM,
    USER,
    Json,
    command,
    home_opened,
    message,
    submitted,
    user_change,
)

HANDLE = "abcdefghijklmnopqrstuv"
HOSTILE = "<!channel> <@U1> </b><a href='http://x'>y</a> *x* _y_ `z` &amp; \u202eevil http://a.b"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (message("Hello"), Said("Hello")),
        (message(" 1 &lt; 2 &amp;amp; 3 "), Said("1 < 2 &amp; 3")),
        (message("look", subtype="file_share", files=[FILE]), Said("look")),
        (message("", subtype="file_share", files=[FILE]), Unreadable()),
        (message("", attachments=[{"is_share": True}]), Unreadable()),
        (message("waves", subtype="me_message"), Said("waves")),
        (message("in a thread", thread_ts="1793600000.000050"), Said("in a thread")),
        (home_opened("home"), Looked()),
        (user_change(deleted=True), Left()),
        (PRESSED, Pressed(HANDLE, f"{DM}:1793600000.000500")),
        (PRESSED_AT_HOME, Pressed(HANDLE, "")),
        (submitted({"name": {"value": "Ana"}}), Submitted(HANDLE, {"name": "Ana"})),
        (command(" pause bis 12.1. &amp; länger "), Commanded("pause bis 12.1. & länger")),
        (command(""), Commanded("")),
    ],
)
def test_what_slack_sends(body: Json, what: What) -> None:
    address = Address("slack", TEAM, USER, USER)
    assert to_event(body, TEAM) == Event(Sender(address), what)


@pytest.mark.parametrize(
    "body",
    [
        EDITED,
        DELETED,
        message("from a bot", bot_id="B1"),
        message("from a bot", subtype="bot_message"),
        message("to all", subtype="thread_broadcast"),
        message("from Slackbot", user="USLACKBOT"),
        message("in a group", channel_type="mpim"),
        message(""),
        home_opened("messages"),
        user_change(deleted=False),
        {**PRESSED, "actions": [{"type": "button", "action_id": "link", "url": "https://x"}]},
        {"type": "shortcut", "user": {"id": USER}},
        {},
    ],
)
def test_what_means_nothing_to_us(body: Json) -> None:
    assert to_event(body, TEAM) is None


def test_who_sent_it_is_told_by_users_info() -> None:
    user = {
        "real_name": "Ana Huber",
        "locale": "de-DE",
        "tz": "Europe/Vienna",
        "is_bot": False,
        "profile": {"display_name": "ana"},
    }
    person = to_person(user)
    assert person == Person("ana", "de", "Europe/Vienna")
    event = to_event(message("Hello"), TEAM, person)
    assert event is not None
    assert event.sender == Sender(
        Address("slack", TEAM, USER, USER), "ana", "", "de", "Europe/Vienna"
    )
    assert to_event(message("Hello"), TEAM, replace(person, is_bot=True)) is None
    assert to_person({"profile": {}}) == Person()


def test_an_input_has_the_id_under_which_it_would_come_again() -> None:
    assert to_key(message("Hello"), TEAM) == ("slack", TEAM, "Ev0123ABCDE")
    assert to_key(PRESSED, TEAM)[2] == PRESSED["trigger_id"]
    nameless = {"type": "view_submission", "view": {"id": "V1"}}
    assert to_key(nameless, TEAM) == to_key(dict(reversed(nameless.items())), TEAM)
    assert to_key(nameless, TEAM) != to_key({**nameless, "view": {"id": "V2"}}, TEAM)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("&lt;!channel&gt; &amp; &amp;lt;", "<!channel> & &lt;"),
        ("<@U123ABC> and <@U1|ana>", "@U123ABC and @ana"),
        ("<#C123|general>", "#general"),
        ("<!here> <!subteam^S1|@team>", "@here @team"),
        ("<!date^1793600000^{date}|27 Oct>", "27 Oct"),
        ("<https://meet.example/a?b=1&amp;c=2>", "https://meet.example/a?b=1&c=2"),
        ("<http://meet.example/a|meet.example/a>", "meet.example/a"),
        ("<https://meet.example/a|our room>", "our room (https://meet.example/a)"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<tel:+4912345|+4912345>", "+4912345"),
    ],
)
def test_text_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    assert from_slack(sent) == typed


@pytest.mark.parametrize(
    ("words", "mrkdwn", "plain"),
    [
        ("<b>Ana</b> &amp; <i>Ben</i>", "*Ana* &amp; _Ben_", "Ana &amp; Ben"),
        ("<code>/tandem</code>", "`/tandem`", "/tandem"),
        ("&#34;quoted&#34; isn&#39;t", '"quoted" isn\'t', '"quoted" isn\'t'),
        ("&lt;!channel&gt;", "&lt;!channel&gt;", "&lt;!channel&gt;"),
        ('<a href="slack:U12AB">Ben</a>', "<@U12AB>", "Ben"),
        ('<a href="slack:U1&gt;&lt;!here">Ben</a>', "Ben", "Ben"),
        (
            '<a href="https://t.me/ana?a=1&amp;b=2">@ana &gt;</a>',
            "<https://t.me/ana?a=1&amp;b=2|@ana &gt;>",
            "@ana &gt; (https://t.me/ana?a=1&amp;b=2)",
        ),
        (
            '<a href="https://a.b/|c">https://a.b/|c</a>',
            "<https://a.b/%7Cc|https://a.b/|c>",
            "https://a.b/|c",
        ),
        ('<a href="tg://user?id=1">Ana</a>', "<tg://user?id=1|Ana>", "Ana (tg://user?id=1)"),
        ('<a href="javascript:x">Ana</a>', "Ana", "Ana"),
        ('<a href="https://a b">Ana</a>', "Ana", "Ana"),
    ],
)
def test_our_markup_becomes_slacks(words: str, mrkdwn: str, plain: str) -> None:
    assert to_mrkdwn(words) == mrkdwn
    assert to_plain(words) == plain


@given(st.text())
def test_what_people_write_is_never_active(text: str) -> None:
    said = f"<b>Name:</b> {html.escape(text)}"
    for written in (to_mrkdwn(said), to_plain(said), *texts(to_blocks(said, []))):
        assert active(written) == []
    assert from_slack(to_plain(html.escape(text))) == text, "nothing is lost on the way there"


@given(st.text("&<>ab\n", max_size=200))
def test_long_text_is_cut_where_nothing_breaks(text: str) -> None:
    whole = to_mrkdwn(html.escape(text))
    pieces = parts(whole, 20)
    assert all(0 < len(piece) <= 20 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(whole.split())
    assert not [p for p in pieces if re.search(r"&(?!(amp|lt|gt);)", p)]


def parcel(method: str = "send", text: str = "Hello", **body: Any) -> Parcel:
    rows = [[{"label": "Yes", "handle": "h1"}, {"label": "No", "handle": "h2"}]]
    given_body = {"text": text, "rows": rows, **body}
    return Parcel("k", "slack", TEAM, USER, method, given_body, ref=f"{DM}:17.5", id=1)


def test_a_message_with_buttons() -> None:
    button = {"type": "button"}
    assert to_call(parcel(text="<b>Hello</b>")) == (
        "chat.postMessage",
        {
            "channel": USER,
            "text": "Hello",
            "blocks": [
                {
                    "type": "section",
                    "text": {"type": "mrkdwn", "text": "*Hello*", "verbatim": True},
                },
                {
                    "type": "actions",
                    "elements": [
                        {
                            **button,
                            "action_id": "b0.0",
                            "text": {"type": "plain_text", "text": "Yes"},
                            "value": "h1",
                        },
                        {
                            **button,
                            "action_id": "b0.1",
                            "text": {"type": "plain_text", "text": "No"},
                            "value": "h2",
                        },
                    ],
                },
            ],
            "unfurl_links": False,
            "unfurl_media": False,
        },
    )


def test_edits_and_groups() -> None:
    method, params = to_call(parcel("edit"))
    assert (method, params["channel"], params["ts"]) == ("chat.update", DM, "17.5")
    assert params.keys() == {"channel", "ts", "text", "blocks"}
    called = to_call(parcel("group", users=["U1", "U2"]))
    assert called == ("conversations.open", {"users": "U1,U2"})


@pytest.mark.parametrize("text", [HOSTILE, "x" * 10_000, f"{'long line ' * 40}\n" * 20])
def test_long_and_hostile_texts_stay_within_the_limits(text: str) -> None:
    rows = [[{"label": "y" * 100, "handle": f"{n}"} for n in range(12)]]
    sent = to_message(parcel(text=html.escape(text), rows=rows), USER)
    assert message_findings(sent["blocks"]) == []
    assert 0 < len(sent["text"]) <= 4000
    assert [one for words in [sent["text"], *texts(sent["blocks"])] for one in active(words)] == []
    home = to_home([{"text": html.escape(text), "rows": rows}] * 3)
    assert view_findings(home, "home") == []


def test_an_empty_home_is_still_a_view() -> None:
    assert view_findings(to_home([]), "home") == []


def entry(kind: str, **more: Any) -> Entry:
    options = tuple(Option(f"v{n}", Label(f"Option {n}")) for n in range(more.pop("count", 0)))
    return Entry("field", kind, Label("Label"), Label(more.pop("hint", "")), options, **more)


def sheet(*entries: Entry, problems: dict[str, str] | None = None) -> Sheet:
    found = {name: Label(words) for name, words in (problems or {}).items()}
    labels = Label("A title of more than 24 characters"), Label("Next"), Label("Later")
    return Sheet(*labels, entries, Press(Verb.SUBMIT, "form"), found)


@pytest.mark.parametrize(
    ("asked", "element"),
    [
        (entry("text", limit=60), {"type": "plain_text_input", "max_length": 60}),
        (entry("text", limit=4, value="Anabel"), {"max_length": 4, "initial_value": "Anab"}),
        (entry("lines", limit=9000), {"multiline": True, "max_length": 3000}),
        (entry("choice", count=10, value="v1"), {"type": "radio_buttons"}),
        (entry("choice", count=11), {"type": "static_select"}),
        (entry("choices", count=3, value=["v0", "v2"]), {"type": "checkboxes"}),
        (entry("choices", count=11), {"type": "multi_static_select"}),
        (entry("moment"), {"type": "plain_text_input", "max_length": 100}),
    ],
)
def test_fields_as_inputs(asked: Entry, element: Json) -> None:
    view = to_view(sheet(asked), HANDLE)
    assert view_findings(view, "modal") == []
    [block] = view["blocks"]
    assert (block["block_id"], block["element"]["action_id"]) == ("field", "field")
    assert block["element"] | element == block["element"]
    assert (view["private_metadata"], len(view["title"]["text"])) == (HANDLE, 24)


def test_what_was_chosen_before_is_chosen_already() -> None:
    [one] = to_view(sheet(entry("choice", count=2, value="v1")), HANDLE)["blocks"]
    assert one["element"]["initial_option"]["value"] == "v1"
    [many] = to_view(sheet(entry("choices", count=3, value=["v2", "gone"])), HANDLE)["blocks"]
    assert [o["value"] for o in many["element"]["initial_options"]] == ["v2"]


def test_times_on_offer_and_another_one() -> None:
    view = to_view(sheet(entry("moment", count=2, other=Label("Or another time"))), HANDLE)
    assert view_findings(view, "modal") == []
    labels = [(block["block_id"], block["label"]["text"]) for block in view["blocks"]]
    assert labels == [("field", "Label"), ("field__text", "Or another time")]
    assert [block["optional"] for block in view["blocks"]] == [True, True]


def test_what_has_to_be_read_first_is_never_cut() -> None:
    long = "\n\n".join(["A sentence that matters. " * 20] * 10)
    view = to_view(sheet(entry("choice", count=2, hint=long)), HANDLE)
    assert view_findings(view, "modal") == []
    *read, asked = view["blocks"]
    assert " ".join(b["text"]["text"] for b in read).split() == long.split()
    assert "hint" not in asked
    shown = to_view(sheet(entry("shown", hint=long)), HANDLE)["blocks"]
    assert " ".join(b["text"]["text"] for b in shown).split() == ["Label", *long.split()]


ANSWERS: dict[str, Answer] = {
    "consent": "yes",
    "extras": ["diary"],
    "offers": [f"<!channel> *{n}*" for n in range(16)],
    "seeks": ["<@U1>", "x" * 60],
    "goal": "<!channel> *x*",  # vague, so it is asked about
    "held": "yes",
    "useful": "5",
    "days": ["mon", "tue"],
    "times": ["evening"],
    "zone": "Europe/Berlin",
    "name": "<!channel> <@U1> *x*",
    "languages": ["de"],
    "rhythm": "weekly",
    "length": "60",
    "format": "both",
    "city": "<!here>",
    "company": "either",
    "capacity": "1",
    "about": "7",
    "email": "a@b.example",
    "link": "https://meet.example/a?b=1&c=*x*",
    "phone": "+491701234567",
    "invite": "https://t.me/+AbCdEf123456",
    "when": "2026-11-03T18:00",
    "check": "yes",
    "due": "2026-11-24",
    "milestones": [f"2027-01-12|<!channel> *{n}*" for n in range(3)],
    "medium": "own",
    "rules": ["finish", "ask"],
    "confidence": "own",
    "notice": "24",
    "misses": "2of4",
    "months": "4",
    "helper": "named",
    "goodbye": "own",
    "send": "yes",
    "reason": "topics",
}
FACTS: dict[str, Answer] = {
    "zone": "Europe/Berlin",
    "partner": HOSTILE,
    "slots": ["2026-11-03T18:00"],
    "about": ["7"],
    "about_labels": [HOSTILE],
    "ends": ["2027-09-30", "2027-10-30", "2027-11-30", "2027-12-30"],
    "days": ["2027-11-30"],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_page_of_every_form_is_a_view(form: Form, language: str) -> None:
    slots = ["1 18:00"] if form.name == "agreement" else FACTS["slots"]
    facts = {**FACTS, "slots": slots}
    talk = Conversation(form.name, "", {BEGUN.name: "no"}, facts=facts)
    for expected in (page for page in form.pages if BEGUN not in page.fields):
        page = form.page(talk.answers, facts)
        assert page is expected
        shown = sheets.sheet(Asking(form, talk, Wording(form.name, language)))
        view = to_view(shown, HANDLE)
        assert view_findings(view, "modal") == []
        assert view["title"]["text"] == shown.title, "the title is cut"
        given_here = {f.name: ANSWERS.get(f.name, f"{HOSTILE[:9]}") for f in page.fields}
        if form.name == "agreement" and "when" in given_here:
            given_here["when"] = "1 18:00"
        talk = replace(talk, answers={**talk.answers, **given_here})
    assert form.page(talk.answers, facts) is None


def test_what_was_entered() -> None:
    values: Json = {
        "name": {"value": "Ana"},
        "empty": {"value": None},
        "rhythm": {"selected_option": {"value": "weekly"}},
        "useful": {"selected_option": None},
        "days": {"selected_options": [{"value": "mon"}, {"value": "tue"}]},
        "none": {"selected_options": []},
        "when": {"selected_option": {"value": "2026-11-03T18:00"}},
        "when__text": {"value": "Thu 7pm"},
        "then": {"selected_option": {"value": "2026-11-03T18:00"}},
        "then__text": {"value": None},
    }
    assert to_values(submitted(values)["view"]) == {
        "name": "Ana",
        "empty": "",
        "rhythm": "weekly",
        "useful": "",
        "days": ["mon", "tue"],
        "none": [],
        "when": "Thu 7pm",
        "then": "2026-11-03T18:00",
    }


def test_what_becomes_of_a_modal() -> None:
    view = submitted({"field": {"value": "x"}})["view"]
    assert to_response(Reply(), view) == {}
    page = sheet(entry("text"))
    after = to_response(Reply(page, "h2"), view)
    assert after == {"response_action": "update", "view": to_view(page, "h2")}
    wrong = replace(page, problems={"field": Label("Too long")})
    errors = {"response_action": "errors", "errors": {"field": "Too long"}}
    assert to_response(Reply(wrong, "h2"), view) == errors


def test_a_problem_without_an_input_is_shown_on_the_page_itself() -> None:
    view = submitted({"earlier": {"value": "x"}})["view"]
    response = to_response(Reply(sheet(entry("shown"), problems={"field": "No"}), "h"), view)
    assert response["response_action"] == "update"
    assert view_findings(response["view"], "modal") == []
    assert response["view"]["blocks"][0]["text"]["text"] == "No"


def refused(error: str, status: int = 200, **headers: str) -> SlackApiError:
    data = {"ok": False, "error": error} if error else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data=data,
        headers=named,
        status_code=status,
    )
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]  # theirs


NO_ROUTE = ConnectionKey("slack.com", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "method", "receipt"),
    [
        (refused("ratelimited", 429, Retry_After="7"), "send", Later(timedelta(seconds=7), True)),
        (refused("", 429), "send", Later(timedelta(seconds=30), True)),
        (refused("user_disabled"), "send", Gone("user_disabled")),
        (refused("channel_not_found"), "send", Gone("channel_not_found")),
        (refused("user_disabled"), "group", Refused("user_disabled")),
        (refused("account_inactive"), "send", Away(TAKEN_OUT)),
        pytest.param(refused("token_revoked"), "send", Away(TAKEN_OUT), id="revoked"),
        (refused("invalid_auth"), "send", Away("invalid_auth")),
        (refused("internal_error"), "send", Uncertain(trouble=True)),
        (refused("", 503), "send", Uncertain(trouble=True)),
        (refused("restricted_action"), "send", Refused("restricted_action")),
        (aiohttp.ClientConnectorError(NO_ROUTE, OSError()), "send", Away("no connection")),
        (aiohttp.ConnectionTimeoutError(), "send", Away("no connection")),
        (aiohttp.ServerDisconnectedError(), "send", Uncertain()),
        (TimeoutError(), "send", Uncertain()),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_a_failed_call_means(error: Exception, method: str, receipt: Receipt) -> None:
    assert to_receipt(error, method) == receipt


def test_a_bug_is_no_receipt() -> None:
    with pytest.raises(KeyError):
        to_receipt(KeyError("text"))


def test_the_manifest_asks_for_what_is_used() -> None:
    manifest = (Path(adapter.__file__).parent / "manifest.yaml").read_text()
    listed = set(re.findall(r"^ {6}- ([a-z_:.]+)", manifest, re.MULTILINE))
    assert listed == SCOPES | {"app_home_opened", "message.im", "user_change"}
    [description] = re.findall(r"^  description: (.*)", manifest, re.MULTILINE)
    assert len(description) <= 140
    [hint] = re.findall(r'usage_hint: "\[(.*)\]"', manifest)
    english = {words["en"] for words in COMMANDS.values()} - {"start"}
    assert set(hint.split(" | ")) == english
    assert len(hint) <= 200  # of 1000
    for setting in (
        "socket_mode_enabled: true",
        "home_tab_enabled: true",
        "messages_tab_enabled: true",
        "messages_tab_read_only_enabled: false",
        "token_rotation_enabled: false",
    ):
        assert setting in manifest


def test_the_manifest_for_http_differs_in_its_addresses_and_what_they_bring_along() -> None:
    folder = Path(adapter.__file__).parent
    named = (folder / name for name in ("manifest.yaml", "manifest-http.yaml"))
    socket, http = (path.read_text().splitlines() for path in named)
    heads, origin = ("---", "+++", "@@", "+#", "-#"), "https://tandem.example.org"
    lines = unified_diff(socket, http, n=0, lineterm="")
    assert {line for line in lines if not line.startswith(heads)} == {
        f"+      url: {origin}{PATH}",
        f"+    request_url: {origin}{PATH}",
        "+  redirect_urls:",
        f"+    - {origin}{RETURN}",
        "+      - app_uninstalled # the workspace's tokens are forgotten",
        "+      - tokens_revoked # the same",
        "-  socket_mode_enabled: true",
        "+  socket_mode_enabled: false",
        "-  token_rotation_enabled: false",
        "+  token_rotation_enabled: true",
    }
