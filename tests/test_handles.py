"""What buttons and links carry: at random, of 128 bits at least, for one person, for a time."""

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.conversation.talk import Press, Verb
from bot.domain import feeds
from bot.domain.groups import LIFE
from bot.store import accounts, buttons, groups, tables
from tests.fresh import fresh
from tests.stage import MONDAY, Stage

BITS = 128
PRESS = Press(Verb.ACT, "proposal.accept", "", "", "proposal:1")
ISSUED: dict[str, Callable[[Connection], str]] = {
    "buttons and sheets": lambda c: buttons.issue(c, 1, [("x", PRESS)], MONDAY)[0],
    "a group's link": lambda c: groups.issue(c, 1, 1, MONDAY),
    "a calendar's address": lambda _: feeds.token(),
}


@pytest.mark.parametrize("issue", ISSUED.values(), ids=ISSUED.keys())
def test_they_are_long_enough_and_never_the_same(
    tmp_path: Path, issue: Callable[[Connection], str]
) -> None:
    store = fresh(tmp_path / "t.db")
    with store.begin() as connection:
        found = [issue(connection) for _ in range(200)]
    store.dispose()
    assert len(set(found)) == len(found)
    random = [one.rpartition(".")[2] for one in found]
    assert all(len(base64.urlsafe_b64decode(one + "==")) * 8 >= BITS for one in random)


def test_a_button_is_bound_to_member_thing_and_action_and_ends(tmp_path: Path) -> None:
    store = fresh(tmp_path / "t.db")
    with store.begin() as connection:
        [handle] = buttons.issue(connection, 1, [("Ja", PRESS)], MONDAY)
        last = MONDAY + buttons.LIFE - timedelta(seconds=1)
        assert buttons.meaning(connection, handle, 1, last) == ("Ja", PRESS)
        assert buttons.meaning(connection, handle, 1, MONDAY + buttons.LIFE) is None
        assert buttons.meaning(connection, handle, 2, MONDAY) is None
        assert buttons.meaning(connection, handle[:-1], 1, MONDAY) is None
        buttons.forget_expired(connection, MONDAY + buttons.LIFE)
        assert connection.execute(select(tables.button)).all() == []
    store.dispose()


def test_a_groups_link_ends_and_a_newer_one_takes_its_place(tmp_path: Path) -> None:
    store = fresh(tmp_path / "t.db")
    with store.begin() as connection:
        old, new = (groups.issue(connection, 1, 1, MONDAY) for _ in range(2))
        assert groups.by_token(connection, old, MONDAY) is None
        assert groups.by_token(connection, new, MONDAY) is not None
        assert groups.by_token(connection, new, MONDAY + LIFE) is None
    store.dispose()


def test_a_code_to_be_typed_is_good_once_and_for_a_quarter_of_an_hour(tmp_path: Path) -> None:
    """It is shorter, since somebody has to type it, so it lives much less long."""
    store = fresh(tmp_path / "t.db")
    with store.begin() as connection:
        code = accounts.issue_code(connection, 1, MONDAY)
        assert accounts.redeem(connection, code, MONDAY) == 1
        assert accounts.redeem(connection, code, MONDAY) is None
        code = accounts.issue_code(connection, 1, MONDAY)
        assert accounts.redeem(connection, code, MONDAY + timedelta(minutes=15)) is None
    store.dispose()


def test_all_that_is_shown_is_a_handle_and_nothing_of_what_it_means(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform("(ana is on telegram)\n(ana has joined: Holz for Metall)\nana > /daten")
    shown = [
        button
        for parcel in stage.sent
        for row in parcel.body.get("rows", ())
        for button in row
        if "handle" in button
    ]
    with stage.store.begin() as connection:
        rows = connection.execute(select(tables.button)).all()
    known = {buttons.handle_at(place, row.token) for row in rows for place in row.presses}
    handles = {button["handle"] for button in shown}
    assert handles & known
    assert handles - known <= {"crisis.de", "crisis.en"}
    assert all(button.keys() == {"label", "handle"} for button in shown)
    stage.store.dispose()
