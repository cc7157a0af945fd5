"""Fields, forms and turns: positions follow from answers, mistakes are values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.answers import Answer, Answers, Problem, clean
from bot.conversation.fields import Field
from bot.conversation.fields.choices import Choice, Choices, Number, yes_no
from bot.conversation.fields.texts import Text, Topics
from bot.conversation.fields.times import Moment
from bot.conversation.forms import Form, FormError, Only, Page
from bot.conversation.talk import Conversation, Given, Press, Verb, take
from bot.flows import FORMS

TALK = Form(
    "talk",
    (
        Page("first", (Text("name"), Choice("role", ("teach", "learn")))),
        Page("second", (Text("offers"),), when=(Only("role", ("teach",)),)),
        Page(
            "third", (Choices("days", ("mon", "tue", "wed"), least=2), Text("word", optional=True))
        ),
    ),
)
FACTS: Answers = {"slots": ["2026-11-24T18:00"], "earliest": "2026-11-20T09:00"}


def asked(answers: dict[str, Answer]) -> str | None:
    field = TALK.field(answers, {})
    return field.name if field else None


@pytest.mark.parametrize(
    ("answers", "next_question"),
    [
        ({}, "name"),
        ({"name": "Ana"}, "role"),
        ({"name": "Ana", "role": "teach"}, "offers"),
        ({"name": "Ana", "role": "learn"}, "days"),
        ({"name": "Ana", "role": "learn", "days": ["mon"]}, "days"),
        ({"name": "Ana", "role": "learn", "days": ["mon", "tue"]}, "word"),
        ({"name": "Ana", "role": "learn", "days": ["mon", "tue"], "word": ""}, None),
        ({"name": "Ana", "role": "no longer offered"}, "role"),
    ],
)
def test_the_position_follows_from_the_answers(
    answers: dict[str, Answer], next_question: str | None
) -> None:
    assert asked(answers) == next_question


def test_answers_on_pages_that_no_longer_apply_do_not_count() -> None:
    changed_their_mind: dict[str, Answer] = {"name": "Ana", "role": "learn", "offers": "chess"}
    assert TALK.result(changed_their_mind) == {"name": "Ana", "role": "learn"}


def test_a_condition_on_something_not_asked_yet_is_refused() -> None:
    with pytest.raises(FormError, match="depends on no earlier answer"):
        Form("odd", (Page("first", (Text("a"),), when=(Only("role", ("teach",)),)),))


def test_a_question_asked_twice_is_refused() -> None:
    with pytest.raises(FormError, match="asks for a twice"):
        Form("odd", (Page("first", (Text("a"), Text("a"))),))


@pytest.mark.parametrize(
    ("field", "raw", "expected"),
    [
        (Text("t"), "  Ana  ", "Ana"),
        (Text("t"), "", Problem("empty")),
        (Text("t"), "\u202e\u200b", Problem("empty")),
        (Text("t"), ["a", "list"], Problem("empty")),
        (Text("t", limit=3), "abcd", Problem("too_long")),
        (Text("t", optional=True), " ", ""),
        (Choice("c", ("a", "b")), "a", "a"),
        (Choice("c", ("a", "b")), "c", Problem("unknown")),
        (Choice("c", ("a", "b")), "", Problem("unknown")),
        (Choice("c", ("a", "b"), optional=True), "", ""),
        (yes_no("y"), "yes", "yes"),
        (Choices("m", ("a", "b", "c")), ["c", "a"], ["a", "c"]),
        (Choices("m", ("a", "b", "c"), least=2), ["c", "c"], Problem("too_few")),
        (Choices("m", ("a", "b")), ["x"], Problem("unknown")),
        (Choices("m", ("a", "b")), "", Problem("too_few")),
        (Number("n", 1, 5), "3", "3"),
        (Number("n", 1, 5), "6", Problem("unknown")),
        (Number("n", 1, 5, optional=True), "", ""),
        (Moment("w"), "2026-11-24T18:00", "2026-11-24T18:00"),
        (Moment("w"), "2026-11-24T18:00:30", "2026-11-24T18:00"),
        (Moment("w"), "2026-11-20T08:59", Problem("past")),
        (Moment("w"), "2026-11-24T18:00+01:00", Problem("unknown")),
        (Moment("w"), "soon", Problem("unknown")),
    ],
    ids=str,
)
def test_a_field_reads_an_answer_or_names_the_problem(
    field: Field, raw: Answer, expected: Answer | Problem
) -> None:
    assert field.read(raw, FACTS) == expected


ANYTHING = st.one_of(st.text(), st.lists(st.text(max_size=5), max_size=4))
EVERY_FIELD = [field for form in FORMS.values() for page in form.pages for field in page.fields]


@given(raw=ANYTHING, field=st.sampled_from(EVERY_FIELD))
def test_a_field_takes_its_own_answer_again(raw: Answer, field: Field) -> None:
    read = field.read(raw, FACTS)
    if not isinstance(read, Problem):
        assert field.read(read, FACTS) == read


@given(st.text())
def test_cleaned_text_is_clean(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert not set(clean(text)) & set(
        "\u202a\u202b\u202d\u202e\u2066\u2067\u200b\x00\x1b\x7f\ud800"
    )


MOVES = st.one_of(
    st.builds(
        Press,
        st.sampled_from(list(Verb)),
        st.just("talk"),
        st.sampled_from(["name", "role", "offers", "days", "word", "gone"]),
        st.sampled_from(["teach", "learn", "mon", "tue", "gone", ""]),
    ),
    st.builds(
        Given,
        st.dictionaries(st.sampled_from(["name", "role", "offers", "days", "word", "x"]), ANYTHING),
    ),
)


@given(st.lists(MOVES, max_size=30))
def test_whatever_somebody_does_every_answer_kept_is_one_its_field_takes(
    moves: list[Press | Given],
) -> None:
    talk = Conversation("talk")
    for move in moves:
        step = take(TALK, talk, move)
        assert not step.problems or step.conversation == talk
        talk = step.conversation
        for name, answer in talk.answers.items():
            field = TALK.find(name)
            assert field is not None
            assert field.read(answer, {}) == answer


def test_going_back_takes_the_answer_along_to_be_kept_or_changed() -> None:
    talk = Conversation("talk", answers={"name": "Ana"})
    back = take(TALK, talk, Press(Verb.BACK, "talk", "role")).conversation
    assert (back.answers, back.drafts) == ({}, {"name": "Ana"})
    kept = take(TALK, back, Press(Verb.KEEP, "talk", "name")).conversation
    assert (kept.answers, kept.drafts) == ({"name": "Ana"}, {})


def test_ticks_are_set_and_taken_away_before_they_count() -> None:
    talk = Conversation("talk", answers={"name": "Ana", "role": "learn"})
    for day in ("mon", "tue", "wed", "mon"):
        talk = take(TALK, talk, Press(Verb.TOGGLE, "talk", "days", day)).conversation
    assert "days" not in talk.answers
    done = take(TALK, talk, Press(Verb.DONE, "talk", "days")).conversation
    assert done.answers["days"] == ["tue", "wed"]


def test_one_topic_too_many_is_said_and_the_list_stays() -> None:
    form = Form("list", (Page("only", (Topics("topics", most=2),)),))
    talk = Conversation("list", drafts={"topics": ["a", "b"]})
    step = take(form, talk, Press(Verb.TOGGLE, "list", "topics", "c"))
    talk = step.conversation
    assert (step.problems, step.redraw) == ({"topics": Problem("too_many")}, False)
    assert talk.drafts == {"topics": ["a", "b"]}
    assert take(form, talk, Press(Verb.TOGGLE, "list", "topics", "a")).redraw
