"""What is typed into an agreement: a weekday with its time, and titles that end with a date."""

import re
from collections.abc import Iterator
from datetime import date, datetime

from bot.conversation.sentences import dates
from bot.conversation.sentences.clocks import with_times
from bot.conversation.sentences.daywords import NEXT, SHORT_WEEKDAYS, WEEKDAYS, either
from bot.conversation.sentences.marks import Kind, marked_time
from bot.conversation.sentences.spelling import corrected, plain

NAMES = {
    name: day
    for names in (WEEKDAYS, SHORT_WEEKDAYS)
    for day, spellings in enumerate(names)
    for name in spellings.split("|")
}
LONG = frozenset(name for names in WEEKDAYS for name in names.split("|"))
WORD = re.compile(r"[^\W\d_]+")
TIME = re.compile(Kind.TIME.pattern)
AFTERNOON = re.compile(r"(?<![\d.:])(1[2-9]|2[0-3])(?![\d.:])")
"""An hour alone that can mean one thing only."""
BULLET = re.compile(r"^(?:[-–*•]|\d{1,2}[.)])\s+")
LINKS = re.compile(
    r"bis|spätestens|zum|zur|am|im|in|until|by|on|due|the|der|dem|den"
    rf"|{NEXT}|{either((*WEEKDAYS, *SHORT_WEEKDAYS))}|",
    re.IGNORECASE,
)
SIGNS = ",;:.(–-"
"""What stands between a title and its date."""


def weekly(text: str) -> str | None:
    """The weekday and wall time somebody means by "Do 19:30" or "thursdays at 7 pm".

    As ``3 19:30``; None where there is not exactly one of each.
    """
    timed = with_times(AFTERNOON.sub(r"\1:00", corrected(plain(text[: dates.LONGEST]), LONG)))
    times = {marked_time(mark) for mark in TIME.findall(timed)}
    words = WORD.findall(timed)
    days = {NAMES[w] for word in words for w in (word, word.removesuffix("s")) if w in NAMES}
    if len(days) != 1 or len(times) != 1:
        return None
    [day], [at] = days, times
    return f"{day} {at:%H:%M}" if at else None


def steps(text: str, now: datetime, language: str) -> list[str]:
    """A title a line, each with the day it ends with: as the form's answer has them."""
    lines = (BULLET.sub("", line.strip()) for line in text.splitlines())
    return [_step(*dated(line, now, language)) for line in lines if line]


def _step(title: str, day: date | None) -> str:
    return f"{day.isoformat() if day else ''}|{title}"


def dated(line: str, now: datetime, language: str) -> tuple[str, date | None]:
    """A title, and the day it ends with: "Probevortrag bis 12.3." A day within it stays there."""
    day = dates.day(line, now, language) if len(line) <= dates.LONGEST else None
    for title, rest in _cuts(line) if day else ():
        if dates.day(rest, now, language) == day:
            before, _, last = rest.rpartition(" ")
            ends = last[:1].isdigit() or dates.day(before, now, language) != day
            return (title, day) if ends else (line, day)
    return line, day


def _cuts(line: str) -> Iterator[tuple[str, str]]:
    """The line cut in two at each space where a date may begin, the shortest rest first."""
    words = line.split()
    for cut in range(len(words) - 1, 0, -1):
        title = words[:cut]
        while title and LINKS.fullmatch(title[-1].strip(SIGNS)):
            title.pop()
        if title:
            yield " ".join(title).rstrip(SIGNS), " ".join(words[cut:]).rstrip(" )")
