"""Whatever time says, it says to nobody at night: every nudge there is, each at two in the morning.

Conversations are played up to the moment at which a nudge is due. From there a copy of the house
is down until the night after, and then comes up.
"""

import shutil
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.dues import Nudge
from bot.domain.hours import on_day, quiet
from bot.domain.parcels import Sent
from bot.engine.engine import Engine
from bot.store.outbox import HEARD, Parcel, next_waking, post
from bot.store.sending import claim, settle
from bot.store.tables import due, outbox
from tests.fresh import fresh
from tests.stage import MONDAY, PASSES, PLATFORMS, Stage, make_rounds

pytestmark = pytest.mark.whole

TRANSCRIPTS = Path(__file__).parent / "transcripts"
BERLIN = "Europe/Berlin"
DIARY_GOES = {Nudge.DIARY_NOTICE, Nudge.DIARY_OVER}
NIGHTS = {
    "at_the_door.de": {Nudge.RESUME},
    "gathering.en": {Nudge.SEARCH},
    "pause.de": {Nudge.UNPAUSE},
    "no_answer.en": {Nudge.HALFWAY, Nudge.EXPIRE},
    "reminders.en": {Nudge.DAY_BEFORE, Nudge.SOON, Nudge.AFTER, Nudge.REFLECT, Nudge.REPEAT},
    "agreement_late.de": {Nudge.NOBODY_WROTE, Nudge.CONFIRM, Nudge.UNAGREED},
    "check_in.en": {Nudge.CHECK_IN},
    "no_date.en": {Nudge.UNDATED, Nudge.RUN_OUT},
    "silent_after_talk.en": {Nudge.ASK_AGAIN},
    "silent.en": {Nudge.SILENT},
    "restraint.en": {Nudge.QUIETER},
    "series.de": {Nudge.DEADLINE},
    "diary_look_back.de": {Nudge.DIARY_HALFWAY, Nudge.DIARY_END, *DIARY_GOES},
    "workspace_gone.de": {Nudge.UNINSTALLED},
    "workspace_back.en": {Nudge.REINSTALLED},
}
"""Where each of them comes."""
AND_THEN = {"diary_look_back.de": "(100 days pass)"}


def test_every_nudge_there_is_has_its_night() -> None:
    """A round is no nudge; what comes of one at night is in the transcripts of that name. A cue
    changes a message that is there, which makes no sound."""
    assert set[Nudge]().union(*NIGHTS.values()) == set(Nudge) - {Nudge.ROUND, Nudge.CUE}


@pytest.mark.parametrize("name", NIGHTS)
def test_at_night_it_waits_for_the_morning(name: str, tmp_path: Path) -> None:
    stage, tried = Stage(tmp_path), set[Nudge]()
    script = (TRANSCRIPTS / f"{name}.chat").read_text(encoding="utf-8")
    for line in [*script.splitlines(), AND_THEN.get(name, "")]:
        if passes := PASSES.fullmatch(line):
            span = timedelta(**{f"{passes['unit']}s": int(passes["number"])})
            tried |= _pass(stage, span, NIGHTS[name] - tried, tmp_path)
        elif tried < NIGHTS[name]:
            stage.perform(line)
    assert tried == NIGHTS[name]


def test_what_waits_for_the_morning_lets_an_answer_pass(tmp_path: Path) -> None:
    store = fresh(tmp_path / "house.db")
    night, morning = (on_day(MONDAY, BERLIN, 1, time(hour)) for hour in (2, 8))
    waits, answer = (Parcel(key, "telegram", "b", "ana", "send", member=1) for key in "ab")
    with store.begin() as connection:
        post(connection, replace(waits, not_before=morning), night)
        post(connection, answer, night)
        assert [one.key for one in claim(connection, "telegram", night, 9)] == ["b"]
        assert next_waking(connection, night) == morning
        assert claim(connection, "telegram", morning - timedelta(minutes=1), 9) == []
    with store.begin() as connection:
        settle(connection, replace(answer, id=2), Sent("m"), night)
        assert [one.key for one in claim(connection, "telegram", morning, 9)] == ["a"]
        assert next_waking(connection, morning) is None


def _pass(stage: Stage, span: timedelta, wanted: set[Nudge], folder: Path) -> set[Nudge]:
    until, engine, tried = stage.now + span, Engine(stage.store, stage.house), set[Nudge]()
    while (moment := engine.next_moment(stage.now)) and moment <= until:
        stage.now = max(stage.now, moment)
        for nudge in (_due(stage) & wanted) - tried:
            _at_night(stage, folder / f"{nudge}", nudge)
            tried.add(nudge)
        engine.tick(stage.now)
        make_rounds(engine, stage.now)
        stage.deliver()
    stage.now = until
    return tried


def _due(stage: Stage) -> set[Nudge]:
    with stage.store.begin() as connection:
        here = due.c.state == "due", due.c.at <= stage.now
        return {
            Nudge(one) for one in connection.execute(select(due.c.nudge).where(*here)).scalars()
        }


def _at_night(stage: Stage, folder: Path, nudge: Nudge) -> None:
    """The same house, up again at two in the morning, and still there at noon."""
    stage.store.dispose()
    folder.mkdir()
    for file in Path(stage.url.removeprefix("sqlite:///")).parent.glob("stage.*"):
        shutil.copy(file, folder)
    store = fresh(folder / "stage.db")
    engine = Engine(store, stage.house)
    night = on_day(stage.now, BERLIN, 1, time(2))
    assert quiet(night, BERLIN)
    assert _said(engine, night) == [], nudge
    noon = on_day(night, BERLIN, 3, time(12))
    _said(engine, noon)
    with store.begin() as connection:
        rows = connection.execute(select(due).where(due.c.state == "due", due.c.at <= noon)).all()
        kept = connection.execute(select(outbox).where(outbox.c.state == "due")).all()
    assert [row.nudge for row in rows] == []
    assert [row for row in kept if row.not_before <= noon] == []
    store.dispose()


def _said(engine: Engine, now: datetime) -> list[Parcel]:
    """What makes a sound at a moment at which everything happens that is due."""
    while engine.tick(now):
        pass
    make_rounds(engine, now)
    found = []
    for platform in PLATFORMS:
        while parcels := engine.claim(platform, now, 50):
            found += [one for one in parcels if one.member and one.method in HEARD]
            for parcel in parcels:
                engine.settle(parcel, Sent("m"), now)
    return found
