"""Backups: whole, without the key; and after a restore nothing of yesterday is said again."""

import json
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from bot import backups
from bot.conversation.cards import Tell
from bot.domain import members
from bot.domain.members import Standing
from bot.engine import erasing
from bot.engine.desk import Desk
from bot.engine.engine import Engine
from bot.engine.guarding import Guarded, guard
from bot.errors import OperatorError
from bot.store import backup, database, gone
from bot.store.presence import alone
from bot.store.tables import outbox
from tests.stage import HOUSE, MONDAY, Stage
from tests.telegram_standin import TelegramStandin
from tests.test_cli import output, tandem
from tests.test_telegram import joins

pytestmark = [pytest.mark.file, pytest.mark.whole]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SCRIPT = """(annegret is on telegram as @annegret)
(ben is on telegram as @ben)
(annegret has joined: Bienenzucht for Singen)
(ben has joined: Singen for Bienenzucht)
(annegret and ben are a tandem)
annegret > /termin
annegret > Mi 4.11. um 18 Uhr
ben > [Passt]
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    folder = tmp_path / "first"
    folder.mkdir()
    stage = Stage(folder)
    stage.house = replace(HOUSE, gone=folder / "stage.gone")
    yield stage
    stage.store.dispose()


def file_of(stage: Stage) -> Path:
    return Path(stage.url.removeprefix("sqlite:///"))


def backed_up(stage: Stage, name: str = "a.backup") -> Path:
    file = file_of(stage).parent / name
    told = list(backups.back_up(stage.url, None, file, stage.now))
    assert "The key is not in it" in told[-1]
    return file


def restored(stage: Stage, file: Path, *, as_of: datetime) -> Guarded:
    """As `tandem restore` does it, at a moment of this test's own."""
    stage.store.dispose()
    for path in file_of(stage).parent.glob("stage.db*"):
        path.unlink()
    backup.unpack(file, file_of(stage))
    stage.now = as_of
    return guard(Engine(stage.store, stage.house), as_of)


def column(stage: Stage, name: str) -> list[str]:
    table, _, column = name.partition(".")
    with stage.store.begin() as connection:
        found = SQLModel.metadata.tables[table].c[column]
        return list(connection.execute(select(found)).scalars())


def test_a_backup_is_whole_checked_and_without_the_key(stage: Stage, tmp_path: Path) -> None:
    stage.perform(SCRIPT)
    file = backed_up(stage)
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in file.parent.iterdir() if path.name[0] == ".") == []
    with ZipFile(file) as archive:
        assert archive.namelist() == ["manifest.json", "tandem.db"]
        manifest = json.loads(archive.read("manifest.json"))
        content = archive.read("tandem.db")
    assert manifest["counts"]["member"] == 2
    assert manifest["made_at"] == MONDAY.isoformat()
    for secret in (b"Bienenzucht", *(file.parent / "stage.key").read_bytes().split()):
        assert secret not in content
    assert backup.unpack(file, tmp_path / "again.db").sha256 == manifest["sha256"]
    assert (tmp_path / "again.db").read_bytes() == content
    with pytest.raises(OperatorError, match="is there already"):
        backed_up(stage)


def test_it_can_be_made_while_somebody_writes(stage: Stage, tmp_path: Path) -> None:
    stage.perform(SCRIPT)
    with stage.store.begin() as connection:
        database.set_meta(connection, "half", "done")
        backup.write(file_of(stage), tmp_path / "b", stage.now)
    backup.unpack(tmp_path / "b", tmp_path / "b.db")
    with closing(sqlite3.connect(tmp_path / "b.db")) as copy:
        assert copy.execute("SELECT count(*) FROM meta WHERE key = 'half'").fetchone() == (0,)


def test_what_was_waiting_is_not_sent_and_says_why(stage: Stage) -> None:
    stage.perform(SCRIPT)
    engine = Engine(stage.store, stage.house)
    engine.receive([(("telegram", "bot", "999"), {"text": "yesterday"})], stage.now)
    with stage.store.begin() as connection:
        desk = Desk(connection, stage.now, "waiting", stage.house)
        desk.tell([Tell(1, members.FAILED)])
    file = backed_up(stage)
    done = restored(stage, file, as_of=stage.now + DAY + 12 * HOUR)
    assert done.unsent >= 1
    engine = Engine(stage.store, stage.house)
    assert engine.held()
    for platform in ("telegram", "slack"):
        assert engine.claim(platform, stage.now, 50) == []
        assert engine.waiting(platform, stage.now) == []
    again = [(("telegram", "bot", "999"), {"text": "yesterday"})]
    assert engine.receive(again, stage.now) == 0, "it is known, should it come again"
    with stage.store.begin() as connection:
        asked = select(outbox.c.state, outbox.c.reason).distinct()
        assert {tuple(row) for row in connection.execute(asked)} == {
            ("sent", ""),
            ("dropped", "restored"),
        }
    assert "restored" in column(stage, "inbox.error")
    assert guard(engine, stage.now) == Guarded(0, 0), "done twice it finds nothing left"


