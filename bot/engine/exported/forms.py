"""What somebody told in forms: their profile, and what is not finished."""

from pydantic import AwareDatetime, Field

from bot.conversation.answers import Answer
from bot.conversation.fields.choices import OTHER, Picked
from bot.conversation.talk import Conversation
from bot.conversation.voice import suggested
from bot.engine.exported.parts import Part
from bot.flows import FORMS

ELSE = "other"
"""What somebody picked who picked nobody."""


class Profile(Part):
    """What the member told of themselves."""

    name: str = Field(description="Full name; others see its first part")
    offers: list[str] = Field(description="Topics they offer")
    seeks: list[str] = Field(description="Topics they seek")
    goal: str = Field(description="What they want to achieve")
    goal_exactly: str = Field(description="What exactly they mean by it")
    goal_sign: str = Field(description="How they will notice that it is achieved")
    expectations: str = Field(description="What they expect of a partner")
    languages: list[str] = Field(description="Languages they can talk in")
    days: list[str] = Field(description="Weekdays on which they have time, mon to sun")
    times: list[str] = Field(description="Times of day: morning, midday, afternoon, evening")
    rhythm: str = Field(description="How often they want to meet: weekly or biweekly")
    length: str = Field(description="Minutes of a session")
    format: str = Field(description="How they want to meet: video, in_person or both")
    city: str = Field(description="Where they would meet in person")
    company: str = Field(description="How many they want to be: pair, group or either")
    capacity: str = Field(description="How many tandems at once")


class OpenQuestion(Part):
    """A form that is not finished."""

    form: str = Field(description="Which form")
    answers: dict[str, str | list[str]] = Field(
        description="What was answered so far, by question; drafts too"
    )
    suggestions: list[str] = Field(description="Topics made of the member's own words")
    asked_at: AwareDatetime | None = Field(description="When its question was last asked")


def question_of(talk: Conversation) -> OpenQuestion:
    said = {**talk.drafts, **talk.answers}
    return OpenQuestion(
        form=talk.form,
        answers={name: _answer(talk, name, answer) for name, answer in said.items()},
        suggestions=suggested(talk.facts),
        asked_at=talk.asked_at,
    )


def _answer(talk: Conversation, name: str, answer: Answer) -> Answer:
    """As it was given; whom somebody picked by name, not by the number the bot has for them."""
    asked = FORMS[talk.form].find(name)
    if not isinstance(asked, Picked) or answer not in asked.options(talk.facts):
        return answer
    return ELSE if answer == OTHER else asked.label(str(answer), talk.facts)
