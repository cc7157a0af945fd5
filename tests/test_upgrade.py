"""Databases of earlier versions: upgraded, nothing said in them is lost, and they go on.

Each file in ``frozen`` is what a version wrote, opened, with forms half filled in. Written once
by that version, none is ever changed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlmodel import SQLModel

from bot.conversation.talk import Press
from bot.domain.members import Address
from bot.engine.events import Pressed, Said, Sender
from bot.store import buttons, migrating, people, tables
from bot.store.database import open_engine
from bot.store.sealing import Sealed, SealedJson
from tests.stage import Person, Stage

pytestmark = [pytest.mark.file, pytest.mark.whole]

FILES = sorted((Path(__file__).parent / "frozen").glob("*.json"))
MEANT_ANEW = {"member.standing", "due.until", "due.settled_at"}
"""What a later version says in other words; see its migration."""
BUTTON = {"handle": sa.String(), "label": Sealed(), "press": SealedJson()}
"""Columns of a button until it shared a row with those beside it."""
MANY = 10_000
"""Inputs, more than any of them had."""
MONTHS = timedelta(days=70)
Row = Mapping[str, Any]  # a row's own types


@dataclass(frozen=True, slots=True)
class Frozen:
    schema: str
    now: datetime
    rows: Mapping[str, list[Row]]


def frozen(file: Path) -> Frozen:
    read = json.loads(file.read_text(encoding="utf-8"), object_hook=_moment)
    return Frozen(read["schema"], datetime.fromisoformat(read["now"]), read["rows"])


def _moment(found: dict[str, Any]) -> Any:  # what JSON has no sign for
    match found:
        case {"at": str(at), **rest} if not rest:
            return datetime.fromisoformat(at)
        case {"on": str(day), **rest} if not rest:
            return date.fromisoformat(day)
        case _:
            return found


def thawed(was: Frozen, folder: Path) -> Stage:
    """The database as that version left it, opened by this one."""
    engine, config = open_engine(f"sqlite:///{folder}/stage.db"), Config()
    config.set_main_option("script_location", str(migrating.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, was.schema)
        for name, rows in was.rows.items():
            known = {column.name: column.type for column in SQLModel.metadata.tables[name].c}
            kinds = {**BUTTON, **known} if name == "button" else known
            written = sa.table(name, *(sa.column(column, kinds[column]) for column in rows[0]))
            connection.execute(sa.insert(written), rows)
    engine.dispose()
    stage = Stage(folder)
    stage.now, stage.inputs = was.now, MANY
    languages = {row["id"]: row["language"] for row in was.rows["member"]}
    for row in was.rows["account"]:
        there = Address(row["platform"], row["account"], row["user"], row["chat"])
        sender = Sender(there, language=languages[row["member"]])
        stage.people[row["user"]] = Person(sender)
    return stage


def failures(stage: Stage) -> list[str]:
    with stage.store.begin() as connection:
        failed = sa.text(
            "SELECT error FROM inbox WHERE attempts > 0"
            " UNION SELECT reason FROM due WHERE attempts > 0"
        )
        return [str(found) for found in connection.execute(failed).scalars()]


def as_written(row: dict[str, object]) -> str:
    """JSON's keys are text in the database, whatever they are read as."""
    return json.dumps(row, default=repr)


files = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def test_of_many_schemas_there_is_a_database() -> None:
    assert len(FILES) >= 8
    assert all(frozen(file).schema == file.stem for file in FILES)


@files
def test_every_row_is_there_and_says_what_it_said(file: Path, tmp_path: Path) -> None:
    was = frozen(file)
    stage = thawed(was, tmp_path)
    with stage.store.begin() as connection:
        for name, rows in was.rows.items():
            if name == "button" and "handle" in rows[0]:
                continue  # see below
            table = SQLModel.metadata.tables[name]
            kept = [column for column in rows[0] if f"{name}.{column}" not in MEANT_ANEW]
            found = connection.execute(sa.select(*(table.c[column] for column in kept))).mappings()
            said = sorted(map(as_written, ({c: row[c] for c in kept} for row in rows)))
            assert sorted(as_written(dict(row)) for row in found) == said, name
        for table in SQLModel.metadata.sorted_tables:
            connection.execute(sa.select(table)).all()
    stage.store.dispose()


@files
def test_who_is_in_the_middle_of_a_form_goes_on_in_it(file: Path, tmp_path: Path) -> None:
    was = frozen(file)
    stage = thawed(was, tmp_path)
    asked = {row["member"] for row in was.rows["conversation"]}
    who = {row["member"]: row["user"] for row in was.rows["account"]}
    for number in sorted(asked):
        with stage.store.begin() as connection:
            [talk, *_] = people.open_conversations(connection, number)
        assert any("?" in line for line in stage.act(who[number], Said("/start")))
        answers = {**talk.drafts, **talk.answers}
        stage.act(who[number], Said("Etwas Neues, das mir wichtig ist"))
        with stage.store.begin() as connection:
            after = people.find(connection, number, talk.form, talk.subject)
        if after is not None:
            now = {**after.drafts, **after.answers}
            assert {name: now.get(name) for name in talk.answers} == {
                name: answers[name] for name in talk.answers
            }
    assert failures(stage) == []
    stage.store.dispose()


@files
def test_every_old_button_means_what_it_meant_and_is_answered(file: Path, tmp_path: Path) -> None:
    was = frozen(file)
    stage = thawed(was, tmp_path)
    who = {row["member"]: row["user"] for row in was.rows["account"]}
    with stage.store.begin() as connection:
        for row in was.rows["button"]:
            now = row["expires_at"] - timedelta(seconds=1)
            meant = buttons.meaning(connection, row["handle"], row["member"], now)
            assert meant == (row["label"], Press(**row["press"]))
    for row in {str(row["press"]): row for row in was.rows["button"]}.values():
        assert stage.act(who[row["member"]], Pressed(row["handle"], ""))
    assert failures(stage) == []
    stage.store.dispose()


@files
def test_months_go_by_as_for_everybody(file: Path, tmp_path: Path) -> None:
    was = frozen(file)
    stage = thawed(was, tmp_path)
    assert list(stage.pass_time(MONTHS))
    with stage.store.begin() as connection:
        late = sa.select(tables.due.c.id).where(
            tables.due.c.state == "due", tables.due.c.at < stage.now
        )
        assert connection.execute(late).all() == []
    assert failures(stage) == []
    stage.store.dispose()
