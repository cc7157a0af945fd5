"""How people reach each other, through both real applications: numbers, profiles, groups."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

from bot.domain.members import Address
from bot.domain.rounds import Calendar
from bot.service import Service
from tests.fresh import fresh
from tests.house import Build, living
from tests.slack_standin import SlackStandin
from tests.stage import HOUSE, MONDAY
from tests.suggesting import suggest
from tests.telegram_standin import Group, Person, TelegramStandin
from tests.test_slack_app import chats
from tests.test_telegram import joins
from tests.ways import slack_of, telegram_of


def waiting(folder: Path, build: Build) -> AbstractAsyncContextManager[Service]:
    """Nobody is matched before Wednesday: who meets whom is the test's choice."""
    return living(folder, build, house=replace(HOUSE, calendar=Calendar(weekday=2)))


def suggest_to_each_other(folder: Path, platform: str, account: str, people: list[str]) -> None:
    store = fresh(folder / "house.db")
    users = [Address(platform, account, user, user) for user in people]
    suggest(store, HOUSE, users, MONDAY)
    store.dispose()


async def pair(folder: Path, telegram: TelegramStandin, ana: Person, ben: Person) -> None:
    """Two on Telegram who both said yes."""
    await joins(ana, "Zeitmanagement", "Scrum")
    await joins(ben, "Scrum", "Zeitmanagement")
    await suggested(folder, telegram, [ana, ben])


async def suggested(folder: Path, telegram: TelegramStandin, people: list[Person]) -> None:
    account = telegram.token.partition(":")[0]
    suggest_to_each_other(folder, "telegram", account, [str(person.id) for person in people])
    for person in people:
        await person.sees("Ein Vorschlag für dich")
        person.presses("Kennenlernen")


async def test_only_ones_own_number_is_taken_and_only_by_the_key_for_it(tmp_path: Path) -> None:
    async with (
        TelegramStandin() as telegram,
        waiting(tmp_path, telegram_of(telegram)),
    ):
        ana, ben = telegram.person("Ana", language="de"), telegram.person("Ben", language="de")
        await pair(tmp_path, telegram, ana, ben)
        for person in (ana, ben):
            await person.sees("Womit darf")
        ana.presses("Telefonnummer")
        await ana.sees("Zum Senden gibt es unten einen Knopf")
        assert ana.keyboard == [["Meine Nummer senden"], ["Überspringen"]]
        ana.sends_contact(ben)
        await ana.sees("Ich nehme nur deine eigene Nummer")
        ana.says("+49 170 1234567")
        await ana.sees("Ich nehme nur deine eigene Nummer")
        ana.shares_number("49 170-1234567")
        await ana.sees("Das sieht Ben dann von dir: +491701234567")
        assert ana.keyboard == []
        ben.presses("Video-Link")
        await ben.sees("Videoraum")
        ben.says("https://meet.example/ben?a=1&b=<2>")
        await ben.sees("Diesen Link kann ich so nicht weitergeben")
        ben.says("https://meet.example/ben?a=1&b=2")
        await ben.sees("So erreichst du Ana: +491701234567")
        await ana.sees("So erreichst du Ben: https://meet.example/ben?a=1&b=2")
        ana.sends_contact(ana)
        await ana.sees("Eine Telefonnummer brauche ich gerade nicht")
        assert telegram.problems == []


async def test_whose_profile_cannot_be_linked_chooses_something_else(tmp_path: Path) -> None:
    async with (
        TelegramStandin() as telegram,
        waiting(tmp_path, telegram_of(telegram)),
    ):
        ana = telegram.person("Ana", username="ana_h", language="de")
        ben = telegram.person("Ben", language="de")
        ben.hides_profile()
        await pair(tmp_path, telegram, ana, ben)
        await ana.sees("Womit darf Ben")
        ana.presses("Knopf zum Profil")
        noted = await ana.sees("Das sieht Ben dann von dir")
        assert [b.url for row in noted.buttons for b in row if b.url] == [f"tg://user?id={ana.id}"]
        await ben.sees("Womit darf Ana")
        ben.presses("Knopf zum Profil")
        reached = await ben.sees("So erreichst du Ana: mit dem Knopf hier unten")
        assert reached.buttons[0][0].url == f"tg://user?id={ana.id}"
        await ben.sees("Der Knopf zu deinem Profil funktioniert leider nicht")
        await ana.sees("Wie du Ben erreichst, zeige ich dir, sobald")
        ben.presses("E-Mail-Adresse")
        await ben.sees("Welche E-Mail-Adresse")
        ben.says("ben@example.org")
        await ana.sees("So erreichst du Ben: ben@example.org")
        await ben.sees("Das sieht Ana von dir: ben@example.org")
        later = [m for m in ana.messages if "Wie du Ben erreichst" in m.text]
        assert later == [], "taken back, once there is a contact"
        assert telegram.problems == []