def test_reminders_of_yesterday_are_gone_and_those_of_tomorrow_come(stage: Stage) -> None:
    """The session is on Wednesday at 18:00; the reminder of the eve went out before the crash."""
    stage.perform(SCRIPT)
    file = backed_up(stage)
    said = "".join(stage.pass_time(DAY + 12 * HOUR))
    assert "Mi, 4.11., 18:00" in said
    restored(stage, file, as_of=stage.now + HOUR)
    list(backups.confirm(stage.url, None))
    assert Engine(stage.store, stage.house).held() is False
    later = "".join(stage.pass_time(timedelta(minutes=5)))
    assert later == ""
    assert "Wie war" in "".join(stage.pass_time(2 * DAY)), "life goes on"


def test_whoever_deleted_their_data_since_is_deleted_again(stage: Stage) -> None:
    stage.perform(SCRIPT)
    file = backed_up(stage)
    stage.now += HOUR
    with stage.store.begin() as connection:
        desk = Desk(connection, stage.now, "erase", stage.house)
        erasing.erase(desk, desk.member(1))
    noted = (file.parent / "stage.gone").read_text()
    assert len(noted.splitlines()) == 1
    assert "annegret" not in noted
    done = restored(stage, file, as_of=stage.now + HOUR)
    assert done.gone == 1
    assert column(stage, "member.standing").count(Standing.GONE) == 1
    assert "annegret" not in column(stage, "account.user") + column(stage, "outbox.chat")
    stage.store.dispose()
    assert b"annegret" not in file_of(stage).read_bytes()


def test_whoever_came_back_before_the_backup_stays(stage: Stage) -> None:
    stage.perform(SCRIPT)
    stage.now += HOUR
    with stage.store.begin() as connection:
        desk = Desk(connection, stage.now, "erase", stage.house)
        erasing.erase(desk, desk.member(1))
    stage.now += HOUR
    stage.perform("annegret > /start\n")
    assert len(column(stage, "account.user")) == 2
    file = backed_up(stage)
    assert restored(stage, file, as_of=stage.now + HOUR).gone == 0
    assert "annegret" in column(stage, "account.user")


def test_a_deletion_is_not_held_up_by_a_list_that_cant_be_written(stage: Stage) -> None:
    stage.house = replace(HOUSE, gone=file_of(stage).parent / "nowhere" / "stage.gone")
    stage.perform(SCRIPT)
    with stage.store.begin() as connection:
        desk = Desk(connection, stage.now, "erase", stage.house)
        erasing.erase(desk, desk.member(1))
        assert gone.members(connection, stage.house.gone) == []
    assert column(stage, "member.standing").count(Standing.GONE) == 1


def _restore(stage: Stage, file: Path, *, replace: bool = False) -> list[str]:
    stage.store.dispose()
    return list(backups.restore(stage.url, None, stage.house, file, replace=replace))


def test_newer_data_is_not_replaced_by_mistake_and_kept_in_any_case(stage: Stage) -> None:
    stage.perform(SCRIPT)
    file = backed_up(stage)
    stage.now += HOUR
    stage.perform("annegret > /hilfe\n")
    before = column(stage, "inbox.external_id")
    with pytest.raises(OperatorError, match=r"newer data than the backup \(2026-11-02 09:"):
        _restore(stage, file)
    assert column(stage, "inbox.external_id") == before
    told = _restore(stage, file, replace=True)
    assert told[0].startswith("What was there is in ")
    [kept] = [path for path in file.parent.glob("stage.db.before-*") if path.suffix[-4:-3] != "-"]
    with closing(sqlite3.connect(kept)) as connection:
        [(number,)] = connection.execute("SELECT count(*) FROM inbox").fetchall()
    assert (number, len(column(stage, "inbox.external_id"))) == (len(before), len(before) - 1)
    assert list(file.parent.glob("*.restoring*")) == []


def test_a_bot_that_runs_is_not_pulled_away_from_under(stage: Stage) -> None:
    stage.perform(SCRIPT)
    file = backed_up(stage)
    with alone(stage.url), pytest.raises(OperatorError, match="another Tandem is running"):
        _restore(stage, file)


