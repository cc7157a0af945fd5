"""One turn of a conversation: what somebody did, and where that leaves their form.

Pure: no words, no platform, no clock. Answers on the way to be changed rest in ``drafts``, so
that going back or editing a line only takes an answer away and the position follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from bot.conversation.fields import SKIPPED, Answer, Answers, Choices, Facts, Field, Problem
from bot.conversation.forms import Form


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that is stored of one. Plain JSON, readable after the next deploy."""

    form: str
    subject: str = ""
    answers: Answers = field(default_factory=dict)
    drafts: Answers = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    in_chat: bool = True
    """Whether its question was asked in the chat, so that typed text answers it."""


class Verb(StrEnum):
    """What a button can mean. The first seven belong to an open form."""

    ANSWER = "answer"
    TOGGLE = "toggle"
    DONE = "done"
    SKIP = "skip"
    BACK = "back"
    KEEP = "keep"
    EDIT = "edit"
    SUBMIT = "submit"
    OPEN = "open"
    ACT = "act"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Press:
    """What a button means. It stays in the store; a platform sees only a random handle.

    ``target`` is a form, a card's action or a command; ``name`` the form's field; ``subject``
    what it is about, as in ``session:12``.
    """

    verb: Verb
    target: str
    name: str = ""
    value: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """Raw answers by field name: one typed in a chat, or a whole page of a sheet."""

    values: Mapping[str, Answer]


Move: TypeAlias = Press | Given


@dataclass(frozen=True, slots=True)
class Step:
    """Where a move leads. With problems nothing was taken."""

    conversation: Conversation
    problems: Mapping[str, Problem] = field(default_factory=dict)
    redraw: bool = False
    """The same question again, changed in place: a tick was set or taken away."""


def take(form: Form, conversation: Conversation, move: Move) -> Step:
    """The conversation after a move. A move that makes no sense any more changes nothing."""
    match move:
        case Given(values):
            return _give(form, conversation, values)
        case Press(Verb.ANSWER, _, name, value):
            return _give(form, conversation, {name: value})
        case Press(Verb.SKIP, _, name):
            return _give(form, conversation, {name: SKIPPED})
        case Press(Verb.DONE | Verb.KEEP, _, name):
            return _give(form, conversation, {name: conversation.drafts.get(name, [])})
        case Press(Verb.TOGGLE, _, name, value):
            return _toggle(form, conversation, name, value)
        case Press(Verb.EDIT, _, name):
            return Step(_reopen(conversation, form.find(name)))
        case Press(Verb.BACK):
            previous = form.previous(conversation.answers, conversation.facts)
            return Step(_reopen(conversation, previous))
        case _:
            return Step(conversation)


def _give(form: Form, conversation: Conversation, values: Mapping[str, Answer]) -> Step:
    known = {name: asked for name in values if (asked := form.find(name))}
    read = {name: asked.read(values[name], conversation.facts) for name, asked in known.items()}
    problems = {name: value for name, value in read.items() if isinstance(value, Problem)}
    if problems:
        return Step(conversation, problems)
    good = {name: value for name, value in read.items() if not isinstance(value, Problem)}
    drafts = {n: draft for n, draft in conversation.drafts.items() if n not in good}
    return Step(replace(conversation, answers={**conversation.answers, **good}, drafts=drafts))


def _toggle(form: Form, conversation: Conversation, name: str, option: str) -> Step:
    asked = form.find(name)
    if not isinstance(asked, Choices) or option not in asked.among:
        return Step(conversation)
    opened = _reopen(conversation, asked)
    ticked = set(opened.drafts.get(name, ())) ^ {option}
    draft = [o for o in asked.among if o in ticked]
    return Step(replace(opened, drafts={**opened.drafts, name: draft}), redraw=True)


def _reopen(conversation: Conversation, asked: Field | None) -> Conversation:
    """Takes an answer back into the drafts, so that its question is asked again."""
    if asked is None or asked.name not in conversation.answers:
        return conversation
    answers = dict(conversation.answers)
    drafts = {**conversation.drafts, asked.name: answers.pop(asked.name)}
    return replace(conversation, answers=answers, drafts=drafts)
