"""Telegram, through the real application against the strict stand-in of the Bot API."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from adapters.telegram.app import Telegram, TelegramTokenError
from adapters.telegram.outgoing import to_document
from bot.engine.engine import Engine
from bot.service import Clock, Service
from bot.store.outbox import Parcel
from tests.fresh import fresh
from tests.house import living
from tests.postgres import Place
from tests.stage import HOUSE
from tests.telegram_standin import LoseAnswer, Person, ServerError, TelegramStandin, TooMany
from tests.ways import TELEGRAM, OnTelegram, telegram_of

pytestmark = pytest.mark.whole

if TYPE_CHECKING:
    from tests.telegram_wire import Json

GOAL = "Bis Ostern 3 neue Dinge ausprobieren und dranbleiben"
"""Clear enough to be asked nothing more about."""


async def parked(service: Service) -> int:
    """How many inputs were set aside."""
    gauges = await service.gauges()
    [inputs] = [one for one in gauges if (one.name, one.labels) == ("parked", {"what": "input"})]
    return int(inputs.value)


async def joins(person: Person, offers: str, seeks: str, timeout: float = 20) -> None:  # noqa: ASYNC109 -- handed on
    """The shortest way in, by typing and by pressing."""
    person.says("/start")
    await person.sees("Ich bin Tandem", timeout=timeout)
    person.presses("Los geht’s")
    await person.sees("Einwilligung", timeout=timeout)
    person.presses("Ja, einverstanden")
    await person.sees("Zwei Dinge sind freiwillig", timeout=timeout)
    person.presses("Lerntagebuch")
    await person.sees(lambda m: "✓ Lerntagebuch" in m.labels, timeout=timeout)
    person.presses("Weiter")
    await person.sees("Was kannst du gut", timeout=timeout)
    for topics, then in ((offers, "Wobei wünschst"), (seeks, "erreichen")):
        person.says(topics)
        await person.sees("Notiert", timeout=timeout)
        person.presses("Weiter")
        await person.sees(then, timeout=timeout)
    for text, then in (
        (GOAL, "An welchen Tagen"),
        ("di do", "Tageszeiten"),
        ("abends", "Nach welcher Uhr"),
    ):
        person.says(text)
        await person.sees(then, timeout=timeout)
    person.presses("Berlin stimmt")
    await person.sees("Stimmt alles so", timeout=timeout)
    person.presses("Stimmt so")
    await person.sees("Dein Profil ist gespeichert", timeout=timeout)


async def test_a_tandem_from_the_first_hello_to_the_next_session(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)) as service:
        ana = telegram.person("Ana", username="ana_h", language="de")
        ben = telegram.person("Ben", language="de-AT")
        await joins(ana, "Zeitmanagement", "Scrum")
        await joins(ben, "Scrum", "Zeitmanagement")
        for person in (ana, ben):
            await person.sees("Ein Vorschlag für dich")
            person.presses("Kennenlernen")
        await ana.sees("Womit darf Ben")
        ana.presses("@ana_h zeigen")
        await ben.sees("Womit darf Ana")
        ben.presses("Knopf zum Profil")
        await ana.sees("Zeit zum Kennenlernen")
        reached = await ana.sees("So erreichst du Ben")
        assert reached.buttons[0][0].url == f"tg://user?id={ben.id}"
        assert "https://t.me/ana_h" in (await ben.sees("So erreichst du Ana")).html
        ana.presses("Di, 3.11., 18:00 Uhr")
        await ben.sees("schlägt vor")
        ben.presses("Passt")
        await ana.sees("Abgemacht: Di, 3.11., 18:00 bis 19:00 Uhr")

        await service.move_clock(timedelta(hours=32, minutes=45))
        await ana.sees("Gleich geht es los")
        await service.move_clock(timedelta(hours=2))
        for person in (ana, ben):
            await person.sees("Wie möchtest du weitermachen?")
            person.presses("Weitermachen")
        await ana.sees("Wie schön!")
        ana.says("/termin")
        await ana.sees("Wann passt dir ein Treffen")
        ana.says("Di 10.11. um 18 Uhr")
        await ben.sees("schlägt vor: Di, 10.11.")
        ben.presses("Passt")
        await ana.sees("Abgemacht: Di, 10.11.")
        await service.move_clock(timedelta(days=7))
        await ana.sees("Wie war es?")
        ana.presses("Kurz zurückblicken")
        await ana.sees("Habt ihr euch getroffen?")
        ana.presses("Ja")
        await ana.sees("Wie nützlich")
        ana.presses("5")
        await ana.sees("Erkenntnis")
        ana.presses("Überspringen")
        await ana.sees("nächster Schritt")
        ana.says("Einen Plan schreiben")
        await ana.sees("Einen nächsten Termin habt ihr noch nicht.")

        assert telegram.problems == []
        assert telegram.unanswered == []


async def test_a_restart_in_the_middle_of_a_question_changes_nothing(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        ana = telegram.person("Ana", language="en")
        async with living(tmp_path, telegram_of(telegram)):
            ana.says("/start")
            await ana.sees("I am Tandem")
            ana.presses("Let’s go")
            await ana.sees("consent")
        ana.presses("Yes, I agree")
        async with living(tmp_path, telegram_of(telegram)):
            await ana.sees("Two things are up to you")
        assert telegram.problems == []


async def test_an_update_that_comes_twice_has_one_effect(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)):
        ana = telegram.person("Ana", language="de")
        ana.says("/start")
        await ana.sees("Ich bin Tandem")
        telegram.redeliver()
        ana.presses("Los geht’s")
        await ana.sees("Einwilligung")
        assert [m.text[:10] for m in ana.messages] == ["Hallo! Ich", "Bevor es l"]


async def test_hostile_and_unreadable_input_gets_a_kind_answer(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)):
        ana = telegram.person("Ana", language="de")
        ana.sends_voice()
        await ana.sees("Ich bin Tandem")
        ana.sends_voice()
        await ana.sees("kann ich leider nicht lesen")
        ana.presses_data("nonsense", ana.last)
        await ana.sees("gilt nicht mehr")
        ana.says("/gibtesnicht")
        await ana.sees("Ich bringe Menschen zum gegenseitigen Mentoring zusammen")
        ana.presses("Los geht’s")
        await ana.sees("Einwilligung")
        ana.says("vielleicht")
        await ana.sees("nicht verstanden")
        ana.presses("Ja, einverstanden")
        await ana.sees("Zwei Dinge sind freiwillig")
        ana.says("weiter")
        await ana.sees("Was kannst du gut")
        ana.says("x" * 4000)
        await ana.sees("etwas lang für ein Thema")
        for text, then in (
            ("<script>&amp", "Notiert"),
            ("weiter", "Wobei"),
            ("*_[x](y)", "Notiert"),
            ("weiter", "erreichen"),
            ("x" * 4000, "zu lang"),
            ("{% raise %} </b> bis heute um 3", "Tagen"),
            ("Montag, Dienstag", "Tageszeiten"),
            ("abends", "Nach welcher Uhr"),
            ("berlin", "Stimmt alles so"),
        ):
            ana.says(text)
            await ana.sees(then)
        ana.presses("✎ Name")
        await ana.sees("Wie heißt du")
        ana.says("x" * 4000)
        await ana.sees("zu lang")
        ana.says("<b>Ana</b> {{ 7*7 }} \u202eevil <!channel>")
        summary = await ana.sees("Stimmt alles so")
        assert "Name: <b>Ana</b> {{ 7*7 }} evil <!channel>" in summary.text
        assert "Ich biete: <script>&amp\n" in summary.text
        assert "Ich suche: *_[x](y)" in summary.text
        assert "Mein Ziel: {% raise %} </b> bis heute um 3" in summary.text
        assert telegram.problems == []


@pytest.mark.parametrize("way", TELEGRAM.values(), ids=TELEGRAM.keys())
async def test_what_the_library_can_not_read_keeps_nobody_elses_updates_from_coming(
    tmp_path: Path, way: OnTelegram
) -> None:
    """It is put aside for the operator, after as many tries as anything else."""
    place = Place(f"sqlite:///{tmp_path}/house.db")
    async with TelegramStandin() as telegram, way(place, telegram) as service:
        ana = telegram.person("Ana", language="de")
        ana.says("/start")
        await ana.sees("Ich bin Tandem")
        people: Json = {"chat": {"id": ana.id, "type": "private"}, "from": ana.user()}
        strange = {
            "message": {"message_id": 5, "date": "heute", "text": "Hallo", **people},
            "callback_query": {"id": "7", "from": ana.user(), "message": {"message_id": 5}},
        }
        for kind, payload in strange.items():
            telegram.brings(kind, payload)
        ana.presses("Los geht’s")
        await ana.sees("Einwilligung")
        await telegram.until(lambda: not telegram.pending)
        async with asyncio.timeout(45):
            while await parked(service) < len(strange):
                await service.move_clock(timedelta(minutes=1))
        assert telegram.problems == []


async def test_somebody_elses_button_does_nothing(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)):
        ana, eve = telegram.person("Ana", language="de"), telegram.person("Eve", language="de")
        for person in (ana, eve):
            person.says("/start")
            await person.sees("Ich bin Tandem")
        [row] = [row for row in ana.messages[0].buttons if row[0].label == "Los geht’s"]
        eve.presses_data(row[0].data or "", eve.last)
        await eve.sees("gilt nicht mehr")
        assert len(ana.messages) == 1


async def test_a_pause_that_telegram_asks_for_is_kept(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)) as service:
        ana, ben = telegram.person("Ana", language="de"), telegram.person("Ben", language="de")
        script = telegram.fails(TooMany(30), method="sendMessage", chat=ana)
        ana.says("/start")
        await script.happens()
        ben.says("/start")
        await ben.sees("Ich bin Tandem")
        assert ana.messages == []
        telegram.passes(31)
        await service.move_clock(timedelta(seconds=31))
        await ana.sees("Ich bin Tandem")
        assert telegram.problems == []


@pytest.mark.parametrize("fault", [LoseAnswer(), ServerError(502)], ids=["lost", "server error"])
async def test_an_answer_that_got_lost_is_said_again(
    tmp_path: Path, fault: LoseAnswer | ServerError
) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)) as service:
        ana = telegram.person("Ana", language="de")
        script = telegram.fails(fault, method="sendMessage")
        ana.says("/start")
        await script.happens()
        await asyncio.sleep(0)
        while not [c for c in telegram.calls if c.method == "sendMessage"][1:]:
            await service.move_clock(timedelta(seconds=5))
            await asyncio.sleep(0.01)
        await ana.sees("Ich bin Tandem")


async def test_somebody_who_blocked_the_bot_is_left_alone_until_they_return(
    tmp_path: Path,
) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)) as service:
        ana = telegram.person("Ana", language="de")
        await joins(ana, "Zeit", "Scrum")
        await ana.sees("Außer dir sucht gerade noch niemand")
        ana.blocks()
        await telegram.until(lambda: not telegram.pending)
        calls = len([c for c in telegram.calls if c.method == "sendMessage"])
        await service.move_clock(timedelta(days=8))
        ana.unblocks()
        ana.says("/tandem")
        await ana.sees("Ich suche gerade jemanden")
        sent = [c for c in telegram.calls if c.method == "sendMessage"][calls:]
        assert [call.params["text"][:10] for call in sent] == ["Schön, das", "Ich suche "]


async def test_what_a_partner_does_at_night_makes_no_sound(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)) as service:
        ana, ben = telegram.person("Ana", language="de"), telegram.person("Ben", language="de")
        await joins(ana, "Kochen", "Singen")
        await joins(ben, "Singen", "Kochen")
        await ana.sees("Ein Vorschlag für dich")
        ana.presses("Kennenlernen")
        await ana.sees("Sobald Ben geantwortet hat")
        await service.move_clock(timedelta(hours=14))
        ben.presses("Kennenlernen")
        await ana.sees("Womit darf Ben dich erreichen")
        await ben.sees("Womit darf Ana dich erreichen")
        sent = [c.params for c in telegram.calls if c.method == "sendMessage"]
        softly = [one for one in sent if one.get("disable_notification")]
        assert [one["chat_id"] for one in softly] == [ana.id]
        assert "möchtet euch kennenlernen" in softly[0]["text"]
        assert telegram.problems == []


def test_neither_does_a_file() -> None:
    body = {"text": "Euer Termin", "rows": [], "name": "termin.ics"}
    loud = Parcel("key", "telegram", "bot", "7", "file", body)
    soft = replace(loud, body={**body, "silent": True})
    assert to_document(soft, b"") == {**to_document(loud, b""), "disable_notification": True}


async def test_a_wrong_token_ends_the_start_with_the_cure(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        service = Service(Engine(fresh(tmp_path / "t.db"), HOUSE), Clock())
        with pytest.raises(TelegramTokenError, match="TELEGRAM_BOT_TOKEN"):
            async with Telegram(service, "123:wrong", telegram.url):
                pass
