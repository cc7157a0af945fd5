"""The words of the calendar in both languages, in the order of their numbers, as patterns."""

import re
from collections.abc import Sequence

from bot.conversation.sentences.spelling import spelt

MONTHS = (
    "januar|jänner|january|jan",
    "februar|february|feber|feb",
    "märz|march|mär|mrz|mar",
    "april|apr",
    "mai|may",
    "juni|june|jun",
    "juli|july|jul",
    "august|aug",
    "september|sept|sep",
    "oktober|october|okt|oct",
    "november|nov",
    "dezember|december|dez|dec",
)
WEEKDAYS = (
    "montag|monday",
    "dienstag|tuesday",
    "mittwoch|wednesday",
    "donnerstag|thursday",
    "freitag|friday",
    "samstag|sonnabend|saturday",
    "sonntag|sunday",
)
SHORT_WEEKDAYS = (
    "mo|mon",
    "di|tue|tues",
    "mi|wed",
    "do|thu|thur|thurs",
    "fr|fri",
    "sa|sat",
    "so|sun",
)
NUMBERS = (
    "ein|eine|einen|einem|einer|a|an|one",
    "zwei|two",
    "drei|three",
    "vier|four",
    "fünf|five",
    "sechs|six",
    "sieben|seven",
    "acht|eight",
    "neun|nine",
    "zehn|ten",
    "elf|eleven",
    "zwölf|twelve",
)
NEXT = "nächste[nrsm]?|kommende[nrsm]?|next|coming"
AFTER_NEXT = "übernächste[nrsm]?"
UNITS = (
    "tag|tage|tagen|day|days|d",
    "woche|wochen|week|weeks|wk|wks|w",
    "monat|monate|monaten|months?",
    "fortnight",
)
PARTS_OF_DAY = (
    "früh|morgen|vormittag|mittag|nachmittag|abend|nacht",
    "morning|afternoon|evening|night",
)


def either(names: Sequence[str]) -> str:
    return "|".join(names)


def number(said: str, names: Sequence[str]) -> int:
    """The position of a word among its like, from 1 on; 0 if it is none of them."""
    hits = (i for i, name in enumerate(names, 1) if re.fullmatch(spelt(name), said))
    return next(hits, 0)


def words() -> frozenset[str]:
    """Those in which a slip can be mended."""
    names = (*MONTHS, *WEEKDAYS, *NUMBERS, *UNITS, "morgen|übermorgen|heute|today|tomorrow")
    return frozenset(re.findall(r"\w{5,}", either(names)))
