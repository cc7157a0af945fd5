"""Moving from SQLite to PostgreSQL: everything is there and the same, and people go on talking."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import func, select, text
from sqlmodel import SQLModel

from adapters.playground.board import METADATA, Board
from bot.store import cases, moving, shares, tables
from bot.store.migrating import DatabaseError
from bot.store.presence import at_work
from bot.store.sealing import KeyFileError
from tests.postgres import Place, Server
from tests.stage import MONDAY, Stage

pytestmark = [pytest.mark.file, pytest.mark.whole]

TRANSCRIPTS = Path(__file__).parent / "transcripts"
SCRIPT, HALF = "diary_shared.de", "ana > /tagebuch"


@pytest.fixture
def target(postgres: Server, tmp_path: Path) -> Iterator[Place]:
    with postgres.bare() as bare:
        place = Place(bare.url, tmp_path / "stage.key")
        yield place
        place.close()


def move(stage: Stage, target: Place) -> dict[str, int]:
    assert target.key is not None
    return moving.move(stage.url, target.url, target.key, METADATA)


def sizes(store: Database) -> dict[str, int]:
    with store.begin() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (*SQLModel.metadata.sorted_tables, *METADATA.sorted_tables)
        }


def test_after_a_move_the_conversation_goes_on_as_if_nothing_had_been(
    tmp_path: Path, target: Place
) -> None:
    script = (TRANSCRIPTS / f"{SCRIPT}.chat").read_text(encoding="utf-8")
    half = script.index("\n", len(script) // 2)
    begin = script.index("\n", script.index("\n\n", half) + 1)
    stage = Stage(tmp_path)
    stage.perform(script[:begin])
    Board(stage.store).show("p1", "o1", "bot", {"text": "hallo", "rows": []}, MONDAY)
    before = sizes(stage.store)
    stage.store.dispose()

    moved = move(stage, target)

    stage.store = target.open()
    assert moved == before == sizes(stage.store)
    assert min(moved[name] for name in ("member", "outbox", "button", "playground_message_2")) > 0
    stage.perform(script[begin:])
    assert "".join(f"{line}\n" for line in stage.written) == script


def test_numbers_go_on_behind_all_that_were_ever_given(tmp_path: Path, target: Place) -> None:
    stage = Stage(tmp_path)
    with stage.store.begin() as connection:
        for entry in ("e1", "e2", "e3"):
            shares.add(connection, 1, 1, entry, MONDAY)
        connection.execute(tables.share.delete().where(tables.share.c.id == 3))
        cases.add(connection, 1, 2, 0, "…", MONDAY)
    stage.store.dispose()
    move(stage, target)
    with target.open().begin() as connection:
        assert shares.add(connection, 1, 1, "e4", MONDAY).id == 4
        assert cases.add(connection, 1, 2, 0, "…", MONDAY) == 2


def test_a_database_with_anything_in_it_is_refused(tmp_path: Path, target: Place) -> None:
    stage = Stage(tmp_path)
    stage.store.dispose()
    with target.open().begin() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (id integer)"))
        connection.execute(text("INSERT INTO somebody_elses VALUES (1)"))
    with pytest.raises(DatabaseError, match=r"is not empty \(table somebody_elses\)"):
        move(stage, target)


def test_what_was_moved_is_not_moved_into_again(tmp_path: Path, target: Place) -> None:
    stage = Stage(tmp_path)
    stage.perform("(ana is on telegram as @ana_h)\nana > /start\n")
    stage.store.dispose()
    move(stage, target)
    with pytest.raises(DatabaseError, match="is not empty"):
        move(stage, target)


def test_nothing_is_moved_under_a_bot_that_runs(tmp_path: Path, target: Place) -> None:
    stage = Stage(tmp_path)
    stage.store.dispose()
    for url in (stage.url, target.url):
        with at_work(url), pytest.raises(DatabaseError, match="stop it first"):
            move(stage, target)
    move(stage, target)


def test_what_nobody_knows_is_not_left_behind_without_a_word(tmp_path: Path, target: Place) -> None:
    stage = Stage(tmp_path)
    with stage.store.begin() as connection:
        connection.execute(text("CREATE TABLE notes (id integer)"))
    stage.store.dispose()
    with pytest.raises(DatabaseError, match="nobody knows what notes is"):
        move(stage, target)


def test_what_can_not_be_copied_leaves_the_target_empty(tmp_path: Path, target: Place) -> None:
    stage = Stage(tmp_path)
    with stage.store.begin() as connection:
        for key in ("a", "b\0"):
            connection.execute(tables.meta.insert().values(key=key, value=""))
    stage.store.dispose()
    with pytest.raises(DatabaseError, match="refuses it") as caught:
        move(stage, target)
    assert "\n" not in str(caught.value)
    with target.open().begin() as connection:
        assert connection.execute(select(tables.meta.c.key).order_by("key")).scalars().all() == [
            "seal",
            "secret",
        ]


def test_the_key_has_to_be_the_one_of_the_file(tmp_path: Path, target: Place) -> None:
    stage = Stage(tmp_path)
    stage.store.dispose()
    with pytest.raises(KeyFileError, match="put that file back"):
        moving.move(stage.url, target.url, tmp_path / "another.key", METADATA)


def test_a_file_that_is_not_there_is_one_line_with_the_cure(tmp_path: Path, target: Place) -> None:
    assert target.key is not None
    with pytest.raises(DatabaseError, match="nothing is to be moved"):
        moving.move(f"sqlite:///{tmp_path}/none.db", target.url, target.key, METADATA)
