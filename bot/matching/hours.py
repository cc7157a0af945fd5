"""Times in a week as a file has them: as fields in JSON, as "tue 17:00-20:00" in a cell."""

import re
from collections.abc import Iterator
from datetime import time
from functools import lru_cache
from typing import TypeAlias

from bot.conversation.sentences.daywords import SHORT_WEEKDAYS, WEEKDAYS
from bot.matching.people import Hours
from bot.matching.values import Path, Tell, shown, strange

DAY = 24 * 60
NIGHT = 12 * 60
"""The longest time across midnight; with a longer one, somebody mixed up its ends."""
NUMBERS = {
    name: number
    for words in (WEEKDAYS, SHORT_WEEKDAYS)
    for number, names in enumerate(words)
    for name in names.split("|")
}
CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))?(?::00)?(?: ?(?:uhr|h))?")
AS_CLOCK = CLOCK.pattern.replace("(\\d", "(?:\\d")
SPAN = re.compile(
    r"(?P<weekday>[^\W\d]+\.?(?: ?[-–] ?[^\W\d]+\.?)?)[ ,:]+"
    rf"(?P<from>{AS_CLOCK}) ?(?:-|–|—|bis|to) ?(?P<to>{AS_CLOCK})"
)
FIELDS = ("weekday", "from", "to")
EXAMPLE = '{"weekday": "tue", "from": "17:00", "to": "20:00"}'
CELL = "a weekday and times, such as tue 17:00-20:00"
Faults: TypeAlias = tuple[tuple[str, str], ...]
"""Fields, each with what would be right there."""


def hours(value: object, at: Path, tell: Tell) -> tuple[Hours, ...]:
    if not isinstance(value, list):
        tell(at, f"{at[-1]} {shown(value)}: use a list of times, such as [{EXAMPLE}]")
        return ()
    entries = enumerate(value)
    return tuple(span for index, entry in entries for span in _entry(entry, (*at, index), tell))


def _entry(entry: object, at: Path, tell: Tell) -> tuple[Hours, ...]:
    if isinstance(entry, str):
        return _written(entry, at, tell)
    if not isinstance(entry, dict):
        tell(at, f"{at[0]} {shown(entry)}: use {EXAMPLE}")
        return ()
    said = [entry.get(name) for name in FIELDS]
    match said:
        case [str(day), str(start), str(end)] if len(entry) == len(FIELDS):
            found, faults = _spans(day, start, end)
        case _:
            found, faults = (), tuple(_misfit(entry, at, tell))
    for name, cure in faults:
        tell((*at, name), f"{name} {shown(entry[name])}: {cure}")
    return found


def _misfit(entry: dict[str, object], at: Path, tell: Tell) -> Iterator[tuple[str, str]]:
    """Fields that are missing, are no text, or are none at all."""
    for name in FIELDS:
        if name not in entry:
            tell(at, f"{name} is missing: use {EXAMPLE}")
        elif not isinstance(entry[name], str):
            yield name, f"use text, as in {EXAMPLE}"
    for name in entry.keys() - set(FIELDS):
        tell((*at, name), strange(name, FIELDS))


def _written(entry: str, at: Path, tell: Tell) -> tuple[Hours, ...]:
    found = SPAN.fullmatch(entry.strip().casefold())
    spans, faults = _spans(*found.group(*FIELDS)) if found else ((), (("", f"use {CELL}"),))
    for _, cure in faults:
        tell(at, f"{at[0]} {shown(entry)}: {cure}")
    return spans


@lru_cache(maxsize=50_000)
def _spans(day: str, start: str, end: str) -> tuple[tuple[Hours, ...], Faults]:
    days, first, last = _days(day.strip().casefold()), _minute(start), _minute(end)
    if first and last == 0:
        last = DAY
    faults = [("weekday", "use mon, tue, wed, thu, fri, sat or sun")] if not days else []
    if first in (None, DAY):
        faults.append(("from", "use a time such as 17:00"))
    if last is None:
        faults.append(("to", "use a time such as 20:00, or 24:00"))
    elif first is not None and not _length(first, last) > 0:
        faults.append(("to", f"use a time after {start}, or one in the night that follows"))
    if faults or first is None or last is None:
        return (), tuple(faults)
    return tuple(span for day in days for span in _halves(day, first, last)), ()


def _halves(day: int, first: int, last: int) -> Iterator[Hours]:
    """The time on a day, and what of it is after midnight."""
    if last > first:
        yield Hours(day, _time(first), _time(last))
        return
    yield Hours(day, _time(first), time())
    yield Hours((day + 1) % 7, time(), _time(last))


def _length(first: int, last: int) -> int:
    """Minutes; none where its end is before its start, and not in the night after it."""
    if last > first:
        return last - first
    after = last + DAY - first
    return after if last < first and after <= NIGHT else 0


def _days(said: str) -> tuple[int, ...]:
    """A weekday, or all from one to another."""
    ends = [NUMBERS.get(name.strip(" .")) for name in re.split("[-–]", said)]
    match ends:
        case [int(only)]:
            return (only,)
        case [int(first), int(last)]:
            return tuple((first + n) % 7 for n in range((last - first) % 7 + 1))
        case _:
            return ()


def _minute(said: str) -> int | None:
    """Minutes after midnight, up to 24:00."""
    found = CLOCK.fullmatch(said.strip().casefold())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return hour * 60 + minute if minute < 60 and hour * 60 + minute <= DAY else None  # noqa: PLR2004 -- of an hour


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
