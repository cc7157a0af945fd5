"""The fields that people have in a file, and how each of them is read."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from bot.matching.hours import hours
from bot.matching.values import Path, Tell, choice, moment, number, text, texts, tongues, zone

Reader: TypeAlias = Callable[[object, Path, Tell], object]

ANY = dict.fromkeys(["any", "egal", "beides", "flexibel"], "any")
RHYTHMS = {
    **dict.fromkeys(["weekly", "wöchentlich", "jede woche"], "weekly"),
    **dict.fromkeys(["biweekly", "alle zwei wochen", "14-tägig", "zweiwöchentlich"], "biweekly"),
    **ANY,
}
FORMATS = {
    **dict.fromkeys(["video", "online"], "video"),
    **dict.fromkeys(["in_person", "in person", "vor ort", "persönlich"], "in_person"),
    **ANY,
}
GROUPS = {
    **dict.fromkeys(["pair", "paar", "zu zweit"], "pair"),
    **dict.fromkeys(["group", "gruppe"], "group"),
    **ANY,
}
FIELDS: Mapping[str, tuple[str, Reader]] = {
    "name": ("name", text),
    "offers": ("offers", texts),
    "seeks": ("seeks", texts),
    "doubtful": ("doubtful", texts),
    "goals": ("goals", texts),
    "interests": ("interests", texts),
    "languages": ("languages", tongues),
    "timezone": ("zone", zone),
    "availability": ("hours", hours),
    "rhythm": ("rhythm", partial(choice, words=RHYTHMS)),
    "format": ("format", partial(choice, words=FORMATS)),
    "city": ("city", text),
    "minutes": ("minutes", partial(number, among=range(15, 241))),
    "capacity": ("capacity", partial(number, among=range(1, 4))),
    "group": ("group", partial(choice, words=GROUPS)),
    "waiting_since": ("waiting_since", moment),
}
NAMES = ("id", *FIELDS)
PAIRS = ("exclude", "met")
