"""Text and buttons as Slack's blocks, within the limits of the Block Kit reference
(docs.slack.dev/reference/block-kit)."""

import re
from typing import Any, TypeAlias

from adapters.slack.mrkdwn import to_mrkdwn

SECTION = 3000
BUTTON = 75
PER_ROW = 5
"""More buttons in a row would be hidden behind "more" on a phone."""
UNFINISHED = re.compile(r"(?:&\w{0,3}|<[^<>]*)$")
"""An entity or a link that a cut would break."""

Block: TypeAlias = dict[str, Any]  # Slack's JSON
Rows: TypeAlias = list[list[dict[str, str]]]
"""Buttons as in a parcel's body: a label and a handle each."""


def to_blocks(html: str, rows: Rows, prefix: str = "b") -> list[Block]:
    """Sections for a text in the bot's HTML, then its buttons.

    ``prefix`` begins the action ids, which are unique within a message or view.
    """
    sections = [section(part) for part in parts(to_mrkdwn(html))]
    short = [row[at : at + PER_ROW] for row in rows for at in range(0, len(row), PER_ROW)]
    return [*sections, *(_actions(row, f"{prefix}{n}") for n, row in enumerate(short))]


def section(mrkdwn: str) -> Block:
    """``verbatim``: Slack makes no link or mention of what is not written as one."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def plain_section(text: str) -> Block:
    return {"type": "section", "text": plain_text(text, SECTION)}


def plain_text(text: str, limit: int) -> Block:
    """Words without any markup. What Slack would refuse as too long ends in an ellipsis."""
    return {"type": "plain_text", "text": text if len(text) <= limit else f"{text[: limit - 1]}…"}


def parts(text: str, limit: int = SECTION) -> list[str]:
    """A text in pieces of at most ``limit`` characters, cut at line ends where there are any."""
    found, rest = [], text.strip()
    while len(rest) > limit:
        at = _cut(rest, limit)
        found.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*found, rest] if rest else found


def _cut(text: str, limit: int) -> int:
    line_end = text.rfind("\n", 1, limit)
    if line_end > 0:
        return line_end
    unfinished = UNFINISHED.search(text[:limit])
    return (unfinished and unfinished.start()) or limit


def _actions(row: list[dict[str, str]], prefix: str) -> Block:
    return {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": f"{prefix}.{number}",
                "text": plain_text(button["label"], BUTTON),
                "value": button["handle"],
            }
            for number, button in enumerate(row)
        ],
    }
