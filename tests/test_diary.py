"""A diary is its owner's: what is deleted or taken back is gone, and what is long stays whole."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.documents.notes import Note, files
from bot.domain.parcels import Refused
from bot.engine.engine import Engine
from bot.engine.events import Event
from bot.flows.diary import LONGEST
from bot.store import tables
from tests.house import living
from tests.stage import HOUSE, Stage
from tests.telegram_standin import TelegramStandin
from tests.test_telegram import joins
from tests.ways import telegram_of

PAIR = """(ana is on telegram as @ana)
(ben is on telegram as @ben)
(ana has joined: Kochen for Singen)
(ben has joined: Singen for Kochen)
(ana and ben are a tandem)
"""
SHARED = """ana > /tagebuch
ana > [Eintrag schreiben]
ana > Geheimnis
ana > /tagebuch
ana > [Mo, 2.11. Geheimnis]
ana > [Mit Ben teilen]
ana > [Ja, teilen]
"""


def played(folder: Path, *scenes: str) -> Stage:
    stage = Stage(folder)
    stage.perform("".join(scenes))
    return stage


def known(stage: Stage) -> str:
    """Everything in the database, opened."""
    with stage.store.begin() as connection:
        found = [
            str(row)
            for table in (tables.outbox, tables.share, tables.diary, tables.conversation)
            for row in connection.execute(select(table)).all()
        ]
    return "\n".join(found)


def shares(stage: Stage) -> int:
    with stage.store.begin() as connection:
        counted = connection.execute(select(func.count()).select_from(tables.share))
        return counted.scalar_one()


def tidied(stage: Stage, days: int) -> None:
    stage.now += timedelta(days=days)
    Engine(stage.store, HOUSE).tidy(stage.now)


def said_to(stage: Stage, script: str) -> str:
    stage.written.clear()
    return stage.perform(script)


def test_what_is_shared_is_forgotten_after_its_time_and_can_still_be_taken_back(
    tmp_path: Path,
) -> None:
    stage = played(tmp_path, PAIR, SHARED)
    tidied(stage, 15)
    with stage.store.begin() as connection:
        theirs = tables.outbox.c.subject.like("share:%")
        [body] = connection.execute(select(tables.outbox.c.body).where(theirs)).scalars()
    assert "Geheimnis" not in str(body)
    said = said_to(stage, "ana > [Teilen mit Ben zurücknehmen]\n")
    assert "ben < * Diese Nachricht habe ich zurückgenommen." in said
    assert shares(stage) == 0
    tidied(stage, 15)
    with stage.store.begin() as connection:
        left = select(tables.outbox.c.subject).where(tables.outbox.c.subject.like("share:%"))
        assert connection.execute(left).all() == []
    stage.store.dispose()


@pytest.mark.parametrize(
    "script",
    [
        "ana > [Löschen]\nana > [Ja, löschen]\n",
        "ana > /datenschutz\nana > [Tagebuch zurücknehmen und löschen]\n",
    ],
    ids=["an entry", "all"],
)
def test_what_is_deleted_is_not_known_any_more(tmp_path: Path, script: str) -> None:
    stage = played(tmp_path, PAIR, SHARED)
    assert "ben < * Diese Nachricht habe ich zurückgenommen." in stage.perform(script)
    assert "Geheimnis" not in known(stage)
    assert shares(stage) == 0
    stage.store.dispose()


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_with_somebody_who_is_gone_goes_what_was_shared(tmp_path: Path, who: str) -> None:
    stage = played(tmp_path, PAIR, SHARED)
    erased = (f"{who} > {pressed}\n" for pressed in ("/daten", "[Alles löschen]"))
    said = said_to(stage, "".join(erased) + f"{who} > [Endgültig löschen]\n")
    taken_back = "ben < * Diese Nachricht habe ich zurückgenommen." in said
    assert taken_back == (who == "ana")
    assert shares(stage) == 0
    with stage.store.begin() as connection:
        told = select(tables.outbox.c.body).where(tables.outbox.c.subject.like("share:%"))
        assert not any("Geheimnis" in str(b) for b in connection.execute(told).scalars())
    stage.store.dispose()


def test_nobody_opens_somebody_elses_entry(tmp_path: Path) -> None:
    """Not even with a button that means one of theirs: the number is looked for among one's own."""
    stage = played(tmp_path, PAIR, SHARED, "ben > /tagebuch\nben > [Eintrag schreiben]\nben > B\n")
    said = said_to(stage, "ben > /tagebuch Geheimnis\nben > /tagebuch\n")
    assert "Geheimnis" not in said.replace("„Geheimnis“", "").replace("/tagebuch Geheimnis", "")
    stage.store.dispose()