def test_a_broken_database_is_no_reason_to_lose_it(stage: Stage) -> None:
    stage.perform(SCRIPT)
    file = backed_up(stage)
    stage.store.dispose()
    file_of(stage).write_bytes(b"no database at all" * 999)
    with pytest.raises(OperatorError, match="newer data"):
        _restore(stage, file)
    _restore(stage, file, replace=True)
    assert len(column(stage, "member.id")) == 2


def test_a_database_restored_by_other_means_is_held_back_on_request(stage: Stage) -> None:
    stage.perform(SCRIPT)
    told = list(backups.hold(stage.url, None, stage.house))
    assert told[-1].startswith("Nothing is sent until you confirm")
    assert Engine(stage.store, stage.house).held()
    told = list(backups.confirm(stage.url, None))
    assert told[0].startswith("Until tomorrow time will bring: ")
    with pytest.raises(OperatorError, match="nothing to confirm"):
        list(backups.confirm(stage.url, None))


def damaged(file: Path, how: str) -> str:
    """Does that to a backup, and returns what is to be said of it."""
    with ZipFile(file) as archive:
        manifest, content = archive.read("manifest.json"), archive.read("tandem.db")
    match how:
        case "cut off":
            file.write_bytes(file.read_bytes()[:-99])
            return "is no backup of Tandem, or is damaged"
        case "something else":
            file.write_text("hello")
            return "is no backup of Tandem, or is damaged"
        case "another content":
            content = content[:5000] + bytes(b ^ 1 for b in content[5000:])
        case _:
            with closing(sqlite3.connect(":memory:")) as connection:
                connection.deserialize(content)
                connection.execute("UPDATE alembic_version SET version_num = '9999'")
                connection.commit()
                content = connection.serialize()
            manifest = json.dumps(
                {
                    **json.loads(manifest),
                    "sha256": sha256(content).hexdigest(),
                }
            ).encode()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("tandem.db", content)
    return {"newer": "written by a newer Tandem"}.get(how, "its checksum is wrong")


@pytest.mark.parametrize("how", ["cut off", "something else", "another content", "newer"])
def test_a_damaged_backup_changes_nothing(stage: Stage, how: str) -> None:
    stage.perform(SCRIPT)
    file = backed_up(stage)
    why = damaged(file, how)
    with pytest.raises(OperatorError, match=why):
        _restore(stage, file, replace=True)
    assert len(column(stage, "member.id")) == 2
    assert Engine(stage.store, stage.house).held() is False


def test_without_its_key_a_backup_is_refused(stage: Stage, tmp_path: Path) -> None:
    stage.perform(SCRIPT)
    file = backed_up(stage)
    other = tmp_path / "second" / "stage.db"
    with pytest.raises(OperatorError, match=r"^TANDEM_KEY_FILE: .*second/stage.key is not the key"):
        list(backups.restore(f"sqlite:///{other}", None, HOUSE, file, replace=False))
    assert not other.exists()
    shutil.copy(file.parent / "stage.key", other.with_suffix(".key"))
    list(backups.restore(f"sqlite:///{other}", None, HOUSE, file, replace=False))
    assert other.exists()


async def test_an_operator_goes_back_to_a_backup_made_while_the_bot_ran(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        settings = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        program = await tandem(tmp_path, "run", **settings)
        ana = telegram.person("Ana", language="de")
        await joins(ana, "Singen", "Kochen", timeout=30)
        code, out, errors = await output(await tandem(tmp_path, "backup", "a.backup", **settings))
        assert (code, errors) == (0, "")
        assert "The key is not in it: keep data/tandem.key in another place." in out
        ana.says("/pause 2 wochen")
        await ana.sees("Pause")
        code, _, errors = await output(await tandem(tmp_path, "restore", "a.backup", **settings))
        assert (code, "another Tandem is running" in errors) == (2, True)
        program.send_signal(signal.SIGTERM)
        assert (await output(program))[0] == 0

        order = ("restore", "a.backup", "--replace")
        code, out, errors = await output(await tandem(tmp_path, *order, **settings))
        assert (code, errors) == (0, "")
        code, _, errors = await output(await tandem(tmp_path, "run", **settings))
        assert (code, "tandem restore --confirm" in errors) == (2, True)
        code, out, _ = await output(await tandem(tmp_path, "restore", "--confirm", **settings))
        assert (code, "Until tomorrow time will bring" in out) == (0, True)
        said = len(ana.messages)
        program = await tandem(tmp_path, "run", **settings)
        ana.says("/profil")
        await ana.sees("Dein Profil", timeout=30)
        assert len(ana.messages) == said + 1, "nothing but the answer"
        program.send_signal(signal.SIGTERM)
        assert (await output(program))[0] == 0
