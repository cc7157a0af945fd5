"""The companion of a session: its times, whose turn it is, and what any order of presses does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.conversation.cards import Tell
from bot.domain import members, reminders, tandems
from bot.domain.cues import USEFUL, Cue, Cues
from bot.domain.dues import Due, Nudge
from bot.domain.guides import (
    PHASES,
    Event,
    Guide,
    Look,
    Note,
    Over,
    Step,
    Turn,
    Unwatch,
    Watch,
    begins,
    decide,
    offered,
)
from bot.domain.methods import METHODS, SHORTEST, Method, Reader, fitting, show, times
from bot.domain.sessions import Session, overview, phases
from bot.domain.tandems import State, Tandem
from bot.engine.guiding import fitting as fitting_in
from bot.matching.lexicon import lexicon
from bot.store.tables import cue, due
from scheduler.due import plan
from tests.stage import Stage

AREAS = sorted({topic.area for topic in lexicon().topics.values()})
NOW = datetime(2026, 11, 3, 17, tzinfo=UTC)
START = datetime(2026, 11, 3, 18)  # noqa: DTZ001 -- a wall time in Berlin
GROUP = (3, 5, 8)
NAMES = {3: "Ana", 5: "Ben", 8: "Cem"}
ABOUT = {number: {"partner": "die anderen"} for number in GROUP}
SESSION = Session(7, 1, 2, GROUP, "Europe/Berlin", ABOUT, planned=START)
TANDEM = Tandem(1, GROUP, "weekly", "Europe/Berlin", NOW, ABOUT, State.ACTIVE)
GUIDE = Guide(SESSION, TANDEM, NAMES)
TIMED = ("arrive", "main", "steps")
TILL = NOW + timedelta(minutes=10)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Look, st.sampled_from(GROUP), st.sampled_from(sorted(PHASES)), st.booleans()),
    st.builds(Turn, st.sampled_from(GROUP), st.sampled_from((*GROUP, 99))),
    st.builds(Note, st.sampled_from(GROUP), st.sampled_from(("üben", "lesen"))),
    st.builds(Watch, st.sampled_from(GROUP), st.sampled_from(TIMED), st.just(TILL)),
    st.builds(Unwatch, st.sampled_from(GROUP), st.sampled_from(TIMED)),
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


# The time is watched ------------------------------------------------------------------------


@given(st.lists(events, max_size=12))
def test_the_time_is_watched_for_who_asked_and_in_the_phase_they_read(done: list[Event]) -> None:
    guide, wished, reads = GUIDE, set[int](), dict[int, str]()
    for event in done:
        guide, [told] = decide(guide, event, NOW)
        reads[event.by] = told.card.name
        match event:
            case Watch():
                wished.add(event.by)
            case Unwatch() | Look(phase="done"):
                wished.discard(event.by)
            case _:
                pass
        assert {member: cue.phase for member, cue in guide.cues.items()} == {
            member: reads[member] for member in wished
        }
        assert told.about["watched"] == (event.by in wished)


def test_a_phase_that_is_over_says_so_where_it_stands_and_nowhere_else() -> None:
    watched, _ = decide(GUIDE, Watch(3, "main", TILL), NOW)
    again, [told] = decide(watched, Over(3), TILL)
    assert (again, told.card.name, told.replaces, told.about["over"]) == (
        watched,
        "main",
        True,
        True,
    )
    assert decide(watched, Over(5), TILL) == (watched, [])


@pytest.mark.parametrize("state", [s for s in State if s not in tandems.MEETING])
def test_where_nobody_meets_no_time_is_over(state: State) -> None:
    watched, _ = decide(GUIDE, Watch(3, "main", TILL), NOW)
    stopped = replace(watched, tandem=replace(TANDEM, state=state))
    assert decide(stopped, Over(3), TILL) == (stopped, [])


def test_a_turn_that_is_noted_moves_no_end_of_a_watched_phase() -> None:
    watched, _ = decide(GUIDE, Watch(3, "main", TILL), NOW)
    later, [told] = decide(watched, Turn(3, 5), NOW + timedelta(minutes=8))
    assert told.about["till"] == TILL == later.cues[3].till
    _, [moved] = decide(later, Look(3, "steps"), TILL)
    assert moved.about["till"] == TILL + timedelta(minutes=10)


def test_a_cue_is_planned_for_a_message_that_shows_the_phase() -> None:
    known = Cue(3, "main", TILL, "in:1:1"), Cue(5, "main", TILL), Cue(8, "main", NOW, "in:2:1")
    planned = plan(Cues(7, known), [], NOW)
    assert list(planned) == [Due(Nudge.CUE, "cue:7", TILL, TILL + USEFUL, 3)]


MEETING = """
(ana is on telegram as @ana_h)
(ben is on telegram as @ben_k)
ana > /start
ben > /start
(ana and ben are a tandem)
ana > /termin
ana > Di 18 Uhr
ben > [Passt]
(33 hours pass)
ana > [Durchs Treffen führen]
"""


def reasons(stage: Stage) -> list[str]:
    with stage.store.begin() as connection:
        here = due.c.nudge == Nudge.CUE
        return [str(row.reason) for row in connection.execute(select(due).where(here))]


def test_after_an_outage_nobody_is_told_what_time_it_was(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    played = stage.perform(
        MEETING + "ana > [Auf die Zeit achten]\n(the bot is down for 20 minutes)"
    )
    assert (played.count("< * Ankommen"), reasons(stage)) == (1, [reminders.TOO_LATE])


@pytest.mark.parametrize(
    "then",
    [
        "ana > [Nicht mehr auf die Zeit achten]",
        "ana > /ende\nana > [Tandem beenden]",
        "ana > [Absagen]",
    ],
)
def test_nothing_is_watched_any_more(tmp_path: Path, then: str) -> None:
    stage = Stage(tmp_path)
    stage.perform(MEETING + "ana > [Auf die Zeit achten]\n" + then)
    assert reasons(stage) == []
    with stage.store.begin() as connection:
        assert connection.execute(select(cue)).all() == []


def test_who_did_not_open_the_guide_hears_nothing_of_the_time(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform(MEETING)
    assert [*stage.pass_time(timedelta(minutes=55))] == []
