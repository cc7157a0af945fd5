"""Who is asked, and how often: several sessions in one message, and no more after three times
without an answer."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain import lookbacks, reminders
from bot.domain.dues import Due, Nudge
from bot.domain.restraint import HELD_BACK, Verdict, decide
from bot.engine.elapsing import CHANGING
from bot.store.tables import due, outbox
from tests.people import NOW
from tests.stage import Stage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TRANSCRIPTS = Path(__file__).parent / "transcripts"
ANA = 1
NEEDED = {Nudge.DIARY_NOTICE, Nudge.HALFWAY, Nudge.UNDATED, Nudge.ASK_AGAIN, Nudge.RESUME}
"""Before these something is lost, or given back: whoever is silent is told all the same."""


def test_only_what_nobody_waits_for_is_held_back() -> None:
    assert HELD_BACK.isdisjoint(CHANGING | reminders.NUDGES | NEEDED)


@pytest.mark.parametrize(
    ("asked", "heard", "told", "verdict"),
    [
        ([], None, False, Verdict.ASK),
        ([1, 2], None, False, Verdict.ASK),
        ([1, 2, 3], None, False, Verdict.TELL),
        ([1, 2, 3], None, True, Verdict.REST),
        ([1, 2, 2, 2], None, False, Verdict.ASK),
        ([1, 2, 3], 2, False, Verdict.ASK),
        ([1, 2, 3, 4, 5], 2, False, Verdict.TELL),
        ([1, 2, 3], 4, True, Verdict.ASK),
    ],
)
def test_three_questions_in_a_row_without_an_answer_are_enough(
    asked: list[int], heard: int | None, told: bool, verdict: Verdict
) -> None:
    last = NOW + heard * DAY if heard is not None else None
    assert decide([NOW + day * DAY for day in asked], last, told=told) is verdict


@given(st.lists(st.sampled_from(["a question comes", "they write"]), max_size=40))
def test_nobody_is_asked_a_fourth_time_and_it_is_said_once(happens: list[str]) -> None:
    """Counted by hand: how often in a row, and whether they know."""
    asked, told_at, heard = list[datetime](), list[datetime](), NOW
    in_a_row, knows = 0, False
    for hours, what in enumerate(happens, 1):
        now = NOW + hours * HOUR
        if what == "they write":
            heard, in_a_row, knows = now, 0, False
            continue
        told = any(at > heard for at in told_at)
        verdict = decide(asked, heard, told=told)
        expected = Verdict.REST if knows else Verdict.TELL
        assert verdict is (Verdict.ASK if in_a_row < 3 else expected)
        if verdict is Verdict.ASK:
            asked.append(now)
            in_a_row += 1
        elif verdict is Verdict.TELL:
            told_at.append(now)
            knows = True


asked_of = st.builds(
    lambda nudge, number, hours: Due(
        nudge, f"session:{number}", NOW + hours * HOUR, NOW + hours * HOUR + DAY, ANA
    ),
    st.sampled_from([Nudge.REFLECT, Nudge.REPEAT]),
    st.integers(1, 4),
    st.integers(-30, 30),
)


@given(asked_of, st.sets(asked_of, max_size=6))
def test_what_is_near_is_asked_together_and_of_each_session_once(
    first: Due, waiting: set[Due]
) -> None:
    found = lookbacks.together(first, waiting, NOW)
    assert found[0] == first
    subjects = [one.subject for one in found]
    assert len(set(subjects)) == len(subjects)
    for other in waiting:
        near = other.at <= NOW + 12 * HOUR
        mine = [one for one in found if one.subject == other.subject]
        assert not near or mine
        assert not mine or mine[0] == first or mine[0].at <= other.at
    assert all(one == first or one.at <= NOW + 12 * HOUR for one in found)


@given(asked_of, st.lists(st.integers(-20, 40).map(lambda hours: NOW + hours * HOUR)))
def test_a_repeat_waits_for_a_session_that_ends_soon_and_a_question_does_not(
    one: Due, ends: list[datetime]
) -> None:
    later = lookbacks.later(one, ends, NOW)
    fit = [at for at in ends if NOW < at <= NOW + 12 * HOUR and at < one.until]
    assert later == (min(fit) if fit and one.nudge is Nudge.REPEAT else None)


def asked(stage: Stage) -> list[tuple[str, str, str, datetime]]:
    """What became of the questions how Ana's sessions were."""
    with stage.store.begin() as connection:
        here = due.c.member == ANA, due.c.nudge.in_(lookbacks.NUDGES)
        rows = connection.execute(select(due).where(*here).order_by(due.c.id)).all()
    return [(row.nudge, row.state, row.reason, row.settled_at) for row in rows]


def questions(stage: Stage, since: datetime) -> int:
    with stage.store.begin() as connection:
        here = outbox.c.member == ANA, outbox.c.method == "send", outbox.c.made_at > since
        return len(connection.execute(select(outbox.c.id).where(*here)).all())


def test_the_repeats_of_two_tandems_are_one_message_and_none_is_lost(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    script = (TRANSCRIPTS / "reminders_joined.en.chat").read_text(encoding="utf-8")
    stage.perform(script.partition("(8 days pass)")[0])
    list(stage.pass_time(timedelta(days=9)))
    before = stage.now
    list(stage.pass_time(DAY))
    assert questions(stage, before) == 1
    states = asked(stage)
    assert [row[:3] for row in states if row[0] == "repeat"] == [("repeat", "done", "")] * 2
    assert len({at for nudge, _, _, at in states if nudge == "repeat"}) == 1
    assert {state for _, state, *_ in states} == {"done"}


def test_after_an_outage_there_is_one_question_for_both(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    script = (TRANSCRIPTS / "reminders_joined.en.chat").read_text(encoding="utf-8")
    stage.perform(script.partition("(8 days pass)")[0])
    list(stage.pass_time(timedelta(days=8)))
    before = stage.now
    stage.perform("(the bot is down for 24 hours)")
    list(stage.pass_time(timedelta(hours=10)))
    assert questions(stage, before) == 1
    assert {state for _, state, *_ in asked(stage)} == {"done"}
