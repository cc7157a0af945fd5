"""Whole ways through the bot, as a new user would go them, over both real stand-ins."""

import io
import json
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.conversation.wording import Wording, plain
from bot.domain.availability import DAYS, TIMES
from bot.domain.members import Member, Profile
from bot.store import people
from bot.store.tables import member as members
from tests import slack_people, slack_surfaces, telegram_messages, telegram_people
from tests.fresh import fresh
from tests.house import living
from tests.slack_standin import SlackStandin
from tests.telegram_standin import TelegramStandin
from tests.ways import slack_of, telegram_of

pytestmark = pytest.mark.whole

Person = telegram_people.Person | slack_people.Person

BERLIN = "Europe/Berlin"


def kept(folder: Path) -> list[Member]:
    """The members, as they are in the database."""
    store = fresh(folder / "house.db")
    with store.begin() as connection:
        numbers = connection.execute(select(members.c.id).order_by(members.c.id)).scalars().all()
        found = [people.by_id(connection, number) for number in numbers]
    store.dispose()
    return found


def profile(folder: Path) -> Profile:
    [member] = kept(folder)
    assert member.profile is not None
    return member.profile


@asynccontextmanager
async def on_telegram(
    folder: Path, language: str
) -> AsyncIterator[Callable[[str], telegram_people.Person]]:
    """People with the bot on Telegram; nothing that either side sends may be refused."""
    async with TelegramStandin() as telegram:
        async with living(folder, telegram_of(telegram)):
            yield lambda name: telegram.person(name, username=name.lower(), language=language)
            await telegram.until(lambda: not telegram.pending)
        assert telegram.problems == []
        assert telegram.unanswered == []


@asynccontextmanager
async def on_slack(
    folder: Path, language: str
) -> AsyncIterator[Callable[[str], slack_people.Person]]:
    async with SlackStandin() as slack:
        async with living(folder, slack_of(slack)):
            await slack.connected()
            locale = {"de": "de-DE", "en": "en-GB"}[language]
            yield lambda name: slack.person(name, locale=locale, tz=BERLIN)
            await slack.settled()
        assert slack.problems == []
        assert slack.failures == []


async def goes(person: Person, *steps: tuple[str, str]) -> None:
    """Each step is something typed, or a button in brackets, and what is read then."""
    for done, then in steps:
        if done.startswith("["):
            person.presses(done.strip("[]"))
        else:
            person.says(done)
        await person.sees(then)


