"""The catalogue is sound, and people's own words for its topics are understood."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.wording import LANGUAGES
from bot.matching import topics
from bot.matching.lexicon import Lexicon, lexicon, read
from bot.matching.words import JOINING, fold, words

CATALOGUE = lexicon().topics.values()
MOST_LABEL = 40
languages = pytest.mark.parametrize("language", LANGUAGES)
anything = st.text(max_size=200) | st.text("aäbenu +#-,;&/•()\n", max_size=200)


def test_there_is_a_topic_for_everybody() -> None:
    assert len(CATALOGUE) >= 600
    assert len({topic.area for topic in CATALOGUE}) >= 20


def test_no_two_topics_have_a_name_in_common() -> None:
    names = Counter(name for topic in CATALOGUE for name in {fold(n) for n in topic.names()})
    assert [name for name, owners in names.items() if owners > 1] == []


def test_labels_are_there_in_both_languages_and_fit_a_button() -> None:
    for topic in CATALOGUE:
        assert set(topic.labels) == set(LANGUAGES)
        assert all(0 < len(label) <= MOST_LABEL for label in topic.labels.values()), topic
        assert all(label == label.strip() and "," not in label for label in topic.labels.values())


def test_neighbours_know_each_other() -> None:
    known = lexicon().topics
    for topic in CATALOGUE:
        assert topic.neighbours, topic
        assert topic.id not in topic.neighbours
        assert all(topic.id in known[near].neighbours for near in topic.neighbours)


@languages
def test_every_topic_is_known_by_all_its_names(language: str) -> None:
    for topic in CATALOGUE:
        assert topics.key(topic.labels[language].upper()) == topic.id
        assert all(topics.key(alias) == topic.id for alias in topic.aliases)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("a | A | A | | b\nb | B | B | | c", "b can't have c"),
        ("a | A | A | | a", "a can't have a"),
        ("a | A | A | |\na | B | B | |", "two topics are called a"),
        ("a | A | A | Ärger |\nb | B | B | aerger |", "'aerger' belongs to a and to b"),
        ("a | A | ? | |", "without letters"),
        ("a | A | A |", "not five fields"),
    ],
)
def test_a_mistake_in_the_catalogue_is_loud(lines: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Lexicon(read(lines))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # However it is written.
        ("Zeitmanagement", "time-management"),
        ("time management", "time-management"),
        ("Zeit-Management", "time-management"),
        ("ZEIT MANAGEMENT", "time-management"),
        ("Zeitmanagement!", "time-management"),
        ("Nähen", "sewing"),
        ("naehen", "sewing"),
        ("NÄHEN", "sewing"),
        ("Na\u0308hen", "sewing"),
        ("C++", "cpp"),
        ("c#", "csharp"),
        ("Stimme & Körpersprache", "voice"),
        # In another form.
        ("Bewerbung", "applications"),
        ("Bewerbungen", "applications"),
        ("bewerben", "applications"),
        ("job application", "applications"),
        ("jobs applications", "applications"),
        ("Lebensläufe", "cv-writing"),
        ("Fotografieren", "photography"),
        ("fotografiere", "photography"),
        ("Gitarren", "guitar"),
        ("spanische", "spanish"),
        ("Programmieren", "programming-basics"),
        ("Umgang mit Jobverlust", "job-loss"),
        ("Jobverluste: Umgang", "job-loss"),
        ("Präsentieren", "presenting"),
        ("Präsentationen", "presenting"),
        ("presentations", "presenting"),
        ("Vortrag", "public-speaking"),
        ("Vorträge halten", "public-speaking"),
        ("halte Vorträge", "public-speaking"),
        # With words around it.
        ("Gitarre lernen", "guitar"),
        ("Ich möchte gern Gitarre lernen", "guitar"),
        ("learning Python", "python"),
        ("Spanisch für Anfänger", "spanish"),
        ("Spanish for beginners", "spanish"),
        ("Excelkenntnisse", "excel"),
        ("Excel-Grundlagen", "excel"),
        ("Grundlagen der Statistik", "statistics"),
        ("besser schlafen", "sleeping-better"),
        # In the other language.
        ("Schach", "chess"),
        ("chess", "chess"),
        ("Datenanalyse", "data-analysis"),
        ("data analysis", "data-analysis"),
        ("Künstliche Intelligenz", "ai-basics"),
        ("AI", "ai-basics"),
        ("Vorstellungsgespräch", "job-interviews"),
        ("job interview", "job-interviews"),
        ("Gehalt verhandeln", "salary-negotiation"),
        ("negotiating a salary", "salary-negotiation"),
        # With a typing error.
        ("Pyhton", "python"),
        ("Gitare", "guitar"),
        ("Photografie", "photography"),
        ("Excell", "excel"),
        ("Zeitmanagment", "time-management"),
        ("Projektmangement", "project-management"),
        ("Presentation halten", "presenting"),
        ("Bewerbugnen", "applications"),
        ("Datenanalize", "data-analysis"),
        ("meditaton", "mindfulness"),
        # Something else.
        ("Weinkunde", "wine"),
        ("Steinkunde", None),
        ("Java", "java"),
        ("JavaScript", "javascript"),
        ("Wein", "wine"),
        ("Bein", None),
        ("Reis", None),
        ("Zeit", None),
        ("C", None),
        ("excellent", None),
        ("the", None),
        ("Kochen ohne Kochen", None),
        ("Schach " * 20, None),
        ("", None),
        ("?!", None),
    ],
)
def test_a_topic_is_recognised(typed: str, meant: str | None) -> None:
    found = topics.recognise(typed)
    assert (found and found.id) == meant


def test_what_is_no_topic_is_its_own_key() -> None:
    assert topics.key("Quax-Brix") == topics.key("quax brix") == "~quaxbrix"
    assert topics.key("Zeitmanagement") == topics.key("time management") == "time-management"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (
            "Ich helfe oft mit Excel und halte gern Vorträge",
            {"de": ["Excel", "Vorträge halten"], "en": ["Excel", "Public speaking"]},
        ),
    ],
)
@languages
def test_topics_are_found_in_a_sentence(
    said: str, named: dict[str, list[str]], language: str
) -> None:
    assert topics.extract(said, language) == named[language]


@languages
def test_who_said_nothing_is_offered_a_bit_of_everything(language: str) -> None:
    offered = topics.suggestions([], language, 16)
    areas = {known.area for label in offered if (known := topics.recognise(label))}
    assert len(set(offered)) == 16
    assert len(areas) >= 8


@languages
def test_what_is_near_is_offered_first_and_nothing_twice(language: str) -> None:
    known = lexicon().topics
    said = ["Schach", "Excell"]
    offered = topics.suggestions(said, language, 60)
    keys = [topics.key(label) for label in offered]
    near = known["excel"].neighbours
    assert tuple(keys[: len(near)]) == near
    assert set(known["chess"].neighbours) <= set(keys)
    assert len(set(keys)) == len(keys)
    assert not {"chess", "excel"} & set(keys)
    assert topics.suggestions(said, language, 60) == offered
    assert topics.suggestions(said, language, 0) == []


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("Excel, Kochen;Gitarre\nSchach", ["Excel", "Kochen", "Gitarre", "Schach"]),
        ("• Excel • Kochen\n- Gitarre\n* Schach", ["Excel", "Kochen", "Gitarre", "Schach"]),
        ("1. Excel\n2. Kochen\n3) Schach", ["Excel", "Kochen", "Schach"]),
        ("Excel / Word", ["Excel", "Word"]),
        ("UX/UI", ["UX/UI"]),
        ("Kochen und Backen", ["Kochen", "Backen"]),
        ("kochen und backen", ["kochen", "backen"]),
        ("Excel & Gitarre", ["Excel", "Gitarre"]),
        ("chess and cooking", ["chess", "cooking"]),
        ("Singen sowie Schach", ["Singen", "Schach"]),
        ("Klettern & Bouldern", ["Klettern & Bouldern"]),
        ("Excel, Schach, und Kochen", ["Excel", "Schach", "Kochen"]),
        ("und Kochen", ["Kochen"]),
        ("Excel, excel, EXCEL.", ["Excel"]),
        ("Zeit-Management, Zeitmanagement", ["Zeit-Management"]),
        ("Stimme und Körpersprache", ["Stimme und Körpersprache"]),
        ("Stimme & Körpersprache", ["Stimme & Körpersprache"]),
        ("Schach und Stimme und Körpersprache", ["Schach", "Stimme und Körpersprache"]),
        ("Tagebuch und Journaling und Excel", ["Tagebuch und Journaling", "Excel"]),
        ("Obst- und Gemüsekisten", ["Obst- und Gemüsekisten"]),
        ("Neubau und -planung", ["Neubau und -planung"]),
        ("mündlicher und schriftlicher Ausdruck", ["mündlicher und schriftlicher Ausdruck"]),
        ("Quax und Brix", ["Quax", "Brix"]),
        (
            "Ich koche gern und helfe oft bei Excel",
            ["Ich koche gern und helfe oft bei Excel"],
        ),
        ("Sprachen (Englisch, Spanisch), Excel", ["Sprachen (Englisch, Spanisch)", "Excel"]),
        ("1,5 Grad", ["1,5 Grad"]),
        ("C, C++, C#", ["C", "C++", "C#"]),
        ("2. Weltkrieg", ["2. Weltkrieg"]),
        (" , ;\n•\n und , ??? ", []),
        ("", []),
    ],
)
def test_what_was_typed_is_a_list(typed: str, listed: list[str]) -> None:
    assert topics.split(typed) == listed


@given(anything)
def test_a_list_keeps_every_word(text: str) -> None:
    parts = topics.split(text)
    kept = "".join(fold(part) for part in parts)
    lost = [word for word in words(text) if word not in kept and word not in JOINING]
    assert all(word.isdecimal() for word in lost)  # a list may be numbered
    assert len({fold(part) for part in parts}) == len(parts)


@given(anything)
@languages
def test_nothing_anybody_types_is_too_much(language: str, text: str) -> None:
    topics.recognise(text)
    assert topics.key(text) == topics.key(text.strip())
    labels = topics.extract(text, language) + topics.suggestions([text], language, 6)
    assert {topics.key(label) for label in labels} <= set(lexicon().topics)


@pytest.mark.parametrize("piece", ["a, ", "& ", "und und ", "(,", "x und y ", "•", "Excel ", "ä"])
def test_a_flood_is_cut_short(piece: str) -> None:
    """What comes after the first few thousand characters changes nothing."""
    flood, enough = piece * 50_000, piece * topics.READ
    assert len(topics.split(flood)) <= topics.PARTS
    assert topics.split(flood) == topics.split(enough)
    assert topics.extract(flood, "de") == topics.extract(enough, "de")
    assert topics.recognise(flood) == topics.recognise(enough)
    assert len(topics.suggestions([flood] * 1_000, "de", 6)) == 6
