"""Milestones: whatever is pressed, in whatever order and by whom, each thing happens once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine as Database

from bot.conversation.asking import Asking
from bot.conversation.sheets import sheet
from bot.conversation.talk import Conversation
from bot.conversation.typed import meant
from bot.conversation.wording import Wording
from bot.domain import milestones
from bot.domain.milestones import (
    ADDED,
    CHANGED,
    LIST,
    OPEN_AT_MOST,
    REACHED,
    REMOVED,
    Add,
    Back,
    Change,
    Event,
    Look,
    Milestones,
    Open,
    Remove,
    Tick,
    Untick,
    decide,
)
from bot.domain.tandems import PAUSED, State, Tandem
from bot.flows.milestone import MILESTONE
from bot.store import milestones as store
from bot.store import pairs
from bot.store.database import connect

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
PEOPLE = (1, 2, 3)
ABOUT = {member: {"partner": "Ben und Cem", "many": True} for member in PEOPLE}
THREE = Tandem(5, PEOPLE, "weekly", "Europe/Berlin", NOW, ABOUT, State.ACTIVE)
NOTHING = Milestones(THREE)

by, number = st.sampled_from(PEOPLE), st.integers(1, 12)
title = st.text(min_size=1, max_size=100)
due = st.none() | st.dates(date(2026, 11, 2), date(2028, 1, 1))
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Look, by),
    st.builds(Back, by),
    st.builds(Add, by, title, due),
    st.builds(Open, by, number),
    st.builds(Tick, by, number),
    st.builds(Untick, by, number),
    st.builds(Change, by, number, title, due),
    st.builds(Remove, by, number),
)


def after(*happened: Event, known: Milestones = NOTHING) -> Milestones:
    for event in happened:
        known, _ = decide(known, event, NOW)
    return known


@given(st.lists(events, max_size=40))
def test_reaching_one_is_told_to_all_and_once_ever(happened: list[Event]) -> None:
    known, told = NOTHING, list[tuple[int, str]]()
    for event in happened:
        known, tells = decide(known, event, NOW)
        told += [(tell.member, tell.subject) for tell in tells if tell.card is REACHED]
        assert any(tell.member == event.by for tell in tells), "whoever it was gets an answer"
    assert len(told) == len(set(told))
    assert {member for member, _ in told} in (set(), set(PEOPLE))


@given(st.lists(events, max_size=40), events)
def test_pressed_twice_nothing_more_happens(happened: list[Event], event: Event) -> None:
    once = after(*happened, event)
    twice, tells = decide(once, event, NOW + timedelta(seconds=1))
    if not isinstance(event, Add):
        assert twice == once
        assert {tell.member for tell in tells} == {event.by}


@given(st.lists(events, max_size=60))
def test_a_number_is_never_given_again(happened: list[Event]) -> None:
    known = NOTHING
    for event in happened:
        before, (known, _) = known, decide(known, event, NOW)
        assert {m.number for m in before.every} <= {m.number for m in known.every}
        gone = {m.number for m in before.every if not m.title}
        assert gone == {m.number for m in known.every if not m.title} & gone


@pytest.mark.parametrize(
    ("event", "card"),
    [
        (Add(1, "Zwei", None), ADDED),
        (Change(1, 1, "Eins", date(2027, 1, 1)), CHANGED),
        (Remove(1, 1), REMOVED),
    ],
)
def test_the_others_hear_of_a_change_in_one_sentence(event: Event, card: object) -> None:
    known = after(Add(2, "Eins", None))
    _, (answer, *others) = decide(known, event, NOW)
    assert (answer.member, answer.card) == (1, LIST)
    assert [(tell.member, tell.card) for tell in others] == [(2, card), (3, card)]


def test_taking_a_tick_back_is_told_to_nobody_else() -> None:
    known = after(Add(1, "Eins", None), Tick(2, 1))
    known, tells = decide(known, Untick(3, 1), NOW)
    assert [tell.member for tell in tells] == [3]
    assert [m.title for m in known.open] == ["Eins"]


def test_there_is_room_for_so_many_open_ones_and_for_any_that_are_reached() -> None:
    full = after(*(Add(1, f"Nr. {n}", None) for n in range(OPEN_AT_MOST + 3)))
    assert len(full.open) == OPEN_AT_MOST
    again = after(Tick(1, 1), Add(1, "Noch eins", None), known=full)
    assert (len(again.open), len(again.done)) == (OPEN_AT_MOST, 1)


@given(st.lists(events, max_size=20), events)
def test_what_has_ended_can_only_be_read(happened: list[Event], event: Event) -> None:
    ended = replace(after(*happened), tandem=replace(THREE, state=State.ENDED))
    known, [tell] = decide(ended, event, NOW)
    assert known == ended
    assert tell.card is LIST
    assert (tell.choices["open"], "add" in tell.without) == ((), True)


@given(events)
def test_while_a_tandem_rests_nothing_changes(event: Event) -> None:
    resting = replace(NOTHING, tandem=replace(THREE, state=State.PAUSED))
    known, [tell] = decide(resting, event, NOW)
    assert (known, tell.card) == (resting, PAUSED)


def test_what_is_due_first_comes_first() -> None:
    known = after(
        Add(1, "ohne", None), Add(1, "März", date(2027, 3, 1)), Add(1, "Mai", date(2027, 5, 1))
    )
    assert [m.title for m in known.open] == ["März", "Mai", "ohne"]


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    made = connect("sqlite://")
    yield made
    made.dispose()


@settings(deadline=None)  # the first example waits for the schema
@given(st.lists(events, max_size=15))
def test_what_happened_is_what_is_stored(database: Database, happened: list[Event]) -> None:
    with database.connect() as connection:
        tandem = pairs.add_tandem(connection, THREE, dict.fromkeys(THREE.members, 1))
        known = store.get(connection, tandem.id)
        for event in happened:
            changed, _ = decide(known, event, NOW)
            store.save(connection, known, changed)
            known = store.get(connection, tandem.id)
            assert known.every == changed.every


# The form -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "language", "day"),
    [
        ("12.3.", "de", "2027-03-12"),
        ("in zwei Wochen", "de", "2026-11-16"),
        ("Ende März", "en", "2027-03-31"),
        ("by the end of March", "en", "2027-03-31"),
        ("12. März 2027", "de", "2027-03-12"),
        ("12 March 2027", "en", "2027-03-12"),
        ("2027-03-12", "en", "2027-03-12"),
        ("12.3.2020", "de", "12.3.2020"),
        ("irgendwann", "de", "irgendwann"),
    ],
)
def test_a_day_is_typed_in_either_language(typed: str, language: str, day: str) -> None:
    asked = MILESTONE.pages[0].fields[1]
    talk = Conversation("milestone", facts={"today": "2026-11-02"})
    asking = Asking(MILESTONE, talk, Wording("milestone", language))
    now = datetime(2026, 11, 2, 9)  # noqa: DTZ001 -- a wall time
    assert meant(asked, typed, [asking], now) == day


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_sheet_can_be_sent_off_as_it_is(language: str) -> None:
    """What stands in it, also the day, is understood as it reads."""
    talk = Conversation("milestone", "", {"milestone": "Eins"}, {"due": "2027-03-12"})
    asking = Asking(MILESTONE, talk, Wording("milestone", language))
    name, day = sheet(asking).entries
    assert (name.value, name.limit, day.optional) == ("Eins", 100, True)
    assert "2027-03-12" in [option.value for option in day.options]
    now = datetime(2026, 11, 2, 9)  # noqa: DTZ001 -- a wall time
    assert meant(MILESTONE.pages[0].fields[1], str(day.value), [asking], now) == "2027-03-12"


def test_the_card_of_one_carries_its_number() -> None:
    known = after(Add(1, "Eins", None), Add(1, "Zwei", None))
    _, [tell] = decide(known, Open(3, 2), NOW)
    assert (tell.card, tell.subject) == (milestones.ITEM, "milestone:5.2")
