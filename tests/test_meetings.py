"""A time is agreed when all of two to four have said yes to the same one."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.cards import Tell
from bot.domain.sessions import (
    AGREED,
    ASKED,
    FITS,
    PLANNED,
    TOO_LATE,
    WISHED,
    Agree,
    Cancel,
    Session,
    Wish,
    decide,
)

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
TUESDAY, THURSDAY, GONE = (datetime(2026, 11, day, 18) for day in (3, 5, 1))  # noqa: DTZ001 -- local by design
FOUR = (1, 2, 3, 4)


def session(members: tuple[int, ...] = FOUR, **known: object) -> Session:
    about = {member: {"partner": "die anderen"} for member in members}
    return Session(5, 1, 1, members, "Europe/Berlin", about, **known)  # type: ignore[arg-type]  # fields of it


def told(tells: Iterable[Tell]) -> dict[int, str]:
    return {tell.member: tell.card.name for tell in tells}


@pytest.mark.parametrize("members", [FOUR[:2], FOUR[:3], FOUR])
def test_a_time_stands_with_the_last_yes_and_not_before(members: tuple[int, ...]) -> None:
    known, tells = decide(session(members), Wish(1, TUESDAY), NOW)
    others = members[1:]
    assert told(tells) == {1: ASKED.name, **dict.fromkeys(others, WISHED.name)}
    for member in others[:-1]:
        known, tells = decide(known, Agree(member, TUESDAY), NOW)
        assert told(tells) == {member: AGREED.name}
        assert known.planned is None
    known, tells = decide(known, Agree(others[-1], TUESDAY), NOW)
    assert told(tells) == dict.fromkeys(members, PLANNED.name)
    assert (known.planned, known.wish) == (TUESDAY, None)


def test_another_time_asks_everybody_anew() -> None:
    known, _ = decide(session(), Wish(1, TUESDAY), NOW)
    known, _ = decide(known, Agree(2, TUESDAY), NOW)
    known, tells = decide(known, Wish(3, THURSDAY), NOW)
    assert told(tells) == {1: "wished", 2: "wished", 3: "asked", 4: "wished"}
    assert all(tell.about["instead"] for tell in tells)
    assert known.agreed == {3}
    known, tells = decide(known, Agree(4, TUESDAY), NOW)
    assert told(tells) == {4: TOO_LATE.name}
    assert tells[0].choices["agree"] == ("2026-11-05T18:00",)
    assert known.agreed == {3}


def test_what_is_pressed_twice_is_said_once_more_and_changes_nothing() -> None:
    known, _ = decide(session(), Wish(1, TUESDAY), NOW)
    once, _ = decide(known, Agree(2, TUESDAY), NOW)
    twice, tells = decide(once, Agree(2, TUESDAY), NOW)
    assert (twice, told(tells)) == (once, {2: AGREED.name})
    planned = session(planned=TUESDAY)
    assert told(decide(planned, Agree(2, TUESDAY), NOW)[1]) == {2: FITS.name}
    assert told(decide(planned, Wish(2, TUESDAY), NOW)[1]) == {2: FITS.name}


def test_a_wish_whose_time_has_passed_is_not_offered_any_more() -> None:
    known = session(wish=GONE, wished_by=1, agreed=frozenset({1}))
    _, [tell] = decide(known, Agree(2, GONE), NOW)
    assert (tell.card, "agree" in tell.without) == (TOO_LATE, True)


events = st.lists(
    st.one_of(
        st.builds(Wish, st.sampled_from(FOUR), st.sampled_from([TUESDAY, THURSDAY])),
        st.builds(Agree, st.sampled_from(FOUR), st.sampled_from([TUESDAY, THURSDAY, None])),
        st.builds(Cancel, st.sampled_from(FOUR), st.sampled_from([TUESDAY, THURSDAY])),
    ),
    max_size=30,
)


@given(events, st.integers(2, 4))
def test_nothing_is_planned_that_not_everybody_said_yes_to(
    happened: list[Wish | Agree | Cancel], count: int
) -> None:
    members = FOUR[:count]
    known, yes = session(members), set[tuple[int, datetime | None]]()
    for event in (event for event in happened if event.by in members):
        before, (known, tells) = known, decide(known, event, NOW)
        assert len(told(tells)) == len(tells), "nobody is told two things at once"
        assert event.by in told(tells), "nobody is left without an answer"
        if known.wish not in (before.wish, None) and isinstance(event, Wish):
            yes = {(event.by, event.at)}
        elif isinstance(event, Wish | Agree):
            yes.add((event.by, event.at))
        if known.planned not in (before.planned, None):
            assert {(member, known.planned) for member in members} <= yes
        assert known.wish is None or known.wished_by in known.agreed
        assert known.starts_at is None or known.starts_at - NOW < timedelta(days=7)
