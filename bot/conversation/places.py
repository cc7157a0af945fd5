"""Places: time zones by the names people have for them, in either language."""

import unicodedata
from collections.abc import Iterator
from functools import cache

from babel import Locale
from babel.core import get_global

from bot.conversation.fields.times import zones

LANGUAGES = ("de", "en")
CAPITALS = {"DE": "Europe/Berlin"}
"""Where the one zone everybody means is not the country's only one."""
ALSO = {
    "Europe/Berlin": "München Munich Hamburg Köln Cologne Frankfurt Stuttgart Düsseldorf Leipzig "
    "Dresden Bremen Hannover Nürnberg Essen Dortmund Freiburg",
    "Europe/Vienna": "Graz Linz Salzburg Innsbruck",
    "Europe/Zurich": "Bern Basel Genf Geneva Lausanne",
    "America/New_York": "Boston Washington Philadelphia Atlanta Miami",
    "America/Los_Angeles": "Seattle Portland Vancouver",
    "Asia/Kolkata": "Mumbai Delhi Bangalore",
}
"""Cities people name that no zone is named after."""


def city(zone: str, language: str) -> str:
    """The city a zone is named after, as people call it: "Wien" for Europe/Vienna."""
    known = _cities(language).get(zone)
    return known or zone.rsplit("/", 1)[-1].replace("_", " ")


def zone(typed: str) -> str | None:
    """The zone of a city, of a country that has but one, or of an IANA name."""
    return _by_name().get(_folded(typed))


@cache
def _cities(language: str) -> dict[str, str]:
    named = Locale(language).time_zones
    return {name: there["city"] for name, there in named.items() if "city" in there}


@cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    also = ((name, there) for there, names in ALSO.items() for name in names.split())
    for name, there in [*_countries(), *also, *_zones()]:
        found[_folded(name)] = there
    return found


def _zones() -> Iterator[tuple[str, str]]:
    for there in sorted(zones()):
        yield there, there
        yield there.rsplit("/", 1)[-1].replace("_", " "), there
        yield from ((city(there, language), there) for language in LANGUAGES)


def _countries() -> Iterator[tuple[str, str]]:
    by_country: dict[str, list[str]] = {}
    for there, country in get_global("zone_territories").items():
        if there in zones():
            by_country.setdefault(country, []).append(there)
    for country, theirs in by_country.items():
        if len(theirs) == 1 or country in CAPITALS:
            for language in LANGUAGES:
                name = Locale(language).territories.get(country)
                if name:
                    yield name, CAPITALS.get(country, theirs[0])


def _folded(text: str) -> str:
    """Letters and digits only, without case and accents; "Zuerich" is "Zürich"."""
    spelled = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    bare = unicodedata.normalize("NFKD", spelled)
    return "".join(c for c in bare if c.isalnum())