async def test_somebody_joins_on_telegram_in_german(tmp_path: Path) -> None:
    async with on_telegram(tmp_path, "de") as arrive:
        ana = arrive("Ana")
        await goes(
            ana,
            ("/start", "Ich bin Tandem"),
            ("[Los geht’s]", "Bist du mindestens 18"),
            ("[Ja, einverstanden]", "Zwei Dinge sind freiwillig"),
        )
        assert ana.last.labels == ["Lerntagebuch", "Statistik", "Weiter"]
        ana.presses("Statistik")
        await ana.sees(lambda m: "✓ Statistik" in m.labels)
        ana.presses("✓ Statistik")
        await ana.sees(lambda m: "Statistik" in m.labels)
        await goes(
            ana,
            ("[Weiter]", "Was kannst du gut"),
            ("[Ich bin nicht sicher]", "Was ist dir in letzter Zeit gut gelungen"),
            ("Wolkenzählen", "Wobei fragen andere dich um Rat"),
            ("[Zurück]", "Was ist dir in letzter Zeit gut gelungen"),
            ("[So lassen: Wolkenzählen]", "Wobei fragen andere dich um Rat"),
            ("Excel", "Was fällt dir leicht"),
            ("[Überspringen]", "Was kannst du gut"),
        )
        assert {"Wolkenzählen", "Excel"} <= set(ana.last.labels)
        ana.presses("Wolkenzählen")
        await ana.sees(lambda m: "✓ Wolkenzählen" in m.labels)
        await goes(ana, ("Zeitmanagement, Präsentieren", "Notiert"))
        assert {"✓ Wolkenzählen", "✓ Zeitmanagement", "✓ Präsentieren"} <= set(ana.last.labels)
        ana.presses("✓ Präsentieren")
        await ana.sees(lambda m: "✓ Präsentieren" not in m.labels)
        await goes(
            ana,
            ("[Weiter]", "Wobei wünschst"),
            ("agiles Projektmanagement", "Notiert"),
            ("[Weiter]", "erreichen"),
            ("Mutiger werden", "Was genau meinst du"),
            ("In Besprechungen widersprechen.", "woran merkst du"),
            ("[Überspringen]", "An welchen Tagen"),
            ("[Dienstag]", "An welchen Tagen"),
            ("[Weiter]", "Wähle bitte mindestens 2 aus"),
            ("mo, mi", "Tageszeiten"),
            ("[Abends, 17–21 Uhr]", "Tageszeiten"),
            ("[Weiter]", "Nach welcher Uhr"),
            ("Atlantis", "Diese Stadt kenne ich leider nicht"),
            ("Wien", "Stimmt alles so"),
            ("[✎ Name]", "Wie heißt du"),
            ("[So lassen: Ana]", "Stimmt alles so"),
            ("[✎ Tageszeiten]", "Tageszeiten"),
            ("[Mittags, 12–14 Uhr]", "Tageszeiten"),
            ("[Weiter]", "Stimmt alles so"),
            ("[Stimmt so]", "Danke, Ana! Dein Profil ist gespeichert."),
        )
    found = profile(tmp_path)
    assert found.offers == ("Wolkenzählen", "Zeitmanagement")
    assert found.seeks == ("agiles Projektmanagement",)
    assert (found.goal, found.goal_exactly, found.goal_sign) == (
        "Mutiger werden",
        "In Besprechungen widersprechen.",
        "",
    )
    assert (found.days, found.times) == (("mon", "wed"), ("midday", "evening"))
    assert kept(tmp_path)[0].zone == "Europe/Vienna"


async def joins_by_sheet(ana: slack_people.Person) -> None:
    """The shortest way in, by a modal in English."""
    ana.opens_home()
    await ana.sees("I am Tandem")
    ana.presses("As a form", in_home=True)
    await ana.sees_modal("Your profile")
    await ana.submits({"consent": "yes"})
    await ana.submits({})
    goal = "Try 3 new things by Easter and stick to them"
    await ana.submits({"offers": "Singing", "seeks": "Cooking", "goal": goal})
    await ana.submits({"days": ["mon", "tue"], "times": ["evening"]})
    assert await ana.submits({}) is None
    await ana.sees("Thank you, Ana! Your profile is saved.")
    await ana.sees(lambda s: s is ana.home and "My profile" in s.plain, anywhere=True)


async def test_somebody_joins_on_slack_in_english_page_by_page(tmp_path: Path) -> None:
    async with on_slack(tmp_path, "en") as arrive:
        ana = arrive("Ana Huber")
        ana.commands("/tandem", "", elsewhere=True)
        await ana.sees("I am Tandem")
        ana.presses("As a form")
        await ana.sees_modal("Your profile")
        view = await ana.submits({})
        assert view is not None
        assert list(view.errors) == ["consent"]
        view = await ana.submits({"consent": "yes"})
        assert view is not None
        assert view.value_of(view.control("extras")) == [], "nothing is ticked for anybody"
        await ana.submits({"extras": []})
        goal = {"goal": "Be braver"}
        view = await ana.submits({"offers": "x" * 61, "seeks": "Scrum", **goal})
        assert view is not None
        assert view.errors["offers"].startswith("That is a little long for a topic.")
        await ana.submits({"offers": "Singing, public speaking,Singing", "seeks": "Scrum", **goal})
        view = await ana.submits({"goal_exactly": "Disagree in meetings."})
        assert view is not None
        assert view.control("goal_sign").block["optional"]
        view = await ana.submits({"goal_sign": ""})
        assert view is not None
        zone = view.value_of(view.control("zone"))
        assert zone["value"] == BERLIN, "the guess may stand"
        days = {"days": ["mon", "wed"], "times": ["midday"]}
        view = await ana.submits({**days, "days": ["mon"], "zone__text": "Atlantis"})
        assert view is not None
        assert list(view.errors) == ["days", "zone"]
        view = await ana.submits({**days, "zone__text": "Atlantis"})
        assert view is not None
        assert "I’m afraid I don’t know that city" in view.plain
        view = await ana.submits({**days, "zone__text": "London"})
        assert view is not None
        assert view.value_of(view.control("name")) == "Ana"
        for line in ("I offer: Singing and public speaking", "In detail: Disagree in meetings."):
            assert line in view.plain
        last = {"rhythm": "biweekly", "length": "90", "format": "both", "city": "London"}
        assert await ana.submits({**last, "expectations": "Be on time", "capacity": "2"}) is None
        await ana.sees("Thank you, Ana! Your profile is saved.")
    found = profile(tmp_path)
    assert (found.name, found.offers) == ("Ana", ("Singing", "public speaking"))
    assert (found.goal_exactly, found.goal_sign) == ("Disagree in meetings.", "")
    assert (found.days, found.times) == (("mon", "wed"), ("midday",))
    assert (found.rhythm, found.length, found.format) == ("biweekly", "90", "both")
    assert (found.city, found.expectations, found.capacity) == ("London", "Be on time", "2")
    assert kept(tmp_path)[0].zone == "Europe/London"


