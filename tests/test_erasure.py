"""After a deletion nothing of a person is left: not in a table, not in the file, not in its log."""

import shutil
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Table, delete, insert, select, text
from sqlalchemy import Engine as Database
from sqlmodel import SQLModel

from bot.domain.retention import Retention
from bot.engine.engine import Engine
from bot.store import tables
from tests.postgres import Place
from tests.stage import HOUSE, MONDAY, Stage

pytestmark = [pytest.mark.file, pytest.mark.whole]

MINE = {
    "name": "Annegret",
    "offers": "Bienenzucht",
    "seeks": "Klöppeln",
    "goal": "Bis Ostern 3 Völker überwintern und dranbleiben",
    "exactly": "Die am Waldrand",
    "expectations": "Pünktlichkeit und Honigbrot",
    "question": "Magst du Akazienwaben?",
    "contact": "annegret@example.org",
    "diary": "Geheimnis im Stock",
    "insight": "Ruhe bewahren",
    "next_step": "Rahmen bauen",
    "place": "Imkerhütte am See",
    "step": "Die Waben schleudern",
    "report": "Er war unhöflich zu den Bienen",
    "draft": "Halbfertiger Satz",
}
"""What somebody who will delete everything wrote, by where they wrote it."""
THEIRS = "Eine Decke häkeln"
"""What the other wants to do next."""

SCRIPT = f"""(olga is on telegram as @olga)
(annegret is on telegram as @annegret_h)
(berthold is on telegram as @bert)

olga > /start
(annegret has joined: {MINE["offers"]} for {MINE["seeks"]})
annegret > /profil
annegret > [✎ Name]
annegret > {MINE["name"]}
annegret > [✎ Mein Ziel]
annegret > {MINE["goal"]}
annegret > [✎ Erwartungen]
annegret > {MINE["expectations"]}
annegret > [Fertig]
(berthold has joined: Klöppelspitzen for Bienenkunde)
annegret > [Etwas fragen]
annegret > {MINE["question"]}
annegret > [Senden]
annegret > [Kennenlernen]
berthold > [Kennenlernen]
annegret > [E-Mail-Adresse]
annegret > {MINE["contact"]}
berthold > [@bert zeigen]
annegret > [Di, 3.11., 18:00 Uhr]
berthold > [Passt]
(2 days pass)
annegret > [Weitermachen]
berthold > [Weitermachen]
annegret > /termin
annegret > Mi 4.11. um 17 Uhr
berthold > [Passt]
annegret > [Link oder Ort]
annegret > {MINE["place"]}
annegret > /tandem
annegret > [Durchs Treffen führen]
annegret > [Weiter: Hauptthema]
annegret > [Mein Thema]
annegret > [Weiter: nächste Schritte]
annegret > [Meinen Schritt festhalten]
annegret > {MINE["step"]}
berthold > /tandem
berthold > [Durchs Treffen führen]
berthold > [Weiter: Hauptthema]
berthold > [Weiter: nächste Schritte]
berthold > [Meinen Schritt festhalten]
berthold > {THEIRS}
(1 day passes)
annegret > [Kurz zurückblicken]
annegret > [Ja]
annegret > [4]
annegret > {MINE["insight"]}
annegret > {MINE["next_step"]}
annegret > /tagebuch
annegret > [Eintrag schreiben]
annegret > {MINE["diary"]}
berthold > [Kurz zurückblicken]
berthold > /melden
annegret > /melden
annegret > Berthold
annegret > {MINE["report"]}
annegret > /profil
annegret > [✎ Name]
annegret > zurück
annegret > /profil
annegret > [✎ Mein Ziel]
annegret > {MINE["draft"]}
annegret > /daten
annegret > [Als Datei bekommen]
annegret > [Alles löschen]
"""


