"""Public holidays, by where somebody lives, and by the names they have in the reader's language."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TypeAlias

from babel import Locale
from babel.core import get_global
from holidays import country_holidays, list_supported_countries

Parts: TypeAlias = Mapping[str, str]
"""By country, the part of it that its people live in: Bavaria is ``{"DE": "BY"}``."""


def country(zone: str) -> str:
    """The ISO code of the country a zone lies in; "" for UTC and the like."""
    known: str = get_global("zone_aliases").get(zone, zone)
    code = str(get_global("zone_territories").get(known, ""))
    return code if code in _supported() else ""


def country_name(code: str, language: str) -> str:
    return str(Locale(language).territories.get(code, code))


def holiday(day: date, code: str, parts: Parts, language: str) -> str:
    """What is celebrated in a country on a day, or "": in all of it, and in the part known."""
    if not code:
        return ""
    return _year(code, parts.get(code, ""), day.year, language).get(day, "").replace("; ", ", ")


@cache
def _supported() -> frozenset[str]:
    return frozenset(list_supported_countries())


@cache
def _year(code: str, part: str, year: int, language: str) -> Mapping[date, str]:
    spoken = _language(code, language)
    found = country_holidays(code, subdiv=part or None, years=year, expand=False, language=spoken)
    return dict(found.items())


def _language(code: str, language: str) -> str | None:
    """One of those the names are there in: the reader's, else English, else the country's own."""
    known = country_holidays(code)
    first = known.default_language or ""
    for wanted in (language, "en"):
        if first.startswith(wanted):
            return str(first)
        for name in known.supported_languages:
            if name.startswith(wanted):
                return name
    return None