async def test_a_profile_is_changed_on_telegram_and_counts_at_once(tmp_path: Path) -> None:
    async with on_telegram(tmp_path, "en") as arrive:
        ana = arrive("Ana")
        await joins(ana, "en")
        await goes(ana, ("/profile", "What you change counts at once."))
        assert "Done" in ana.last.labels
        await goes(ana, ("[✎ Tandems]", "How many tandems"), ("[2]", "Tandems: 2"))
        assert profile(tmp_path).capacity == "2"
        ana.presses("✎ I offer")
        await ana.sees(lambda m: "✓ Singing" in m.labels)
        await goes(
            ana,
            ("dancing", "Noted"),
            ("[✓ Singing]", "Noted"),
            ("[Continue]", "I offer: dancing"),
            ("[✎ Expectations]", "What do you expect"),
            ("Laugh a lot", "Expectations: Laugh a lot"),
            ("[✎ Expectations]", "What do you expect"),
            ("[Skip]", "What you change counts at once."),
        )
        assert (profile(tmp_path).offers, profile(tmp_path).expectations) == (("dancing",), "")
        await goes(ana, ("[Done]", "Your profile is up to date"))


async def test_a_profile_is_changed_on_slack_and_home_follows(tmp_path: Path) -> None:
    async with on_slack(tmp_path, "en") as arrive:
        ana = arrive("Ana Huber")
        await joins_by_sheet(ana)
        ana.presses("My profile", in_home=True)
        await ana.sees("What you change counts at once.")
        await goes(
            ana,
            ("[✎ Name]", "What is your name"),
            ("Anabel", "Name: Anabel"),
            ("[✎ Languages]", "In which languages"),
            ("[German]", "In which languages"),
            ("[Continue]", "Languages: German and English"),
            ("[Done]", "Your profile is up to date"),
        )
    assert (profile(tmp_path).name, profile(tmp_path).languages) == ("Anabel", ("de", "en"))


async def joins(ana: Person, language: str) -> None:
    """The shortest way in, by chatting, until it is known that there is nobody else yet."""
    await up_to_the_summary(ana, language)
    done = ("[Stimmt so]", "Dein Profil ist gespeichert"), ("[All right]", "Your profile is saved")
    await goes(ana, done[language == "en"])
    alone = "Außer dir sucht gerade noch niemand", "Nobody else is looking right now"
    await ana.sees(alone[language == "en"])


