"""What the doctor sees in the database: each trouble is one line that names the cure."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from sqlalchemy import delete, insert, select, update
from structlog.testing import capture_logs

from bot import checkup
from bot.doctor import examine
from bot.engine.desk import Desk
from bot.engine.engine import Engine
from bot.engine.erasing import erase
from bot.engine.guarding import guard
from bot.service import Clock, Service
from bot.settings import Settings
from bot.store import backup, integrity
from bot.store.inbox import receive
from bot.store.tables import account, due, inbox, member
from bot.store.tables import tandem as tandem_row
from tests.stage import HOUSE, Stage
from tests.test_cli import output, tandem

pytestmark = [pytest.mark.file, pytest.mark.whole]

SCRIPT = """(ana is on telegram as @ana)
(ben is on slack)
(ana has joined: Bienenzucht for Singen)
(ben has joined: Singen for Bienenzucht)
(ana and ben are a tandem)
(they go on to agree)
(they have agreed)
ana > /tagebuch
ana > [Eintrag schreiben]
ana > Im Herbst
"""
NOW = datetime.now(UTC)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    stage.house = replace(HOUSE, gone=tmp_path / "stage.gone")
    yield stage
    stage.store.dispose()


def found(stage: Stage, what: str, *, real: bool = True) -> tuple[bool, str]:
    findings = {one.what: one for one in checkup.examine(stage.store, real=real)}
    return findings[what].fine, findings[what].words


def test_a_house_in_order_has_nothing_to_be_told(stage: Stage) -> None:
    assert [f for f in checkup.examine(stage.store, real=True) if not f.fine] == []
    assert "whole, " in found(stage, "database")[1]


def test_whatever_happens_to_people_rows_lead_somewhere(stage: Stage) -> None:
    """A tandem, then one of them deletes all data, then everything is forgotten by age."""
    stage.perform(SCRIPT)
    assert integrity.examine(stage.store) == {}
    with stage.store.begin() as connection:
        desk = Desk(connection, stage.now, "erase", stage.house)
        erase(desk, desk.member(1))
    stage.deliver()
    assert integrity.examine(stage.store) == {}
    Engine(stage.store, stage.house).tidy(stage.now + timedelta(days=2000))
    assert integrity.examine(stage.store) == {}


def test_every_number_of_somebody_or_something_is_looked_after() -> None:
    watched = {f"{table.name}.{column.name}" for table, column, _ in integrity.references()}
    assert {"diary.member", "step.session", "tandem_member.tandem", "member.account"} <= watched
    assert len(watched) > 30


def test_rows_that_lead_nowhere_and_a_damaged_file_are_told(stage: Stage, tmp_path: Path) -> None:
    stage.perform(SCRIPT)
    with stage.store.begin() as connection:
        connection.execute(delete(account).where(account.c.user == "ana"))
    fine, words = found(stage, "database")
    assert not fine
    assert "member.account: 1 rows lead nowhere; a bug: report it" in words
    stage.store.dispose()
    path = tmp_path / "stage.db"
    content = path.read_bytes()
    path.write_bytes(content[:8192] + bytes(8192) + content[16384:])
    assert "damaged" in integrity.examine(stage.store)["file"]
    assert checkup._whole(stage.store, path).words.endswith("stop the bot and restore a backup")  # noqa: SLF001 -- the rest can't be read


async def test_the_night_logs_whether_the_database_is_whole(stage: Stage) -> None:
    stage.perform(SCRIPT)
    service = Service(Engine(stage.store, stage.house), Clock())
    with capture_logs() as logged:
        await service.check()
        with stage.store.begin() as connection:
            connection.execute(delete(tandem_row))
        await service.check()
    assert logged[0]["event"] == "the database is whole"
    assert logged[1]["log_level"] == "error"
    service.close()


def test_what_waits_too_long_and_what_was_set_aside_is_told(stage: Stage) -> None:
    now = datetime.now(UTC)
    with stage.store.begin() as connection:
        for number, minutes in (("1", 1), ("2", 90), ("3", 200)):
            key = ("telegram", "bot", number)
            receive(connection, key, {}, now - timedelta(minutes=minutes))
        row = {"nudge": "soon", "subject": "session:1", "until": now, "state": "due", "reason": ""}
        connection.execute(insert(due).values(**row, at=now - timedelta(hours=1), attempts=3))
        connection.execute(update(inbox).where(inbox.c.external_id == "3").values(attempts=3))
    fine, words = found(stage, "queues")
    assert (fine, "inbox telegram for 90 min; is the bot running?" in words) == (False, True)
    fine, words = found(stage, "parked")
    assert (fine, words.split(" failed")[0]) == (False, "1 inputs, 1 dues")
    asked = words[words.index("SELECT") :]
    stage.store.dispose()
    with closing(sqlite3.connect(stage.url.removeprefix("sqlite:///"))) as connection:
        assert len(connection.execute(asked).fetchall()) == 1, "the way to look at it works"


def test_a_backup_is_asked_for_once_there_is_something_to_lose(
    stage: Stage, tmp_path: Path
) -> None:
    assert found(stage, "backup") == (True, "none yet; tandem backup FILE, every day")
    stage.perform(SCRIPT)
    for joined, fine in ((NOW, True), (NOW - timedelta(days=8), False)):
        with stage.store.begin() as connection:
            connection.execute(update(member).values(joined_at=joined))
        assert found(stage, "backup")[0] is fine
        assert found(stage, "backup", real=False)[0] is True
    path = tmp_path / "stage.db"
    for age, fine in ((timedelta(days=8), False), (timedelta(hours=1), True)):
        backup.mark(path, "backed_up_at", (NOW - age).isoformat())
        assert found(stage, "backup")[0] is fine


def test_a_restored_database_tells_what_would_come(stage: Stage) -> None:
    assert found(stage, "restored") == (True, "nothing is held back")
    stage.perform(SCRIPT)
    guard(Engine(stage.store, stage.house), stage.now)
    with stage.store.begin() as connection:
        soon = connection.execute(select(due.c.id).where(due.c.state == "due").limit(1)).scalar()
        connection.execute(delete(due).where(due.c.id != soon))
        connection.execute(update(due).values(at=NOW + timedelta(hours=1), nudge="soon"))
    fine, words = found(stage, "restored")
    assert not fine
    assert "until tomorrow time will bring: 1 × soon; if that is right: " in words


def test_deletions_must_be_noted_somewhere(tmp_path: Path) -> None:
    assert checkup.deletions(tmp_path / "a.gone").fine
    assert not checkup.deletions(tmp_path / "nowhere" / "a.gone").fine


def test_rules_of_time_zones_have_a_date() -> None:
    assert checkup.zones().words


@pytest.mark.parametrize(
    ("off", "fine", "words"),
    [
        (timedelta(minutes=-5), False, r"^30\d s before the platform's; let the system keep time"),
        (timedelta(minutes=5), False, r"^(29\d|300) s behind the platform's"),
        (timedelta(seconds=2), True, r"^as the platform's$"),
    ],
    ids=["fast", "slow", "right"],
)
async def test_a_clock_that_goes_wrong_is_told(
    tmp_path: Path, off: timedelta, fine: bool, words: str
) -> None:
    async def platform(_request: web.Request) -> web.Response:
        theirs = (datetime.now(UTC) + off).replace(microsecond=0)
        return web.Response(headers={"Date": format_datetime(theirs, usegmt=True)})

    application = web.Application()
    application.router.add_route("*", "/{any:.*}", platform)
    async with TestServer(application) as server:
        settings = Settings(
            database_url=f"sqlite:///{tmp_path}/t.db",
            telegram_bot_token=SecretStr("123:abc"),
            telegram_api_url=str(server.make_url("")),
        )
        [clock] = [one for one in await examine(settings) if one.what == "clock"]
    assert clock.fine is fine
    assert re.search(words, clock.words)


async def test_the_doctor_tells_all_of_it(tmp_path: Path) -> None:
    code, out, errors = await output(await tandem(tmp_path, "doctor"))
    assert (code, errors) == (0, "")
    told = [line.split(":")[0].removeprefix("ok  ") for line in out.splitlines()]
    assert told == [
        "settings",
        "database",
        "restored",
        "queues",
        "parked",
        "backup",
        "disk",
        "key",
        "deletions",
        "time zones",
        "clock",
        "telegram",
        "slack",
        "playground",
        "organizers",
        "contact",
    ]


def test_the_disk_must_hold_the_database_once_more(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    with (tmp_path / "stage.db").open("wb") as file:
        file.truncate(free)  # a hole: it takes no room
    disk = checkup._disk(tmp_path / "stage.db")  # noqa: SLF001 -- the rest would read it all
    assert (disk.fine, "make room for" in disk.words) == (False, True)
