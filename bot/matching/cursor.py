"""Walks through JSON value by value, and knows where each of them is."""

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property, lru_cache
from json import JSONDecodeError
from typing import NoReturn

from bot.matching.values import Path

SPACE = re.compile(r"[ \t\n\r]*")
DEEP = 3
"""How far a path leads: to the availability of a member, the second there, its end."""


class TwiceError(Exception):
    """An object has a name twice, of which Python would keep the last and say nothing."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise TwiceError(Counter(name for name, _ in pairs).most_common(1)[0][0])
    return found


STRICT = json.JSONDecoder(object_pairs_hook=_object)
LENIENT = json.JSONDecoder()


class Cursor:
    """A place in a text that goes on from value to value."""

    def __init__(self, text: str, at: int = 0) -> None:
        self.text, self.at = text, at
        self.twice: list[tuple[int, str]] = []
        """Values with a name that some object in them has twice."""

    def sign(self) -> str:
        """The next that is no space."""
        found = SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def take(self, sign: str, wanted: str = "") -> None:
        if self.sign() != sign:
            self.fail(f"Expecting {wanted or repr(sign)}")
        self.at += 1

    def fail(self, why: str) -> NoReturn:
        raise JSONDecodeError(why, self.text, self.at)

    def value(self) -> object:
        self.sign()
        try:
            return self._decoded(STRICT)
        except TwiceError as error:
            self.twice.append((self.at, str(error)))
            return self._decoded(LENIENT)

    def _decoded(self, decoder: json.JSONDecoder) -> object:
        found: object
        try:
            found, self.at = decoder.raw_decode(self.text, self.at)
        except JSONDecodeError:
            raise
        except RecursionError:
            self.fail("Nested too deeply")
        except ValueError:
            self.fail("A number has too many digits")
        return found

    def items(self) -> Iterator[int]:
        """Where each item of the list here begins. Who asks takes the value before the next."""
        return self._each("[", "]")

    def entries(self) -> Iterator[tuple[str, int]]:
        """The same of an object, with the names."""
        for _ in self._each("{", "}"):
            if self.sign() != '"':
                self.fail("Expecting a name in double quotes")
            name = str(self.value())
            self.take(":")
            self.sign()
            yield name, self.at

    def _each(self, first: str, last: str) -> Iterator[int]:
        self.take(first)
        more = self.sign() != last
        while more:
            yield self.at
            more = self.sign() == ","
            self.at += more
            self.sign()
        self.take(last, f"',' or {last!r}")


class Places:
    """Lines of a text, and columns if it has but one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._paths = lru_cache(maxsize=2)(self._walked)

    def where(self, place: int, path: Path = ()) -> str:
        """The line of what lies on a path from a place, or of the last on it that is there."""
        known = self._paths(place) if path else {}
        steps = (known[path[:n]] for n in range(len(path), 0, -1) if path[:n] in known)
        at = next(steps, place)
        line = bisect_left(self._breaks, at)
        return str(line + 1) if self._breaks else f"1:{at + 1}"

    @cached_property
    def _breaks(self) -> list[int]:
        """Where lines end. Looked for when something is wrong, and not before."""
        return [found.start() for found in re.finditer("\n", self._text.rstrip())]

    def _walked(self, place: int) -> dict[Path, int]:
        found: dict[Path, int] = {}
        with suppress(JSONDecodeError):  # so deep that it can't be walked from here
            self._walk(Cursor(self._text, place), (), found)
        return found

    def _walk(self, cursor: Cursor, path: Path, found: dict[Path, int]) -> None:
        sign = cursor.sign()
        found[path] = cursor.at
        if sign == "{" and len(path) < DEEP:
            for name, _ in cursor.entries():
                self._walk(cursor, (*path, name), found)
        elif sign == "[" and len(path) < DEEP:
            for index, _ in enumerate(cursor.items()):
                self._walk(cursor, (*path, index), found)
        else:
            cursor.value()