async def up_to_the_summary(ana: Person, language: str) -> None:
    german = language == "de"
    await goes(
        ana,
        ("hallo" if german else "hello", "Ich bin Tandem" if german else "I am Tandem"),
        ("[Los geht’s]", "Einwilligung") if german else ("[Let’s go]", "your consent"),
        ("[Ja, einverstanden]", "freiwillig") if german else ("[Yes, I agree]", "up to you"),
        ("[Weiter]", "Was kannst") if german else ("[Continue]", "What are you good at"),
        ("Singing", "Notiert" if german else "Noted"),
        ("[Weiter]", "Wobei") if german else ("[Continue]", "support with"),
        ("Cooking", "Notiert" if german else "Noted"),
        ("[Weiter]", "erreichen") if german else ("[Continue]", "achieve"),
        ("Until 2027 I will try whatever is new", "Tagen" if german else "On which days"),
        ("mo, di", "Tageszeiten") if german else ("mon, tue", "times of day"),
        ("abends", "Uhr lebst") if german else ("evening", "Which clock"),
        ("[Berlin stimmt]", "Stimmt alles")
        if german
        else ("[Berlin is right]", "everything right"),
    )


CONSENTS = {
    "de": (
        ("Tagebuch erlauben", "Lerntagebuch: ja"),
        ("Statistik erlauben", "Anonyme Statistik: ja"),
        ("Tagebuch zurücknehmen und löschen", "Lerntagebuch: nein"),
        ("Statistik zurücknehmen", "Anonyme Statistik: nein"),
    ),
    "en": (
        ("Allow the diary", "Learning diary: yes"),
        ("Allow statistics", "Anonymous statistics: yes"),
        ("Take back and delete the diary", "Learning diary: no"),
        ("Take back statistics", "Anonymous statistics: no"),
    ),
}
DATA = {
    "de": {
        "privacy": ("/datenschutz", "Deine Einwilligungen"),
        "stop": ("[Teilnahme zurücknehmen]", "Deine Teilnahme ist beendet"),
        "data": ("/daten", "Deine Daten"),
        "file": ("[Als Datei bekommen]", "Hier ist alles, was ich über dich weiß"),
        "ask": ("[Alles löschen]", "Wirklich alles löschen?"),
        "keep": ("[Doch nicht]", "es bleibt alles gespeichert"),
        "erase": ("[Endgültig löschen]", "Deine Daten sind gelöscht"),
        "again": ("hallo", "Ich bin Tandem"),
    },
    "en": {
        "privacy": ("/privacy", "Your consents"),
        "stop": ("[Stop taking part]", "You no longer take part"),
        "data": ("/data", "Your data"),
        "file": ("[Get it as a file]", "Here is everything I know about you"),
        "ask": ("[Delete everything]", "Really delete everything?"),
        "keep": ("[Rather not]", "everything stays saved"),
        "erase": ("[Delete for good]", "Your data are deleted"),
        "again": ("hello", "I am Tandem"),
    },
}


async def test_consents_are_given_and_taken_back_on_telegram(tmp_path: Path) -> None:
    for language, folder in (("de", tmp_path / "de"), ("en", tmp_path / "en")):
        async with on_telegram(folder, language) as arrive:
            ana = arrive("Ana")
            await joins(ana, language)
            await goes(ana, DATA[language]["privacy"])
            place = ana.last
            for label, then in CONSENTS[language]:
                await goes(ana, (f"[{label}]", then))
                assert ana.last is place, "in the place where it was given"
            await goes(ana, DATA[language]["stop"])
        [member] = kept(folder)
        assert member.profile is None


async def test_consents_are_given_and_taken_back_on_slack(tmp_path: Path) -> None:
    async with on_slack(tmp_path, "en") as arrive:
        ana = arrive("Ana Huber")
        await joins_by_sheet(ana)
        ana.commands("/tandem", "privacy")
        await ana.sees("Your consents")
        for label, then in CONSENTS["en"]:
            await goes(ana, (f"[{label}]", then))
        await goes(ana, DATA["en"]["stop"])
        await ana.sees(lambda s: s is ana.home and "I am Tandem" in s.plain, anywhere=True)


async def test_data_are_seen_taken_along_and_deleted_in_two_steps_on_telegram(
    tmp_path: Path,
) -> None:
    does = DATA["de"]
    async with on_telegram(tmp_path, "de") as arrive:
        ana = arrive("Ana")
        await joins(ana, "de")
        await goes(ana, does["data"], does["file"])
        [copy] = [m.document for m in ana.messages if m.document]
        with zipfile.ZipFile(io.BytesIO(copy.content)) as archive:
            whole = archive.read("daten.json").decode()
            assert json.loads(whole)
            assert "Singing" in whole
        await goes(ana, does["data"], does["ask"], does["keep"], does["data"], does["ask"])
        assert profile(tmp_path).offers == ("Singing",)
        await goes(ana, does["erase"])
        assert [m.profile for m in kept(tmp_path)] in ([], [None])
        await goes(ana, does["again"])