def everything(stage: Stage) -> str:
    """All values of all tables, opened."""
    with stage.store.begin() as connection:
        rows = [
            row
            for table in SQLModel.metadata.sorted_tables
            for row in connection.execute(select(table)).all()
        ]
    return "\n".join(map(str, rows))


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("stage.db*"))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, Path]:
    """The script, once for all tests here."""
    folder = tmp_path_factory.mktemp("played")
    stage = Stage(folder)
    stage.perform(SCRIPT)
    stage.store.dispose()
    return stage, folder


@pytest.fixture
def stage(played: tuple[Stage, Path], tmp_path: Path) -> Stage:
    """A copy to go on with."""
    whole, folder = played
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    stage = Stage(tmp_path)
    stage.now, stage.inputs, stage.people = whole.now, whole.inputs, deepcopy(whole.people)
    return stage


def test_before_a_deletion_the_search_finds_what_it_looks_for(stage: Stage) -> None:
    written = everything(stage)
    assert [words for words in MINE.values() if words not in written] == [MINE["exactly"]]
    stage.store.dispose()


def test_after_a_deletion_no_remnant_is_found(stage: Stage, tmp_path: Path) -> None:
    stage.perform("annegret > [Endgültig löschen]\n")
    written, lying = everything(stage), raw(tmp_path)
    for words in (*MINE.values(), "annegret"):
        assert words.casefold() not in written.casefold()
        assert words.encode() not in lying
    stage.store.dispose()


def test_what_others_keep_goes_on_without_a_name(stage: Stage) -> None:
    said = stage.perform("annegret > [Endgültig löschen]\n")
    said += stage.perform("(30 days pass)\n")
    stage.written.clear()
    for wish in ("/tandem", "/daten", "/melden", "/termin", "/profil", "/hilfe"):
        assert "annegret" not in stage.perform(f"berthold > {wish}\n").casefold()
    with stage.store.begin() as connection:
        assert connection.execute(select(tables.tandem.c.state)).scalars().all() == ["ended"]
        held = (
            connection.execute(select(tables.session.c.starts_at).order_by(tables.session.c.number))
            .scalars()
            .all()
        )
        assert [at and at.day for at in held] == [3, 4, None]
        failed = connection.execute(text("SELECT error FROM inbox WHERE attempts > 0")).all()
        assert failed == []
    stage.store.dispose()


def test_milestones_stay_with_the_others_without_a_name_and_go_with_the_tandem(
    stage: Stage,
) -> None:
    title = "Ein Glas Honig verschenken"
    stage.perform(
        "annegret > [Doch nicht]\nolga > [Pause aufheben]\nannegret > /meilensteine\n"
        f"annegret > [Meilenstein hinzufügen]\nannegret > {title}\nannegret > 12.3.\n"
        "annegret > /daten\nannegret > [Alles löschen]\nannegret > [Endgültig löschen]\n"
    )
    said = stage.perform("berthold > /meilensteine\n").rpartition("> /meilensteine")[2]
    assert f"{title} (bis 12. März 2027)" in said
    assert "Annegret" not in said
    with stage.store.begin() as connection:
        assert connection.execute(select(tables.milestone.c.by)).scalars().all() == [0]
    titles = select(tables.milestone.c.title)
    for days, left in ((Retention().tandems - 1, [title]), (2, [])):
        aged(stage, days)
        with stage.store.begin() as connection:
            assert connection.execute(titles).scalars().all() == left
    stage.store.dispose()


def test_whose_turn_it_was_goes_and_the_steps_of_the_others_stay(stage: Stage) -> None:
    turns, steps = select(tables.session.c.turn), select(tables.step.c.text)
    with stage.store.begin() as connection:
        assert sorted(connection.execute(turns).scalars()) == [0, 0, 2]
        assert set(connection.execute(steps).scalars()) == {MINE["step"], THEIRS}
    stage.perform("annegret > [Endgültig löschen]\n")
    with stage.store.begin() as connection:
        assert set(connection.execute(turns).scalars()) == {0}
        assert connection.execute(steps).scalars().all() == [THEIRS]
    aged(stage, Retention().tandems + 1)
    with stage.store.begin() as connection:
        assert connection.execute(steps).scalars().all() == []
    stage.store.dispose()


