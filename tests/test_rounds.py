"""Rounds in the house: each happens once, whatever happens meanwhile, and can be repeated."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.domain.dues import Nudge
from bot.domain.rounds import Calendar
from bot.engine.engine import Engine
from bot.matching.asked import asked, fingerprint
from bot.matching.reading import read
from bot.matching.rounds import run
from bot.service import Service
from bot.store import people
from bot.store.tables import due, round_
from tests.house import Fixed
from tests.people import NOW, community
from tests.postgres import Place
from tests.stage import HOUSE, MONDAY, Stage

pytestmark = pytest.mark.whole

JOINED = """
(ana is on telegram as @ana_h)
(ben is on telegram as @ben_b)
(cem is on telegram as @cem_c)
(ana has joined: Kochen for Singen)
(ben has joined: Singen for Kochen)
"""


@pytest.fixture
def stage(place: Place) -> Stage:
    """Ana and Ben wait for a third, so that no round has been made."""
    new = Stage(place)
    new.house = replace(HOUSE, calendar=Calendar(3, timedelta(days=2)))
    new.perform(JOINED)
    new.now += timedelta(days=2)
    return new


def engine_of(stage: Stage) -> Engine:
    return Engine(stage.store, stage.house)


def proposed(stage: Stage) -> list[str]:
    """To whom a proposal went."""
    lines = stage.deliver()
    return [line.split(" < ")[0] for line in lines if "Ein Vorschlag für dich" in line]


def test_a_round_that_is_computed_twice_happens_once(stage: Stage) -> None:
    engine = engine_of(stage)
    first, second = engine.begin_round(stage.now), engine.begin_round(stage.now)
    assert first is not None
    assert second is not None
    assert first.number == second.number
    for begun in (first, second):
        engine.close_round(begun, run(begun.request), stage.now)
    assert proposed(stage) == ["ana", "ben"]
    assert engine.begin_round(stage.now) is None


def test_a_round_can_be_repeated_from_what_was_kept(stage: Stage) -> None:
    engine = engine_of(stage)
    begun = engine.begin_round(stage.now)
    assert begun is not None
    engine.close_round(begun, run(begun.request), stage.now)
    with stage.store.begin() as connection:
        kept = connection.execute(select(round_)).one()
    again = read("kept.json", json.dumps(kept.inputs).encode(), stage.now).request
    assert fingerprint(asked(again)) == kept.hash
    assert again.seed == kept.seed
    found = json.loads(json.dumps(kept.outcome))
    assert [match["members"] for match in found["matches"]] == [
        list(match.members) for match in run(again).matches
    ]
    assert found["matches"][0]["reasons"]


def test_who_comes_while_it_is_computed_is_in_the_next_one(stage: Stage) -> None:
    engine = engine_of(stage)
    begun = engine.begin_round(stage.now)
    assert begun is not None
    stage.matches = False
    stage.perform("(cem has joined: Singen for Kochen)")
    engine.close_round(begun, run(begun.request), stage.now)
    assert proposed(stage) == ["ana", "ben"]
    after = engine.begin_round(stage.now)
    assert after is not None
    assert after.asking == {3}
    assert [person.name for person in after.request.people] == ["Cem"]


@pytest.mark.parametrize(
    "does",
    [
        "ben > /pause bis 16.11.\nben > [Pause beginnen]",
        "ben > /tandem\nben > [Nicht weiter suchen]",
    ],
)
def test_who_has_left_meanwhile_is_not_proposed(stage: Stage, does: str) -> None:
    begun = engine_of(stage).begin_round(stage.now)
    assert begun is not None
    stage.matches = False
    stage.perform(does)
    engine_of(stage).close_round(begun, run(begun.request), stage.now)
    assert "ben" not in proposed(stage)


def test_a_round_that_fails_is_tried_again_a_few_times_and_then_left(stage: Stage) -> None:
    """Whoever organizes hears of it, and the next one who comes brings all of them a new one."""
    stage.matches = False
    stage.perform("(olga is on telegram)\nolga > /start\n(dora is on telegram)")
    engine = engine_of(stage)
    for _ in range(3):
        assert stage.deliver() == []
        assert engine.begin_round(stage.now) is not None
        engine.fail_round(RuntimeError("no memory"), stage.now)
    assert engine.begin_round(stage.now) is None
    [told] = stage.deliver()
    assert told.startswith("olga < Für das Organisationsteam: Eine Vermittlungsrunde ist dreimal")
    stage.perform("(dora has joined: Kochen for Singen)")
    stage.now += timedelta(days=2)
    begun = engine_of(stage).begin_round(stage.now)
    assert begun is not None
    assert len(begun.asking) == 3


async def test_a_round_that_can_not_even_begin_ends_nothing_else(stage: Stage) -> None:
    with stage.store.begin() as connection:
        ana = people.by_id(connection, 1)
        assert ana.profile is not None
        people.save(connection, replace(ana, profile=replace(ana.profile, length="?")))
    service = Service(engine_of(stage), Fixed(timedelta(days=2)))
    for _ in range(3):
        await service.rounds.make()
    service.close()
    with stage.store.begin() as connection:
        tries = select(due.c.attempts).where(due.c.nudge == Nudge.ROUND)
        assert set(connection.execute(tries).scalars()) == {3}


def test_nothing_is_noted_for_a_preview(stage: Stage) -> None:
    engine = engine_of(stage)
    assert len(run(engine.preview_round(stage.now)).matches) == 1
    with stage.store.begin() as connection:
        assert connection.execute(select(round_)).all() == []


def test_what_people_wrote_is_not_kept_with_a_round_for_long(stage: Stage) -> None:
    engine = engine_of(stage)
    begun = engine.begin_round(stage.now)
    assert begun is not None
    engine.close_round(begun, run(begun.request), stage.now)
    engine.tidy(stage.now + timedelta(days=15))
    with stage.store.begin() as connection:
        kept = connection.execute(select(round_)).one()
    assert (kept.inputs, kept.outcome) == (None, None)
    assert len(kept.hash) == 64


def test_with_the_consent_goes_what_a_round_kept(stage: Stage) -> None:
    engine = engine_of(stage)
    begun = engine.begin_round(stage.now)
    assert begun is not None
    engine.close_round(begun, run(begun.request), stage.now)
    stage.perform("ben > /datenschutz\nben > [Teilnahme zurücknehmen]")
    with stage.store.begin() as connection:
        first, *others = connection.execute(select(round_.c.inputs)).scalars().all()
    assert first is None
    assert "Ben" not in str(others)


def test_the_hash_tells_the_same_question_from_another() -> None:
    one = community(12, 1)
    mixed = replace(one, people=one.people[::-1])
    assert fingerprint(asked(one)) == fingerprint(asked(mixed))
    assert fingerprint(asked(one)) != fingerprint(asked(replace(one, seed=2)))
    again = read("x.json", json.dumps(asked(one)).encode(), NOW).request
    assert {p.id: p for p in again.people} == {p.id: p for p in one.people}
    assert (again.exclude, again.now, again.seed) == (one.exclude, one.now, one.seed)


@pytest.mark.parametrize(
    ("calendar", "since", "next_"),
    [
        (Calendar(1), [0], 0),
        (Calendar(2), [0], 3),
        (Calendar(2), [0, 0], 0),
        (Calendar(4, timedelta(days=5)), [-2, 0, -1], 3),
        (Calendar(4, timedelta(days=1)), [-2, 0], 0),
    ],
)
def test_people_wait_for_a_choice_but_not_for_long(
    calendar: Calendar, since: list[int], next_: int
) -> None:
    started = [MONDAY + timedelta(days=days) for days in since]
    found = calendar.next(MONDAY, "Europe/Berlin", started)
    assert found == MONDAY + timedelta(days=next_)


@pytest.mark.parametrize(
    ("calendar", "day"),
    [
        (Calendar(weekday=0), date(2026, 11, 9)),
        (Calendar(weekday=2), date(2026, 11, 4)),
        (Calendar(dates=(date(2027, 1, 12), date(2026, 12, 1))), date(2026, 12, 1)),
        (Calendar(dates=(date(2026, 11, 2),)), date(2026, 11, 3)),
    ],
)
def test_a_round_is_on_its_date_at_nine_and_after_the_last_one_it_goes_on(
    calendar: Calendar, day: date
) -> None:
    found = calendar.next(MONDAY + timedelta(hours=1), "Europe/Berlin", [])
    assert found.date() == day
    assert (found.hour, found.minute) == (8, 0)