async def test_data_are_seen_taken_along_and_deleted_in_two_steps_on_slack(
    tmp_path: Path,
) -> None:
    does = DATA["en"]
    async with on_slack(tmp_path, "en") as arrive:
        ana = arrive("Ana Huber")
        await joins_by_sheet(ana)
        ana.presses("My data", in_home=True)
        await ana.sees(does["data"][1])
        ana.presses("Get it as a file")
        await ana.sees(lambda s: getattr(s, "files", []))
        for step in (does["keep"], does["erase"]):
            ana.commands("/tandem", "data")
            await ana.sees(does["data"][1])
            await goes(ana, does["ask"], step)
        await goes(ana, does["again"])
        assert [m.profile for m in kept(tmp_path)][-1] is None


Arrives = Callable[[str], Person]
ON: dict[str, Callable[[Path, str], AbstractAsyncContextManager[Arrives]]] = {
    "telegram": on_telegram,
    "slack": on_slack,
}
both_languages = pytest.mark.parametrize("language", ["de", "en"])
both_platforms = pytest.mark.parametrize("platform", ON)
LONGEST = [f"{number:02}{'ß' * 58}" for number in range(16)]
HOSTILE = [f"{number:02}{'<b>&amp*_`|<@U1>' * 4}"[:60] for number in range(16)]
MARKUP = "<&>" * 100
"""No word in it, so a goal like this is asked about; and each character needs escaping."""


class Words:
    """What the bot says at the questions of a newcomer, and what its buttons are called."""

    def __init__(self, language: str) -> None:
        self.onboarding = Wording("onboarding", language)

    def asks(self, field: str) -> str:
        """The first line of a question."""
        return plain(self.onboarding.say(field, zone=BERLIN, draft=(), own=(), sheet=False)).split(
            "\n"
        )[0]

    def label(self, block: str, **about: object) -> str:
        return f"[{self.onboarding.label(block, **about)}]"

    def edit(self, field: str) -> str:
        return self.label("edit", title=self.onboarding.label(f"{field}__title"))

    def wrong(self, code: str, **about: object) -> str:
        return plain(self.onboarding.say(f"problem__{code}", sheet=False, **about))[:30]

    @property
    def summary(self) -> str:
        return plain(self.onboarding.say("check", lines=(), sheet=False)).split("\n")[0]


async def says_the_most(person: Person, language: str, offers: list[str], seeks: list[str]) -> None:
    """Whatever can be said, at its longest and worst."""
    words, german = Words(language), language == "de"
    too_many = words.wrong("too_many", most=16)
    hundred = "; ".join(f"Thema{number}" for number in range(100))
    await goes(
        person,
        ("hallo" if german else "hello", "Ich bin" if german else "I am"),
        ("[Los geht’s]" if german else "[Let’s go]", words.asks("consent")),
        (words.label("consent__yes"), words.asks("extras")),
        (words.label("done"), words.asks("offers")),
        (hundred, too_many),
    )
    for number in (0, 15):
        await person.sees(_ticked(f"Thema{number}"), anywhere=True)
    for number in range(16):
        person.presses(f"✓ Thema{number}")
    await person.sees(lambda m: words.asks("offers") in _text(m) and not _ticks(m))
    for field, said, then in (("offers", offers, "seeks"), ("seeks", seeks, "goal")):
        await goes(person, (", ".join(said), words.asks(field)))
        await person.sees(_ticked(*said), anywhere=True)
        await goes(
            person,
            (hundred, too_many),
            (words.label("done"), words.asks(then)),
        )
    await goes(
        person,
        (MARKUP + "!", words.wrong("too_long", limit=300)),
        (MARKUP, words.asks("goal_exactly")),
        (MARKUP, words.asks("goal_sign")),
        (MARKUP, words.asks("days")),
        (" ".join(words.onboarding.label(f"days__{day}") for day in DAYS), words.asks("times")),
        ("vorm mitt nachm abe" if german else "mor mid aft eve", words.asks("zone")),
        ("America/Argentina/ComodRivadavia", words.summary),
        (words.edit("name"), words.asks("name")),
        ("<b>&" * 15, words.summary),
        (words.edit("expectations"), words.asks("expectations")),
        ("&" * 300, words.summary),
        (words.edit("city"), words.asks("city")),
        ("{{ 7*7 }} \u202e" + "<" * 48, words.summary),
        (words.edit("goal"), words.asks("goal")),
        (words.label("keep", answer=f"{MARKUP[:28]}…"), words.summary),
        (words.label("check__yes"), "<b>&<b>&"),
        ("/profil", plain(words.onboarding.say("check", lines=(), joined="yes")).split("\n")[0]),
    )


