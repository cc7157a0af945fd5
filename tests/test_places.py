"""For how many tandems somebody has room: never for more, whoever says yes at the same time."""

from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine as Database
from sqlalchemy.exc import IntegrityError

from bot.domain.members import NOWHERE, Member, called
from bot.domain.tandems import State, Tandem
from bot.engine.engine import Engine
from bot.engine.events import Event
from bot.store import pairs
from tests.postgres import Place
from tests.stage import Stage

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
TWO_YES = """
(ana is on telegram as @ana)
(ben is on telegram as @ben)
(cem is on telegram as @cem)
(ana has joined: Kochen, Excel for Singen, Python)
ana > /profil
ana > [✎ Tandems]
ana > [2]
ana > [Fertig]
(ben has joined: Singen for Kochen)
ana > [Kennenlernen]
(cem has joined: Python for Excel)
ana > [Kennenlernen]
"""
ONE_PLACE = """
ana > /profil
ana > [✎ Tandems]
ana > [1]
ana > [Fertig]
"""


def tandem(*members: int) -> Tandem:
    return Tandem(0, members, "weekly", "Europe/Berlin", NOW, {m: {} for m in members})


def test_a_place_has_one_tandem_at_a_time_whatever_the_program_thinks(store: Database) -> None:
    with store.begin() as connection:
        first = pairs.add_tandem(connection, tandem(1, 2), {1: 1, 2: 1})
        with pytest.raises(IntegrityError), connection.begin_nested():
            pairs.add_tandem(connection, tandem(1, 3), {1: 1, 3: 1})
        second = pairs.add_tandem(connection, tandem(1, 3), {1: 2, 3: 1})
        assert [t.id for t in pairs.running_tandems(connection, 1)] == [first.id, second.id]
        pairs.save_tandem(connection, replace(first, state=State.ENDED))
        assert pairs.places(connection, 1) == {2}
        assert pairs.taken(connection) == {1: 1, 3: 1}
        pairs.add_tandem(connection, tandem(1, 4), {1: 1, 4: 1})


def test_two_who_say_yes_to_the_same_third_at_once_get_one_place(place: Place) -> None:
    stage = Stage(place)
    stage.perform(f"{TWO_YES}{ONE_PLACE}")
    yes = {name: stage.press(name, "Kennenlernen") for name in ("ben", "cem")}
    together = Barrier(len(yes))

    def press(name: str) -> None:
        sender, key = stage.people[name].sender, ("telegram", "bot", f"at once {name}")
        engine = Engine(place.open(), stage.house)
        engine.receive([(key, {})], stage.now)
        together.wait()
        engine.turn(key, Event(sender, yes[name]), stage.now)

    threads = [Thread(target=press, args=(name,)) for name in yes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = "".join(stage.deliver())
    with stage.store.begin() as connection:
        taken = pairs.taken(connection)
    assert taken in ({1: 1, 2: 1}, {1: 1, 3: 1})
    assert said.count("Du hast jetzt so viele Tandems") == 1
    assert said.count("Der Vorschlag mit Ana ist nicht mehr offen") == 1


# What people are called ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "known"),
    [
        (("Ana", "Ben"), ("Ana", "Ben")),
        (("Ben Kaiser", "Cem", "Ben Maurer"), ("Ben K.", "Cem", "Ben M.")),
        (("Ben", "Ben Maurer"), ("Ben (1)", "Ben (2)")),
        (("Ben Kaiser", "ben kruse"), ("Ben (1)", "ben (2)")),
        (("", ""), ("", "")),
    ],
)
def test_people_of_one_name_are_told_apart(names: tuple[str, ...], known: tuple[str, ...]) -> None:
    people = [Member(n, NOWHERE, "de", "UTC", name=name) for n, name in enumerate(names, 1)]
    assert tuple(called(people)[member.id] for member in people) == known


@given(st.lists(st.sampled_from(("Ben", "Ben K", "Ben M", "Cem", "cem x")), max_size=6))
def test_nobody_is_called_like_another(names: list[str]) -> None:
    people = [Member(n, NOWHERE, "de", "UTC", name=name) for n, name in enumerate(names, 1)]
    found = [name.casefold() for name in called(people).values()]
    assert len(set(found)) == len(found) == len(people)
