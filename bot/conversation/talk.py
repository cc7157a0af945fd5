"""One turn of a conversation: what somebody did, and where that leaves their form.

Pure: no words, no platform, no clock. Answers on the way to be changed rest in ``drafts``, so
that going back or editing a line only takes an answer away and the position follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.conversation.answers import SKIPPED, Answer, Answers, Facts, Problem, clean
from bot.conversation.fields import Field
from bot.conversation.fields.choices import Choices
from bot.conversation.fields.texts import Topics
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
    asked_at: datetime | None = None
    """When it was last asked; None for one not stored yet."""


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

    values: Mapping[str, Answer | Problem]


@dataclass(frozen=True, slots=True)
class Adds:
    """Topics typed in a chat: they join the list, which is complete when they say so."""

    name: str
    topics: tuple[str, ...]


Move: TypeAlias = Press | Given | Adds


@dataclass(frozen=True, slots=True)
class Step:
    """Where a move leads. With problems no answer was taken; a draft may have been."""

    conversation: Conversation
    problems: Mapping[str, Problem] = field(default_factory=dict)
    redraw: bool = False
    """The same question again, changed in place: a tick was set or taken away."""


def take(form: Form, conversation: Conversation, move: Move) -> Step:
    """The conversation after a move. A move that makes no sense any more changes nothing."""
    match move:
        case Given(values):
            return _give(form, conversation, values)
        case Adds(name, topics):
            return _add(form, conversation, name, topics)
        case Press(Verb.ANSWER, _, name, value):
            return _give(form, conversation, {name: value})
        case Press(Verb.SKIP, _, name):
            return _give(form, conversation, {name: SKIPPED})
        case Press(Verb.DONE | Verb.KEEP, _, name):
            if name in conversation.answers:  # an older button of a question answered since
                return Step(conversation)
            return _give(form, conversation, {name: conversation.drafts.get(name, [])})
        case Press(Verb.TOGGLE, _, name, value):
            return _toggle(form, conversation, name, value)
        case Press(Verb.EDIT, _, name):
            return Step(_reopen(conversation, form.find(name)))
        case Press(Verb.BACK):
            current = form.field(conversation.answers, conversation.facts)
            previous = form.previous(current, conversation.answers)
            return Step(_reopen(conversation, previous))
        case _:
            return Step(conversation)


def _give(form: Form, conversation: Conversation, values: Mapping[str, Answer | Problem]) -> Step:
    """What was no answer when it was typed is none here either."""
    known = {n: (asked, raw) for n, raw in values.items() if (asked := form.find(n))}
    read = {
        name: raw if isinstance(raw, Problem) else asked.read(raw, conversation.facts)
        for name, (asked, raw) in known.items()
    }
    problems = {name: value for name, value in read.items() if isinstance(value, Problem)}
    if problems:
        return Step(conversation, problems)
    good = {name: value for name, value in read.items() if not isinstance(value, Problem)}
    drafts = {n: draft for n, draft in conversation.drafts.items() if n not in good}
    return Step(replace(conversation, answers={**conversation.answers, **good}, drafts=drafts))


def _toggle(form: Form, conversation: Conversation, name: str, option: str) -> Step:
    match form.find(name):
        case Choices(among=among) as asked if option in among:
            opened = _reopen(conversation, asked)
            ticked = set(opened.drafts.get(name, ())) ^ {option}
            return Step(_drafted(opened, name, [o for o in among if o in ticked]), redraw=True)
        case Topics() as asked:
            opened = _reopen(conversation, asked)
            listed = list(opened.drafts.get(name, ()))
            rest = [topic for topic in listed if topic != option]
            draft = rest if option in listed else [*listed, option]
            if len(draft) > asked.most:
                return Step(opened, {name: Problem("too_many")})
            return Step(_drafted(opened, name, draft), redraw=True)
        case _:
            return Step(conversation)


def _add(form: Form, conversation: Conversation, name: str, topics: tuple[str, ...]) -> Step:
    """What fits joins the list. What does not is said, and what was there before stays."""
    asked = form.find(name)
    assert isinstance(asked, Topics), f"{name} is no list of topics"
    opened = _reopen(conversation, asked)
    listed = {topic.casefold(): topic for topic in opened.drafts.get(name, ())}
    for topic in filter(None, map(clean, topics)):
        listed.setdefault(topic.casefold(), topic)
    draft = list(listed.values())
    short = [topic for topic in draft if len(topic) <= asked.limit]
    problem = asked.read(draft, conversation.facts)
    problems = {name: problem} if isinstance(problem, Problem) else {}
    return Step(_drafted(opened, name, short[: asked.most]), problems)


def _drafted(conversation: Conversation, name: str, draft: list[str]) -> Conversation:
    return replace(conversation, drafts={**conversation.drafts, name: draft})


def _reopen(conversation: Conversation, asked: Field | None) -> Conversation:
    """Takes an answer back into the drafts, so that its question is asked again."""
    if asked is None or asked.name not in conversation.answers:
        return conversation
    answers = dict(conversation.answers)
    drafts = {**conversation.drafts, asked.name: answers.pop(asked.name)}
    return replace(conversation, answers=answers, drafts=drafts)
