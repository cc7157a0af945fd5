"""A paper as Markdown (CommonMark): readable as it is, and what people wrote stays text."""

import re
from collections.abc import Iterator

from bot.conversation.answers import clean
from bot.documents.paper import Paper, Section

MARKS = re.compile(r"[\\`*_\[\]<>&~|]")
"""What would mean something wherever it stands."""
NUMBERED = re.compile(r"(\d+)(?=[.)])")
BEGINS = tuple("#+=-")
"""What would begin a list, a heading or a rule."""


def markdown(paper: Paper) -> bytes:
    """UTF-8, ending in a newline."""
    parts = [f"# {_text(paper.title)}", _text(paper.subtitle)]
    for section in paper.chapters:
        parts += [f"## {_text(section.heading)}", *_body(section)]
    if paper.note:
        parts += ["---", _text(paper.note)]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def prose(said: str) -> str:
    """Several lines in which nothing is markup; where one ends, it still does."""
    lines = [_text(line) for line in said.splitlines()]
    return "\n".join(lines).strip("\n")


def _body(section: Section) -> Iterator[str]:
    yield from (_text(paragraph) for paragraph in section.text)
    yield "\n".join(_fact(name, value) for name, value in section.facts if value)
    yield "\n".join(f"- {_text(point)}" for point in section.points if point)


def _fact(name: str, value: str) -> str:
    """Several lines are a list of their own."""
    lines = [_text(line) for line in value.splitlines() if line.strip()]
    if len(lines) == 1:
        return f"- **{_text(name)}:** {_inline(value)}"
    said = "".join(f"\n  - {line}" for line in lines)
    return f"- **{_text(name)}:**{said}"


def _text(said: str) -> str:
    """One line in which nothing is markup, also where a line begins."""
    return _begun(_inline(said))


def _inline(said: str) -> str:
    return MARKS.sub(r"\\\g<0>", " ".join(clean(said).split()))


def _begun(line: str) -> str:
    if NUMBERED.match(line):
        return NUMBERED.sub(r"\1\\", line, count=1)
    return f"\\{line}" if line.startswith(BEGINS) else line
