"""Reminders on a real database: said or dropped for a reason, and never sent at night."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.hours import quiet
from bot.domain.reminders import NUDGES, SAID, TOO_LATE
from bot.store.tables import due, outbox
from tests.stage import Stage

pytestmark = pytest.mark.whole

TRANSCRIPTS = Path(__file__).parent / "transcripts"
ANA = 1


@pytest.fixture
def planned(tmp_path: Path) -> Stage:
    """Two tandems of Ana's meet on Tuesday, at 17:00 and at 19:00."""
    stage = Stage(tmp_path)
    script = (TRANSCRIPTS / "reminders_joined.en.chat").read_text(encoding="utf-8")
    stage.perform(script.partition("(8 days pass)")[0])
    return stage


def fates(stage: Stage, member: int = ANA) -> list[tuple[str, str, str]]:
    """What became of a member's reminders, in order."""
    with stage.store.begin() as connection:
        rows = connection.execute(
            select(due)
            .where(due.c.member == member, due.c.nudge.in_(NUDGES))
            .order_by(due.c.at, due.c.id)
        )
        return [(row.nudge, row.state, row.reason) for row in rows]


def test_what_is_said_in_one_message_is_noted_down_as_said_at_once(planned: Stage) -> None:
    list(planned.pass_time(timedelta(days=8, hours=12)))
    with planned.store.begin() as connection:
        rows = connection.execute(
            select(due.c.settled_at).where(
                due.c.member == ANA, due.c.nudge.in_(NUDGES), due.c.state == "done"
            )
        )
        moments = Counter(rows.scalars())
    assert sorted(moments.values()) == [2, 2]
    assert fates(planned)[:4] == [
        ("day_before", "done", ""),
        ("day_before", "done", ""),
        ("soon", "done", ""),
        ("soon", "done", ""),
    ]


def test_after_an_outage_over_both_sessions_each_reminder_has_the_reason(planned: Stage) -> None:
    planned.perform("(the bot is down for 9 days)")
    assert fates(planned)[:4] == [
        ("day_before", "dropped", TOO_LATE),
        ("day_before", "dropped", TOO_LATE),
        ("soon", "dropped", TOO_LATE),
        ("soon", "dropped", TOO_LATE),
    ]


def test_a_reminder_that_could_not_go_out_by_the_evening_does_not_at_night(planned: Stage) -> None:
    list(planned.pass_time(timedelta(days=7)))
    engine = planned._engine()  # noqa: SLF001 -- as after a restart, and nobody delivers
    planned.now += timedelta(hours=8, minutes=1)
    assert not quiet(planned.now, "Europe/Berlin")
    while engine.tick(planned.now):
        pass
    at_night = planned.now + timedelta(hours=4)
    assert quiet(at_night, "Europe/Berlin")
    assert engine.claim("telegram", at_night, 50) == []
    with planned.store.begin() as connection:
        rows = connection.execute(select(outbox).where(outbox.c.state == "dropped")).all()
    assert {(row.member, row.reason) for row in rows} == {(n, TOO_LATE) for n in (1, 2, 3)}


def test_another_tick_or_a_restart_says_nothing_again(planned: Stage) -> None:
    list(planned.pass_time(timedelta(days=7, hours=9)))
    said = len(planned.sent)
    for _ in range(3):
        planned._engine().tick(planned.now)  # noqa: SLF001 -- as after a restart
        assert planned.deliver() == []
    assert len(planned.sent) == said


def test_a_change_of_mind_is_heeded_at_once(planned: Stage) -> None:
    """Told the day before, she would rather hear of it in the morning; so far it is two each."""
    list(planned.pass_time(timedelta(days=7, hours=9)))
    planned.perform("ana > /reminders\nana > [That morning]")
    waiting = [nudge for nudge, state, _ in fates(planned) if state == "due"]
    assert waiting == ["day_before", "day_before"]
    list(planned.pass_time(timedelta(hours=16)))
    planned.perform("ana > /reminders\nana > [2 hours before]")
    list(planned.pass_time(timedelta(hours=8)))
    assert [fate[1:] for fate in fates(planned)[2:6]] == [
        ("done", ""),
        ("done", ""),
        ("dropped", SAID),
        ("dropped", SAID),
    ]


def test_who_wants_none_gets_none(planned: Stage) -> None:
    planned.perform("ana > /reminders\nana > [Not at all]")
    assert fates(planned) == []


def test_that_holds_for_a_meeting_beside_the_series_as_well(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    script = (TRANSCRIPTS / "series_moved.en.chat").read_text(encoding="utf-8")
    stage.perform(script.partition("ben > [Call off]")[0])
    assert {fate[1] for fate in fates(stage)} == {"due"}
    stage.perform("ana > /reminders\nana > [Not at all]")
    assert fates(stage) == []
