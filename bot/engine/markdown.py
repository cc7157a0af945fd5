"""A document as Markdown. What people wrote stays text: no sign of theirs is markup."""

import re

from bot.engine.documents import Document, Part, Term

SIGNS = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&$^=:@])")
"""Whatever means something in Markdown or one of its dialects."""


def text(document: Document) -> str:
    blocks = [f"# {_plain(document.title)}", *map(_plain, document.lead)]
    blocks += [block for part in document.parts for block in _part(part)]
    return "\n\n".join([*blocks, "---", *map(_plain, document.foot)]) + "\n"


def _part(part: Part) -> list[str]:
    return [f"## {_plain(part.heading)}", "\n".join(_term(term) for term in part.terms)]


def _term(term: Term) -> str:
    if not term.name:
        return "\n".join(f"- {_plain(line)}" for line in term.lines)
    if len(term.lines) == 1:
        return f"- **{_plain(term.name)}:** {_plain(term.lines[0])}"
    items = "".join(f"\n  - {_plain(line)}" for line in term.lines)
    return f"- **{_plain(term.name)}:**{items}"


def _plain(words: str) -> str:
    return SIGNS.sub(r"\\\1", " ".join(words.split()))
