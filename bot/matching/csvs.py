"""Reads people from CSV as spreadsheets write it, in German or English."""

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

from bot.matching.fields import PAIRS
from bot.matching.register import Register, Sheet
from bot.matching.values import shown, strange
from bot.matching.words import fold

SEPARATORS = ";,\t"
SAID = re.compile(r'"?sep=([;,|\t])"?[\r\n]')
"""A first line that spreadsheets write, and read, about the separator."""
ALSO = {
    "id": "kennung nummer nr",
    "name": "vorname",
    "offers": "bietet angebot angebote",
    "seeks": "sucht gesucht",
    "doubtful": "zweifelhaft",
    "goals": "ziele ziel goal",
    "interests": "interessen interesse",
    "languages": "sprachen sprache language",
    "timezone": "zeitzone",
    "availability": "zeiten verfügbarkeit",
    "rhythm": "rhythmus",
    "format": "art",
    "city": "stadt ort",
    "minutes": "minuten dauer",
    "capacity": "plätze kapazität",
    "group": "gruppe",
    "waiting_since": "wartet_seit",
    "exclude": "nicht_mit ausschließen",
    "met": "kennt getroffen",
}
FIELDS = tuple(ALSO)
GERMAN = tuple(name for names in ALSO.values() for name in names.split())
COLUMNS = {fold(name): field for field, also in ALSO.items() for name in (field, *also.split())}
TEXTS = ("name", "city")
NUMBERS = ("minutes", "capacity")
LISTS = ("offers", "seeks", "doubtful", "goals", "interests", "languages", "availability", *PAIRS)
SENTENCES = ("goals",)
"""Lists of whole sentences, in which a comma separates nothing."""
WHOLE = re.compile(r"-?[0-9]{1,9}")


class Csv:
    """A file on its way into a register."""

    def __init__(self, name: str, text: str, now: datetime) -> None:
        self._register = Register(name, lambda line, _: str(line))
        self._text, self._now = text, now
        self._separator = _separator(text)
        self._columns: list[str | None] = []
        """By position: a field, "" for one that there is not, None where the head has no name."""

    def sheet(self) -> Sheet:
        rows = _rows(self._text, self._separator, self._register)
        self._head(*next(rows, (1, [])))
        for line, row in rows:
            self._row(line, row)
        return self._register.sheet(self._now, separator=self._separator)

    def _head(self, line: int, row: list[str]) -> None:
        for cell in row:
            field = COLUMNS.get(fold(cell), "") if cell.strip() else None
            if field == "":
                self._register.tell(line, (), f"column {strange(cell.strip(), FIELDS, GERMAN)}")
            if field and field in self._columns:
                what = f"column {shown(cell.strip())}: there is one for {field} already"
                self._register.tell(line, (), what)
            self._columns.append(field)
        if "id" not in self._columns:
            self._register.tell(line, (), "column id is missing: give everybody an id")

    def _row(self, line: int, row: list[str]) -> None:
        found: dict[str, object] = {}
        for index, cell in enumerate(row):
            field = self._columns[index] if index < len(self._columns) else None
            if not cell.strip():
                continue
            if field is None:
                cure = f"put text with {shown(self._separator)} into quotes"
                self._register.tell(line, (), f"{shown(cell)}: in no column; {cure}")
            elif field:
                found[field] = _value(field, cell.strip())
        self._member(line, found)

    def _member(self, line: int, found: dict[str, object]) -> None:
        couples = {name: found.pop(name, []) for name in PAIRS}
        if "id" not in self._columns:
            found["id"] = f"line {line}"
            couples = {}
        self._register.member(line, found)
        for name, others in couples.items():
            for other in others if isinstance(others, list) and "id" in found else ():
                self._register.couple(name, line, [found["id"], other])


def _value(field: str, cell: str) -> object:
    """What the cell would be in JSON."""
    if field in NUMBERS and WHOLE.fullmatch(cell):
        return int(cell)
    return split(cell, commas=field not in SENTENCES) if field in LISTS else cell


def split(cell: str, *, commas: bool = True) -> list[str]:
    """At semicolons, bars and line ends; a cell that has none of them, at its commas."""
    at = r"[;|\r\n]" if re.search(r"[;|\r\n]", cell) or not commas else ","
    return [part.strip() for part in re.split(at, cell) if part.strip()]


def _separator(text: str) -> str:
    """What the head of the file is separated by: it has the most columns that way."""
    said = SAID.match(text)
    if said:
        return said[1]

    def columns(separator: str) -> tuple[int, int]:
        [_, row] = next(_rows(text, separator, None), (1, [""]))
        return sum(fold(cell) in COLUMNS for cell in row), len(row)

    return max(SEPARATORS, key=columns)


def _rows(text: str, separator: str, register: Register | None) -> Iterator[tuple[int, list[str]]]:
    """Rows that have anything in them, each with the line it begins on."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    line, said = 1, SAID.match(text)
    try:
        for row in reader:
            if any(map(str.strip, row)) and not (said and line == 1):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        if register:
            register.tell(line, (), _broken(error))


def _broken(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return 'a quotation mark opens here that is closed nowhere: close it, or write "" for it'
    if "expected after" in str(error):
        return 'a cell goes on behind its quotation mark: write "" for one inside a cell'
    return f"no CSV: {error}"
