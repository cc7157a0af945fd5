"""The outbox on a real database: order, leases, pauses, and what can't be delivered."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import select, update

from bot.domain.parcels import (
    LONGEST,
    TRIES,
    TRIES_IN_TROUBLE,
    Away,
    Gone,
    Later,
    Moved,
    NotSent,
    Patience,
    Receipt,
    Refused,
    Sent,
    State,
    Uncertain,
    fate,
)
from bot.engine.engine import Engine
from bot.store import outbox, sending
from bot.store.outbox import Parcel
from bot.store.sending import LEASE
from bot.store.tables import outbox as table
from scheduler.delivery import Chats, Limits, Pace
from tests.postgres import Place
from tests.stage import HOUSE

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def post(store: Database, *parcels: Parcel) -> None:
    with store.begin() as connection:
        for parcel in parcels:
            outbox.post(connection, parcel, NOW)


def claim(store: Database, now: datetime = NOW) -> list[Parcel]:
    return Engine(store, HOUSE).claim("telegram", now, 50)


def settle(store: Database, parcel: Parcel, receipt: Receipt, now: datetime = NOW) -> None:
    Engine(store, HOUSE).settle(parcel, receipt, now)


def states(store: Database) -> list[tuple[str, str]]:
    with store.begin() as connection:
        rows = connection.execute(select(table.c.state, table.c.reason).order_by(table.c.id))
        return [(row.state, row.reason) for row in rows]


def parcel(key: str, chat: str = "1", **more: object) -> Parcel:
    return Parcel(key, "telegram", "b", chat, "send", {"text": key, "rows": []}, **more)  # type: ignore[arg-type]  # a parcel's own fields


@pytest.mark.parametrize(
    ("receipt", "patience", "tries", "state"),
    [
        (Sent("7"), Patience.ONCE, 1, State.SENT),
        (Away("no connection"), Patience.ONCE, 1, State.DUE),
        (Away("no connection"), Patience.REPLY, 1000, State.DUE),
        (NotSent("no file"), Patience.ONCE, 1, State.DUE),
        (NotSent("no file"), Patience.REPLY, 8, State.FAILED),
        (Uncertain(), Patience.REPLY, 1, State.DUE),
        (Uncertain(), Patience.REPLY, 8, State.UNCERTAIN),
        (Uncertain(trouble=True), Patience.REPLY, 44, State.DUE),
        (Uncertain(trouble=True), Patience.REPLY, 45, State.UNCERTAIN),
        (Uncertain(trouble=True), Patience.NUDGE, 2, State.DROPPED),
        (Away("no connection"), Patience.NUDGE, 1000, State.DUE),
        (Uncertain(trouble=True), Patience.ONCE, 1, State.UNCERTAIN),
        (Uncertain(), Patience.NUDGE, 1, State.DUE),
        (Uncertain(), Patience.NUDGE, 2, State.DROPPED),
        (Uncertain(), Patience.ONCE, 1, State.UNCERTAIN),
        (Later(MINUTE), Patience.ONCE, 1, State.DUE),
        (Gone("blocked"), Patience.REPLY, 1, State.DROPPED),
        (Moved("-100"), Patience.ONCE, 1, State.DUE),
        (Refused("bad request"), Patience.REPLY, 1, State.FAILED),
    ],
    ids=str,
)
def test_what_becomes_of_a_parcel(
    receipt: Receipt, patience: Patience, tries: int, state: State
) -> None:
    assert fate(receipt, patience, tries, NOW + 60 * MINUTE, NOW).state is state


def test_a_nudge_of_which_little_is_left_is_not_sent_again() -> None:
    assert fate(Uncertain(), Patience.NUDGE, 1, NOW + 5 * MINUTE, NOW).state is State.DROPPED
    assert fate(Uncertain(), Patience.NUDGE, 7, None, NOW).state is State.DUE  # of use for ever
    assert fate(Uncertain(), Patience.NUDGE, 8, None, NOW).state is State.UNCERTAIN


def test_the_same_key_is_posted_once(store: Database) -> None:
    post(store, parcel("a"), parcel("a"))
    assert len(states(store)) == 1


def test_a_chat_gets_its_messages_in_order_and_waits_for_each(store: Database) -> None:
    post(store, parcel("a"), parcel("b"), parcel("c", chat="2"))
    first = claim(store)
    assert [p.key for p in first] == ["a", "c"]
    assert claim(store) == []
    settle(store, first[0], NotSent("no connection"))
    assert claim(store) == []
    again = claim(store, NOW + MINUTE)
    assert [p.key for p in again] == ["a"]
    settle(store, again[0], Sent("7"))
    assert [p.key for p in claim(store)] == ["b"]


def test_a_pause_asked_for_holds_the_chat_and_outlives_a_restart(
    store: Database, place: Place
) -> None:
    post(store, parcel("a"), parcel("b", chat="2"))
    first, other = claim(store)
    settle(store, first, Later(30 * MINUTE))
    settle(store, other, Sent())
    post(store, parcel("late", chat="1"))
    reopened = place.open()
    assert claim(reopened, NOW + 29 * MINUTE) == []
    assert [p.key for p in claim(reopened, NOW + 30 * MINUTE)] == ["a"]


def test_a_pause_for_a_method_holds_it_in_every_chat(store: Database) -> None:
    post(store, parcel("a"), parcel("b", chat="2"))
    both = claim(store)
    settle(store, both[0], Later(MINUTE, everywhere=True))
    settle(store, both[1], Sent())
    post(store, parcel("c", chat="3"))
    assert claim(store) == []
    assert [p.key for p in claim(store, NOW + MINUTE)] == ["a", "c"]


def test_while_a_platform_is_away_all_wait_for_it_however_long_and_nothing_is_given_up(
    store: Database,
) -> None:
    post(store, parcel("a", patience=Patience.ONCE), parcel("b", chat="2"))
    now, asked = NOW, 0
    while now < NOW + timedelta(hours=3):
        for found in claim(store, now):
            settle(store, found, Away("no connection"), now)
            asked += 1
        now += timedelta(seconds=10)
    assert 300 < asked < 3000, "it is asked again and again, and left alone in between"
    back = claim(store, now + MINUTE)
    assert [one.key for one in back] == ["a", "b"]
    settle(store, back[0], NotSent("not now"), now + MINUTE)
    settle(store, back[1], Sent("7"), now + MINUTE)
    assert [state for state, _ in states(store)] == ["due", "sent"], "there are tries left"


def test_a_platform_that_is_away_for_a_moment_is_tried_again_soon(store: Database) -> None:
    post(store, parcel("a"), parcel("b", chat="2"))
    first, _ = claim(store)
    settle(store, first, Away("no connection"))
    assert claim(store, NOW + timedelta(seconds=1)) == []
    assert [p.key for p in claim(store, NOW + timedelta(seconds=2))] == ["a"]


@pytest.mark.parametrize(("others", "tries"), [(True, TRIES), (False, TRIES_IN_TROUBLE)])
def test_a_message_that_alone_brings_trouble_comes_a_few_times_at_most(
    store: Database, *, others: bool, tries: int
) -> None:
    now, tried = NOW, 0
    post(store, parcel("bad"))
    while states(store)[0][0] == "due":
        if others:
            post(store, parcel(f"good {tried}", chat="2"))
        for claimed in claim(store, now):
            bad = claimed.key == "bad"
            tried += bad
            settle(store, claimed, Uncertain(trouble=True) if bad else Sent("m"), now)
        now += LONGEST
    assert (tried, states(store)[0]) == (tries, ("uncertain", "no answer"))


def test_whoever_does_something_gets_at_once_what_was_tried_in_vain(store: Database) -> None:
    post(store, parcel("a"))
    [tried] = claim(store)
    settle(store, tried, Uncertain(trouble=True))
    assert claim(store) == []
    post(store, parcel("b"))
    [again] = claim(store)
    assert again.key == "a"
    settle(store, again, Sent("7"))
    assert [one.key for one in claim(store)] == ["b"]


def test_a_sender_that_died_leaves_nothing_lost_and_nothing_blindly_repeated(
    store: Database,
) -> None:
    post(
        store,
        parcel("reply"),
        parcel("once", chat="2", patience=Patience.ONCE),
        parcel("nudge", chat="3", patience=Patience.NUDGE, expires_at=NOW + 60 * MINUTE),
    )
    assert len(claim(store)) == 3
    assert claim(store, NOW + LEASE - MINUTE / 2) == []
    claim(store, NOW + LEASE)
    assert states(store) == [("due", "no answer"), ("uncertain", "no answer"), ("due", "no answer")]
    assert [p.key for p in claim(store, NOW + LEASE + MINUTE)] == ["reply", "nudge"]


def test_what_was_sent_meanwhile_is_not_taken_for_lost(store: Database) -> None:
    """Between the look for what was left behind and its end the receipt comes after all."""
    post(store, parcel("reply"), parcel("once", chat="2", patience=Patience.ONCE))
    claim(store)
    with store.begin() as connection:
        left = sending.abandoned(connection, "telegram", NOW + LEASE)
    assert [late.key for late in left] == ["reply", "once"]
    for late in left:
        settle(store, late, Sent("7"))
    with store.begin() as connection:
        for late in left:
            assert sending.settle(connection, late, Uncertain(), NOW + LEASE) is None
    assert states(store) == [("sent", ""), ("sent", "")]


def test_a_home_that_may_have_been_drawn_is_drawn_anew(store: Database) -> None:
    """Its receipt comes after it was taken for lost: by then things may be otherwise."""
    there = "telegram", "b", "home:1"
    post(store, Parcel("old", *there, "home"))
    with store.begin() as connection:
        assert outbox.home_is_due(connection, there)
    [drawn] = claim(store)
    claim(store, NOW + LEASE)
    assert states(store) == [("due", "no answer")]
    with store.begin() as connection:
        assert not outbox.home_is_due(connection, there)
    settle(store, drawn, Sent())
    assert states(store) == [("sent", "")]


def test_answers_go_before_what_is_said_unasked_but_each_chat_in_order(store: Database) -> None:
    post(store, *(parcel(f"news {chat}", chat=chat, unasked=True) for chat in ("1", "2", "3")))
    post(store, parcel("answer", chat="4"), parcel("answer behind news", chat="3"))
    first = Engine(store, HOUSE).claim("telegram", NOW, 3)
    assert sorted(p.key for p in first) == ["answer", "news 1", "news 3"]
    for sent in first:
        settle(store, sent, Sent("7"))
    assert sorted(p.key for p in claim(store)) == ["answer behind news", "news 2"]


def test_what_is_stale_is_dropped_with_the_reason(store: Database) -> None:
    post(store, parcel("a", expires_at=NOW + MINUTE), parcel("b"))
    assert [p.key for p in claim(store, NOW + MINUTE)] == ["b"]
    assert states(store)[0] == ("dropped", "too late")


def test_a_chat_that_moved_takes_its_messages_along(store: Database) -> None:
    post(store, parcel("a"), parcel("b"))
    [first] = claim(store)
    settle(store, first, Moved("-100"))
    assert [(p.key, p.chat) for p in claim(store)] == [("a", "-100")]


@pytest.mark.parametrize(
    "receipt", [Sent("7"), Gone("blocked"), Later(MINUTE), Moved("-100"), Uncertain()], ids=str
)
def test_what_was_deleted_on_its_way_is_settled_without_a_trace(
    store: Database, receipt: Receipt
) -> None:
    """Somebody deletes their data while a message to them is being sent."""
    post(store, parcel("a", member=1))
    [sent] = claim(store)
    with store.begin() as connection:
        outbox.forget(connection, sent.id)
    settle(store, sent, receipt)
    assert states(store) == []
    post(store, parcel("goodbye"))
    with store.begin() as connection:  # as SQLite gives a number again
        connection.execute(update(table).values(id=sent.id))
    claim(store)
    settle(store, sent, receipt)
    assert states(store) == [("sending", "")]


def test_a_pace_lets_a_burst_through_and_then_one_at_a_time() -> None:
    pace = Pace(rate=2.0, burst=2.0)
    start = time.monotonic()
    assert [round(pace.wait_s(start), 1) for _ in range(4)] == [0.0, 0.0, 0.5, 1.0]
    assert round(pace.wait_s(start + 10), 1) == 0.0


def test_of_many_in_a_row_to_one_chat_the_next_waits_and_other_chats_do_not() -> None:
    chats = Chats(Limits(30.0, at_once=2, within_s=5.0))
    assert [chats.wait_s("1", now) for now in (0.0, 1.0, 2.0, 3.0)] == [0.0, 0.0, 3.0, 3.0]
    assert chats.wait_s("2", 3.0) == 0.0
    assert chats.wait_s("1", 20.0) == 0.0
