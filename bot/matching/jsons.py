"""Reads people from JSON, member by member, so that a mistake is found on its line."""

import json
import re
from datetime import datetime
from functools import partial
from json import JSONDecodeError

from bot.matching.cursor import Cursor, Places
from bot.matching.fields import PAIRS
from bot.matching.register import Register, Sheet, UnreadableError
from bot.matching.values import Path, moment, number, shown, strange

NAMES = ("now", "members", *PAIRS, "seed")
SEEDS = range(2**32)
PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Half of a character that takes two such signs: no text, and not to be written anywhere."""


class Json:
    """A file on its way into a register."""

    def __init__(self, name: str, text: str, now: datetime) -> None:
        self._register = Register(name, Places(text).where)
        self._cursor = Cursor(text)
        self._halves = bool(HALF.search(text) and HALF.search(PAIR.sub("", text)))
        self._now, self._seed = now, 0

    def sheet(self) -> Sheet:
        try:
            self._fill()
        except JSONDecodeError as error:
            what = f"no JSON from column {error.colno} on: {error.msg}"
            self._register.tell(error.pos, (), what)
            raise UnreadableError(self._register.told()) from None
        for place, name in self._cursor.twice:
            self._tell(place, (name,), f"{shown(name)} is there twice: keep one of them")
        return self._register.sheet(self._now, self._seed)

    def _tell(self, place: int, at: Path, what: str) -> None:
        self._register.tell(place, at, what)

    def _fill(self) -> None:
        cursor, seen = self._cursor, set[str]()
        if cursor.sign() != "{":
            cursor.fail('Expecting an object such as {"members": []}')
        for name, place in cursor.entries():
            if name in seen:
                self._tell(place, (), f"{shown(name)} is there twice: keep one of them")
            seen.add(name)
            self._entry(name, place)
        if cursor.sign():
            cursor.fail("Expecting the end")
        if "members" not in seen:
            self._tell(0, (), 'members is missing: use an object such as {"members": []}')

    def _entry(self, name: str, place: int) -> None:
        if name in ("members", *PAIRS) and self._cursor.sign() == "[":
            for item in self._cursor.items():
                self._item(name, item)
            return
        value, tell = self._value(place), partial(self._tell, place)
        if name in ("members", *PAIRS):
            tell((), f"{name} {shown(value)}: use a list")
        elif name == "now":
            self._now = moment(value, (name,), tell)
        elif name == "seed":
            self._seed = number(value, (name,), tell, SEEDS)
        else:
            tell((), strange(name, NAMES))

    def _item(self, name: str, place: int) -> None:
        value = self._value(place)
        if name == "members":
            self._register.member(place, value)
        else:
            self._register.couple(name, place, value)

    def _value(self, place: int) -> object:
        value = self._cursor.value()
        if self._halves:
            try:
                json.dumps(value, ensure_ascii=False).encode()
            except UnicodeEncodeError as error:
                half = error.object[error.start]
                self._tell(place, (), f"{shown(half)} is half of a character: write all of it")
        return value
