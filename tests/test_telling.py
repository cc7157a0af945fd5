"""Why people fit, and what would help who waits, as it is read: in both languages, by anybody."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.wording import LANGUAGES, Wording
from bot.matching.people import Left, Match, Reason
from bot.matching.telling import explained, reasons, unexplained, waiting

NAMES = {"1": "Ana", "2": "Ben", "3": "Cem", "4": "Dana"}
WHY = ["alone", "excluded", "language", "time", "format", "city", "group", "taken", "full"]
HELP = ["evening", "morning", "weekend", "day", "video", "language", "company", "topics"]
FACTS: dict[str, dict[str, object]] = {
    "gets": {"who": "1", "whom": ("2",), "topics": ("Excel",)},
    "shared": {"topics": ("Wandern",)},
    "time": {"minutes": 240},
    "city": {"city": "Köln"},
    "rhythm": {"rhythm": "weekly"},
}
VISIBLE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)

languages = pytest.mark.parametrize("language", LANGUAGES)


def gets(who: str, whom: tuple[str, ...], *topics: str) -> Reason:
    return Reason("gets", {"who": who, "whom": whom, "topics": topics})


def match(*why: Reason, members: tuple[str, ...] = ("1", "2"), minutes: int = 240) -> Match:
    return Match(members, 0.8321, {"mutual": 1.0, "time": 0.25}, minutes, {}, why)


def told(language: str, *why: Reason, members: tuple[str, ...] = ("1", "2")) -> str:
    return " ".join(reasons(match(*why, members=members), NAMES, language))


def test_two_who_learn_from_each_other() -> None:
    why = gets("1", ("2",), "Excel"), gets("2", ("1",), "Spanisch"), Reason("time", FACTS["time"])
    assert told("de", *why) == (
        "Ana sucht Excel, das bietet Ben; umgekehrt hilft Ana bei Spanisch. "
        "Beide haben pro Woche etwa 4 Stunden gemeinsam Zeit."
    )
    assert told("en", *why) == (
        "Ana seeks Excel, which Ben offers; in return Ana helps with Spanisch. "
        "Both are free at the same time for about 4 hours a week."
    )


def test_only_one_learns() -> None:
    assert told("de", gets("2", ("1",), "Excel")) == "Ben sucht Excel, das bietet Ana."
    assert told("en", gets("2", ("1",), "a", "b", "c", "d")) == (
        "Ben seeks a, b, and c, which Ana offers."
    )


def test_a_group_says_who_learns_from_whom() -> None:
    why = (
        gets("1", ("2", "3"), "Excel"),
        gets("3", ("1",), "Spanisch"),
        Reason("time", {"minutes": 45}),
    )
    assert told("de", *why, members=("1", "2", "3")) == (
        "Ana sucht Excel, das bieten Ben und Cem; Cem sucht Spanisch, das bietet "
        "Ana. Alle drei haben pro Woche 45 Minuten gemeinsam Zeit."
    )
    assert told("en", *why, members=("1", "2", "3", "4")) == (
        "Ana seeks Excel, which Ben and Cem offer; Cem seeks "
        "Spanisch, which Ana offers. All four are free at the same time for 45 minutes a week."
    )


def test_a_topic_of_many_words_needs_no_grammar() -> None:
    why = gets("1", ("2",), "wie ich mich besser bewerbe"), gets("2", ("1",), "Spanisch")
    assert told("de", *why) == (
        "Was Ana sucht, bietet Ben: wie ich mich besser bewerbe; "
        "umgekehrt bietet Ana, was Ben sucht: Spanisch."
    )
    assert told("de", why[0]) == ("Was Ana sucht, bietet Ben: wie ich mich besser bewerbe.")


def test_with_nothing_in_common_there_is_time() -> None:
    assert told("de") == (
        "Ein gemeinsames Thema gibt es noch nicht, aber die Zeit passt. "
        "Beide haben pro Woche etwa 4 Stunden gemeinsam Zeit."
    )
    assert told("de", Reason("time", {"minutes": 240})) == told("de")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(45, "45 Minuten"), (60, "etwa eine Stunde"), (90, "etwa 2 Stunden"), (10_080, "flexibel")],
)
def test_time_is_said_as_people_say_it(minutes: int, words: str) -> None:
    time = Reason("time", {"minutes": minutes})
    assert words in reasons(match(gets("1", ("2",), "x"), time), NAMES, "de")[1]


@languages
@pytest.mark.parametrize("rhythm", ["weekly", "biweekly", "any"])
@pytest.mark.parametrize("members", [("1", "2"), ("1", "2", "3"), ("1", "2", "3", "4")])
def test_every_rhythm_has_its_words(language: str, rhythm: str, members: tuple[str, ...]) -> None:
    why = gets("1", ("2",), "x"), Reason("rhythm", {"rhythm": rhythm})
    assert told(language, *why, members=members)


@languages
@pytest.mark.parametrize("code", FACTS)
def test_every_reason_has_its_words(language: str, code: str) -> None:
    assert 1 <= len(reasons(match(Reason(code, FACTS[code])), NAMES, language)) <= 2


@languages
@pytest.mark.parametrize("why", WHY)
@pytest.mark.parametrize("help_", ["", *HELP])
def test_who_waits_reads_why_and_what_would_help(language: str, why: str, help_: str) -> None:
    words = waiting(Left("1", why, help_, 12), language)
    assert re.fullmatch(r"[^.]+\.( [^.]+\.)?", words)
    assert ("12 " in words) == bool(help_)


def test_numbers_are_said_in_the_right_number() -> None:
    def evenings(near: int, language: str) -> str:
        return waiting(Left("1", "time", "evening", near), language)

    assert evenings(12, "de") == (
        "Gerade hat niemand zur selben Zeit Zeit wie du. "
        "Mit einem Abend mehr würden 12 Personen zu dir passen."
    )
    assert evenings(1, "de").endswith("würde 1 Person zu dir passen.")
    assert evenings(0, "de").endswith("findet sich leichter jemand.")
    assert evenings(12, "en").endswith("With one more evening, 12 people would suit you.")
    assert evenings(1, "en").endswith("With one more evening, 1 person would suit you.")


@languages
def test_there_are_words_for_what_there_is_and_no_others(language: str) -> None:
    blocks = Wording("matching", language).blocks()
    known = {f"left__{why}" for why in WHY} | {f"help__{code}" for code in HELP}
    about = {"no_topic", "mutual", "more", "placed", "waits", "reads", "fit", "part"}
    parts = {block for block in blocks if block.startswith("part__")}
    assert blocks - parts == known | about | set(FACTS)


def test_both_languages_have_words_for_the_same_parts() -> None:
    german, english = (Wording("matching", language).blocks() for language in LANGUAGES)
    assert german == english


def test_a_question_about_somebody_is_answered() -> None:
    lines = explained(match(gets("1", ("2",), "Excel")), "2", NAMES, "de")
    assert lines == [
        "Ben ist im Tandem mit Ana.",
        "Ana sucht Excel, das bietet Ben.",
        "Das passt zu 83 %:",
        "– Lernen voneinander: 100 %",
        "– Gemeinsame Zeit: 25 %",
    ]
    group = explained(match(members=("1", "2", "9")), "1", NAMES, "en")
    assert group[0] == "Ana is in a group with Ben and 9."
    assert unexplained(Left("1", "alone"), NAMES, "en") == [
        "Ana is in no tandem yet.",
        "For Ana that means: “Nobody else is looking right now.”",
    ]


@languages
@given(text=VISIBLE, name=VISIBLE)
def test_what_people_wrote_stays_as_it_is(language: str, text: str, name: str) -> None:
    found = reasons(match(gets("1", ("2",), text)), {"1": name}, language)[0]
    assert name in found
    assert text[:60] in found


def test_a_name_or_topic_of_several_lines_is_one_line() -> None:
    assert told("de", gets("1", ("2",), " Ex\r\ncel\t")) == "Ana sucht Ex cel, das bietet Ben."
    assert reasons(match(gets("1", ("2",), "x")), {"1": " \n"}, "de")[0].startswith("1 sucht")


@languages
def test_nothing_people_wrote_is_markup_or_a_template(language: str) -> None:
    hostile = "<b>x</b> {{ 7*7 }} & <!channel>"
    found = reasons(match(gets("1", ("2",), hostile)), {"1": hostile}, language)[0]
    assert found.count(hostile) == 2


@pytest.mark.parametrize("gendered", [r"\ber\b", r"\bihr\b", r"\bihm\b", r"\w+[*:]in\b"])
def test_nobody_is_taken_for_a_man_or_a_woman(gendered: str) -> None:
    words = [told("de", Reason(code, facts)) for code, facts in FACTS.items()]
    words += [waiting(Left("1", why, code, 2), "de") for why in WHY for code in HELP]
    assert not [sentence for sentence in words if re.search(gendered, sentence, re.IGNORECASE)]
