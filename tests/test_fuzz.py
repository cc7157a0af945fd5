"""What platforms send, broken in every way: it is understood, or nothing, never somebody else's.

Recorded payloads with parts missing, of other kinds, nested or huge. The library reads Telegram's
before we do; what it can't read is counted as a try at its usual place (see `Service.drain`).
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from telegram import Bot, Update

from adapters.playground import incoming as playground
from adapters.slack import incoming as slack
from adapters.telegram import incoming as telegram
from adapters.telegram.emergency import asks
from adapters.telegram.keeping import lean
from bot.conversation import crisis
from bot.engine.events import Event, Pressed, Said, Submitted
from tests.hostile import NASTY
from tests.slack_samples import (
    DELETED,
    EDITED,
    FILE,
    PRESSED,
    PRESSED_AT_HOME,
    TEAM,
    command,
    home_opened,
    message,
    submitted,
    user_change,
)

Json = Any  # a platform's
SLACK = [
    *(message("Hallo"), message("", subtype="file_share", files=[FILE]), home_opened("home")),
    *(user_change(deleted=True), PRESSED, PRESSED_AT_HOME, EDITED, DELETED, command("hilfe")),
    submitted({"name": {"value": "Ana"}, "days": {"selected_options": [{"value": "mon"}]}}),
    {"type": "event_callback", "event": {"type": "app_uninstalled"}, "event_time": 1793600000},
]
PERSON = {"id": 7, "is_bot": False, "first_name": "Ana", "language_code": "de"}
CHAT = {"id": 7, "type": "private", "first_name": "Ana"}
WRITTEN = {"message_id": 5, "date": 1793600000, "chat": CHAT, "from": PERSON, "text": "Hallo"}
MEMBER = {"user": {**PERSON, "id": 9, "is_bot": True}, "status": "member"}
CONTACT = {"phone_number": "+49", "first_name": "A", "user_id": 7}
PRESS = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "h", "message": WRITTEN}
BLOCKED = {
    "chat": CHAT,
    "from": PERSON,
    "date": 1793600000,
    "old_chat_member": MEMBER,
    "new_chat_member": {**MEMBER, "status": "kicked", "until_date": 0},
}
GROUP = {"id": -5, "type": "group", "title": "G"}
TELEGRAM = [
    {"update_id": 1, "message": WRITTEN},
    {"update_id": 2, "message": {**WRITTEN, "text": None, "contact": CONTACT}},
    {"update_id": 3, "callback_query": PRESS},
    {"update_id": 4, "my_chat_member": BLOCKED},
    {"update_id": 5, "message": {**WRITTEN, "chat": GROUP, "text": "/start@tandem_bot abc"}},
    {"update_id": 6, "message": {**WRITTEN, "text": "Notfall!"}},
    {"update_id": 7, "callback_query": {**PRESS, "data": crisis.handle("en")}},
]
HERE = {"action": "a", "person": "p"}
PLAYGROUND = [
    {**HERE, "kind": "say", "text": "Hallo"},
    {**HERE, "kind": "press", "handle": "h", "message": 5},
    {**HERE, "kind": "submit", "handle": "h", "values": {"a": "x", "b": ["y"]}},
    {**HERE, "kind": "block", "blocked": True},
]
BOT = Bot("1:x")
SOMEBODY = {"id": "p", "name": "Ana", "language": "de"}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from(NASTY),
    st.sampled_from([[], {}, [[]], [None], {"": {}}, [1] * 3, {"a": [{}]}, "x" * 100_000]),
)


def places(body: Json, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    parts = (
        body.items()
        if isinstance(body, dict)
        else enumerate(body)
        if isinstance(body, list)
        else ()
    )
    for name, part in parts:
        yield (*here, name)
        yield from places(part, (*here, name))


@st.composite
def broken(draw: st.DrawFn, bodies: list[Json]) -> Json:
    body = deepcopy(draw(st.sampled_from(bodies)))
    for _ in range(draw(st.integers(1, 3))):
        found = sorted(places(body), key=repr)
        if found:
            _break(body, draw(st.sampled_from(found)), draw)
    return body


def _break(body: Json, place: tuple[str | int, ...], draw: st.DrawFn) -> None:
    *way, last = place
    for name in way:
        body = body[name]
    if draw(st.booleans()):
        body[last] = deepcopy(draw(ODD))
    else:
        del body[last]


def check(event: Event | None, whose: object) -> None:
    """Nobody's, or of who sent it; what it says is made of what the engine takes."""
    if event is None:
        return
    assert event.sender.address.user == str(whose)
    match event.what:
        case Said(text):
            assert isinstance(text, str)
        case Pressed(handle, ref) | Submitted(handle, ref):
            assert isinstance(handle, str)
            assert isinstance(ref, str | dict)
        case _:
            pass


@settings(max_examples=200, deadline=None)
@given(broken(SLACK))
@example({"type": "event_callback", "event": {"type": "app_uninstalled"}})
@example({"type": "view_submission", "user": {"id": "U1"}, "view": {"private_metadata": "h"}})
@example(message(7))  # type: ignore[arg-type]  # as broken as can be
def test_of_slack(body: Json) -> None:
    if isinstance(body, dict):
        assert all(isinstance(part, str) for part in slack.to_key(body, TEAM))
        event = slack.to_event(body, TEAM)
        check(event, slack.user_of(body))
        assert slack.to_event(slack.lean(body), TEAM) == event


@settings(max_examples=200, deadline=None)
@given(broken(TELEGRAM))
def test_of_telegram(body: Json) -> None:
    try:
        update = Update.de_json(body, BOT)
        event = telegram.to_event(update, "1")
    except Exception:  # noqa: BLE001 -- counted as a try where it is called, and parked after three
        return
    assert telegram.to_event(Update.de_json(lean(body), BOT), "1") == event
    if event is not None:
        assert update.effective_user is not None
        assert event.sender.address.user == str(update.effective_user.id)
        assert asks(body) or not wants_the_page(event)


def wants_the_page(event: Event) -> bool:
    match event.what:
        case Said(str(words)) | Pressed(str(words)):
            return crisis.asked(words) is not None
        case _:
            return False


@settings(max_examples=200, deadline=None)
@given(broken(PLAYGROUND))
def test_of_the_playground(body: Json) -> None:
    read = playground.to_body(json.dumps(body).encode())
    if read is not None:
        playground.to_key(read)
        check(playground.to_event(read, SOMEBODY), "p")


@settings(deadline=None)
@given(st.binary(max_size=200))
@example(b"[" * 100_000)
@example(b'{"a": "\\ud800"}')
@example(b'{"a": 1e999}')
def test_bytes_that_are_no_json_are_nothing(raw: bytes) -> None:
    body = playground.to_body(raw)
    assert body is None or isinstance(body, dict)
