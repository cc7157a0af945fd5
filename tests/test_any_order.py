"""Whatever way somebody takes through the questions, they end with the same profile."""

import json
from dataclasses import asdict
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.answers import Answer, Problem
from bot.conversation.asking import Asking
from bot.conversation.fields.texts import Topics
from bot.conversation.talk import Adds, Conversation, Given, Move, Press, Step, Verb, take
from bot.conversation.typed import typed
from bot.conversation.wording import LANGUAGES, Wording
from bot.flows.onboarding import ONBOARDING, defaults

NOW = datetime(2026, 11, 2, 9)  # noqa: DTZ001 -- local where somebody types
FACTS: dict[str, Answer] = {"zone": "Europe/Berlin"}
WANTED: dict[str, Answer] = {
    "consent": "yes",
    "extras": ["diary"],
    "offers": ["Kochen", "Backen"],
    "seeks": ["Singen"],
    "goal": "Mutiger werden",
    "goal_exactly": "Öfter widersprechen",
    "goal_sign": "Dreimal getan",
    "days": ["tue", "thu"],
    "times": ["evening"],
    "zone": "Europe/Vienna",
    "name": "Ana",
    "expectations": "Offen reden",
    "languages": ["de", "en"],
    "rhythm": "biweekly",
    "length": "90",
    "format": "both",
    "city": "Wien",
    "company": "either",
    "capacity": "2",
    "check": "yes",
}
"""What somebody means, whatever they press on the way."""
WORDS = {language: Wording("onboarding", language) for language in LANGUAGES}
FIELDS = [field.name for page in ONBOARDING.pages for field in page.fields]


def speakers(talk: Conversation, language: str) -> list[Asking]:
    first = sorted(LANGUAGES, key=lambda code: code != language)
    return [Asking(ONBOARDING, talk, WORDS[code]) for code in first]


def loaded(talk: Conversation) -> Conversation:
    """As it comes back from the store after a restart."""
    return Conversation(**json.loads(json.dumps(asdict(talk))))


def moves(talk: Conversation, language: str, values: dict[str, Answer]) -> list[Move]:
    """How somebody answers the question that is asked now, by typing in their language."""
    asked = ONBOARDING.field(talk.answers, talk.facts)
    assert asked is not None
    wanted = values[asked.name]
    if isinstance(asked, Topics):
        listed = set(talk.drafts.get(asked.name, ())) - set(wanted)
        out: list[Move] = [press(Verb.TOGGLE, asked.name, topic) for topic in sorted(listed)]
        text = ", ".join(wanted)
        return [*out, typed(asked, text, speakers(talk, language), NOW, split), done(asked.name)]
    if asked.name == "extras":
        ticked = set(talk.drafts.get(asked.name, ())) ^ set(wanted)
        return [*(press(Verb.TOGGLE, asked.name, v) for v in sorted(ticked)), done(asked.name)]
    speaker = speakers(talk, language)[0]
    said = [wanted] if isinstance(wanted, str) else wanted
    labels = [said_as(speaker, asked.name, value) for value in said]
    return [typed(asked, ", ".join(labels), speakers(talk, language), NOW, split)]


def said_as(speaker: Asking, name: str, value: str) -> str:
    """A value as a person of that language would type it."""
    asked = ONBOARDING.find(name)
    assert asked is not None
    has_label = bool(asked.options(FACTS)) and name != "zone"
    return speaker.option(asked, value) if has_label else value


def split(text: str) -> list[str]:
    return text.split(", ")


def press(verb: Verb, name: str, value: str = "") -> Press:
    return Press(verb, "onboarding", name, value)


def done(name: str) -> Press:
    return press(Verb.DONE, name)


def finished(talk: Conversation, language: str, values: dict[str, Answer]) -> dict[str, Answer]:
    """Answers everything, looks the summary through line by line, and confirms it."""
    edited: set[str] = set()
    for _ in range(200):
        asked = ONBOARDING.field(talk.answers, talk.facts)
        if asked is None:
            return ONBOARDING.result(talk.answers)
        wrong = [f.name for f in ONBOARDING.fields(talk.answers) if is_wrong(talk, f.name, values)]
        steps: list[Move]
        if asked.name == "check" and wrong and wrong[0] not in edited:
            edited.add(wrong[0])
            steps = [press(Verb.EDIT, wrong[0])]
        else:
            edited.clear()
            steps = moves(talk, language, values)
        for step in steps:
            talk = loaded(moved(talk, step).conversation)
    raise AssertionError(f"never done: {talk}")


def is_wrong(talk: Conversation, name: str, values: dict[str, Answer]) -> bool:
    return name != "check" and talk.answers.get(name) != values[name]


def moved(talk: Conversation, move: Move) -> Step:
    return take(ONBOARDING, talk, move)


def opened() -> Conversation:
    return Conversation("onboarding", "", defaults("", "de"), {}, FACTS)


VALUES = st.sampled_from(["yes", "no", "diary", "mon", "tue", "evening", "weekly", "Tanzen", "2"])
STRAYING = st.one_of(
    st.builds(press, st.sampled_from(list(Verb)), st.sampled_from(FIELDS), VALUES),
    st.builds(Adds, st.sampled_from(["offers", "seeks"]), st.tuples(st.text(max_size=70))),
    st.sampled_from(["answer", "restart", "de", "en"]),
)
"""Any button of any question, old or new, a list that grows, an answer, a restart, a language."""


@settings(deadline=None, max_examples=25)
@given(st.lists(STRAYING, max_size=40))
def test_any_way_through_the_questions_ends_in_the_same_profile(strays: list[Move | str]) -> None:
    talk, language = opened(), "de"
    for stray in strays:
        match stray:
            case "restart":
                talk = loaded(talk)
            case "de" | "en":
                language = str(stray)
            case "answer":
                if ONBOARDING.field(talk.answers, talk.facts) is not None:
                    for move in moves(talk, language, WANTED):
                        talk = moved(talk, move).conversation
            case Press() | Given() | Adds() as move:
                talk = moved(talk, move).conversation
            case unknown:
                raise AssertionError(unknown)
        if ONBOARDING.field(talk.answers, talk.facts) is not None:
            assert speakers(talk, language)[0].question().text
    if talk.answers.get("consent") == "no":  # they may say yes again, from the start
        talk = moved(talk, press(Verb.ANSWER, "consent", "yes")).conversation
    if talk.answers.get("check") == "yes":  # it was confirmed already: they look at it again
        talk = moved(talk, press(Verb.EDIT, "check")).conversation
    assert finished(talk, language, WANTED) == finished(opened(), "de", WANTED)


@settings(deadline=None, max_examples=15)
@given(st.permutations(FIELDS), st.sampled_from(LANGUAGES))
def test_answers_out_of_order_end_in_the_same_profile(order: list[str], language: str) -> None:
    """As from two devices at once: buttons of questions that are not asked yet, or no longer."""
    talk = opened()
    for name in order:
        asked = ONBOARDING.find(name)
        assert asked is not None
        wanted = WANTED[name]
        if not isinstance(asked.read(wanted, FACTS), Problem) and name != "check":
            values = [wanted] if isinstance(wanted, str) else wanted
            verb = Verb.ANSWER if isinstance(wanted, str) else Verb.TOGGLE
            for value in values:
                talk = loaded(moved(talk, press(verb, name, value)).conversation)
    assert finished(talk, language, WANTED) == finished(opened(), "de", WANTED)
