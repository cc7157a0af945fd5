"""Times of day inside a text: "um 18 Uhr", "17.30 Uhr", "19:00", "7 pm", "noon"."""

import re
from collections.abc import Callable
from datetime import time
from functools import partial

from bot.conversation.sentences.marks import mark_time
from bot.conversation.sentences.spelling import spelt

AT = r"(?:\b(?:um|at|gegen|around)\s)?"
NOON = 12
HOUR = r"(?<![\d.:])(\d{1,2})"
LATE = r"(?:\s(?P<late>abends|nachmittags|in the (?:evening|afternoon))|\s(?:morgens|vormittags))?"
NOT_GERMAN_AM = r"(?!(?<=\sam)\s(?:mo|di|mi|do|fr|sa|so|\d))"
"""In "um 19 am Freitag", "am" belongs to the day."""
HALF = r"\b(?:halb|viertel (?:vor|nach)|half past|quarter (?:past|to))\s(?:\d{1,2}\b|[^\W\d]+)"


def _clock(found: re.Match[str]) -> time:
    parts = found.groupdict()
    hour, late = int(found[1]), parts.get("late")
    if half := parts.get("half"):
        hour = _of_half(hour, half)
    elif late and hour < NOON:
        hour += NOON
    return time(hour, int(parts.get("minute") or 0))


def _of_half(hour: int, half: str) -> int:
    if hour > NOON:
        raise ValueError(hour)
    return hour % NOON + (NOON if half.startswith("p") else 0)


def _bare(found: re.Match[str]) -> time | None:
    """The hour, if it can only be one: a meeting "at 7" may be in the morning or the evening."""
    return _clock(found) if found["late"] or int(found[1]) >= NOON else None


Reader = Callable[[re.Match[str]], time | None]
CLOCKS: tuple[tuple[str, Reader], ...] = (
    (rf"{AT}{HOUR}(?:[.:](?P<minute>\d\d))?\s?(?P<half>[ap]\.?m\b)\.?{NOT_GERMAN_AM}", _clock),
    (rf"{AT}{HOUR}[.:](?P<minute>\d\d)\s?(?:uhr|h)\b{LATE}", _clock),
    (rf"{AT}{HOUR}\s?(?:uhr|h)\b(?:\s?(?P<minute>\d\d)\b(?!\.))?{LATE}", _clock),
    (rf"{AT}{HOUR}:(?P<minute>\d\d)(?![\d:]){LATE}", _clock),
    (rf"\b(?:um|at)\s{HOUR}\.(?P<minute>\d\d)(?!\.?\d){LATE}", _clock),
    (rf"\b(?:um|at|gegen|around)\s{HOUR}(?!\d|[.:/]\d|\.\s?\w|st|nd|rd|th){LATE}", _bare),
    (rf"{AT}{HALF}", lambda _: None),
    (rf"{AT}\b(?:noon|midday|mittags?)\b", lambda _: time(12)),
)
READERS = [(re.compile(spelt(pattern)), read) for pattern, read in CLOCKS]


def with_times(text: str) -> str:
    """The text with each time of day as a mark."""
    for pattern, read in READERS:
        text = pattern.sub(partial(_marked, read), text)
    return text


def _marked(read: Reader, found: re.Match[str]) -> str:
    try:
        return mark_time(read(found))
    except ValueError:  # 25 o'clock, 19 pm
        return found[0]
