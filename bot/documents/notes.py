"""Notes as Markdown with front matter, as Obsidian and Notion read it: a file each, in folders.

The rule of the place: front matter has strings, numbers and dates only, each written so that no
sign in it can mean anything to YAML. A double-quoted string of JSON is one of YAML as well.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.conversation.answers import clean
from bot.documents.markdown import prose

UNSAFE = re.compile(r'[\\/:*?"<>|#^\[\]\s.]+')
"""What a name of a file can't have somewhere, or what Obsidian makes a link of."""
BREAKS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}
"""Line breaks for YAML that JSON leaves as they are."""
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Note:
    """``at`` is local and naive. ``tags`` have no spaces. Facts with nothing in them are left
    out."""

    folder: tuple[str, ...]
    at: datetime
    title: str
    tags: tuple[str, ...]
    facts: Mapping[str, str | int]
    parts: tuple[tuple[str, str], ...]
    """Headings, or "" for none, with their text."""


def files(notes: Iterable[Note]) -> Iterator[tuple[str, str]]:
    """The path of each note and what is in it; two of one minute get a number."""
    taken: set[str] = set()
    for note in notes:
        begin = "/".join([*map(_safe, note.folder), f"{note.at:%Y-%m-%d %H%M}"])
        path = next(p for p in _paths(begin) if p not in taken)
        taken.add(path)
        yield path, _text(note)


def _paths(begin: str) -> Iterator[str]:
    yield f"{begin}.md"
    yield from (f"{begin} {number}.md" for number in range(2, 10_000))


def _safe(name: str) -> str:
    """A folder anywhere; what somebody is called leads nowhere else."""
    return UNSAFE.sub(" ", clean(name)).strip()[:LONGEST].strip() or "-"


def _text(note: Note) -> str:
    known = {"title": note.title, "date": note.at, **note.facts, "tags": list(note.tags)}
    front = "".join(f"{name}: {_scalar(value)}\n" for name, value in known.items() if value)
    said = [
        f"## {prose(title)}\n\n{prose(text)}" if title else prose(text)
        for title, text in note.parts
    ]
    return f"---\n{front}---\n\n" + "\n\n".join(said) + "\n"


def _scalar(value: object) -> str:
    """A moment to the second, without a zone: Obsidian knows no other."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return json.dumps(value, ensure_ascii=False).translate(BREAKS)
