"""The companion of a session: its times, whose turn it is, and what any order of presses does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.cards import Tell
from bot.domain import members, tandems
from bot.domain.guides import PHASES, Event, Guide, Look, Note, Step, Turn, begins, decide, offered
from bot.domain.methods import METHODS, SHORTEST, Method, Reader, fitting, show, times
from bot.domain.sessions import Session, overview, phases
from bot.domain.tandems import State, Tandem
from bot.engine.guiding import fitting as fitting_in
from bot.matching.lexicon import lexicon

AREAS = sorted({topic.area for topic in lexicon().topics.values()})
NOW = datetime(2026, 11, 3, 17, tzinfo=UTC)
START = datetime(2026, 11, 3, 18)  # noqa: DTZ001 -- a wall time in Berlin
GROUP = (3, 5, 8)
NAMES = {3: "Ana", 5: "Ben", 8: "Cem"}
ABOUT = {number: {"partner": "die anderen"} for number in GROUP}
SESSION = Session(7, 1, 2, GROUP, "Europe/Berlin", ABOUT, planned=START)
TANDEM = Tandem(1, GROUP, "weekly", "Europe/Berlin", NOW, ABOUT, State.ACTIVE)
GUIDE = Guide(SESSION, TANDEM, NAMES)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Look, st.sampled_from(GROUP), st.sampled_from(sorted(PHASES)), st.booleans()),
    st.builds(Turn, st.sampled_from(GROUP), st.sampled_from((*GROUP, 99))),
    st.builds(Note, st.sampled_from(GROUP), st.sampled_from(("üben", "lesen"))),
)


# How long it takes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "agenda"),
    [(60, (10, 40, 10)), (90, (15, 60, 15)), (75, (12, 51, 12)), (30, (5, 20, 5))],
)
def test_the_agenda_is_scaled_to_the_length(minutes: int, agenda: tuple[int, int, int]) -> None:
    assert phases(minutes) == agenda
    assert sum(agenda) == minutes


@given(st.sampled_from(METHODS), st.integers(0, 120))
def test_a_method_is_shortened_to_fit_and_never_stretched(found: Method, room: int) -> None:
    spans, needed = times(found, room), sum(found.minutes)
    if room == 0 or room >= needed:
        assert spans == list(found.minutes)
    else:
        shares = [max(SHORTEST, minutes * room / needed) for minutes in found.minutes]
        assert all(s <= share < s + 1 for s, share in zip(spans, shares, strict=True))


@pytest.mark.parametrize(
    ("now", "phase", "till"),
    [
        (NOW, "arrive", NOW + timedelta(minutes=10)),
        (NOW - timedelta(minutes=20), "arrive", NOW + timedelta(minutes=10)),
        (NOW + timedelta(minutes=12), "main", NOW + timedelta(minutes=52)),
        (NOW + timedelta(minutes=75), "steps", NOW + timedelta(minutes=85)),
        (NOW - timedelta(days=2), "main", None),
        (NOW + timedelta(hours=3), "steps", None),
    ],
)
def test_a_phase_says_until_when_once_they_meet(
    now: datetime, phase: str, till: datetime | None
) -> None:
    _, [told] = decide(GUIDE, Look(3, phase), now)
    assert told.about["till"] == till


# Which method -------------------------------------------------------------------------------


def test_there_are_enough_methods_and_each_is_for_topics_that_exist() -> None:
    assert len(METHODS) >= 8
    assert {area for method in METHODS for area in method.areas} <= set(AREAS)


@given(st.lists(st.sampled_from(AREAS), max_size=4), st.sampled_from((2, 3, 4)))
def test_a_suggestion_suits_as_many_topics_as_any(areas: list[str], count: int) -> None:
    suits = [sum(area in method.areas for area in areas) for method in METHODS]
    assert sum(area in fitting(areas, count).areas for area in areas) == max(suits)


def test_without_topics_a_pair_and_a_group_get_what_suits_their_number() -> None:
    assert [fitting([], count).name for count in (2, 3, 4)] == ["grow"] + ["consultation"] * 2


@pytest.mark.parametrize("value", ["", "gone", "gone.1", "grow.9"])
def test_a_method_that_is_gone_is_none(value: str) -> None:
    assert show(Reader(3), value) is None


# Whose turn it is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turns", "whose"),
    [
        ((), 0),
        ((3,), 0),
        ((3, 5), 0),
        ((3, 5, 5), 0),
        ((3, 3), 5),
        ((3, 3, 5), 8),
        ((3, 3, 5, 8), 8),
        ((3, 3, 8, 5), 5),
        ((99, 3, 99, 3), 5),
    ],
)
def test_after_two_in_a_row_whoever_waited_longest_gets_the_turn_offered(
    turns: tuple[int, ...], whose: int
) -> None:
    assert offered(turns, GROUP) == whose


@given(st.lists(st.sampled_from((2, 4)), max_size=9))
def test_of_two_the_other_one_gets_it_offered(turns: list[int]) -> None:
    twice = len(turns) > 1 and turns[0] == turns[1]
    assert offered(turns, (2, 4)) == (6 - turns[0] if twice else 0)


def test_everybody_begins_in_turn() -> None:
    said = [begins(replace(SESSION, number=number)) for number in range(1, 7)]
    assert said == [*GROUP, *GROUP]


@pytest.mark.parametrize("state", State)
def test_a_first_talk_has_no_agenda_and_every_other_session_has(state: State) -> None:
    [told] = fitting_in(replace(TANDEM, state=state), [overview(SESSION, 3)])
    assert ("agenda" in told.without) == (state is State.ACQUAINTING)


# Any order of presses -----------------------------------------------------------------------


@given(st.lists(events, max_size=12))
def test_whoever_presses_gets_one_answer_and_nobody_else_hears_of_it(done: list[Event]) -> None:
    guide = GUIDE
    for event in done:
        guide, tells = decide(guide, event, NOW)
        assert [told.member for told in tells] == [event.by]
    turns = [e.whose for e in done if isinstance(e, Turn) and e.whose in GROUP]
    assert guide.session == replace(SESSION, turn=turns[-1] if turns else 0)
    notes = {event.by: event.text for event in done if isinstance(event, Note)}
    assert guide.steps == tuple(Step(by, text) for by, text in sorted(notes.items()))


@pytest.mark.parametrize("state", [s for s in State if s not in tandems.MEETING])
@given(events)
def test_where_nobody_meets_nothing_is_noted(state: State, event: Event) -> None:
    stopped = replace(GUIDE, tandem=replace(TANDEM, state=state))
    after, [told] = decide(stopped, event, NOW)
    assert after == stopped
    assert told.card == (tandems.PAUSED if state is State.PAUSED else members.STALE)


def test_who_is_no_member_gets_nothing_to_see() -> None:
    assert decide(GUIDE, Look(99, "arrive"), NOW) == (GUIDE, [Tell(99, members.STALE)])
