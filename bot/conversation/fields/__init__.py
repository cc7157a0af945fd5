"""Fields: single questions, as data.

The rule of the place: a person's mistake is a value (a `Problem` with a code), never an
exception, and a field reads its own answer again without complaint, since the position in
a form is derived by reading what was answered.
"""

from collections.abc import Iterator
from typing import TypeAlias

from bot.conversation.answers import Answers, Facts, Problem
from bot.conversation.fields.choices import Choice, Choices, Number, Picked, Review
from bot.conversation.fields.texts import Phone, Steps, Text, Topics
from bot.conversation.fields.times import Day, Moment, Weekly, Zone

Field: TypeAlias = (
    Text
    | Phone
    | Topics
    | Choice
    | Choices
    | Number
    | Moment
    | Weekly
    | Day
    | Steps
    | Zone
    | Picked
    | Review
)


def answered(field: Field, answers: Answers, facts: Facts) -> bool:
    """Whether there is an answer the field would still take today."""
    if field.name not in answers:
        return False
    return not isinstance(field.read(answers[field.name], facts), Problem)


def blocks(field: Field) -> Iterator[str]:
    """The texts a field needs in every language."""
    yield field.name
    match field:
        case Choice() | Choices() | Review():
            yield from (f"{field.name}__{option}" for option in field.options({}))
            if isinstance(field, Choice) and field.own_back:
                yield f"{field.name}__back"
        case Picked():
            yield f"{field.name}__other"
        case Phone():
            yield f"{field.name}__share"
        case Topics(unsure=str(form)) if form:
            yield f"{field.name}__unsure"
        case Zone():
            yield f"{field.name}__guess"
        case _:
            return
