"""Each language says exactly what forms and cards need, and it fits the platforms."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from adapters.slack.mrkdwn import to_mrkdwn, to_plain
from bot import domain
from bot.conversation import crisis
from bot.conversation.answers import Answer, Answers
from bot.conversation.asking import Asking
from bot.conversation.cards import Card, Crisis, Opens
from bot.conversation.commands import COMMANDS, command
from bot.conversation.fields.choices import OTHER, Choice, Choices, Number, Picked
from bot.conversation.fields.texts import Steps, Text, Topics
from bot.conversation.fields.times import Weekly, Zone
from bot.conversation.forms import Form
from bot.conversation.talk import Conversation
from bot.conversation.wording import LANGUAGES, Wording, plain
from bot.domain.methods import METHODS
from bot.domain.milestones import Milestone
from bot.domain.retention import Retention
from bot.engine.browsing import ON_A_BUTTON, ON_A_PAGE, SHOWN
from bot.flows import FORMS
from bot.flows.diary import LONGEST, LONGEST_WORD

CODES = {
    *("empty", "unknown", "past", "too_long", "too_many", "contact"),
    *("no_day", "no_time", "several", "half", "which", "mismatch", "zone", "far"),
}
NOUNS = [import_module(found.name) for found in iter_modules(domain.__path__, "bot.domain.")]
CARDS = [card for noun in NOUNS for card in getattr(noun, "CARDS", ())]
FILES = sorted({card.file for card in CARDS})
TELEGRAM_TEXT = 4096
SLACK_BUTTON = 75
SLACK_TITLE = 24
SLACK_SECTION = 3000

forms = pytest.mark.parametrize("form", FORMS.values(), ids=str)
languages = pytest.mark.parametrize("language", LANGUAGES)


@forms
@languages
def test_a_form_has_all_its_words_and_no_others(form: Form, language: str) -> None:
    spoken, needed = Wording(form.name, language).blocks(), set(form.wording())
    fields = {field.name for page in form.pages for field in page.fields}
    problems = {f"{field}__{code}" for field in fields for code in CODES}
    assert spoken - problems == needed


@pytest.mark.parametrize("file", FILES)
@languages
def test_cards_have_all_their_words_and_no_others(file: str, language: str) -> None:
    needed = {block for card in CARDS if card.file == file for block in card.wording()}
    assert Wording(file, language).blocks() == needed


@pytest.mark.parametrize("file", ["common", "commands", "document", "export", "journal", "page"])
def test_both_languages_say_the_same_things(file: str) -> None:
    german, english = (Wording(file, language)._templates[0].blocks for language in LANGUAGES)  # noqa: SLF001 -- nothing else asks for all blocks of these two
    assert set(german) == set(english)


@languages
def test_every_command_is_described(language: str) -> None:
    assert Wording("commands", language).blocks() == set(COMMANDS)


@forms
@languages
def test_pages_speak_of_earlier_pages_only(form: Form, language: str) -> None:
    wording, known, full = Wording(form.name, language), dict[str, Answer](), longest(form)
    facts: dict[str, Answer] = {**FACTS, "partner": "Ben", "slots": _slots(form)}
    for page in form.pages:
        talk = Conversation(form.name, answers=dict(known), facts=facts)
        assert all(Asking(form, talk, wording).text(field) for field in page.fields)
        known |= {field.name: full[field.name] for field in page.fields}


SLOT = "2026-11-24T18:00"
FACTS: dict[str, Answer] = {
    "zone": "Europe/Berlin",
    "ends": ["2027-09-30", "2027-10-30", "2027-11-30", "2027-12-30"],
    "link": "https://meet.jit.si/Tandem-" + "0" * 32,
    "days": ["2027-11-30"],
}


def _slots(form: Form) -> list[str]:
    """Suggested times, as the form has them."""
    weekly = any(isinstance(field, Weekly) for page in form.pages for field in page.fields)
    return ["2 18:00"] if weekly else [SLOT]


def longest(form: Form) -> Answers:
    answers: dict[str, Answer] = {}
    for page in form.pages:
        for field in page.fields:
            match field:
                case Text():
                    answers[field.name] = "ß" * field.limit
                case Choices():
                    answers[field.name] = list(field.among)
                case Topics():
                    long = [f"{n:02}" + "ß" * (field.limit - 2) for n in range(field.most)]
                    answers[field.name] = long
                case Zone():
                    answers[field.name] = "America/Argentina/ComodRivadavia"
                case Picked():
                    answers[field.name] = OTHER
                case Number():
                    answers[field.name] = str(field.high)
                case Steps():
                    answers[field.name] = ["2027-11-30|" + "ß" * field.limit] * field.most
                case Choice() if "own" in field.among or "named" in field.among:
                    answers[field.name] = "own" if "own" in field.among else "named"
                case Choice() if field.name == "begun":
                    answers[field.name] = "no"
                case _:
                    answers[field.name] = (
                        field.options({**FACTS, "slots": _slots(form)}) or ("yes",)
                    )[0]
    return answers


@forms
@languages
def test_questions_and_sheets_fit_with_the_longest_answers(form: Form, language: str) -> None:
    wording = Wording(form.name, language)
    facts: dict[str, Answer] = {**FACTS, "partner": "P" * 60, "slots": _slots(form)}
    full = longest(form)
    assert len(wording.label("title")) <= SLACK_TITLE
    for page in form.pages:
        for field in page.fields:
            left = {name: answer for name, answer in full.items() if name != field.name}
            drafts = {field.name: full[field.name]}
            talk = Conversation(form.name, answers=left, drafts=drafts, facts=facts)
            message = Asking(form, talk, wording).question()
            assert len(plain(message.text)) <= TELEGRAM_TEXT
            labels = [button.label for row in message.rows for button in row]
            assert all(0 < len(label) <= SLACK_BUTTON for label in labels)


MILESTONE = Milestone(1, "ß" * 100, date(2027, 3, 12))
ABOUT: dict[str, object] = {
    "operator": "Verein Beispiel",
    "contact": "Kim Beispiel, kim@example.org",
    "joined": True,
    "paired": True,
    "keep": Retention(),
    "tandem": 1,
    "diary": True,
    "statistics": False,
    "entries": [(datetime(2026, 11, 24, 17, tzinfo=UTC), "Kleine Schritte")],
    "more": 1,
    "until": date(2027, 1, 12),
    "value": "14",
    "profile": True,
    "tandems": 1,
    "platforms": ["telegram", "slack"],
    "platform": "slack",
    "preferred": "telegram",
    "agreed": ["tandem"],
    "code": "en",
    "case": 7,
    "by": "Ana",
    "who": "Ben",
    "text": "",
    "named": True,
    "called": True,
    "paused": True,
    "cleared": False,
    "partner": "Ben",
    "me": "Ana",
    "zone": "Europe/Berlin",
    "tandem_zone": "Europe/London",
    "offers": ["Kochen"],
    "seeks": ["Singen"],
    "goal": "Im Chor singen",
    "rhythm": "weekly",
    "gets": ["Singen"],
    "gives": [],
    "shared": ["Wandern"],
    "languages": ["de", "en"],
    "why": "Außer dir sucht gerade noch niemand.",
    "hours": 1,
    "number": 3,
    "what": "parcel",
    "username": "ana_h",
    "kind": "profile",
    "address": "https://t.me/",
    "grouped": True,
    "people": [
        {"user": "U1", "name": "Ana", "offers": ["Kochen"], "seeks": ["Singen"], "goal": "Torten"},
        {"user": "U2", "name": "Ben", "offers": ["Singen"], "seeks": ["Kochen"], "goal": "Lieder"},
    ],
    "mixed": True,
    "hint": True,
    "seen": "ana@example.org",
    "seeking": False,
    "profile_url": "tg://user?id=1",
    "found_url": "group:token",
    "link": "https://t.me/+abcdefgh",
    "days": 7,
    "known": False,
    "common": ["Kochen"],
    "opener": "Wie lernst du am besten?",
    "times": [datetime(2026, 11, 24, 17, tzinfo=UTC)],
    "zones": ["Europe/Berlin", "America/New_York"],
    "founded": True,
    "place": "",
    "held": True,
    "first": True,
    "in_person": True,
    "second": False,
    "answer_by": datetime(2026, 11, 24, 17, tzinfo=UTC),
    "question": "Wie oft?",
    "reply": "Jede Woche.",
    "topics": ["Singen"],
    "next_step": "",
    "mine": True,
    "abroad": True,
    "holiday": "Tag der Deutschen Einheit",
    "instead": datetime(2026, 11, 24, 17, tzinfo=UTC),
    "many": True,
    "minutes": 90,
    "moved": True,
    "off": False,
    "again": True,
    "slots": True,
    "wish": datetime(2026, 11, 24, 17, tzinfo=UTC),
    "next_look": datetime(2026, 11, 24, 17, tzinfo=UTC),
    "next_at": datetime(2026, 11, 24, 17, tzinfo=UTC),
    "expires_at": datetime(2026, 11, 24, 17, tzinfo=UTC),
    "ends_at": datetime(2026, 11, 24, 18, tzinfo=UTC),
    "at": datetime(2026, 11, 24, 17, tzinfo=UTC),
    "milestone": MILESTONE,
    "waiting": [MILESTONE] * 10,
    "steps": [MILESTONE] * 10,
    "reached": [replace(MILESTONE, done_at=datetime(2026, 11, 24, 17, tzinfo=UTC))] * 5,
    "shown": {"14": MILESTONE},
    "ended": False,
    "full": True,
    "gone": True,
    "changing": True,
    "changes": [("Länge", "60 Minuten", "90 Minuten")],
    "lines": [("Länge", "60 Minuten", "90 Minuten")],
    "labels": {"14": ("Länge", "60 Minuten", "90 Minuten")},
    "said_yes": False,
    "missing": ["Ben"],
    "goals": [("Ben", "Im Chor singen")],
    "own_goal": "Mutiger werden",
    "milestones": [("Erstes Lied", date(2027, 1, 12))],
    "kept": True,
    "deadline": datetime(2026, 11, 23, 17, tzinfo=UTC),
    "late": True,
    "lead": "eve",
    "stays": datetime(2026, 11, 24, 17, tzinfo=UTC),
    "skipped": "Am Fr, 25.12., ist Weihnachten, da fällt euer Termin aus.",
    "extra": False,
    "url": "https://tandem.example.org/calendar/" + "0" * 32 + ".ics",
    "size": 0,
    "order": [method.name for method in METHODS],
    "suggested": "grow",
    "spans": [5, 15, 5, 3, 10, 5],
    "total": 43,
    "phases": (15, 60, 15),
    "others": {"14": "Ben"},
    "begins": "14",
    "turn": "14",
    "offered": "14",
    "till": datetime(2026, 11, 24, 17, tzinfo=UTC),
    "over": True,
    "goes_on": True,
    "watched": True,
    "next_minutes": 40,
    "last": [("Ben", "ß" * 300), ("", "ß" * 300)] * 2,
    "resolved": [("Ben", "ß" * 300), ("", "ß" * 300)] * 2,
    "session": 3,
    "with_": "Ben",
    "names": {"14": "P" * 60},
    "shared_with": [("Ben", datetime(2026, 11, 24, 17, tzinfo=UTC), True)] * 3,
    "also": "Cem",
    "note": "taken_back",
    "said": True,
    "halfway": True,
    "count": 12,
    "since": datetime(2026, 11, 24, 17, tzinfo=UTC),
    "query": "ß" * LONGEST_WORD,
    "of": 3,
}
ITEM: dict[str, object] = {name: ABOUT[name] for name in ("at", "partner", "abroad", "deadline")}
WHOLE: dict[str, object] = {"lines": [("Länge", "60 Minuten"), ("Rhythmus", "Jede Woche")]}


SPECIAL: dict[tuple[str, str], dict[str, object]] = {
    ("contacts", "seen"): {"kind": "username"},
    **{("knowing", name): {"until": ABOUT["at"]} for name in ("undated", "still", "kept")},
    **{("care", name): {"until": ABOUT["at"]} for name in ("question", "asked")},
    ("data", "overview"): {"entries": 3},
    **{("agreeing", name): WHOLE for name in ("draft", "whole", "holds", "present")},
    ("agreeing", "file"): {"kind": "pdf"},
    ("reminders", "settings"): {"hours": "20-8", "sundays": True, "value": "eve"},
    ("reminders", "joined"): {
        "items": [{**ITEM, "place": "https://meet.jit.si/x"}] * 3,
        "named": {"14": "Ben"},
    },
    ("lookbacks", "joined"): {
        "items": [ITEM] * 3,
        "named": {"14": ITEM},
        "again": True,
        "value": "14",
    },
    ("pause", "over"): {"dated": [(ABOUT["at"], "P" * 60, True)] * 3, "undated": ["Ben", "Cem"]},
    ("session", "skipped"): {"skipped": [(ABOUT["at"], "Weihnachten")] * 2},
    ("methods", "overview"): {"value": "grow"},
    ("diary_page", "entries"): {
        "entries": [(datetime(2026, 11, 24, 17, tzinfo=UTC), "ß" * SHOWN)] * ON_A_PAGE,
        "shown": {"14": (datetime(2026, 11, 24, 17, tzinfo=UTC), "ß" * (ON_A_BUTTON + 4))},
    },
    ("diary_page", "seen"): {
        "entries": [(datetime(2026, 11, 24, 17, tzinfo=UTC), "ß" * 700)] * 2,
        "shown": {"14": (datetime(2026, 11, 24, 17, tzinfo=UTC), "ß" * (ON_A_BUTTON + 4))},
    },
    **{
        ("diary_page", name): {"text": "ß" * LONGEST, "next_step": "ß" * 300}
        for name in ("entry", "removing", "sharing", "shared")
    },
}
"""Where a card means something else by a name."""


@pytest.mark.parametrize("card", CARDS, ids=lambda card: f"{card.file}.{card.name}")
@languages
def test_every_card_can_be_said_and_fits(card: Card, language: str) -> None:
    wording = Wording(card.file, language)
    about = {**ABOUT, **SPECIAL.get((card.file, card.name), {})}
    said = [wording.say(block, **about) for block in card.wording()]
    text, *labels = (plain(words) for words in said)
    assert 0 < len(text) <= TELEGRAM_TEXT
    assert all(0 < len(label) <= SLACK_BUTTON for label in labels)
    assert "  " not in text.replace("\n", "")


@pytest.mark.parametrize("card", CARDS, ids=lambda card: f"{card.file}.{card.name}")
def test_every_form_a_card_opens_exists(card: Card) -> None:
    opened = {action.form for action in card.actions if isinstance(action, Opens)}
    assert opened <= set(FORMS)


def test_what_people_write_stays_text() -> None:
    hostile = '<b>x</b> {{ 7*7 }} <!channel> & "q"'
    words = Wording("member", "de").say("joined", me=hostile)
    assert "&lt;b&gt;x&lt;/b&gt; {{ 7*7 }} &lt;!channel&gt; &amp;" in words
    assert plain(words).startswith(f"Danke, {hostile}!")


def test_an_operators_own_texts_come_first(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "member.j2").write_text("{% block joined %}Willkommen!{% endblock %}")
    wording = Wording("member", "de", tmp_path)
    assert wording.say("joined", me="Ana") == "Willkommen!"
    assert wording.say("nothing_open") == "Gerade ist keine Frage offen."


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/hilfe", "help"),
        ("/help@tandem_bot", "help"),
        ("Hilfe", "help"),
        ("/start abc123", "start"),
        ("/", None),
        ("", None),
        ("ich brauche hilfe", None),
        ("/unbekannt", None),
    ],
)
def test_commands_are_known_by_their_names_in_both_languages(typed: str, meant: str | None) -> None:
    assert command(typed) == meant


CHECKED = {
    "112",
    "116 117",
    "0800 111 0 111",
    "0800 111 0 222",
    "116 016",
    "116 111",
    "0800 111 0550",
    "0800 33 44 533",
    "116 123",
    "143",
    "0800 143 000",
    "988",
}
"""Numbers somebody has looked up. One that is not here has to be, before anybody is told it."""


@languages
def test_the_crisis_page_has_all_its_words_and_fits(language: str) -> None:
    assert Wording("crisis", language).blocks() == {"crisis", "local", "button"}
    page = crisis.page(language, None)
    assert len(to_mrkdwn(str(page))) <= SLACK_SECTION
    assert len(to_plain(str(page))) <= TELEGRAM_TEXT
    assert "  " not in page
    assert 0 < len(crisis.button(language)) <= SLACK_BUTTON


@languages
def test_the_crisis_page_names_exactly_the_numbers_that_were_checked(language: str) -> None:
    times = re.compile(r"\d+(?::\d+)?–\d+(?::\d+)?|20\d\d|www[.]\S+|143[.]ch")
    page = times.sub("", plain(crisis.page(language, None)))
    assert set(re.findall(r"\d+(?: \d+)*", page)) == CHECKED


@languages
def test_the_way_to_the_crisis_page_is_called_the_same_everywhere(language: str) -> None:
    named = [
        Wording(card.file, language).label(card.label(action))
        for card in CARDS
        for action in card.actions
        if isinstance(action, Crisis)
    ]
    assert set(named) == {crisis.button(language)}


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("/notfall", "de"),
        ("/Notfall@tandem_bot", "de"),
        ("/notfall bitte", "de"),
        ("Notfall!", "de"),
        ("/emergency", "en"),
        ("/crisis", "en"),
        (" crisis ", "en"),
        ("crisis.de", "de"),
        ("crisis.en", "en"),
        ("ein Notfall", None),
        ("not fall", None),
        ("crisis management", None),
        ("/", None),
        ("", None),
    ],
)
def test_who_asks_for_the_crisis_page_is_understood(typed: str, language: str | None) -> None:
    assert crisis.asked(typed) == language


@languages
def test_an_operator_adds_contacts_and_can_take_none_away(tmp_path: Path, language: str) -> None:
    (tmp_path / language).mkdir()
    (tmp_path / language / "crisis.j2").write_text(
        "{% block crisis %}Nothing.{% endblock %}"
        "{% block local %}<b>Here</b>\n030 12345{% endblock %}"
        "{% block button %}Never mind{% endblock %}"
    )
    page, without = crisis.page(language, tmp_path), crisis.page(language, None)
    assert "<b>Here</b>\n030 12345" in page
    assert set(without.splitlines()) <= set(page.splitlines())
    assert "Nothing." not in page
    assert crisis.button(language) != "Never mind"


@pytest.mark.parametrize("local", ["{{ nobody }}", "{% if %}", "x" * 4000], ids=["x", "y", "z"])
def test_an_operators_mistake_in_the_crisis_page_ends_the_start(tmp_path: Path, local: str) -> None:
    (tmp_path / "de").mkdir()
    text = f"{{% block local %}}{local}{{% endblock %}}"
    (tmp_path / "de" / "crisis.j2").write_text(text)
    with pytest.raises(crisis.CrisisPageError, match=r"TANDEM_TEXTS: de/crisis[.]j2"):
        crisis.pages(tmp_path)