async def three(tmp_path: Path, telegram: TelegramStandin) -> list[Person]:
    """Three on Telegram who were suggested to each other, said yes and were introduced."""
    people = [
        telegram.person(name, username=name.lower(), language="de")
        for name in ("Ana", "Ben", "Cem")
    ]
    ring = ["Zeitmanagement", "Scrum", "Schach"]
    for person, offers, seeks in zip(people, ring, ring[1:] + ring[:1], strict=True):
        await joins(person, offers, seeks)
    await suggested(tmp_path, telegram, people)
    for person in people:
        await person.sees("Womit dürfen")
        person.presses("Nur unsere Gruppe")
    for person in people:
        await person.sees("Eine gemeinsame Gruppe kann ich hier nicht selbst anlegen")
    return people


async def link_of(person: Person) -> str:
    person.presses("Gruppe anlegen")
    shown = await person.sees("Schön, dass du die Gruppe anlegst")
    url = shown.buttons[0][0].url
    assert url is not None
    return url


def texts(group: Group) -> list[str]:
    return [message.text[:11] for message in group.messages]


async def test_a_group_is_opened_by_a_link_that_is_good_once_and_for_one(tmp_path: Path) -> None:
    async with (
        TelegramStandin() as telegram,
        waiting(tmp_path, telegram_of(telegram)),
    ):
        ana, ben, cem = await three(tmp_path, telegram)
        eve = telegram.person("Eve", language="en")
        url = await link_of(ben)
        stolen = telegram.founds_group(eve, url, "Stolen")
        await stolen.sees("this link doesn’t fit here")
        other = telegram.founds_group(cem, url, "Falsch")
        await other.sees("Dieser Link passt hier leider nicht")
        group = telegram.founds_group(ben, url, "Runde")
        await group.sees("Hallo Ana, Ben und Cem!")
        asked = await ben.sees("Gib mir bitte den Einladungslink der Gruppe")
        assert all(url not in message.html for message in ben.messages)
        again = telegram.founds_group(ben, url, "Noch eine")
        await again.sees("Dieser Link passt hier leider nicht")

        grown = group.migrate()
        ben.says("Hallo zusammen, wer ist da?", to=grown)
        ben.says("/hilfe", to=grown)
        ben.presses("Link schicken", asked)
        await ben.sees("Wie heißt der Einladungslink")
        ben.says("https://t.me/+AbCdEf123456")
        for person in (ana, cem):
            joined = await person.sees("Ben hat für euch eine gemeinsame Gruppe angelegt")
            assert '<a href="https://t.me/+AbCdEf123456">' in joined.html
        await ben.sees("haben den Link jetzt")
        assert texts(group) == ["Hallo Ana, "]
        assert texts(grown) == []
        assert eve.messages == [], "whoever is no member is none by a link"

        removed = await link_after_removal(ben, grown)
        assert removed != url
        assert telegram.problems == []


async def link_after_removal(person: Person, group: Group) -> str:
    """A group that the bot is put out of is none any more: there can be another one."""
    group.removes_bot()
    return await link_of(person)


async def test_an_admin_bot_passes_the_invite_link_on_by_itself(tmp_path: Path) -> None:
    async with (
        TelegramStandin() as telegram,
        waiting(tmp_path, telegram_of(telegram)),
    ):
        ana, ben, _ = await three(tmp_path, telegram)
        group = telegram.founds_group(ben, await link_of(ben), "Runde")
        group.promotes_bot()
        await ben.sees("Den Einladungslink habe ich Ana und Cem gerade geschickt")
        joined = await ana.sees("Ben hat für euch eine gemeinsame Gruppe angelegt")
        assert '<a href="https://t.me/+' in joined.html
        assert telegram.problems == []


async def test_in_slack_there_is_a_way_on_without_a_group(tmp_path: Path) -> None:
    async with SlackStandin() as slack, waiting(tmp_path, slack_of(slack)):
        ana = slack.person("Ana Huber", locale="de-DE", tz="Europe/Berlin")
        ben = slack.person("Ben Koch", locale="de-DE", tz="Europe/Berlin")
        ben.is_external = True
        await slack.connected()
        await chats(ana, "Kochen", "Singen")
        await chats(ben, "Singen", "Kochen")
        suggest_to_each_other(tmp_path, "slack", slack.team, [ana.id, ben.id])
        for one in (ana, ben):
            await one.sees("Ein Vorschlag für dich", anywhere=True)
            one.presses("Kennenlernen")
        await ben.sees("Eine gemeinsame Gruppe konnte ich leider nicht öffnen")
        assert ana.groups == []
        ben.presses("Anderer Kontakt")
        await ben.sees("Was soll es stattdessen sein?")
        ben.presses("E-Mail-Adresse")
        await ben.sees_modal("Deine E-Mail-Adresse")
        wrong = await ben.submits({"email": "ben at example"})
        assert wrong is not None
        assert "email" in wrong.errors
        await ben.submits({"email": "ben@example.org"})
        await ana.sees("Ben hat den Kontakt geändert")
        assert slack.problems == []
