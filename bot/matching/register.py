"""Collects the people a file tells of, and everything that is wrong with it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from bot.errors import OperatorError
from bot.matching.fields import FIELDS, NAMES, PAIRS
from bot.matching.people import Couple, Person, Request
from bot.matching.values import Path, Tell, shown, strange

Where: TypeAlias = Callable[[int, Path], str]
"""What to call a place in a file: its line, for what lies on a path from there."""


class UnreadableError(OperatorError):
    """All that is wrong with a file, a line each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says. ``numbers`` are the ids that are numbers there, to be written as such."""

    request: Request
    numbers: frozenset[str] = frozenset()
    separator: str = ";"
    """Between the cells of a line, in a file that has cells."""

    def id(self, inside: str) -> str | int:
        return int(inside) if inside in self.numbers else inside


@dataclass(slots=True)
class Register:
    """Takes members and couples in the order of the file. A place is a number the file gives."""

    name: str
    where: Where
    people: dict[str, Person] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)
    _numbers: set[str] = field(default_factory=set)
    _couples: dict[str, list[tuple[int, object]]] = field(
        default_factory=lambda: {name: [] for name in PAIRS}
    )

    def tell(self, place: int, at: Path, what: str) -> None:
        self.problems.append((place, f"{self.name}:{self.where(place, at)}: {what}"))

    def told(self) -> list[str]:
        return [words for _, words in sorted(self.problems, key=lambda told: told[0])]

    def member(self, place: int, raw: object) -> None:
        tell = partial(self.tell, place)
        if not isinstance(raw, dict):
            tell((), f'member {shown(raw)}: use an object such as {{"id": "ana"}}')
            return
        found: dict[str, Any] = {}
        for name, value in raw.items():
            if name in FIELDS and value is not None:
                attribute, read = FIELDS[name]
                found[attribute] = read(value, (name,), tell)
            elif name not in NAMES:
                tell((name,), strange(name, NAMES))
        inside = self._id(raw.get("id"), place, tell)
        self.people[inside] = Person(inside, **found)

    def _id(self, raw: object, place: int, tell: Tell) -> str:
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            tell((), 'id is missing: give everybody one, such as 17 or "ana"')
            return ""
        inside = named(raw)
        if inside is None:
            tell(("id",), f"id {shown(raw)}: use text or a whole number")
            return ""
        first = self._places.setdefault(inside, place)
        if first != place:
            there = self.where(first, ("id",))
            tell(
                ("id",),
                f"id {shown(raw)}: already on line {there}; give everybody an id of their own",
            )
        elif not isinstance(raw, str):
            self._numbers.add(inside)
        return inside

    def couple(self, name: str, place: int, raw: object) -> None:
        """Two who are in ``exclude`` or ``met``; looked at when everybody is known."""
        self._couples[name].append((place, raw))

    def sheet(self, now: datetime, seed: int = 0, separator: str = ";") -> Sheet:
        """What the file says. Nothing is half done: with a problem, there is nothing else."""
        exclude, met = (frozenset(self._known(name)) for name in PAIRS)
        if self.problems:
            raise UnreadableError(self.told())
        request = Request(now, tuple(self.people.values()), exclude, met, seed)
        return Sheet(request, frozenset(self._numbers), separator)

    def _known(self, name: str) -> Iterator[Couple]:
        for place, raw in self._couples[name]:
            ids = [named(entry) for entry in raw] if isinstance(raw, list) else []
            match ids:
                case [str(one), str(other)] if one != other:
                    for stranger in sorted({one, other}.difference(self._places)):
                        what = f"{name} {shown(stranger)}: nobody has this id"
                        self.tell(place, (), what)
                    yield frozenset({one, other})
                case _:
                    self.tell(place, (), f"{name} {shown(raw)}: use the ids of two people")


def named(raw: object) -> str | None:
    """An id as it is kept."""
    if isinstance(raw, str):
        return raw
    return str(raw) if type(raw) is int else None
