"""Care as it is decided: what counts, when it leads to a talk, and how a silence ends."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.cards import Tell
from bot.domain import care, silence
from bot.domain.agreements import Agreement, Version, Yes
from bot.domain.care import Past, Turnout
from bot.domain.dues import Nudge
from bot.domain.hours import quiet
from bot.domain.members import Address, Member, Standing
from bot.domain.sessions import Session
from bot.domain.silence import SILENT, Alive, Elapse, GoOn, Silence, Step, Wait, Watch
from bot.store import people
from scheduler.due import plan
from tests.people import NOW
from tests.stage import Stage

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HELD, LATE, UNHELD = Turnout.HELD, Turnout.LATE, Turnout.UNHELD
turnouts = st.lists(st.sampled_from(Turnout), max_size=12)
rules = st.sampled_from([(2, 4), (3, 6)])


def read(tells: Iterable[Tell]) -> list[tuple[int, str]]:
    """Who is told what."""
    return [(tell.member, tell.card.name) for tell in tells]


# ------------------------------------------------------------------ sessions that fall out


@pytest.mark.parametrize(
    ("before", "late"),
    [(25 * HOUR, False), (24 * HOUR, False), (24 * HOUR - timedelta(seconds=1), True)],
)
def test_late_is_what_is_later_than_agreed(before: timedelta, late: bool) -> None:
    assert care.late(NOW + before, 24 * HOUR, NOW) is late


def test_once_it_has_begun_it_is_late_whatever_was_agreed() -> None:
    assert care.late(NOW - HOUR, 2 * HOUR, NOW)


def test_the_record_is_in_order_and_begins_with_the_agreement() -> None:
    past = [
        Past(NOW - DAY, {1: False, 2: False}),
        Past(NOW + 3 * DAY, {1: False, 2: False}),
        Past(NOW + DAY, {1: True, 2: False}),
        Past(NOW + 5 * DAY, {1: False}),
        Past(NOW + 6 * DAY),
    ]
    lapses = [NOW - 2 * DAY, NOW + 2 * DAY]
    assert care.record(past, lapses, (1, 2), NOW) == (HELD, LATE, UNHELD, HELD, HELD)


@given(st.dictionaries(st.sampled_from([1, 2, 3]), st.booleans()))
def test_a_session_was_missed_only_if_all_of_them_say_so(answers: dict[int, bool]) -> None:
    [turnout] = care.record([Past(NOW, answers)], [], (1, 2, 3), NOW)
    assert (turnout is UNHELD) == (answers == {1: False, 2: False, 3: False})


@pytest.mark.parametrize(
    ("record", "rule", "talk"),
    [
        ([LATE], (2, 4), False),
        ([LATE, LATE], (2, 4), True),
        ([LATE, HELD, HELD, UNHELD], (2, 4), True),
        ([LATE, HELD, HELD, HELD, LATE], (2, 4), False),
        ([LATE, LATE], (3, 6), False),
        ([LATE, HELD, UNHELD, HELD, HELD, LATE], (3, 6), True),
        ([LATE, LATE, LATE], (2, 4), False),
        ([LATE, LATE, HELD, HELD, HELD, LATE], (2, 4), False),
        ([LATE, LATE, HELD, HELD, HELD, LATE, LATE], (2, 4), True),
    ],
    ids=str,
)
def test_the_agreed_rule_leads_to_a_talk_once(
    record: Sequence[Turnout], rule: care.Rule, talk: bool
) -> None:
    assert care.leads_to_talk(record[:-1], record, rule) is talk


@given(turnouts, rules)
def test_no_talk_follows_a_talk_before_it_got_better(
    record: list[Turnout], rule: care.Rule
) -> None:
    steps = range(1, len(record) + 1)
    talks = [n for n in steps if care.leads_to_talk(record[: n - 1], record[:n], rule)]
    for first, second in pairwise(talks):
        assert any(not care.met(record[:n], rule) for n in range(first, second))


@given(turnouts, rules)
def test_a_session_that_took_place_never_leads_to_a_talk(
    record: list[Turnout], rule: care.Rule
) -> None:
    assert not care.leads_to_talk(record, [*record, HELD], rule)


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ([], []),
        ([None, None], [0, 1]),
        ([None, True, None], [0, 1, 2]),
        ([True, False, None, None], [0]),
        ([False, None, True, None], [2, 3]),
    ],
    ids=str,
)
def test_a_session_that_nobody_speaks_of_is_like_the_one_before(
    told: list[bool | None], held: list[int]
) -> None:
    answers = [{} if said is None else {1: said} for said in told]
    past = [Past(NOW + number * DAY, said) for number, said in enumerate(answers)]
    assert list(care.held(past)) == [NOW + number * DAY for number in held]


# ------------------------------------------------------------------ silence


def person(number: int) -> Member:
    return Member(number, Address("t", "b", str(number), str(number)), "de", "Europe/Berlin")


def silent(members: Iterable[int] = (1, 2), **known: object) -> Silence:
    numbers = tuple(members)
    fresh = Silence(1, numbers, {m: {"partner": "Ben", "many": len(numbers) > 2} for m in numbers})
    return replace(fresh, **known)  # type: ignore[arg-type]  # fields by their names


def played(known: Silence, of: int) -> tuple[Silence, list[list[tuple[int, str]]]]:
    """Everything that time brings about one of them, as nothing is heard."""
    told = []
    while not known.over:
        known, tells = silence.decide(known, Elapse(of), known.next_step(of))
        told.append(read(tells))
    return known, told


def test_reminded_asked_and_the_others_set_free() -> None:
    known, _ = silence.decide(silent((1, 2, 3)), Watch(frozenset({3})), NOW)
    assert known.next_step(3) == NOW + SILENT[0]
    _, told = played(known, 3)
    assert told == [
        [(3, "reminded")],
        [(3, "question"), (1, "asked"), (2, "asked")],
        [(1, "released"), (2, "released"), (3, "let_go")],
    ]


def test_all_of_it_takes_as_long_as_is_set_and_no_less() -> None:
    known, _ = silence.decide(silent(), Watch(frozenset({2})), NOW)
    moments = []
    while not known.over:
        at = known.next_step(2)
        assert silence.decide(known, Elapse(2), at - timedelta(seconds=1)) == (known, [])
        moments.append(at - NOW)
        known, _ = silence.decide(known, Elapse(2), at)
    assert tuple(moments) == SILENT


def test_of_two_who_are_silent_none_is_told_that_the_other_is_waited_for_twice() -> None:
    waits = {m: Wait(Step.REMINDED, NOW) for m in (2, 3)}
    known, first = silence.decide(silent((1, 2, 3), waits=waits), Elapse(2), NOW + 7 * DAY)
    known, second = silence.decide(known, Elapse(3), NOW + 7 * DAY)
    assert read(first) == [(2, "question"), (1, "asked"), (3, "asked")]
    assert read(second) == [(3, "question")]
    over, tells = silence.decide(known, Elapse(2), NOW + 14 * DAY)
    assert over.over
    assert read(tells) == [(1, "released"), (2, "let_go"), (3, "let_go")]


@pytest.mark.parametrize("step", Step)
def test_a_sign_of_life_begins_the_time_anew(step: Step) -> None:
    known = silent(waits={2: Wait(step, NOW)}, heard={2: NOW + DAY})
    after, tells = silence.decide(known, Elapse(2), NOW + 30 * DAY)
    assert after.waits == {2: Wait(Step.OPEN, NOW + DAY)}
    assert read(tells) == ([(1, "back")] if step is Step.ASKED else [])


def test_who_goes_on_reads_so_and_the_others_as_well() -> None:
    known = silent((1, 2, 3), waits={3: Wait(Step.ASKED, NOW)})
    after, tells = silence.decide(known, GoOn(3), NOW + DAY)
    assert after.waits == {3: Wait(Step.OPEN, NOW + DAY)}
    assert read(tells) == [(3, "goes_on"), (1, "back"), (2, "back")]
    assert read(silence.decide(after, GoOn(3), NOW + DAY)[1]) == [(3, "goes_on")]


def test_who_is_in_touch_says_so_for_all_and_it_is_left_at_that() -> None:
    known = silent((1, 2, 3), waits={3: Wait(Step.ASKED, NOW)})
    after, tells = silence.decide(known, Alive(1), NOW + DAY)
    assert read(tells) == [(1, "noted"), (2, "back")]
    assert after.next_step(3) == NOW + DAY + SILENT[2]
    later, none = silence.decide(after, Elapse(3), after.next_step(3))
    assert (later.waits[3].step, none) == (Step.OPEN, [])


def test_who_pauses_is_not_silent_and_the_others_read_of_the_pause_alone() -> None:
    known = silent(waits={2: Wait(Step.ASKED, NOW)}, away=frozenset({2}))
    after, tells = silence.decide(known, Watch(frozenset({2})), NOW + DAY)
    assert (dict(after.waits), tells) == ({}, [])


events = st.one_of(
    st.frozensets(st.sampled_from([1, 2, 3])).map(Watch),
    st.sampled_from([1, 2, 3]).map(Elapse),
    st.sampled_from([1, 2, 3]).map(GoOn),
    st.sampled_from([1, 2, 3]).map(Alive),
)


@given(st.lists(st.tuples(events, st.integers(0, 9)), max_size=30))
def test_nobody_is_set_free_before_somebody_was_asked_and_had_their_time(
    steps: list[tuple[silence.Event, int]],
) -> None:
    known, now, asked = silent((1, 2, 3)), NOW, dict[int, timedelta]()
    for event, days in steps:
        now += days * DAY
        known, tells = silence.decide(known, event, now)
        for tell in tells:
            if tell.card == silence.QUESTION:
                asked[tell.member] = now - NOW
        if known.over:
            assert isinstance(event, Elapse)
            assert now - NOW - asked[event.of] >= SILENT[2] - SILENT[1]
            return


@given(st.integers(0, 24 * 60), st.sampled_from(Step), st.integers(0, 60))
def test_time_speaks_up_once_and_leaves_all_of_them_in_peace_at_night(
    minutes: int, step: Step, late: int
) -> None:
    since = NOW + timedelta(minutes=minutes)
    known = silent(waits={2: Wait(step, since)})
    now = since + late * DAY
    [due] = plan(known, [person(1), person(2)], now)
    assert (due.nudge, due.subject, due.member) == (Nudge.SILENT, "silence:1", 2)
    assert due.at >= max(now, known.next_step(2))
    assert not quiet(due.at, "Europe/Berlin")


# ------------------------------------------------------------------ whose word is missing


def agreement(by: int, yes: Iterable[int]) -> Agreement:
    given = {member: Yes(NOW) for member in yes}
    return Agreement(1, (1, 2, 3), {}, (Version(1, by, 0, {}, NOW, given),))


@pytest.mark.parametrize(
    ("by", "yes", "awaited"),
    [(0, [], []), (0, [1], [2, 3]), (1, [1, 2], [3]), (1, [1, 2, 3], [])],
)
def test_a_version_waits_for_those_who_have_not_agreed(
    by: int, yes: list[int], awaited: list[int]
) -> None:
    assert silence.awaited([], agreement(by, yes), []) == set(awaited)


@pytest.mark.parametrize(
    ("answers", "awaited"),
    [({}, [2, 3]), ({1: False}, [2, 3]), ({1: False, 2: True}, []), ({1: False, 2: False}, [3])],
)
def test_a_session_waits_for_a_word_only_if_it_did_not_take_place(
    answers: dict[int, bool], awaited: list[int]
) -> None:
    past = [Past(NOW - 7 * DAY, {1: False}), Past(NOW, answers)]
    assert silence.awaited([], agreement(0, []), past) == set(awaited)


def test_a_suggested_time_waits_for_the_others() -> None:
    wish = NOW.replace(tzinfo=None)
    wished = Session(1, 1, 1, (1, 2, 3), "UTC", {}, wish=wish, wished_by=1, agreed=frozenset({1}))
    assert silence.awaited([wished], agreement(0, []), []) == {2, 3}


def test_at_the_end_nobody_is_looked_for_who_was_not_heard_of(tmp_path: Path) -> None:
    """Somebody with a place left is looked for beside their tandem; the other is so further on."""
    stage = Stage(tmp_path)
    stage.perform(
        "(ana is on telegram as @ana)\n(ben is on telegram as @ben)\nana > /start\nben > /start\n"
        "(ana and ben are a tandem)\nana > /termin\nana > Fr 18:00\n"
    )
    both = [stage.people[who].sender.address for who in ("ana", "ben")]
    with stage.store.begin() as connection:
        for address in both:
            known = people.by_address(connection, address)
            assert known is not None
            people.save(connection, replace(known, standing=Standing.SEEKING, since=stage.now))
    said = stage.perform("(25 days pass)\n")
    assert "Nach jemandem für dich suche ich weiter." in said
    with stage.store.begin() as connection:
        found = [people.by_address(connection, address) for address in both]
    assert [one and one.standing for one in found] == [Standing.SEEKING, Standing.RESTING]
    stage.store.dispose()
