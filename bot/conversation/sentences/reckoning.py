"""What a match of one of the patterns in `dates` means, counted from today.

None or a ValueError where there is no such day, or none to come.
"""

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.conversation.sentences.daywords import (
    MONTHS,
    NUMBERS,
    SHORT_WEEKDAYS,
    UNITS,
    WEEKDAYS,
    number,
)

LEAPS = 8
"""Within so many years every day of the calendar comes, the 29th of February as well."""
CENTURY = 2000
WEEK, FORTNIGHT, MIDDLE = timedelta(7), timedelta(14), timedelta(14)
SATURDAY, SUNDAY = 5, 6


def length(found: re.Match[str], today: date) -> date:
    said = found["number"]
    count = int(said) if said.isdecimal() else number(said, NUMBERS)
    match number(found["unit"], UNITS):
        case 1:
            return today + timedelta(count)
        case 2:
            return today + WEEK * count
        case 3:
            year, month = _months_on(today, count)
            return date(year, month, min(today.day, _last(year, month).day))
        case _:
            return today + FORTNIGHT * count


def _months_on(today: date, count: int) -> tuple[int, int]:
    years, month = divmod(today.month - 1 + count, 12)
    return today.year + years, month + 1


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def exact(found: re.Match[str], today: date) -> date | None:
    """The day in the year said, or else the next one like it, today included."""
    parts = found.groupdict()
    month = number(parts["name"], MONTHS) if parts.get("name") else int(parts["month"])
    if said := parts.get("year"):
        year = int(said) + (CENTURY if len(said) == len("27") else 0)
        return date(year, month, int(parts["day"]))
    return _next(int(parts["day"]), month, today)


def _next(day: int, month: int, today: date) -> date | None:
    for year in range(today.year, today.year + LEAPS + 1):
        if day <= _last(year, month).day and date(year, month, day) >= today:
            return date(year, month, day)
    return None


def of_month(found: re.Match[str], today: date) -> date | None:
    """The next 12th."""
    said = int(found["day"])
    for ahead in range(3):
        year, month = _months_on(today, ahead)
        if said <= _last(year, month).day and date(year, month, said) >= today:
            return date(year, month, said)
    return None


def weekday(found: re.Match[str], today: date) -> date:
    """The next one after today; "next" is that one as well, and a week later if said so."""
    index = number(found["weekday"], WEEKDAYS) or number(found["weekday"], SHORT_WEEKDAYS)
    coming = today + timedelta((index - 2 - today.weekday()) % 7 + 1)
    return coming + WEEK if found.groupdict().get("later") else coming


def next_week(found: re.Match[str], today: date) -> date:
    """A day in it; its Monday stands for the whole."""
    index = number(found.groupdict().get("weekday") or "montag", WEEKDAYS)
    monday = today - timedelta(today.weekday()) + WEEK
    return monday + timedelta(index - 1) + (WEEK if found.groupdict().get("later") else WEEK * 0)


def next_month(_found: re.Match[str], today: date) -> date:
    return date(*_months_on(today, 1), 1)


def next_year(_found: re.Match[str], today: date) -> date:
    return date(today.year + 1, 1, 1)


def month(found: re.Match[str], today: date) -> date | None:
    """The beginning, middle or end of a month, in the year said or the next that is to come."""
    index = number(found["name"], MONTHS)
    said = found["year"]
    years = [int(said)] if said else [today.year, today.year + 1]
    days = (_part(found["part"] or "", year, index) for year in years)
    return next((day for day in days if day > today), None)


def _part(part: str, year: int, month: int) -> date:
    if part.startswith(("end", "ende")):
        return _last(year, month)
    return date(year, month, 1) + (MIDDLE if part.startswith("mi") else timedelta())


def month_end(found: re.Match[str], today: date) -> date:
    return _last(*_months_on(today, 1 if found.groupdict().get("next") else 0))


def week_end(found: re.Match[str], today: date) -> date:
    monday = today - timedelta(today.weekday())
    return monday + timedelta(SUNDAY) + (WEEK if found["next"] else timedelta())


def saturday(_found: re.Match[str], today: date) -> date:
    return today + timedelta((SATURDAY - 1 - today.weekday()) % 7 + 1)


def year_end(_found: re.Match[str], today: date) -> date:
    return date(today.year, 12, 31)


def christmas(_found: re.Match[str], today: date) -> date | None:
    return _next(24, 12, today)


def tomorrow(_found: re.Match[str], today: date) -> date:
    return today + timedelta(1)


def after_tomorrow(_found: re.Match[str], today: date) -> date:
    return today + timedelta(2)


def today_itself(_found: re.Match[str], today: date) -> date:
    return today
