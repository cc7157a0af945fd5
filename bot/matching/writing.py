"""Writes who fits whom, as JSON or as CSV for a spreadsheet."""

import csv
import json
import os
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from bot.conversation.places import LANGUAGES
from bot.errors import OperatorError
from bot.matching.people import Left, Match, Outcome
from bot.matching.register import Sheet
from bot.matching.telling import percent, reasons, waiting

DIGITS = 4
MOST = 4
"""Members of the largest group, each with two columns."""
MEMBERS = [f"{what}{n}" for n in range(1, MOST + 1) for what in ("member", "name")]
REASONS = [f"reason_{language}" for language in LANGUAGES]
HEAD = ["status", "tandem", *MEMBERS, "score", "minutes", *REASONS]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula, which may do anything."""


def names(sheet: Sheet) -> dict[str, str]:
    return {person.id: person.name for person in sheet.request.people}


def as_json(sheet: Sheet, outcome: Outcome) -> bytes:
    """A line for each tandem and each who waits."""
    called = names(sheet)
    tandems = [_dumped(_tandem(sheet, match, called)) for match in outcome.matches]
    left = [_dumped(_waiting(sheet, one)) for one in outcome.left]
    parts = (f'"tandems": {_list(tandems)}', f'"waiting": {_list(left)}')
    return f'{{{", ".join(parts)}, "stats": {_dumped(dict(outcome.stats))}}}\n'.encode()


def as_csv(sheet: Sheet, outcome: Outcome) -> bytes:
    """With the separator that the file of the people had. The mark at the beginning of it is
    what Excel knows UTF-8 by."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=sheet.separator)
    writer.writerow(HEAD)
    writer.writerows([_defused(cell) for cell in row] for row in _rows(sheet, outcome))
    return out.getvalue().encode("utf-8-sig")


def save(path: Path, content: bytes) -> None:
    """All of it or nothing: what was there before stays until all is written."""
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and not target.is_file():  # a device such as /dev/stdout
            target.write_bytes(content)
            return
        _written(beside, content)
        beside.replace(target)
    except OSError as error:
        raise OperatorError(f"{path}: can't be written: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)


def _written(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(lines: list[str]) -> str:
    return "[\n{}\n]".format(",\n".join(lines)) if lines else "[]"


def _tandem(sheet: Sheet, match: Match, called: Mapping[str, str]) -> dict[str, object]:
    return {
        "members": [sheet.id(member) for member in match.members],
        "score": round(match.score, DIGITS),
        "parts": {name: round(part, DIGITS) for name, part in match.parts.items()},
        "minutes": match.minutes,
        "reasons": {language: reasons(match, called, language) for language in LANGUAGES},
    }


def _waiting(sheet: Sheet, left: Left) -> dict[str, object]:
    words = {language: waiting(left, language) for language in LANGUAGES}
    return {"id": sheet.id(left.id), "reason": words, "near": left.near}


def _rows(sheet: Sheet, outcome: Outcome) -> Iterator[list[str]]:
    called = names(sheet)
    for number, match in enumerate(outcome.matches, 1):
        told = [" ".join(reasons(match, called, language)) for language in LANGUAGES]
        fit = [f"{percent(match.score)}%", str(match.minutes)]
        yield ["tandem", str(number), *_members(match.members, called), *fit, *told]
    for left in outcome.left:
        told = [waiting(left, language) for language in LANGUAGES]
        yield ["waiting", "", *_members((left.id,), called), "", "", *told]


def _members(ids: tuple[str, ...], called: Mapping[str, str]) -> list[str]:
    cells = [cell for member in ids for cell in (member, called.get(member, ""))]
    return cells + [""] * (len(MEMBERS) - len(cells))


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
