"""How a page of a form is shown at once, where there are sheets."""

from collections.abc import Iterator, Mapping

from bot.conversation.answers import Answer, Problem
from bot.conversation.fields import Field
from bot.conversation.fields.choices import Choice, Choices, Number, Picked, Review
from bot.conversation.fields.texts import Phone, Steps, Text, Topics, step_of
from bot.conversation.fields.times import Day, Moment, Weekly, Zone
from bot.conversation.forms import Page
from bot.conversation.messages import Entry, Option, Sheet
from bot.conversation.talk import Press, Verb
from bot.conversation.voice import Voice
from bot.conversation.wording import Label, Words, plain


def sheet(voice: Voice, problems: Mapping[str, Problem] | None = None) -> Sheet:
    page = voice.form.page(voice.conversation.answers, voice.conversation.facts)
    assert page is not None, f"{voice.form} is finished"
    found = (problems or {}).items()
    return Sheet(
        title=voice.wording.label("title"),
        submit=voice.wording.label("submit" if page is not voice.form.pages[-1] else "finish"),
        cancel=voice.wording.label("close"),
        entries=tuple(_entries(voice, page)),
        press=Press(Verb.SUBMIT, voice.form.name, subject=voice.conversation.subject),
        problems={n: plain(voice.problem(n, p, sheet=True)) for n, p in found},
    )


def _entries(voice: Voice, page: Page) -> Iterator[Entry]:
    for asked in page.fields:
        label, _, hint = plain(_beside(voice, asked, page)).partition("\n\n")
        options = tuple(
            Option(value, voice.option(asked, value)) for value in _options(voice, asked)
        )
        yield Entry(
            name=asked.name,
            kind=_kind(asked),
            label=Label(label),
            hint=Label(hint),
            options=options,
            value=_value(voice, asked),
            optional=_optional(asked),
            limit=_limit(asked),
            other=_other(voice, asked),
        )


def _beside(voice: Voice, asked: Field, page: Page) -> Words:
    """A summary on the same page repeats none of the fields it stands beside."""
    if not isinstance(asked, Review):
        return voice.text(asked, sheet=True)
    others = voice.lines(apart_from=page.fields)
    known = voice.context(voice.wording.needs(asked.name) - {"lines"})
    return voice.wording.say(asked.name, **{**known, "lines": others}, sheet=True)


def _options(voice: Voice, asked: Field) -> tuple[str, ...]:
    """What is on offer; and what was typed before, so that it can be left as it is."""
    offered = asked.options(voice.conversation.facts)
    value = _value(voice, asked)
    can_be_typed = isinstance(asked, Moment | Weekly | Day | Zone)
    typed = can_be_typed and isinstance(value, str) and value and value not in offered
    return (*offered, str(value)) if typed else offered


def _value(voice: Voice, asked: Field) -> Answer | None:
    """What was said, or else a guess that may stand."""
    answers, drafts = voice.conversation.answers, voice.conversation.drafts
    value = answers.get(asked.name, drafts.get(asked.name))
    match asked:
        case Topics():
            return ", ".join(value or ())
        case Steps():
            return "\n".join(" ".join(filter(None, _typed(step))) for step in value or ())
        case Zone() if value is None:
            return next(iter(asked.options(voice.conversation.facts)), None)
        case _:
            return value


def _typed(step: str) -> tuple[str, str]:
    """A step as it could be typed, in either language."""
    day, title = step_of(step)
    return title, day.isoformat() if day else ""


def _other(voice: Voice, asked: Field) -> Label | None:
    """What can be typed beside the options has a label of its own."""
    match asked:
        case Moment() | Weekly():
            return voice.wording.label("other_moment")
        case Day():
            return voice.wording.label("other_day")
        case Zone():
            return voice.wording.label("other_zone")
        case _:
            return None


def _optional(asked: Field) -> bool:
    """Whether a sheet may be sent off without it: nothing ticked can be an answer, too."""
    return asked.optional or (isinstance(asked, Choices) and not asked.least)


def _limit(asked: Field) -> int:
    """Characters; 0 where nothing is typed. Topics are typed one after the other."""
    match asked:
        case Text(limit=limit):
            return limit
        case Topics(limit=limit, most=most):
            return most * (limit + 2)
        case Steps(limit=limit, most=most):
            return most * (limit + len(" 2027-03-12\n"))
        case _:
            return 0


def _kind(asked: Field) -> str:
    match asked:
        case Text():
            return "lines" if asked.lines else "text"
        case Phone():
            return "text"
        case Topics() | Steps():
            return "lines"
        case Choice() | Number() | Picked():
            return "choice"
        case Choices():
            return "choices"
        case Moment() | Weekly() | Day() | Zone():
            return "moment"
        case Review():
            return "shown"
