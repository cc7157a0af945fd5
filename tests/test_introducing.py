"""What people get to see of each other, decided and stored."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.conversation.answers import Problem
from bot.conversation.fields.texts import Phone, Text
from bot.conversation.shapes import email, invite, link
from bot.domain.tandems import MEETING, Contact, Retract, Share, State, Tandem, decide
from bot.engine.engine import Engine
from bot.store import groups, tables
from tests.stage import HOUSE, Stage

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
WAITING = Tandem(1, (1, 2, 3), "weekly", "Europe/Berlin", NOW, {m: {} for m in (1, 2, 3)})
MAIL, NAME = Contact("email", "a@example.org"), Contact("username", "a")
ALL = {1: MAIL, 2: MAIL, 3: MAIL}


def test_the_last_contact_introduces_them() -> None:
    almost = replace(WAITING, contacts={1: MAIL, 2: MAIL})
    again, _ = decide(almost, Share(1, NAME))
    assert (again.state, again.contacts[1]) == (State.CONTACTS, NAME)
    whole, told = decide(again, Share(3, MAIL))
    assert whole.state in MEETING
    assert told == [], "what is shown is told by the engine, in messages of their own"


@pytest.mark.parametrize("state", sorted(MEETING))
def test_a_contact_is_changed_as_long_as_they_meet(state: State) -> None:
    meeting = replace(WAITING, contacts=ALL, state=state)
    changed, _ = decide(meeting, Share(2, NAME))
    assert changed == replace(meeting, contacts={**ALL, 2: NAME})
    without, _ = decide(changed, Retract(2))
    assert without == replace(meeting, contacts={1: MAIL, 3: MAIL})


@pytest.mark.parametrize("state", [State.PAUSED, State.ENDED])
def test_afterwards_nothing_is_shown_any_more(state: State) -> None:
    over = replace(WAITING, contacts=ALL, state=state)
    after, told = decide(over, Share(2, NAME))
    assert after == over
    assert [tell.member for tell in told] == [2]


@pytest.mark.parametrize(
    ("shape", "text", "taken"),
    [
        (email, "kim@example.org", "kim@example.org"),
        (email, "kim.k+t@sub.example.museum", "kim.k+t@sub.example.museum"),
        (email, "kim@example", None),
        (email, "kim example.org", None),
        (email, "kim@example.org, ben@example.org", None),
        (email, "<kim@example.org>", None),
        (link, "https://meet.jit.si/raum?a=1#b", "https://meet.jit.si/raum?a=1#b"),
        (link, "http://meet.jit.si/raum", None),
        (link, "meet.jit.si/raum", None),
        (link, "https://user@evil.example/x", None),
        (link, "https://localhost/x", None),
        (link, "https://127.0.0.1/x", None),
        (link, "https://[::1/x", None),
        (link, "https://ex ample.org/x", None),
        (link, "javascript:alert(1)", None),
        (link, 'https://a.example/"><b>', None),
        (invite, "https://t.me/+AbCdEf123456", "https://t.me/+AbCdEf123456"),
        (invite, "t.me/joinchat/AbCdEf123456", "https://t.me/joinchat/AbCdEf123456"),
        (invite, "https://t.me/ben", None),
        (invite, "https://t.me.evil.example/+AbCdEf123456", None),
    ],
)
def test_what_a_contact_has_to_look_like(shape: object, text: str, taken: str | None) -> None:
    assert callable(shape)
    assert shape(text) == taken


def test_a_typed_number_is_nobodys_and_a_sent_one_is_taken() -> None:
    phone = Phone("phone", optional=True)
    assert phone.read("+491701234567", {}) == "+491701234567"
    assert phone.read(["+491701234567"], {}) == Problem("unknown")
    assert phone.read("somebody else’s", {}) == Problem("unknown")
    assert phone.read("", {}) == ""
    assert Text("link", shape="link").read("http://x.example", {}) == Problem("unknown")


GROUP = """(ana is on telegram as @ana_h)
(ben is on telegram as @ben_k)
(cem is on telegram)
(rounds are on Wednesdays)
(ana has joined: Kochen for Singen)
(ben has joined: Singen for Schach)
(cem has joined: Schach for Kochen)
(ana, ben and cem are suggested to each other)
ana > [Kennenlernen]
ben > [Kennenlernen]
cem > [Kennenlernen]
ana > [Nur unsere Gruppe]
ben > [Nur unsere Gruppe]
cem > [Nur unsere Gruppe]
ben > [Gruppe anlegen]
"""


def rows(stage: Stage) -> list[tuple[str, str]]:
    with stage.store.begin() as connection:
        found = connection.execute(select(tables.group_chat.c.chat, tables.group_chat.c.hash)).all()
    return [(row.chat, row.hash) for row in found]


def test_of_a_token_only_its_hash_is_kept_and_that_not_for_long(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform(GROUP)
    token = stage.people["ben"].token
    [(chat, kept)] = rows(stage)
    assert (chat, len(token), len(kept)) == ("", 32, 64)
    assert token not in kept
    with stage.store.begin() as connection:
        assert groups.by_token(connection, token, stage.now) is not None
        assert groups.by_token(connection, token, stage.now + timedelta(days=8)) is None
    Engine(stage.store, HOUSE).tidy(stage.now + timedelta(days=8))
    assert rows(stage) == []
    stage.store.dispose()


def test_a_used_token_is_gone_and_so_is_the_group_once_somebody_is(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform(GROUP + "(ben adds the bot to group runde by the link of ben)\n")
    assert rows(stage) == [("runde", "")]
    stage.perform("(group runde becomes superrunde)\n")
    assert rows(stage) == [("superrunde", "")]
    stage.perform("cem > /daten\ncem > [Alles löschen]\ncem > [Endgültig löschen]\n")
    assert rows(stage) == []
    stage.store.dispose()


def test_two_who_meet_again_are_asked_something_new(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    meet = "ana > [Kennenlernen]\nben > [Kennenlernen]\nana > [@ana zeigen]\nben > [@ben zeigen]\n"
    stage.perform(
        "(ana is on telegram as @ana)\n(ben is on telegram as @ben)\n"
        "(ana has joined: Kochen for Singen)\n(ben has joined: Singen for Kochen)\n"
        f"{meet}ana > [Andere Frage]\nben > [Andere Frage]\nben > /ende\nben > [Tandem beenden]\n"
        f"(ana and ben are suggested to each other)\n{meet}ana > [Andere Frage]\n"
    )
    with stage.store.begin() as connection:
        shown = connection.execute(select(tables.tandem.c.openers)).scalars().all()
    assert [len(names) for names in shown] == [3, 2]
    assert len({name for names in shown for name in names}) == 5
    stage.store.dispose()
