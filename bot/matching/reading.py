"""Reads a file of people, JSON or CSV, whole or not at all."""

from datetime import datetime
from pathlib import PurePath

from bot.matching.csvs import Csv
from bot.matching.jsons import Json
from bot.matching.register import Sheet, UnreadableError

__all__ = ["Sheet", "UnreadableError", "read"]

CURES = {
    "json": "save it as UTF-8",
    "csv": 'save it as "CSV UTF-8", which spreadsheets offer beside "CSV"',
}


def read(name: str, content: bytes, now: datetime) -> Sheet:
    """What a file says. ``now`` is the present, for a file that names no other."""
    kind = _kind(name, content)
    text = _text(name, content, kind)
    if not text.strip():
        raise UnreadableError(
            [f'{name}:1: empty: a file has at least {{"members": []}}, or a head']
        )
    file = Json(name, text, now) if kind == "json" else Csv(name, text, now)
    return file.sheet()


def _kind(name: str, content: bytes) -> str:
    """By the file's name; if that doesn't tell, by its first sign."""
    ending = PurePath(name).suffix.casefold().removeprefix(".")
    if ending in CURES:
        return ending
    first = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return "json" if first in (b"{", b"[") else "csv"


def _text(name: str, content: bytes, kind: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError([f"{name}:{line}: not UTF-8: {CURES[kind]}"]) from None