def test_what_fell_out_and_what_waited_goes_with_the_tandem(place: Place) -> None:
    stage = Stage(place)
    stage.perform(
        "(ana is on telegram as @ana)\n(ben is on telegram as @ben)\nana > /start\nben > /start\n"
        "(ana and ben are a tandem)\n(they have agreed)\n(12 hours pass)\nben > [Absagen]\n"
        "ana > /termin\nana > Fr 18:00\nana > [Zusätzlich]\n"
    )
    waits = select(tables.silence.c.member), select(tables.lapse.c.tandem)
    with stage.store.begin() as connection:
        assert [connection.execute(rows).scalars().all() for rows in waits] == [[2], [1]]
    stage.perform("ben > /daten\nben > [Alles löschen]\nben > [Endgültig löschen]\n")
    with stage.store.begin() as connection:
        assert [connection.execute(rows).scalars().all() for rows in waits] == [[], []]
    stage.store.dispose()


def test_the_proof_of_consent_is_kept_with_a_pseudonym_and_ends_with_leaving(stage: Stage) -> None:
    stage.perform("annegret > [Endgültig löschen]\n")
    with stage.store.begin() as connection:
        rows = connection.execute(select(tables.consent).order_by(tables.consent.c.id)).all()
    theirs = [row for row in rows if row.pseudonym]
    assert len({row.pseudonym for row in theirs}) == 1
    assert {row.member for row in theirs} == {0}
    assert [(row.purpose, row.given) for row in theirs] == [
        ("tandem", True),
        ("diary", True),
        ("tandem", False),
    ]
    assert theirs[-1].at == stage.now
    assert len(rows) == 5
    stage.store.dispose()


KNOWN = {
    # Of one member: their rows are deleted.
    "member", "account", "code", "conversation", "button", "diary", "reflection", "share", "feed",
    "block", "question", "reply", "reason", "word", "silence",
    "cue",
    # Shared: what is said of them is deleted, the rest stays with the others.
    "proposal", "proposal_member", "tandem", "tandem_member", "session", "report", "group_chat",
    "agreement", "agreement_yes", "milestone", "acquainting", "step", "lapse",
    # In passing: what is theirs is deleted or emptied.
    "inbox", "outbox", "due", "hold", "round",
    # The proof, with a pseudonym.
    "consent",
    # About the database itself, who works on it, and whole workspaces.
    "meta", "lease", "workspace", "install",
}  # fmt: skip


def test_a_new_table_needs_a_word_on_deletion() -> None:
    assert set(SQLModel.metadata.tables) == KNOWN


def aged(stage: Stage, days: float) -> Engine:
    stage.now += timedelta(days=days)
    engine = Engine(stage.store, HOUSE)
    engine.tidy(stage.now)
    return engine


def test_what_the_bot_said_is_forgotten_after_its_time(stage: Stage) -> None:
    """The script takes three days."""
    aged(stage, Retention().messages - 3.5)
    assert "Ein Vorschlag für dich" in everything(stage)
    aged(stage, 1)
    assert "Ein Vorschlag für dich" not in everything(stage)
    stage.store.dispose()


def test_a_tandem_is_forgotten_after_its_end_but_not_that_it_was(stage: Stage) -> None:
    stage.perform("berthold > /ende\nberthold > [Tandem beenden]\n")
    aged(stage, Retention().tandems - 1)
    assert MINE["contact"] in everything(stage)
    aged(stage, 2)
    written = everything(stage)
    assert MINE["contact"] not in written
    assert MINE["place"] not in written
    assert MINE["diary"] in written
    stage.store.dispose()


