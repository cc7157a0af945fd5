"""One day and one time of day, typed as the whole of an answer: "Do 19:30", "tomorrow at 6pm".

What could mean two days, or no single time, is asked back: nobody is to be at a place alone for a
sentence that was half understood.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from bot.conversation.answers import Problem
from bot.conversation.sentences import daywords
from bot.conversation.sentences.clocks import with_times
from bot.conversation.sentences.dates import LENGTH, LONGEST, with_days
from bot.conversation.sentences.daywords import SHORT_WEEKDAYS, WEEKDAYS, either, number
from bot.conversation.sentences.marks import UNSURE, Kind, marked_day, marked_time
from bot.conversation.sentences.spelling import corrected, plain, spelt

FAR = timedelta(weeks=26)
WEEK = timedelta(weeks=1)
NOON, EIGHT = time(12), time(8)

LONG_DAY = re.compile(
    rf"\b(?P<day>{either(WEEKDAYS)})(?:s|(?={either(daywords.PARTS_OF_DAY)}))?(?:\b|(?=[a-z]))"
)
SHORT_DAY = re.compile(rf"\b(?P<day>{either(SHORT_WEEKDAYS)})\b\.?(?=[\s,\d]|$)")
ENGLISH_DO = re.compile(r"\b(?:we|lets|to|can|could|you|i|please) do\b")
GERMAN_SO = re.compile(r"\bso (?=gegen|ca|circa|ungefähr|etwa|around|about)")
"""Weekdays in German are these two words as well."""
NEXT = re.compile(spelt(rf"\b(?:{daywords.NEXT})\b"))
LATER = re.compile(spelt(rf"\b(?:{daywords.AFTER_NEXT})\b"))
NEXT_WEEK = re.compile(
    spelt(rf"\b(?:(?P<later>{daywords.AFTER_NEXT})|{daywords.NEXT})\s(?:woche|week)\b")
)
THIS_WEEK = re.compile(r"\b(?:diese[rn]?|this)\s(?:woche|week)\b")
IN_WEEKS = re.compile(spelt(rf"\b(?:in\s)?{LENGTH}(?:\sfrom\s(?:now|today)\b)?"))
LATE_PART = re.compile(r"(?:nachmittag|abend|afternoon|evening|tonight)")
EARLY_PART = re.compile(r"(?:morgens|vormittag|früh|morning)")
HALF_OF_DAY = re.compile(r"\b0\d|\d\s?[ap]\.?m\b|\bnoon\b|\bmittag|\bmidday\b")
"""Where one of these stands, the hour is no question."""
DOTTED = re.compile(r"(?<![\d.])([01]?\d|2[0-3])\.(00|1[3-9]|[2-5]\d)(?![\d.]|\s?uhr)")
"""A time, since there is no such month: "19.30"."""
HOURS = re.compile(r"\b(\d{1,2})h(\d\d)\b")
NO = re.compile(r"\b(?:nicht|kein\w*|nie|statt|außer|not|cant|cannot|dont|never|except|instead)\b")
BEFORE = re.compile(
    r"\b(?:vor)?gestern\b|\byesterday\b|\blast (?:week|month)\b|\bletzte\w* woche\b"
)
OTHER_ZONE = re.compile(
    r"\b(?:utc|gmt|cet|cest|mez|mesz|est|edt|cst|cdt|pst|pdt|bst|zeitzone|time ?zone)\b"
    r"|\b(?!unser|dieser|einer|keiner|immer)\w{3,}er (?:orts)?zeit\b"
    r"|\b(?!any|some|same|next|this|that|good|free|what|the)\w{4,} time\b"
)
VAGUE = re.compile(
    rf"\b(?:ab|nach|bis|vor|zwischen|von|after|before|until|till|between|from)\s+{Kind.TIME.pattern}"
)
DAY, PERIOD, TIME, SPAN = (
    re.compile(kind.pattern) for kind in (Kind.DAY, Kind.PERIOD, Kind.TIME, Kind.LENGTH)
)


def moment(text: str, now: datetime, language: str) -> datetime | Problem:
    """The local wall time somebody means; ``now`` is theirs, naive.

    Problems: ``unknown``, ``past``, ``far``, ``zone`` (not their own), ``no_day``, ``no_time``,
    ``several``, ``half`` (which of the day), ``which`` (of two days), ``mismatch`` (with the date).
    """
    said = _prepared(text)
    if len(text) > LONGEST or NO.search(said):
        return Problem("unknown")
    if BEFORE.search(said):
        return Problem("past")
    if OTHER_ZONE.search(said):
        return Problem("zone")
    timed = with_times(said)
    named, rest = _weekdays(timed)
    marked = with_days(rest, now.date(), language)
    if re.search(r"\d", marked) or SPAN.search(marked):
        return Problem("unknown")
    at = _time(said, marked)
    day = _day(named, timed, marked, now, at if isinstance(at, time) else None)
    if isinstance(day, Problem):
        return day if day.code != "no_day" or isinstance(at, time) else _nothing(at)
    return at if isinstance(at, Problem) else _within(datetime.combine(day, at), now)


def _prepared(text: str) -> str:
    said = corrected(plain(text), daywords.words())
    clocks = HOURS.sub(r"\1:\2", DOTTED.sub(r"\1:\2", said))
    return GERMAN_SO.sub("", ENGLISH_DO.sub(" ", clocks))


def _nothing(at: time | Problem) -> Problem:
    return at if isinstance(at, Problem) and at.code != "no_time" else Problem("unknown")


def _within(meant: datetime, now: datetime) -> datetime | Problem:
    return meant if meant - now < FAR else Problem("far", (meant,))


def _time(said: str, marked: str) -> time | Problem:
    found = list(dict.fromkeys(TIME.findall(marked)))
    if not found or VAGUE.search(marked):
        return Problem("no_time")
    if len(found) > 1:
        return Problem("several")
    at = marked_time(found[0]) if found[0] != UNSURE else _bare_hour(said)
    late, early = bool(LATE_PART.search(said)), bool(EARLY_PART.search(said))
    if at is None or (late and early) or (early and at >= NOON):
        return Problem("half")
    if late and at < NOON:
        return at.replace(hour=at.hour + NOON.hour)
    if at < EIGHT and not (early or HALF_OF_DAY.search(said)):
        return Problem("half")
    return at


def _bare_hour(said: str) -> time | None:
    """ "at 7", where the half of the day is said elsewhere."""
    found = re.search(r"\b(?:um|at|gegen|around)\s(\d{1,2})\b", said)
    told = LATE_PART.search(said) or EARLY_PART.search(said)
    return time(int(found[1])) if found and told and int(found[1]) < NOON.hour else None


def _weekdays(text: str) -> tuple[list[int], str]:
    """The weekdays in a text, Monday is 0, and the text without them."""
    found: list[int] = []

    def noted(names: tuple[str, ...]) -> Callable[[re.Match[str]], str]:
        def note(match: re.Match[str]) -> str:
            found.append(number(match["day"], names) - 1)
            return " "

        return note

    rest = LONG_DAY.sub(noted(WEEKDAYS), text)
    rest = SHORT_DAY.sub(noted(SHORT_WEEKDAYS), rest)
    return list(dict.fromkeys(found)), " ".join(rest.split())


def _day(
    named: list[int], text: str, marked: str, now: datetime, at: time | None
) -> date | Problem:
    days = list(dict.fromkeys(marked_day(mark, now.date()) for mark in DAY.findall(marked)))
    if len(days) > 1 or len(named) > 1:
        return Problem("several")
    if not named:
        return days[0] if days else Problem("no_day")
    [index] = named
    if days and IN_WEEKS.search(text):
        return _in_weeks(index, days[0], now.date())
    if days:
        fits = days[0].weekday() == index
        return days[0] if fits else Problem("mismatch", (datetime.combine(days[0], time()),))
    if PERIOD.search(marked) and not (NEXT_WEEK.search(text) or THIS_WEEK.search(text)):
        return Problem("no_day")
    return _coming(index, text, now, at)


def _in_weeks(index: int, there: date, today: date) -> date | Problem:
    """ "Tuesday in two weeks" can be that week's Tuesday, or the coming one and two weeks."""
    one = there + timedelta(index - there.weekday())
    other = there + timedelta((index - today.weekday()) % 7)
    return one if one == other else _which(one, other)


def _coming(index: int, text: str, now: datetime, at: time | None) -> date | Problem:
    today = now.date()
    monday = today - timedelta(today.weekday())
    if week := NEXT_WEEK.search(text):
        return monday + timedelta(index) + (WEEK * 2 if week["later"] else WEEK)
    first = today + timedelta((index - today.weekday()) % 7)
    over = first == today and (at is None or datetime.combine(today, at) <= now)
    if LATER.search(text):
        return today + timedelta((index - today.weekday() - 1) % 7 + 1) + WEEK
    if NEXT.search(text):
        next_one = monday + timedelta(index) + WEEK
        soon = today < first < monday + WEEK
        return _which(first, next_one) if soon else next_one
    return first + WEEK if over else first


def _which(one: date, other: date) -> Problem:
    return Problem("which", tuple(datetime.combine(day, time()) for day in sorted((one, other))))
