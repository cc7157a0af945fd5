"""Typed text, as the answer or the button it means, in either language."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

import dateparser

from bot.conversation.asking import Asking
from bot.conversation.fields import (
    Answer,
    Choices,
    Day,
    Field,
    Moment,
    Steps,
    Text,
    Topics,
    Weekly,
    Zone,
)
from bot.conversation.places import zone
from bot.conversation.sentences import dates
from bot.conversation.sentences.plans import steps, weekly
from bot.conversation.talk import Adds, Given, Move, Press, Verb

Split: TypeAlias = Callable[[str], Iterable[str]]

STEERING = (Verb.SKIP, Verb.BACK, Verb.DONE)
SHORTEST = 2
"""From so many letters on, the beginning of a label stands for it: "di" for "Dienstag"."""
SEPARATORS = re.compile(r"[,;/&+\n]|\bund\b|\band\b|\s")
CLOCK = re.compile(r"\b(?:um |at )?(\d{1,2})(?:[.:](\d{2}))? ?(?:uhr|h)\b", re.IGNORECASE)
PREFIX = re.compile(r"\b(?:nächsten?|kommenden?|next|am|on)\b ?", re.IGNORECASE)


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

    They are no topics either where it has none.
    """
    offered = {press.verb: press for speaker in speakers for press in _presses(speaker)}
    for verb in STEERING:
        labels = {folded(speaker.wording.label(verb.value)) for speaker in speakers}
        if folded(text) in labels and (verb in offered or isinstance(asked, Topics)):
            form = speakers[0].form.name
            return offered.get(verb) or Press(verb, form, asked.name)
    return None


def _presses(speaker: Asking) -> Iterator[Press]:
    return (button.press for row in speaker.question().rows for button in row)


def meant(asked: Field, text: str, speakers: list[Asking], now: datetime) -> Answer:
    """The raw answer a text stands for; the text itself where it stands for none."""
    match asked:
        case Text() | Topics():
            return text
        case Zone():
            return _option(asked, text, speakers) or zone(text) or text
        case Moment():
            return _option(asked, text, speakers) or moment(text, now, speakers[0]) or text
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


def moment(text: str, now: datetime, speaker: Asking) -> str | None:
    """The local wall time somebody means by "Do 19:30" or "tomorrow at 6pm"; the next one."""
    plainly = PREFIX.sub("", CLOCK.sub(_clock, text)).strip()
    if not re.search(r"\d", plainly):
        return None
    languages = sorted({"de", "en"}, key=lambda code: code != speaker.wording.language)
    settings = {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": now}
    for language in languages:
        found = dateparser.parse(plainly, languages=[language], settings=settings)
        if found is not None and found.tzinfo is None:
            return found.isoformat(timespec="minutes")
    return None


def _clock(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2] or '00'}"


def folded(text: str) -> str:
    """Letters and digits only, without case: how a label is compared."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in composed if c.isalnum())