def _text(message: object) -> str:
    """What somebody reads, on either platform."""
    return str(getattr(message, "plain", None) or getattr(message, "text", ""))


def _ticks(message: object) -> list[str]:
    found: list[str] = getattr(message, "labels", [])
    return [label for label in found if label.startswith("✓ ")]


def _ticked(*topics: str) -> Callable[[object], bool]:
    return lambda message: {f"✓ {topic}" for topic in topics} <= set(_ticks(message))


@both_languages
@both_platforms
async def test_the_longest_and_worst_answers_fit_everywhere(
    tmp_path: Path, platform: str, language: str
) -> None:
    async with ON[platform](tmp_path, language) as arrive:
        ana, ben = arrive("Ana"), arrive("Ben")
        await says_the_most(ana, language, LONGEST, HOSTILE)
        await says_the_most(ben, language, HOSTILE, LONGEST)
        one, _other = kept(tmp_path)
        assert one.profile is not None
        assert (one.profile.offers, one.profile.seeks) == (tuple(LONGEST), tuple(HOSTILE))
        assert (one.profile.goal, one.profile.goal_sign) == (MARKUP, MARKUP)
        assert one.profile.city == "{{ 7*7 }} " + "<" * 48
        assert one.zone == "America/Argentina/ComodRivadavia"
        accept = Wording("proposal", language).label("proposed__accept")
        for person in (ana, ben):
            await person.sees(lambda m: accept in m.labels, anywhere=True)


@both_languages
async def test_the_longest_and_worst_answers_fit_in_a_modal(tmp_path: Path, language: str) -> None:
    words = Words(language)
    async with on_slack(tmp_path, language) as arrive:
        ana = arrive("Ana")
        ana.opens_home()
        await ana.sees("Ich bin" if language == "de" else "I am")
        ana.presses("Als Formular" if language == "de" else "As a form", in_home=True)
        await ana.sees_modal(lambda view: "consent" in _blocks(view))
        await ana.submits({"consent": "yes"})
        await ana.submits({"extras": ["diary", "statistics"]})
        topics = {"offers": ", ".join(LONGEST), "seeks": "\n".join(HOSTILE), "goal": MARKUP}
        hundred = ",".join(f"T{number}" for number in range(100))
        view = await ana.submits({**topics, "offers": hundred})
        assert view is not None
        assert list(view.errors) == ["offers"]
        cut = "Streich bitte ein paar" if language == "de" else "Please strike out a few"
        assert cut in view.errors["offers"]
        await ana.submits(topics)
        await ana.submits({"goal_exactly": MARKUP})
        await ana.submits({"goal_sign": MARKUP})
        view = await ana.submits({"days": list(DAYS), "times": list(TIMES)})
        assert view is not None
        shown = "".join(view.plain.split())
        for said in (*LONGEST, *HOSTILE):
            assert said in shown
        assert words.onboarding.label("goal__title") in view.plain
        last = {"name": "<b>&" * 15, "expectations": "&" * 300, "city": "<" * 60}
        assert await ana.submits(last) is None
        await ana.sees("<b>&<b>&")
    assert profile(tmp_path).offers == tuple(LONGEST)
    assert profile(tmp_path).seeks == tuple(HOSTILE)


def _blocks(view: slack_surfaces.View) -> set[str]:
    return {control.block_id for control in view.controls}


