"""Somebody leaves a group: whoever it is and however they do it, the others lose nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from bot.domain import tandems
from bot.domain.sessions import Part, Session, decide
from bot.domain.tandems import End, Leave, State, Tandem
from bot.store import agreements, appointments, milestones, pairs, steps
from bot.store.tables import button, conversation, due, share
from tests.stage import Stage

pytestmark = pytest.mark.whole

NOW = datetime(2026, 11, 3, 17, tzinfo=UTC)
AT = datetime(2026, 11, 3, 18)  # noqa: DTZ001 -- a wall time in Berlin
WISH = datetime(2026, 11, 6, 18)  # noqa: DTZ001 -- the same
GROUP = (1, 2, 3, 4)
NAMES = {1: "ana", 2: "ben", 3: "cem", 4: "dora"}
ABOUT = {number: {"partner": "die anderen"} for number in GROUP}
BEGUN = """
(ana is on telegram as @ana)
(ben is on telegram as @ben)
(cem is on slack)
(dora is on telegram as @dora)
ana > /start
ben > /start
cem > /tandem
dora > /start
(ana, ben, cem and dora are a tandem)
(they have agreed)
ana > /meilensteine
ana > [Meilenstein hinzufügen]
ana > Ein Lied zu viert
ana > 12.3.
"""
EACH = """
{who} > /ablauf
{who} > [Weiter: Hauptthema]
{who} > [Weiter: nächste Schritte]
{who} > [Meinen Schritt festhalten]
"""
WAYS = {
    "ends": "{who} > /ende\n{who} > [Gruppe verlassen]\n",
    "erases": "{who} > /daten\n{who} > [Alles löschen]\n{who} > [Endgültig löschen]\n",
}


def theirs(connection: Connection, left: int) -> dict[str, object]:
    """What the others of the tandem have."""
    known = pairs.get_tandem(connection, 1)
    session = appointments.open_session(connection, 1)
    assert session is not None
    held = agreements.get(connection, known).in_force
    others = [number for number in GROUP if number != left]
    planned = select(due.c.nudge, due.c.subject, due.c.member, due.c.at).where(
        due.c.member.in_(others), due.c.state == "due"
    )
    theirs = select(button).where(button.c.member.in_(others))
    return {
        "session": (session.id, session.planned, session.slot, session.uid, session.sequence),
        "agreement": held and (held.number, held.content),
        "milestones": [(m.title, m.due) for m in milestones.get(connection, 1).every],
        "steps": {s.member: s.text for s in steps.of(connection, session.id) if s.member != left},
        "contacts": {m: known.contacts[m] for m in others},
        "planned": {tuple(row) for row in connection.execute(planned)},
        "buttons": {(b.token, str(b.presses)) for b in connection.execute(theirs)},
    }


@pytest.mark.parametrize("way", ["ends", "erases"])
@pytest.mark.parametrize("left", GROUP)
def test_whoever_leaves_the_others_lose_nothing(tmp_path: Path, left: int, way: str) -> None:
    stage, who = Stage(tmp_path), NAMES[left]
    written = [EACH.format(who=name) for name in NAMES.values() if name != "cem"]
    noted = [f"{name} > Schritt von {name}\n" for name in NAMES.values() if name != "cem"]
    stage.perform(BEGUN + "".join(map("".join, zip(written, noted, strict=True))))
    with stage.store.begin() as connection:
        before = theirs(connection, left)
    said = stage.perform(WAYS[way].format(who=who))
    with stage.store.begin() as connection:
        after = theirs(connection, left)
        known = pairs.get_tandem(connection, 1)
        mine = select(due).where(due.c.member == left, due.c.state == "due")
        talks = select(conversation).where(conversation.c.member == left)
        kinds = {row.subject.split(":")[0] for row in connection.execute(mine)}
        assert kinds <= {"diary", "left"}
        assert connection.execute(talks).all() == []
        assert connection.execute(select(share)).all() == []
    assert (known.state, known.members) == (State.ACTIVE, tuple(m for m in GROUP if m != left))
    new = after.pop("buttons")
    old = before.pop("buttons")
    assert isinstance(new, set)
    assert isinstance(old, set)
    assert old <= new
    assert after == before
    told = said.rpartition(f"{who} > ")[2]
    assert all(f"{name} < Eine Person" in told for name in NAMES.values() if name != who)
    assert not any(who.title() in str(known.about[m]["partner"]) for m in known.members)


def test_nothing_of_who_left_is_known_to_the_others_any_more(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform(BEGUN + EACH.format(who="dora") + "dora > Nur für uns\n")
    stage.perform(WAYS["ends"].format(who="dora"))
    with stage.store.begin() as connection:
        session = appointments.open_session(connection, 1)
        assert session is not None
        assert steps.of(connection, session.id) == ()
    said = stage.perform(
        "ana > /tandem\nana > /ablauf\nana > [Weiter: Hauptthema]\n(8 days pass)\n"
    )
    assert "Dora" not in said.rpartition("ana > /tandem")[2]


def test_of_somebody_erased_no_name_is_left_with_a_group_that_goes_on(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform(BEGUN + EACH.format(who="dora") + "dora > Nur für uns\ndora > /termin\n")
    stage.perform("ana > /termin\n" + WAYS["erases"].format(who="dora"))
    with stage.store.begin() as connection:
        rows = [
            str(row)
            for table in SQLModel.metadata.sorted_tables
            for row in connection.execute(select(table)).all()
        ]
    assert [row for row in rows if "dora" in row.casefold() or "Nur für uns" in row] == []
    assert "Statt deines Treffens mit Ben und Cem am" in stage.perform("ana > Fr 18:00\n")


@pytest.mark.parametrize("pressed", ["Passt", "Absagen", "Verschieben", "Vereinbarung"])
def test_who_left_changes_nothing_any_more(tmp_path: Path, pressed: str) -> None:
    stage = Stage(tmp_path)
    stage.perform(BEGUN + "dora > /tandem\nana > /termin\nana > Fr 18:00\nana > [Stattdessen]\n")
    stage.perform(WAYS["ends"].format(who="dora"))
    with stage.store.begin() as connection:
        before = theirs(connection, 4)
    said = stage.perform(f"dora > [{pressed}]\n")
    assert said.endswith("dora < Das ist schon erledigt.\n")
    with stage.store.begin() as connection:
        assert theirs(connection, 4) == before


@given(st.sampled_from(GROUP), st.sampled_from([End, Leave]), st.sampled_from(State))
def test_a_group_that_knows_each_other_goes_on_as_long_as_two_are_left(
    by: int, kind: type[End | Leave], state: State
) -> None:
    known = Tandem(1, GROUP, "weekly", "Europe/Berlin", NOW, ABOUT, state)
    for left in (by, *(m for m in GROUP if m != by)):
        before = known
        known, tells = tandems.decide(known, kind(left))
        if len(before.members) > tandems.PAIR and state in {State.AGREEING, State.ACTIVE}:
            assert known == replace(before, members=before.others(left))
            assert sorted(told.member for told in tells) == list(before.members)
        else:
            assert (known.state, known.members) == (State.ENDED, before.members)


@given(st.sets(st.sampled_from(GROUP)), st.sampled_from(GROUP), st.sampled_from(GROUP))
def test_a_wish_waits_for_those_who_are_left(agreed: set[int], by: int, left: int) -> None:
    said = frozenset({*agreed, by})
    others = tuple(m for m in GROUP if m != left)
    whole = Session(7, 1, 2, others, "Europe/Berlin", ABOUT, planned=AT, wish=WISH, wished_by=by)
    after, tells = decide(replace(whole, agreed=said), Part(left), NOW)
    late, none = decide(replace(whole, agreed=said), Part(left), NOW + timedelta(days=9))
    assert (late.planned, late.wish, none) == (AT, None, [])
    stands = said - {left}
    if not stands:
        assert (after.planned, after.wish, tells) == (AT, None, [])
    elif stands >= set(others):
        assert (after.planned, after.wish) == (WISH, None)
        assert [told.member for told in tells] == list(others)
    else:
        assert (after.planned, after.wish, after.agreed, tells) == (AT, WISH, stands, [])
        assert after.wished_by in stands
