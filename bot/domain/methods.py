"""Methods for a session: how many steps each has, how long they take, and what they suit.

The words are in the templates: a block for a method as a whole, and one for each of its steps.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.conversation.cards import Act, Card, Tell
from bot.domain.tandems import PAIR

OVERVIEW = Card("methods", "overview", (Act("open"), Act("guide")))
ENTER = (Act("begin"), Act("overview"), Act("guide"))
WALK = (Act("next"), Act("previous"), Act("whole"), Act("overview"), Act("guide"))
SHORTEST = 2
"""Minutes of a step, however little time there is."""


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    minutes: tuple[int, ...]
    """Of each step, where there is time enough."""
    areas: frozenset[str] = frozenset()
    """Of the catalogue of topics, for which it is a suggestion."""

    @property
    def card(self) -> Card:
        return Card("methods", self.name, ENTER, "method")

    @property
    def steps(self) -> tuple[Card, ...]:
        numbers = range(1, len(self.minutes) + 1)
        return tuple(Card("methods", f"{self.name}_{n}", WALK, "step") for n in numbers)


GROW = Method(
    "grow",
    (5, 10, 12, 8),
    frozenset({"career", "it", "more it", "data", "science", "engineering", "law", "finance"}),
)
CONSULTATION = Method(
    "consultation",
    (5, 15, 5, 3, 10, 5),
    frozenset({"leadership", "human resources", "administration", "community"}),
)
METHODS = (
    GROW,
    Method(
        "woop",
        (3, 4, 6, 5),
        frozenset({"growth", "balance", "sports", "music", "languages", "more of life", "home"}),
    ),
    Method("smart", (5, 5, 5, 5), frozenset({"organisation", "agile", "learning", "office"})),
    Method("ears", (5, 12, 5, 8), frozenset({"communication", "family", "world", "sales"})),
    Method("feedback", (3, 5, 7, 5), frozenset({"teamwork"})),
    Method(
        "dream",
        (8, 8, 8, 6),
        frozenset({"design", "arts", "writing", "entrepreneurship", "marketing", "cooking"}),
    ),
    CONSULTATION,
    Method("look_back", (8, 10, 5, 7)),
)
CARDS = (OVERVIEW, *(card for method in METHODS for card in (method.card, *method.steps)))


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at methods, and in which session, if they are in one."""

    member: int
    subject: str = ""
    """The session; "" outside of one."""
    size: int = 0
    """How many they are, or 0 where that is not known."""
    room: int = 0
    """Minutes there are, or 0 for as many as it takes."""


def find(name: str) -> Method | None:
    return next((method for method in METHODS if method.name == name), None)


def fitting(areas: Collection[str], size: int) -> Method:
    """What suits most of the topics; for none in particular, what suits that many people."""
    usual = CONSULTATION if size > PAIR else GROW
    ranked = sorted(METHODS, key=lambda method: method is not usual)
    return max(ranked, key=lambda method: sum(area in method.areas for area in areas))


def overview(reader: Reader, suggested: Method | None = None) -> Tell:
    """All of them, the one that is suggested first."""
    ranked = sorted(METHODS, key=lambda method: method is not suggested)
    order = tuple(method.name for method in ranked)
    about = {"order": order, "suggested": suggested.name if suggested else ""}
    return _tell(reader, OVERVIEW, about, {"open": order})


def show(reader: Reader, value: str) -> Tell | None:
    """What a button leads to: a method, or a step of one as in "grow.2"; None for neither."""
    name, _, number = value.partition(".")
    method = find(name)
    if method is None:
        return None
    if not number:
        return _tell(reader, method.card, _timed(method, reader), {"begin": (f"{name}.1",)})
    at = int(number)
    return _step(reader, method, at) if at <= len(method.steps) else None


def times(method: Method, room: int) -> list[int]:
    """Minutes of the steps, shortened as needed to fit in; never made longer."""
    needed = sum(method.minutes)
    if not 0 < room < needed:
        return list(method.minutes)
    return [max(SHORTEST, minutes * room // needed) for minutes in method.minutes]


def _step(reader: Reader, method: Method, at: int) -> Tell:
    ways = {"whole": method.name, "previous": f"{method.name}.{at - 1}"}
    ways |= {"next": f"{method.name}.{at + 1}"}
    without = {"previous"} if at == 1 else set()
    without |= {"next"} if at == len(method.steps) else set()
    timed = _timed(method, reader)
    about = {**timed, "minutes": times(method, reader.room)[at - 1]}
    choices = {way: (value,) for way, value in ways.items()}
    return _tell(reader, method.steps[at - 1], about, choices, without)


def _timed(method: Method, reader: Reader) -> dict[str, object]:
    known = times(method, reader.room)
    return {"spans": known, "total": sum(known), "size": reader.size}


def _tell(
    reader: Reader,
    card: Card,
    about: Mapping[str, object],
    choices: Mapping[str, tuple[str, ...]],
    without: Collection[str] = (),
) -> Tell:
    hidden = frozenset(without) | (frozenset() if reader.subject else {"guide"})
    return Tell(reader.member, card, about, reader.subject, choices, hidden, replaces=True)