def _asks_there(
    place: telegram_messages.Message, label: str, message: telegram_messages.Message
) -> bool:
    return message.id == place.id and label in message.labels


async def test_two_devices_at_once_end_with_one_profile_on_telegram(tmp_path: Path) -> None:
    async with on_telegram(tmp_path, "en") as arrive:
        ana = arrive("Ana")
        await joins(ana, "en")
        await goes(ana, ("/profile", "What you change counts at once."))
        first = ana.last
        await goes(ana, ("/profile", "What you change counts at once."))
        second = ana.last
        ana.presses("✎ Rhythm", first)
        ana.presses("✎ Length", second)
        for place in (first, second):
            await ana.sees(partial(_asks_there, place, "Weekly"))
        ana.presses("Every two weeks", second)
        await ana.sees("How long should a session be?")
        third = ana.last
        ana.presses("Weekly", first)  # the other device is behind
        await ana.sees("How long should a session be?")
        ana.presses("75 minutes", third)
        ana.presses("90 minutes")
        ana.says("And now?")
        await ana.sees("I didn’t understand that")
        assert "Length: 90 minutes" in ana.last.text
        assert "Rhythm: Weekly" in ana.last.text
        summary = ana.last
        ana.presses("✎ Name", summary)
        await ana.sees("What is your name?")
        ana.says("Anabel")
        await ana.sees("Name: Anabel")
        ana.presses("Done")
        await ana.sees("Your profile is up to date")
        await goes(ana, ("/profile", "Name: Anabel"))
        assert "Length: 90 minutes" in ana.last.text
    found = profile(tmp_path)
    assert (found.rhythm, found.length, found.name) == ("weekly", "90", "Anabel")


async def test_who_confirms_on_two_devices_at_once_joins_once(tmp_path: Path) -> None:
    async with on_telegram(tmp_path, "de") as arrive:
        ana = arrive("Ana")
        await up_to_the_summary(ana, "de")
        first = ana.last
        await goes(ana, ("hm?", "nicht verstanden"))
        ana.presses("Stimmt so", first)
        ana.presses("Stimmt so", ana.last)
        ana.presses("✎ Name", first)
        await ana.sees("Dein Profil ist gespeichert")
        for _ in range(2):
            await ana.sees("Dieser Knopf gilt nicht mehr.")
        joined = [m for m in ana.messages if "Dein Profil ist gespeichert" in m.text]
        assert len(joined) == 1
    assert profile(tmp_path).name == "Ana"


async def test_a_modal_left_open_on_another_device_does_no_harm(tmp_path: Path) -> None:
    async with on_slack(tmp_path, "en") as arrive:
        ana = arrive("Ana Huber")
        ana.commands("/tandem", "")
        await ana.sees("I am Tandem")
        devices = []
        for _ in range(2):
            ana.presses("As a form", ana.messages[-1])
            devices.append(await ana.sees_modal(lambda view: view not in devices))
        phone, laptop = devices

        async def submits(device: slack_surfaces.View, **values: object) -> set[str]:
            """What is asked on a device after its page was sent off; nothing once it closed."""
            ana.modals[:] = [device]
            view = await ana.submits(values)
            return _blocks(view) if view else set()

        await submits(laptop, consent="yes")
        await submits(laptop, extras=["diary"])
        goal = "Try 3 new things by Easter and stick to them"
        assert "days" in await submits(laptop, offers="Singing", seeks="Cooking", goal=goal)
        assert "days" in await submits(phone, consent="no"), "agreed already, elsewhere"
        assert "Please choose at least 2" not in phone.plain, "nothing was wrong with it"
        days = {"days": ["mon", "tue"], "times": ["evening"]}
        assert "rhythm" in await submits(phone, **days)
        assert "rhythm" in await submits(laptop, **{**days, "times": ["morning"]})
        assert await submits(phone, rhythm="biweekly") == set()
        await ana.sees("Your profile is saved")
        assert await submits(laptop, rhythm="weekly") == set()
        await ana.sees("no longer valid")
    found = profile(tmp_path)
    assert (found.offers, found.seeks) == (("Singing",), ("Cooking",))
    assert (found.times, found.rhythm) == (("evening",), "biweekly")