def test_a_messenger_that_deletes_nothing_says_how_to_do_it(tmp_path: Path) -> None:
    stage = played(tmp_path, PAIR, "ana > /tagebuch\nana > [Eintrag schreiben]\nana > Geheimnis\n")
    engine = Engine(stage.store, HOUSE)
    key = ("telegram", "bot", "press")
    engine.receive([(key, {})], stage.now)
    engine.turn(
        key,
        Event(stage.people["ana"].sender, stage.press("ana", "Aus dem Chat löschen")),
        stage.now,
    )
    [parcel] = engine.claim("telegram", stage.now, 1)
    assert (parcel.method, stage.typed[int(parcel.ref)]) == ("delete", "Geheimnis")
    engine.settle(parcel, Refused("message can't be deleted for everyone"), stage.now)
    assert "Du selbst kannst es noch" in "\n".join(stage.deliver())
    stage.store.dispose()


async def test_the_longest_entry_is_kept_whole_and_deleted_from_the_chat_on_telegram(
    tmp_path: Path,
) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)):
        ana = telegram.person("Ana", username="ana_h", language="de")
        await joins(ana, "Zeitmanagement", "Scrum")
        longest = ("<&ß über 😀\n" * LONGEST)[:LONGEST].strip()
        ana.says("/tagebuch")
        await ana.sees("noch leer")
        ana.presses("Eintrag schreiben")
        await ana.sees("festhalten")
        ana.says("x" * (LONGEST + 1))
        await ana.sees(f"höchstens {LONGEST} Zeichen")
        written = ana.says(longest)
        await ana.sees("Aufgehoben")
        ana.presses("Aus dem Chat löschen")
        await ana.sees("Ich lösche aus diesem Chat")
        await telegram.until(lambda: written.deleted)
        ana.says("/tagebuch")
        listed = await ana.sees("Dein Tagebuch")
        ana.presses(listed.labels[0])
        whole = await ana.sees(lambda m: "Ändern" in m.labels)
        assert longest in whole.text
        assert telegram.problems == []


WORDS = st.text(max_size=40)


@given(WORDS, WORDS, st.lists(WORDS, max_size=2), WORDS)
def test_a_note_is_a_file_of_its_own_whatever_stands_in_it(
    partner: str, title: str, tags: list[str], text: str
) -> None:
    at = datetime(2026, 11, 10, 19, 20)  # noqa: DTZ001 -- a wall time
    facts: dict[str, str | int] = {"tandem": partner, "session": 1}
    note = Note(("tagebuch", f"1 {partner}"), at, title, tuple(tags), facts, (("", text),))
    found = dict(files([note, note]))
    assert len(found) == 2
    for path, written in found.items():
        first, folder, name = path.split("/")
        assert (first, ".." in folder, name[:15]) == ("tagebuch", False, "2026-11-10 1920")
        begin, front, _ = written.split("---\n", 2)
        assert begin == ""
        lines = dict(line.split(": ", 1) for line in front.removesuffix("\n").split("\n"))
        assert lines["date"] == "2026-11-10T19:20:00"
        assert json.loads(lines["tags"]) == tags if tags else "tags" not in lines
        assert json.loads(lines.get("tandem", '""')) == partner
        assert json.loads(lines.get("title", '""')) == title


def test_the_diary_alone_is_a_folder_of_notes_and_the_same_as_json(tmp_path: Path) -> None:
    stage = played(tmp_path, PAIR, SHARED, "ana > [Zur Liste]\nana > [Als Datei bekommen]\n")
    parcel = next(p for p in reversed(stage.sent) if p.method == "file")
    content = Engine(stage.store, HOUSE).file(parcel, stage.now)
    packed = tmp_path / parcel.body["name"]
    packed.write_bytes(content)
    with ZipFile(packed) as archive:
        assert archive.namelist() == ["tagebuch.json", "tagebuch/1 Ben/2026-11-02 0900.md"]
        copy = json.loads(archive.read("tagebuch.json"))
        note = archive.read("tagebuch/1 Ben/2026-11-02 0900.md").decode()
    assert [entry["text"] for entry in copy["diary"]] == ["Geheimnis"]
    assert [one["tandem"] for one in copy["shares"]] == [1]
    assert note == (
        '---\ntitle: "Tagebuch-Eintrag"\ndate: 2026-11-02T09:00:00\ntandem: "Ben"\n'
        'tags: ["tandem"]\n---\n\nGeheimnis\n'
    )
    stage.store.dispose()
