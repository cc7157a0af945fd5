"""What was agreed to is recorded so that it can be proved, and blocks and pauses are kept to."""

import hashlib
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, insert, select

from bot.conversation.wording import markup, plain
from bot.domain.parcels import Patience
from bot.engine.engine import Engine
from bot.store import outbox, tables
from bot.store.outbox import Parcel
from tests.stage import HOUSE, MONDAY, Stage

WAY_IN = "(ana is on telegram as @ana)\nana > /start\nana > [Los geht’s]\n"


def records(stage: Stage) -> list[Row[Any]]:
    with stage.store.begin() as connection:
        return list(connection.execute(select(tables.consent).order_by(tables.consent.c.id)))


def last_said(stage: Stage, words: str) -> str:
    texts = [str(parcel.body.get("text", "")) for parcel in reversed(stage.sent)]
    return next(text for text in texts if words in plain(markup(text)))


def test_a_consent_is_recorded_with_what_it_was_given_to(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform(WAY_IN)
    shown = last_said(stage, "Bist du mindestens 18")
    stage.perform("ana > [Ja, einverstanden]\nana > [Ja, einverstanden]\n")
    [record] = records(stage)
    assert (record.member, record.purpose, record.given) == (1, "tandem", True)
    assert (record.version, record.language, record.channel) == ("4", "de", "telegram")
    assert record.text_hash == hashlib.sha256(shown.encode()).hexdigest()
    assert (record.at, record.at.tzinfo) == (MONDAY, UTC)


def test_each_purpose_stands_for_itself_and_nothing_is_written_over(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform(WAY_IN + "ana > [Ja, einverstanden]\nana > [Statistik]\nana > [Weiter]\n")
    stage.perform(
        "ana > /datenschutz\nana > [Statistik zurücknehmen]\nana > [Statistik erlauben]\n"
        "ana > [Tagebuch erlauben]\nana > [Teilnahme zurücknehmen]\n"
    )
    assert [(r.purpose, r.given) for r in records(stage)] == [
        ("tandem", True),
        ("statistics", True),
        ("statistics", False),
        ("statistics", True),
        ("diary", True),
        ("tandem", False),
    ]


def test_without_consent_to_a_diary_an_insight_is_not_even_asked_for(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform(
        "(ana is on telegram as @ana)\n(ben is on telegram as @ben)\n"
        "(ana has joined: Kochen for Singen)\n(ben has joined: Singen for Kochen)\n"
        "ana > /datenschutz\nana > [Tagebuch zurücknehmen und löschen]\n"
        "ana > [Kennenlernen]\nben > [Kennenlernen]\nana > [@ana zeigen]\nben > [@ben zeigen]\n"
        "ana > [Di, 3.11., 18:00 Uhr]\nben > [Passt]\n(2 days pass)\n"
        "ana > [Weitermachen]\nben > [Weitermachen]\n"
        "ana > /termin\nana > Di 10.11. um 18 Uhr\nben > [Passt]\n(7 days pass)\n"
    )
    asked = {}
    for who in ("ana", "ben"):
        stage.written.clear()
        asked[who] = stage.perform(
            f"{who} > [Kurz zurückblicken]\n{who} > [Ja]\n{who} > [5]\n{who} > weiter üben\n"
        )
    assert "Erkenntnis" not in asked["ana"]
    assert "Erkenntnis" in asked["ben"]


@pytest.mark.parametrize("direction", [(1, 2), (2, 1)])
def test_a_block_is_kept_to_whoever_of_the_two_it_came_from(
    tmp_path: Path, direction: tuple[int, int]
) -> None:
    stage = Stage(tmp_path)
    stage.perform("(ana is on telegram as @ana)\n(ana has joined: Kochen for Singen)\n")
    with stage.store.begin() as connection:
        one, other = direction
        values = {"member": one, "other": other, "at": MONDAY}
        connection.execute(insert(tables.block).values(**values))
    said = stage.perform(
        "(ben is on telegram as @ben)\n(ben has joined: Singen for Kochen)\n(9 days pass)\n"
    )
    assert "Ein Vorschlag für dich" not in said


def test_what_was_waiting_when_a_pause_begins_is_dropped_with_the_reason(tmp_path: Path) -> None:
    """A reminder that is due is not sent any more; an answer is."""
    stage = Stage(tmp_path)
    stage.perform(
        "(ana is on telegram as @ana)\n(ana has joined: Kochen for Singen)\n"
        "ana > /pause\nana > [1 Woche]\nana > [Pause beginnen]\n"
    )
    engine = Engine(stage.store, HOUSE)
    with stage.store.begin() as connection:
        for patience in (Patience.NUDGE, Patience.REPLY):
            body = {"text": patience.value, "rows": []}
            there = "telegram", "bot", "ana", "send"
            parcel = Parcel(patience.value, *there, body, 1, patience=patience)
            outbox.post(connection, parcel, stage.now)
    sent = [parcel.key for parcel in engine.claim("telegram", stage.now, 10)]
    assert sent == ["reply"]
    with stage.store.begin() as connection:
        row = connection.execute(select(tables.outbox).where(tables.outbox.c.key == "nudge")).one()
        assert (row.state, row.reason) == ("dropped", "paused")


def test_a_code_takes_nothing_from_somebody_who_stepped_back(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    said = stage.perform(
        "(ana is on telegram as @ana)\n(ben is on telegram as @ben)\n"
        "(ana has joined: Kochen for Singen)\nana > /tagebuch\nana > [Eintrag schreiben]\n"
        "ana > Geheimnis\nana > /datenschutz\nana > [Teilnahme zurücknehmen]\n"
        "ben > /verbinden\nben > hallo\nben > /verbinden\nana > /verbinden {code from ben}\n"
        "ana > /tagebuch\n"
    )
    assert "Hier hast du schon ein eigenes Profil." in said
    assert said.rstrip().partition("ana > /tagebuch\n")[2].count("Geheimnis") > 0
