"""A workspace that took the bot out: what its people told goes after a while, or all is back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.doctor import examine
from bot.domain.members import Standing
from bot.domain.parcels import TAKEN_OUT, Away
from bot.domain.retention import Retention
from bot.engine.engine import Engine
from bot.settings import Settings
from bot.store import gone, tables
from bot.store.outbox import Parcel, post
from bot.store.workspaces import REFUSED_FOR
from tests.postgres import Place
from tests.stage import HOUSE, MONDAY, WORKSPACE, Stage
from tests.test_erasure import everything, raw

pytestmark = pytest.mark.whole

GRACE, DAY = timedelta(days=Retention().workspace), timedelta(days=1)
OUT, IN = "(the workspace takes the bot out)\n", "(the workspace installs the bot)\n"
KNOWN = f"""{IN}
(annegret is on slack)
(berthold is on slack)
(caesar is on telegram as @caesar)
(annegret has joined: Bienenzucht for Klöppeln)
(berthold has joined: Klöppeln for Bienenzucht)
caesar > /start
(annegret and caesar are a tandem)
annegret > /tandem tagebuch
annegret > [Eintrag schreiben]
annegret > {{entry: Geheimnis im Stock}}
"""


@pytest.fixture
def stage(place: Place) -> Iterator[Stage]:
    stage = Stage(place)
    stage.perform(KNOWN)
    yield stage
    stage.store.dispose()


def standings(stage: Stage) -> list[str]:
    with stage.store.begin() as connection:
        members = select(tables.member.c.standing).order_by(tables.member.c.id)
        return list(connection.execute(members).scalars())


def test_after_the_time_nothing_is_left_of_whoever_was_known_only_there(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.house = replace(HOUSE, gone=tmp_path / "stage.gone")
    stage.perform(KNOWN + OUT)
    list(stage.pass_time(GRACE - timedelta(minutes=1)))
    assert "Geheimnis im Stock" in everything(stage)
    stage.written.clear()
    said = stage.perform("(1 day passes)\n")
    assert "caesar < Dein Gegenüber ist nicht mehr dabei" in said
    assert "annegret <" not in said
    stage.store.dispose()
    written, lying = everything(stage), raw(tmp_path)
    for words in ("Bienenzucht", "Geheimnis im Stock", "annegret", "berthold"):
        assert words.casefold() not in written.casefold()
        assert words.encode() not in lying
    assert standings(stage) == [Standing.GONE, Standing.GONE, Standing.RESTING]
    assert len((tmp_path / "stage.gone").read_text().splitlines()) == 2
    with stage.store.begin() as connection:
        assert gone.members(connection, stage.house.gone) == []
        given = select(tables.consent.c.given).where(tables.consent.c.member == 0)
        ends = given.order_by(tables.consent.c.id.desc()).limit(2)
        assert connection.execute(ends).scalars().all() == [False, False]
    stage.store.dispose()


def test_the_operator_says_how_long(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.house = replace(HOUSE, retention=Retention(workspace=3))
    stage.perform(KNOWN + OUT)
    list(stage.pass_time(3 * DAY - timedelta(minutes=1)))
    assert Standing.GONE not in standings(stage)
    list(stage.pass_time(timedelta(minutes=1)))
    assert standings(stage).count(Standing.GONE) == 2
    assert "alles noch 3 Tage" in stage.perform("caesar > /datenschutz\n")
    stage.store.dispose()


def test_whoever_is_known_elsewhere_loses_nothing_but_the_account(stage: Stage) -> None:
    stage.perform(
        "(annegret_privately is on telegram as @annegret)\nannegret > /tandem verbinden\n"
        "annegret_privately > /verbinden {code from annegret}\n" + OUT
    )
    list(stage.pass_time(GRACE))
    with stage.store.begin() as connection:
        users = select(tables.account.c.user).order_by(tables.account.c.id)
        assert connection.execute(users).scalars().all() == ["caesar", "annegret_privately"]
        left = select(func.count()).where(tables.outbox.c.chat == "annegret")
        assert connection.execute(left).scalar_one() == 0
    stage.written.clear()
    assert "Geheimnis im Stock" in stage.perform("annegret_privately > /tagebuch\n")
    assert standings(stage)[:2] == [Standing.RESTING, Standing.GONE]


def test_back_in_time_everything_is_as_it_was(stage: Stage) -> None:
    stage.perform(OUT)
    list(stage.pass_time(GRACE - DAY))
    stage.perform(IN)
    stage.written.clear()
    said = stage.perform("(1 minute passes)\n")
    assert [line for line in said.splitlines() if " < " in line] == [
        f"{who} < Ich bin wieder in eurem Workspace. Eine Weile konnte ich dich hier nicht "
        "erreichen, verloren ist nichts. Mit /tandem tandem siehst du, wie es steht."
        for who in ("annegret", "berthold")
    ]
    with stage.store.begin() as connection:
        assert connection.execute(select(tables.account.c.reachable)).scalars().all() == [True] * 3
    list(stage.pass_time(GRACE))
    assert Standing.GONE not in standings(stage)
    stage.written.clear()
    assert "Geheimnis im Stock" in stage.perform("annegret > /tandem tagebuch\n")


def test_out_in_and_out_again_the_time_begins_anew(stage: Stage) -> None:
    stage.perform(OUT)
    list(stage.pass_time(GRACE - DAY))
    stage.perform(IN)
    stage.perform(OUT)
    list(stage.pass_time(GRACE - DAY))
    assert Standing.GONE not in standings(stage)
    list(stage.pass_time(DAY))
    assert standings(stage).count(Standing.GONE) == 2


def test_whoever_deletes_everything_meanwhile_is_deleted_once(stage: Stage) -> None:
    stage.perform(
        "(annegret_privately is on telegram as @annegret)\nannegret > /tandem verbinden\n"
        "annegret_privately > /verbinden {code from annegret}\n" + OUT + "annegret_privately > "
        "/daten\nannegret_privately > [Alles löschen]\nannegret_privately > [Endgültig löschen]\n"
    )
    assert standings(stage)[0] == Standing.GONE
    list(stage.pass_time(GRACE))
    with stage.store.begin() as connection:
        failed = select(tables.due.c.reason).where(tables.due.c.attempts > 0)
        assert connection.execute(failed).scalars().all() == []
    assert standings(stage)[:2] == [Standing.GONE, Standing.GONE]


def refused(stage: Stage, span: timedelta) -> None:
    """Nobody says that the bot was taken out; whatever is sent there is refused for it."""
    engine, until = Engine(stage.store, stage.house), stage.now + span
    while stage.now < until:
        while parcels := engine.claim("slack", stage.now, 50):
            for parcel in parcels:
                engine.settle(parcel, Away(TAKEN_OUT), stage.now)
        engine.tidy(stage.now)
        stage.now += DAY / 4


def tell_annegret(stage: Stage) -> None:
    somebody = Parcel("home", "slack", WORKSPACE, "annegret", "send", {"text": "Hallo", "rows": []})
    Engine(stage.store, stage.house).transact(post, somebody, stage.now)


def reachable(stage: Stage) -> list[bool]:
    with stage.store.begin() as connection:
        found = select(tables.account.c.reachable).order_by(tables.account.c.id)
        return list(connection.execute(found).scalars())


def test_whoever_took_the_bot_out_while_it_was_down_is_known_by_its_refusals(stage: Stage) -> None:
    tell_annegret(stage)
    refused(stage, REFUSED_FOR)
    assert reachable(stage) == [True, True, True]
    refused(stage, DAY)
    assert reachable(stage) == [False, False, True]
    list(stage.pass_time(GRACE))
    assert standings(stage).count(Standing.GONE) == 2


def test_a_platform_that_is_in_trouble_for_two_days_is_not_taken_for_that(stage: Stage) -> None:
    tell_annegret(stage)
    refused(stage, REFUSED_FOR - DAY)
    stage.deliver()
    refused(stage, REFUSED_FOR)
    assert reachable(stage) == [True, True, True]


def test_what_was_refused_before_it_was_installed_anew_says_nothing(stage: Stage) -> None:
    tell_annegret(stage)
    refused(stage, REFUSED_FOR)
    stage.perform(IN)
    refused(stage, DAY)
    assert reachable(stage) == [True, True, True]


def test_many_go_in_slices(place: Place) -> None:
    """Nobody's chat waits for all of them."""
    stage = Stage(place)
    stage.perform(IN)
    for number in range(7):
        stage.join(f"p{number}", "slack")
        stage.perform(f"p{number} > hallo\n")
    stage.perform(OUT)
    stage.now += GRACE
    engine = Engine(stage.store, stage.house)
    left = []
    while engine.tick(stage.now, 3):
        left.append(7 - standings(stage).count(Standing.GONE))
    assert left == [4, 1, 0]
    stage.store.dispose()


@pytest.mark.file
async def test_the_doctor_says_who_goes_when(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform(KNOWN + OUT)
    stage.store.dispose()
    settings = Settings(
        database_url=stage.url,
        slack_mode="http",
        slack_client_id="1.2",
        slack_signing_secret=SecretStr("s"),
        tandem_public_url="https://tandem.example.org",
    )
    [said] = [found.words for found in await examine(settings) if found.what == "slack"]
    last: datetime = MONDAY + GRACE
    assert said.endswith(
        f"; {WORKSPACE} took it out: 2 of its members are deleted from {last:%Y-%m-%d} on, "
        "unless it installs it again"
    )
