"""Slack, through the real Bolt application against the strict stand-in of its Web API and
Socket Mode; and a pair with one of them on Telegram."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.slack.app import SlackError, greet
from tests.house import living
from tests.slack_people import Person
from tests.slack_standin import SlackStandin
from tests.telegram_standin import TelegramStandin
from tests.test_telegram import GOAL
from tests.test_telegram import joins as joins_on_telegram
from tests.ways import slack_of, telegram_of

pytestmark = pytest.mark.whole


async def chats(person: Person, offers: str, seeks: str) -> None:
    """The way in by chatting."""
    person.says("hallo")
    await person.sees("Ich bin")
    person.presses("Los geht’s")
    await person.sees("Einwilligung")
    person.presses("Ja, einverstanden")
    await person.sees("Zwei Dinge sind freiwillig")
    person.presses("Lerntagebuch")
    await person.sees("✓ Lerntagebuch")
    person.presses("Weiter")
    await person.sees("Was kannst du gut")
    for topics, then in ((offers, "Wobei wünschst"), (seeks, "erreichen")):
        person.says(topics)
        await person.sees("Notiert")
        person.presses("Weiter")
        await person.sees(then)
    for text, then in (
        (GOAL, "An welchen Tagen"),
        ("di do", "Tageszeiten"),
        ("abends", "Nach welcher Uhr"),
    ):
        person.says(text)
        await person.sees(then)
    person.presses("Berlin stimmt")
    await person.sees("Stimmt alles so")
    person.presses("Stimmt so")
    await person.sees("Dein Profil ist gespeichert")


async def fills(person: Person, offers: str, seeks: str) -> None:
    """The way in by a modal, opened from the home page."""
    person.opens_home()
    await person.sees("Ich bin")
    person.presses("Als Formular", in_home=True)
    await person.sees_modal("Dein Profil")
    await person.submits({"consent": "yes"})
    await person.submits({"extras": ["diary"]})
    await person.submits({"offers": offers, "seeks": seeks, "goal": GOAL})
    wrong = {"days": ["tue"], "times": ["evening"], "zone": "Europe/Berlin"}
    corrected = await person.submits(wrong)
    assert corrected is not None
    assert "days" in corrected.errors
    await person.submits({**wrong, "days": ["tue", "thu"]})
    assert await person.submits({}) is None
    await person.sees("Dein Profil ist gespeichert")


async def test_a_tandem_from_the_first_hello_to_the_reflection(tmp_path: Path) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)) as service:
        ana = slack.person("Ana Huber", locale="de-DE", tz="Europe/Berlin")
        ben = slack.person("Ben Koch", locale="de-DE", tz="Europe/Berlin")
        await slack.connected()
        await chats(ana, "Kochen", "Singen")
        await fills(ben, "Singen", "Kochen")
        for one in (ana, ben):
            await one.sees("Ein Vorschlag für dich", anywhere=True)
            one.presses("Kennenlernen")
        await ana.sees("hier könnt ihr loslegen", anywhere=True)
        [group] = ana.groups
        assert [g.id for g in ben.groups] == [group.id]
        await ana.sees("Zeit zum Kennenlernen", anywhere=True)
        ana.presses("Di, 3.11., 18:00 Uhr")
        await ben.sees("schlägt vor")
        ben.presses("Passt")
        await ana.sees("Abgemacht")

        await service.move_clock(timedelta(hours=9))
        await ana.sees("eure Tandem-Zeit")
        await service.move_clock(timedelta(hours=27))
        for one in (ana, ben):
            await one.sees("Wie möchtest du weitermachen?")
            one.presses("Weitermachen")
        await ana.sees("Wie schön!")
        ana.says("termin")
        await ana.sees("Wann passt dir ein Treffen")
        ana.says("Di 10.11. um 18 Uhr")
        await ben.sees("schlägt vor: Di, 10.11.")
        ben.presses("Passt")
        await ana.sees("Abgemacht: Di, 10.11.")
        await service.move_clock(timedelta(days=6, hours=22, minutes=30))
        await ana.sees("Wie war es?")
        ana.presses("Kurz zurückblicken")
        await ana.sees_modal("Kurzer Rückblick")
        await ana.submits({"held": "yes"})
        await ana.submits({"useful": "5", "insight": "Zuhören", "next_step": "Üben"})
        await ana.sees("Dein nächster Schritt: Üben")
        assert "Zuhören" not in ben.screen()
        assert slack.problems == []
        assert slack.failures == []


async def test_a_mixed_pair_exchanges_the_contact_each_chose(tmp_path: Path) -> None:
    async with (
        SlackStandin() as slack,
        TelegramStandin() as telegram,
        living(tmp_path, slack_of(slack), telegram_of(telegram)),
    ):
        ana = telegram.person("Ana", username="ana_h", language="de")
        ben = slack.person("Ben Koch", locale="de-DE", tz="Europe/Berlin")
        await slack.connected()
        await joins_on_telegram(ana, "Kochen", "Singen")
        await chats(ben, "Singen", "Kochen")
        await ana.sees("Ein Vorschlag für dich")
        ana.presses("Kennenlernen")
        await ben.sees("Ein Vorschlag für dich")
        ben.presses("Kennenlernen")
        await ana.sees("Womit darf")
        ana.presses("@ana_h zeigen")
        await ben.sees("Womit darf")
        ben.presses("E-Mail-Adresse")
        await ben.sees_modal("Deine E-Mail-Adresse")
        await ben.submits({"email": "ben@example.org"})
        await ana.sees("So erreichst du Ben: ben@example.org")
        await ben.sees("@ana_h")
        ben.presses("Di, 3.11., 18:00 Uhr")
        await ana.sees("schlägt vor")
        ana.presses("Passt")
        await ben.sees("Abgemacht: Di, 3.11., 18:00 bis 19:00 Uhr")
        assert slack.problems == []
        assert telegram.problems == []


async def test_commands_in_both_languages_and_plain_words(tmp_path: Path) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)):
        ana = slack.person("Ana Huber", locale="de-DE", tz="Europe/Berlin")
        await slack.connected()
        ana.commands("/tandem", "")
        await ana.sees("Ich bin")
        for word in ("hilfe", "help", "unsinn"):
            ana.commands("/tandem", word)
            await ana.sees("/tandem datenschutz")
        ana.says("Hilfe")
        await ana.sees("Ich bringe Menschen zum gegenseitigen Mentoring zusammen")
        ana.sends_file("bild.png", b"x", "")
        await ana.sees("kann ich leider nicht lesen")
        assert slack.problems == []
        assert slack.failures == []


def at_home(person: Person) -> list[str]:
    assert person.home is not None
    return [button.label for button in person.home.buttons]


async def test_home_has_a_button_for_what_makes_sense_now(tmp_path: Path) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)):
        ana = slack.person("Ana Huber", locale="de-DE", tz="Europe/Berlin")
        await slack.connected()
        ana.opens_home()
        await ana.sees("Ich bin Tandem")
        welcome = ["Los geht’s", "Als Formular", "English"]
        always = ["Meine Daten", "Datenschutz", "Hilfe", "Mir geht es nicht gut"]
        await slack.until(lambda: at_home(ana) == [*welcome, *always])
        await chats(ana, "Kochen", "Singen")
        await slack.settled()
        *data, helps, crisis = always
        joined = ["Mein Profil", "Pause", *data, "Etwas melden", helps, crisis]
        await slack.until(lambda: at_home(ana) == ["Nicht weiter suchen", *joined])

        ana.presses("Pause", in_home=True)
        await ana.sees("Bis wann möchtest du Pause machen?")
        ana.presses("1 Woche")
        await ana.sees("eure Termine bis dahin entfallen")
        ana.presses("Pause beginnen")
        await ana.sees(lambda s: s is ana.home and "Du machst Pause bis" in s.plain)
        joined.remove("Pause")
        await slack.until(lambda: at_home(ana) == ["Pause beenden", *joined])
        ana.presses("Pause beenden", in_home=True)
        await ana.sees(lambda s: s is ana.home and "Pause bis" not in s.plain)
        joined.insert(1, "Pause")
        await slack.until(lambda: at_home(ana) == ["Nicht weiter suchen", *joined])

        for label, then in (
            ("Mein Profil", "Was du änderst, gilt sofort."),
            ("Meine Daten", "Als Datei bekommst du alles"),
            ("Datenschutz", "Deine Einwilligungen"),
            ("Hilfe", "Schreib mir einfach, was du brauchst"),
        ):
            ana.presses(label, in_home=True)
            await ana.sees(then)
        ana.presses("Etwas melden", in_home=True)
        await ana.sees_modal("Vertraulich melden")
        await ana.submits({"text": "Es geht um etwas anderes."})
        await slack.settled()
        assert slack.problems == []
        assert slack.failures == []


async def test_home_is_empty_once_somebodys_data_are_deleted(tmp_path: Path) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)):
        ana, ben = (
            slack.person(name, locale="de-DE", tz="Europe/Berlin") for name in ("Ana", "Ben")
        )
        await slack.connected()
        for person, topics in ((ana, ("Kochen", "Singen")), (ben, ("Singen", "Kochen"))):
            person.opens_home()
            await person.sees("Ich bin Tandem")
            await chats(person, *topics)
        await ana.sees(lambda s: s is ana.home and "Vorschlag für dich: Ben" in s.plain)
        ana.presses("Meine Daten", in_home=True)
        await ana.sees("Als Datei bekommst du alles")
        ana.presses("Alles löschen")
        await ana.sees("Wirklich alles löschen?")
        ana.presses("Endgültig löschen")
        await ana.sees("Deine Daten sind gelöscht")
        await ana.sees(lambda s: s is ana.home and "Ben" not in s.plain, anywhere=True)
        await ben.sees(lambda s: s is ben.home and "Ana" not in s.plain)
        assert at_home(ana) == ["Mir geht es nicht gut"]
        ana.opens_home()
        await ana.sees("Ich bin Tandem")
        assert slack.problems == []
        assert slack.failures == []


async def test_what_stands_behind_a_command_is_heard(tmp_path: Path) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)):
        ana = slack.person("Ana Huber", locale="de-DE", tz="Europe/Berlin")
        await slack.connected()
        await chats(ana, "Kochen", "Singen")
        ana.commands("/tandem", "pause bis 12.1.")
        await ana.sees("Pause bis Di, 12.1.")
        ana.commands("/tandem", "Pause until 13 January", elsewhere=True)
        await ana.sees("Pause bis Mi, 13.1.")
        assert slack.problems == []
        assert slack.failures == []


async def test_an_event_that_comes_again_has_one_effect(tmp_path: Path) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)):
        ana = slack.person("Ana Huber", locale="de-DE", tz="Europe/Berlin")
        await slack.connected()
        ana.says("hallo")
        await ana.sees("Ich bin")
        slack.redeliver("last")
        slack.redeliver("last")
        ana.presses("Los geht’s")
        await ana.sees("Einwilligung")
        await slack.settled()
        said = [m.text[:10] for m in ana.messages if m.author == slack.bot_user]
        assert said == ["Hallo! Ich", "Bevor es l"]


async def test_hostile_text_never_becomes_a_mention_or_a_link(tmp_path: Path) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)):
        ana = slack.person("<!channel> <@U1> *x*", locale="de-DE", tz="Europe/Berlin")
        await slack.connected()
        await chats(ana, "<http://evil.example|click>", "{{ 7*7 }} & <b>")
        shown = [m for m in ana.messages if m.author == slack.bot_user]
        assert [m.active for m in shown if m.active] == []
        assert slack.problems == []


async def test_a_refused_token_names_the_cure() -> None:
    async with SlackStandin() as slack:
        assert await greet(slack.bot_token, slack.app_token, slack.url)
        with pytest.raises(SlackError, match="SLACK_BOT_TOKEN"):
            await greet("xoxb-wrong", slack.app_token, slack.url)
