"""Typed text, as the answer or the button it means, in either language."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

from bot.conversation.answers import Answer, Problem
from bot.conversation.asking import Asking
from bot.conversation.fields import Field
from bot.conversation.fields.choices import Choices
from bot.conversation.fields.texts import Phone, Steps, Text, Topics
from bot.conversation.fields.times import Day, Moment, Weekly, Zone
from bot.conversation.places import zone
from bot.conversation.sentences import dates
from bot.conversation.sentences.moments import moment
from bot.conversation.sentences.plans import steps, weekly
from bot.conversation.talk import Adds, Given, Move, Press, Verb

Split: TypeAlias = Callable[[str], Iterable[str]]

STEERING = (Verb.SKIP, Verb.BACK, Verb.DONE)
SHORTEST = 2
"""From so many letters on, the beginning of a label stands for it: "di" for "Dienstag"."""
SEPARATORS = re.compile(r"[,;/&+\n]|\bund\b|\band\b|\s")


def typed(asked: Field, text: str, speakers: list[Asking], now: datetime, split: Split) -> Move:
    """What somebody means by typing ``text`` at a question.

    ``speakers`` asks the same question in each language, theirs first; ``now`` is their local
    time, naive; ``split`` makes a list of topics of what was typed.
    """
    if steering := _steering(asked, text, speakers):
        return steering
    if isinstance(asked, Topics):
        return Adds(asked.name, tuple(split(text)))
    return Given({asked.name: meant(asked, text, speakers, now)})


def _steering(asked: Field, text: str, speakers: list[Asking]) -> Press | None:
    """Skip, back and done can be typed as well, where the question has such a button.

    They are no topics either where it has none, and a phone's are in the place of the letters.
    """
    offered = {press.verb: press for speaker in speakers for press in _presses(speaker)}
    for verb in STEERING:
        labels = {folded(speaker.wording.label(verb.value)) for speaker in speakers}
        if folded(text) in labels and (verb in offered or isinstance(asked, Topics | Phone)):
            form = speakers[0].form.name
            return offered.get(verb) or Press(verb, form, asked.name)
    return None


def _presses(speaker: Asking) -> Iterator[Press]:
    found = (button.press for row in speaker.question().rows for button in row)
    return (press for press in found if isinstance(press, Press))


def meant(asked: Field, text: str, speakers: list[Asking], now: datetime) -> Answer | Problem:
    """The raw answer a text stands for; where it stands for none, the text itself, or why not."""
    match asked:
        case Text() | Topics():
            return text
        case Phone():
            return [text]
        case Zone():
            return _option(asked, text, speakers) or zone(text) or text
        case Moment():
            return _moment(asked, text, speakers, now)
        case Weekly():
            return _option(asked, text, speakers) or weekly(text) or text
        case Day():
            day = dates.day(text, now, speakers[0].wording.language)
            return _option(asked, text, speakers) or (day.isoformat() if day else text)
        case Steps():
            return steps(text, now, speakers[0].wording.language)
        case Choices():
            words = [word for word in SEPARATORS.split(text) if word]
            whole = _option(asked, text, speakers)
            return [whole] if whole else [_option(asked, w, speakers) or w for w in words]
        case _:
            return _option(asked, text, speakers) or text


def _option(asked: Field, text: str, speakers: list[Asking]) -> str | None:
    """The option whose label is, or alone begins with, the text."""
    said, beginning = folded(text), set[str]()
    for value in asked.options(speakers[0].conversation.facts):
        for speaker in speakers:
            label = folded(speaker.option(asked, value))
            if said in (label, value, folded(speaker.offer(asked, value))):
                return value
            if len(said) >= SHORTEST and label.startswith(said):
                beginning.add(value)
    return beginning.pop() if len(beginning) == 1 else None


def _moment(asked: Moment, text: str, speakers: list[Asking], now: datetime) -> Answer | Problem:
    """A time on offer by its whole label, or by the beginning without a number: "Di"."""
    if not re.search(r"\d", text) or _is_moment(text):
        return _option(asked, text, speakers) or _typed(text, now, speakers[0])
    return _typed(text, now, speakers[0])


def _typed(text: str, now: datetime, speaker: Asking) -> Answer | Problem:
    found = text if _is_moment(text) else moment(text, now, speaker.wording.language)
    return found.isoformat(timespec="minutes") if isinstance(found, datetime) else found


def _is_moment(text: str) -> bool:
    """Whether it is one already, as sheets send them."""
    try:
        return len(text) >= len("2026-11-24T18:00") and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def folded(text: str) -> str:
    """Letters and digits only, without case: how a label is compared."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in composed if c.isalnum())
