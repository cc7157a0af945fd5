"""What people write is ciphertext at rest, under a key that can be changed and must not be lost."""

import sqlite3
import stat
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from sqlalchemy import select, text

from bot.domain.members import Address
from bot.engine.engine import Engine
from bot.engine.events import Commanded, Sender
from bot.store import migrating, tables
from bot.store.database import connect, open_engine
from bot.store.sealing import KeyFileError, rotate
from bot.store.vault import MARK
from tests.stage import HOUSE, Stage

pytestmark = pytest.mark.file

TOPIC = "Bienenzucht"
SCRIPT = f"""(ana is on telegram as @ana)
(ana has joined: {TOPIC} for Singen)
ana > /tagebuch
ana > [Eintrag schreiben]
ana > Im Herbst: {TOPIC}!
ana > /profil
ana > [✎ Mein Ziel]
"""


def raw(folder: Path) -> bytes:
    """Everything that lies on the disk, but for the key."""
    return b"".join(p.read_bytes() for p in folder.iterdir() if p.is_file() and p.suffix != ".key")


def test_nobodys_words_are_on_the_disk(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform(SCRIPT)
    written = raw(tmp_path)
    for words in (TOPIC, "Singen", "Bis Ostern", "Deine Antwort", "Wobei wünschst"):
        assert words.encode() not in written
    stage.store.dispose()


def test_a_key_is_made_at_the_first_start_for_its_owner_only(tmp_path: Path) -> None:
    connect(f"sqlite:///{tmp_path}/a.db").dispose()
    assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o600


ANOTHER = "is not the key this database was sealed with; put that file back"
NONE = "holds no key; put the right file back"


@pytest.mark.parametrize(
    ("mistake", "cure"),
    [("lost", ANOTHER), ("another", ANOTHER), ("empty", NONE), ("broken", NONE)],
)
def test_a_wrong_key_is_refused_with_the_cure_and_nothing_is_changed(
    tmp_path: Path, mistake: str, cure: str
) -> None:
    url, key = f"sqlite:///{tmp_path}/a.db", tmp_path / "a.key"
    connect(url).dispose()
    right = key.read_bytes()
    match mistake:
        case "lost":
            key.unlink()
        case "another":
            connect(f"sqlite:///{tmp_path}/b.db").dispose()
            key.write_bytes((tmp_path / "b.key").read_bytes())
        case "empty":
            key.write_bytes(b"")
        case _:
            key.write_bytes(b"no key at all\n")
    with pytest.raises(KeyFileError, match=rf"^TANDEM_KEY_FILE: .*a\.key {cure}"):
        connect(url)
    assert key.exists() is (mistake != "lost")
    key.write_bytes(right)
    connect(url).dispose()


def test_a_new_key_takes_over_and_the_old_one_opens_nothing(tmp_path: Path) -> None:
    stage, key = Stage(tmp_path), tmp_path / "stage.key"
    stage.perform(SCRIPT)
    stage.store.dispose()
    old = key.read_bytes()
    assert rotate(open_engine(stage.url), key) > 10
    assert len(key.read_bytes().split()) == 1
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    store = connect(stage.url)
    with store.begin() as connection:
        assert connection.execute(select(tables.diary.c.text)).scalar() == f"Im Herbst: {TOPIC}!"
    store.dispose()
    new = key.read_bytes()
    key.write_bytes(old)
    with pytest.raises(KeyFileError):
        connect(stage.url)
    key.write_bytes(new)


def test_a_change_of_keys_that_was_cut_off_loses_nothing(tmp_path: Path) -> None:
    stage, key = Stage(tmp_path), tmp_path / "stage.key"
    stage.perform(SCRIPT)
    stage.store.dispose()
    connect(f"sqlite:///{tmp_path}/fresh.db").dispose()
    # Both keys stand in the file, and nothing is sealed anew yet: as after a kill in the middle.
    key.write_bytes((tmp_path / "fresh.key").read_bytes() + key.read_bytes())
    store = connect(stage.url)
    assert Engine(store, HOUSE).next_moment(stage.now) is not None
    assert rotate(store, key) > 10
    store.dispose()
    connect(stage.url).dispose()


def test_what_was_sealed_before_is_read_and_sealed_anew_with_the_next_key(tmp_path: Path) -> None:
    stage, key = Stage(tmp_path), tmp_path / "stage.key"
    stage.perform(SCRIPT)
    stage.store.dispose()
    before = Fernet(key.read_bytes().strip()).encrypt(b"Im Herbst").decode()
    with sqlite3.connect(tmp_path / "stage.db") as file:
        file.execute("UPDATE diary SET text = ?", (before,))
    file.close()
    rotate(open_engine(stage.url), key)
    with sqlite3.connect(tmp_path / "stage.db") as file:
        [(sealed,)] = file.execute("SELECT text FROM diary").fetchall()
    file.close()
    assert sealed.startswith(MARK)
    store = connect(stage.url)
    with store.begin() as connection:
        assert connection.execute(select(tables.diary.c.text)).scalar() == "Im Herbst"
    store.dispose()


PLAIN = """
INSERT INTO member VALUES (1,'telegram','bot','7','7','ana','Ana','de','Europe/Berlin','paired',1,
 '{"name": "Ana", "offers": "Kochen, Backen", "seeks": "Singen", "goal": "Im Chor",
   "languages": ["de"], "days": ["mon", "tue"], "times": ["evening"], "rhythm": "weekly"}',
 NULL,'2026-11-01 08:00:00.000000');
INSERT INTO member VALUES (2,'slack','T1','U2','U2','','Ben','en','Europe/London','paired',1,
 'null',NULL,'2026-11-01 08:00:00.000000');
INSERT INTO conversation VALUES (2,'onboarding','',
 '{"consent": "yes", "name": "Ben", "offers": "Singen, Tanzen"}','{}',
 '{"zone": "Europe/London"}',1,1);
INSERT INTO tandem VALUES (1,'active','weekly','Europe/Berlin',
 '{"1": {"partner": "Ben", "offers": "Singen", "seeks": "Kochen"}, "2": {"partner": "Ana"}}',
 '2026-11-01 08:00:00.000000');
INSERT INTO tandem_member VALUES (1,1,'username','ana'),(1,2,'other','ben@example.org');
INSERT INTO reflection VALUES (1,1,1,5,'Kleine Schritte','Planen','2026-11-01 08:00:00.000000');
"""


def test_a_database_of_the_first_version_is_sealed_and_goes_on(tmp_path: Path) -> None:
    """Somebody in the middle of the old questions keeps what they said and is asked the rest."""
    url = f"sqlite:///{tmp_path}/stage.db"
    engine = open_engine(url)
    config = Config()
    config.set_main_option("script_location", str(migrating.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with sqlite3.connect(tmp_path / "stage.db") as plain:
        plain.executescript(PLAIN)
    plain.close()

    stage = Stage(tmp_path)

    with stage.store.begin() as connection:
        profile = connection.execute(select(tables.member.c.profile)).scalars().all()
        assert [p and p["offers"] for p in profile] == [["Kochen", "Backen"], None]
        [about] = connection.execute(select(tables.tandem.c.about)).scalars()
        assert about[1]["offers"] == ["Singen"]
        assert connection.execute(text("SELECT count(*) FROM account")).scalar() == 2
    for words in (b"Backen", b"ben@example.org", b"Kleine Schritte", b"Tanzen"):
        assert words not in raw(tmp_path)
    stage.join("ben", "slack", language="en")
    stage.people["ben"].sender = Sender(Address("slack", "T1", "U2", "ben"), "Ben")
    said = stage.act("ben", Commanded("start"))
    assert any("Two things are up to you" in line for line in said)
    stage.store.dispose()
