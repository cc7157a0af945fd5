"""Days inside a text: "bis Montag", "12.1.", "in two weeks", "Ende Januar"; always the next one.

Libraries for this read some of these as the whole of a text, but hardly any inside a sentence, and
take "12.1." there for the first of December.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from bot.conversation.sentences import daywords, reckoning
from bot.conversation.sentences.clocks import with_times
from bot.conversation.sentences.daywords import either
from bot.conversation.sentences.marks import Kind, coming_days, mark_day
from bot.conversation.sentences.spelling import plain, spelt

LONGEST = 200
"""Characters that are read; whoever writes more tells a story."""
DECEMBER = 12

Reader = Callable[[re.Match[str], date], date | None]

NEXT, LATER = f"(?P<next>{daywords.NEXT})", f"(?P<later>{daywords.AFTER_NEXT})"
NAME = f"(?P<name>{either(daywords.MONTHS)})"
WEEKDAY = f"(?P<weekday>{either(daywords.WEEKDAYS)})"
SHORT = f"(?P<weekday>{either(daywords.SHORT_WEEKDAYS)})"
BOTH = either((*daywords.WEEKDAYS, *daywords.SHORT_WEEKDAYS))
BEFORE = rf"(?<![\d.:])(?:\b(?:{BOTH})\b[.,]*\s(?:(?:dem|den|der|the)\s)?)?"
"""The weekday of a date that is said in full anyway."""
D, M, Y = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})", r"(?P<year>\d{4})"
TH = "(?:st|nd|rd|th)"
UNIT = f"(?P<unit>{either(daywords.UNITS)})"
LENGTH = (
    rf"\b(?P<number>\d{{1,3}}(?=[\s-]?[^\W\d])|(?:{either(daywords.NUMBERS)})(?=[\s-]\w{{3}}))"
    rf"[\s-]?{UNIT}\b(?:\slang\b)?"
)
"""Short units stand behind figures only: "2w"; "and" is no "an d"."""
PART = rf"(?:\s?(?:{either(daywords.PARTS_OF_DAY)}))?"
WEEK, OF = "(?:woche|week)", r"(?:\s(?:des|dieses|diesen|vom|of|the|this|der|dieser))*\s"

DAYS: tuple[tuple[Kind, str, Reader], ...] = (
    (Kind.DAY, rf"(?:\b(?:heute|today)\s)?\bin\s(?:the\snext\s)?{LENGTH}", reckoning.length),
    (Kind.DAY, rf"{LENGTH}\sfrom\s(?:now|today)\b", reckoning.length),
    (Kind.LENGTH, LENGTH, reckoning.length),
    (Kind.DAY, r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b", reckoning.exact),
    (
        Kind.DAY,
        rf"{BEFORE}{D}\.\s?{M}(?:\.(?:\s?(?P<year>\d{{4}}|\d\d)\b)?(?!\d)|(?![\d.]))",
        reckoning.exact,
    ),
    (Kind.DAY, rf"{BEFORE}{D}(?:\.|{TH})?\s?(?:of\s)?{NAME}\b\.?(?:,?\s{Y}\b)?", reckoning.exact),
    (Kind.DAY, rf"{BEFORE}\b{NAME}\.?\s(?:the\s)?{D}{TH}?\b(?:,?\s{Y}\b)?", reckoning.exact),
    (
        Kind.DAY,
        rf"(?P<lead>\b(?:am|zum|bis|dem|den|vom|the)\s){D}(?:\.|{TH})(?!\s?\d)",
        reckoning.of_month,
    ),
    (Kind.DAY, rf"\b(?P<part>anfang|mitte|ende|end){OF}{NAME}\b(?:\s{Y}\b)?", reckoning.month),
    (Kind.DAY, rf"\b(?:ende|end){OF}(?:{NEXT}\s)?(?:monate?s?|month)\b", reckoning.month_end),
    (Kind.DAY, r"\bmonatsende\b", reckoning.month_end),
    (Kind.DAY, rf"\b(?:ende|end){OF}(?:{NEXT}\s)?{WEEK}\b", reckoning.week_end),
    (Kind.DAY, rf"\b(?:(?:ende|end){OF}(?:jahre?s?|year)|jahresende)\b", reckoning.year_end),
    (Kind.DAY, rf"\b{WEEKDAY}{PART}\s(?:of\s)?(?:{NEXT}|{LATER})\s{WEEK}\b", reckoning.next_week),
    (
        Kind.DAY,
        rf"\b(?:{NEXT}|{LATER})\s{WEEK}(?:\s(?:am|on))?\s{WEEKDAY}{PART}\b",
        reckoning.next_week,
    ),
    (Kind.PERIOD, rf"\b(?:{NEXT}|{LATER})\s{WEEK}\b", reckoning.next_week),
    (Kind.PERIOD, rf"\b{NEXT}\s(?:monat|month)s?\b", reckoning.next_month),
    (Kind.PERIOD, rf"\b{NEXT}\s(?:jahr|year)\b", reckoning.next_year),
    (Kind.DAY, rf"\b(?:{LATER}\s)?{WEEKDAY}{PART}\b", reckoning.weekday),
    (
        Kind.DAY,
        rf"(?P<lead>\b(?:am|bis|auf|von|vom|on|until|till|nächsten|next)\s){SHORT}\b\.?",
        reckoning.weekday,
    ),
    (
        Kind.PERIOD,
        rf"(?P<lead>\b(?:bis|im|in|until|till)\s)(?P<part>){NAME}\b(?:\s{Y}\b)?",
        reckoning.month,
    ),
    (Kind.PERIOD, r"\b(?:wochenende|weekend)\b", reckoning.saturday),
    (Kind.DAY, r"\b(?:weihnachten|heiligabend|christmas)\b", reckoning.christmas),
    (Kind.DAY, r"\b(?:übermorgen|day after tomorrow)\b", reckoning.after_tomorrow),
    (
        Kind.DAY,
        rf"\b(?:heute{PART}|today|tonight|this (?:morning|afternoon|evening))\b",
        reckoning.today_itself,
    ),
    (Kind.PERIOD, rf"\b(?:diese[rn]?|this)\s{WEEK}\b", reckoning.today_itself),
    (
        Kind.DAY,
        rf"(?:(?<!guten )(?<!am )(?<!jeden )\bmorgen|\btomorrow){PART}\b",
        reckoning.tomorrow,
    ),
)
READERS = [(kind, re.compile(spelt(pattern)), read) for kind, pattern, read in DAYS]
SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?(?![\d/])")


def day(text: str, now: datetime, language: str) -> date | None:
    """The local day somebody means; of several the last one, as in "from Tuesday to Thursday".

    None if there is no day to come in the text. ``now`` is their local time, naive.
    """
    marked = with_days(with_times(plain(text[:LONGEST])), now.date(), language)
    return next(reversed(coming_days(marked, now.date())), None)


def with_days(text: str, today: date, language: str) -> str:
    """A plain text with each day, and each length of time, as a mark."""
    text = SLASHED.sub(partial(_dotted, language), text)
    for kind, pattern, read in READERS:
        text = pattern.sub(partial(_marked, today, kind, read), text)
    return text


def _marked(today: date, kind: Kind, read: Reader, found: re.Match[str]) -> str:
    try:
        meant = read(found, today)
    except (ValueError, OverflowError):  # the 32nd, or beyond the calendar
        return found[0]
    written = mark_day(kind, meant, today) if meant else None
    return found.groupdict().get("lead", "") + written if written else found[0]


def _dotted(language: str, found: re.Match[str]) -> str:
    """12/1 is 12.1. in German; in English each half of the world means another day by it."""
    one, two, year = int(found[1]), int(found[2]), found[3] or ""
    if language == "de" or one > DECEMBER >= two:
        return f"{one}.{two}.{year}"
    return f"{two}.{one}.{year}" if two > DECEMBER >= one else found[0]