def test_an_unfinished_sign_up_is_forgotten_unless_it_goes_on(place: Place) -> None:
    stage = Stage(place)
    stage.perform(
        "(ana is on telegram as @ana)\n"
        "ana > /start\nana > [Los geht’s]\nana > [Ja, einverstanden]\nana > [Weiter]\n"
    )
    aged(stage, Retention().signup - 1)
    stage.perform("ana > Bienenzucht\n")
    aged(stage, Retention().signup - 1)
    assert "Bienenzucht" in everything(stage)
    aged(stage, 2)
    assert "Bienenzucht" not in everything(stage)
    stage.perform("ana > /start\n")
    aged(stage, 0)
    with stage.store.begin() as connection:
        numbers = connection.execute(select(tables.member.c.id)).scalars().all()
    assert numbers == [2], "a number is never given to somebody else"
    stage.store.dispose()


def test_a_report_and_a_proof_are_forgotten_after_their_time(stage: Stage) -> None:
    stage.perform("annegret > [Doch nicht]\n")
    aged(stage, Retention().reports + 1)
    assert MINE["report"] not in everything(stage)
    stage.perform("annegret > /daten\nannegret > [Alles löschen]\nannegret > [Endgültig löschen]\n")
    aged(stage, Retention().consents - 1)
    with stage.store.begin() as connection:
        kept = select(tables.consent).where(tables.consent.c.member == 0)
        assert len(connection.execute(kept).all()) == 3
    aged(stage, 2)
    with stage.store.begin() as connection:
        assert connection.execute(kept).all() == []
    stage.store.dispose()


def test_a_diary_is_announced_before_it_goes_and_kept_longer_on_a_press(stage: Stage) -> None:
    stage.perform("annegret > [Doch nicht]\nberthold > /ende\nberthold > [Tandem beenden]\n")
    diary = Retention().diary
    noticed = stage.perform(f"({diary - 10} days pass)\n")
    assert "Dein Tagebuch lösche ich am" in noticed
    stage.perform("annegret > [Länger aufheben]\n")
    stage.written.clear()
    later = stage.perform(f"({diary - 20} days pass)\n")
    assert "Dein Tagebuch lösche ich am" not in later
    assert MINE["diary"] in everything(stage)
    assert "Dein Tagebuch lösche ich am" in stage.perform("(10 days pass)\n")
    stage.perform("(20 days pass)\n")
    assert MINE["diary"] not in everything(stage)
    stage.store.dispose()


def test_who_stepped_back_keeps_a_diary_until_they_delete_it(place: Place) -> None:
    stage = Stage(place)
    stage.perform(
        "(ana is on telegram as @ana)\n(ana has joined: Kochen for Singen)\n"
        "ana > /tagebuch\nana > [Eintrag schreiben]\nana > Geheimnis im Stock\n"
    )
    aged(stage, Retention().signup + 10)
    stage.perform("ana > /datenschutz\nana > [Teilnahme zurücknehmen]\n")
    aged(stage, Retention().signup + 10)
    assert "Geheimnis im Stock" in everything(stage)
    stage.store.dispose()


@pytest.mark.parametrize("table", [tables.member, tables.inbox, tables.outbox, tables.due], ids=str)
def test_what_is_forgotten_gives_its_number_to_nothing_else(store: Database, table: Table) -> None:
    """What is said is known by the number of what said it."""

    def once_more(connection: Connection) -> int:
        row = {c.name: _something(c) for c in table.c if not c.nullable and c.name != "id"}
        return int(connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one())

    with store.begin() as connection:
        first = once_more(connection)
        connection.execute(delete(table))
        assert once_more(connection) > first


def _something(column: Column[Any]) -> object:
    if isinstance(column.type, tables.Instant):
        return MONDAY
    return {int: 1, bool: True, dict: {}}.get(column.type.python_type, "x")


def test_a_deletion_is_noted_once(place: Place, tmp_path: Path) -> None:
    """Nothing is noted by a turn that is undone, and done anew with everybody held."""
    stage = Stage(place)
    stage.house = replace(HOUSE, gone=tmp_path / "gone")
    stage.perform("(ana is on telegram)\n(ana has joined: Holz for Metall)\nana > /daten")
    stage.perform("ana > [Alles löschen]\nana > [Endgültig löschen]")
    assert len((tmp_path / "gone").read_text().splitlines()) == 1
