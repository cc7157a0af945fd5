"""What a person sees of texts and blocks, and what of it is active."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.slack_shapes import Json

# docs.slack.dev/messaging/formatting-message-text: what stands in angle brackets and starts with
# one of these is a mention, a link or a date; anything else in them is text.
_ACTIVE: Final = re.compile(r"<((?:[@#!]|[a-z][a-z0-9+.-]*:)[^<>]*)>", re.IGNORECASE)
_EMPHASIS: Final = re.compile(r"(?<![\w&])([*_~`])(?!\s)(.+?)(?<!\s)\1(?!\w)")
# Typed by a person, a bare address becomes a link.
_ADDRESS: Final = re.compile(r"(https?://[^\s<>]*[^\s<>.,;:!?)])")
_MAIL: Final = re.compile(r"(?<![\w.:/|])([\w.+-]+@[\w-]+\.[\w.-]*\w)")
# Slack sends the names of emoji, not the characters.
_EMOJI: Final = {
    "👍": ":+1:",
    "👎": ":-1:",
    "👋": ":wave:",
    "🎉": ":tada:",
    "✅": ":white_check_mark:",
    "❤️": ":heart:",
    "🙂": ":slightly_smiling_face:",
    "😀": ":grinning:",
}


def typed(text: str, *, linked: bool = True) -> str:
    """The text a person typed, as the app gets it: entities, names of emoji, and links.

    Commands come without links unless "Escape channels, users, and links" is on.
    """
    for emoji, name in _EMOJI.items():
        text = text.replace(emoji, name)
    escaped = html.escape(text, quote=False)
    if not linked:
        return escaped
    return _MAIL.sub(r"<mailto:\1|\1>", _ADDRESS.sub(r"<\1>", escaped))


def active(mrkdwn: str) -> list[str]:
    """The mentions and links in a text, in their angle brackets."""
    return [match.group(0) for match in _ACTIVE.finditer(mrkdwn)]


def shown(mrkdwn: str, names: Mapping[str, str]) -> str:
    """The text as a person reads it: links by their labels, mentions by names, no markup."""

    def label(match: re.Match[str]) -> str:
        target, _, text = match.group(1).partition("|")
        if target.startswith("@"):
            return f"@{text or names.get(target[1:], target[1:])}"
        return text or target.removeprefix("mailto:").replace("!", "@")

    bare = _ACTIVE.sub(label, mrkdwn)
    while (lighter := _EMPHASIS.sub(r"\2", bare)) != bare:
        bare = lighter
    return html.unescape(bare)


def label_of(text: Json | None, names: Mapping[str, str]) -> str:
    """A text object as a person reads it; plain_text shows every character as it is."""
    if text is None:
        return ""
    return str(text["text"]) if text["type"] == "plain_text" else shown(text["text"], names)


def texts(value: Any) -> Iterator[str]:
    """All mrkdwn in blocks, wherever it is."""
    if isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "markdown"):
            yield value["text"]
        for part in value.values():
            yield from texts(part)


def _choices(element: Json, names: Mapping[str, str]) -> str:
    groups = [group["options"] for group in element.get("option_groups", [])]
    options = [*element.get("options", []), *(option for group in groups for option in group)]
    return " | ".join(label_of(option["text"], names) for option in options)


def _element(element: Json, names: Mapping[str, str]) -> str:
    match element["type"]:
        case "button":
            return f"[{label_of(element['text'], names)}]"
        case "image":
            return f"({element['alt_text']})"
        case "mrkdwn" | "plain_text":
            return label_of(element, names)
        case _:
            hint = label_of(element.get("placeholder"), names)
            return f"<{_choices(element, names) or hint or element['type']}>"


def _section(block: Json, names: Mapping[str, str]) -> list[str]:
    parts = [block.get("text"), *block.get("fields", [])]
    lines = [label_of(part, names) for part in parts if part is not None]
    accessory = block.get("accessory")
    return [*lines, _element(accessory, names)] if accessory else lines


def _rich(value: Any) -> str:
    if isinstance(value, list):
        return "".join(_rich(part) for part in value)
    return value.get("text", "") if "text" in value else _rich(value.get("elements", []))


def _block(block: Json, names: Mapping[str, str]) -> list[str]:
    match block["type"]:
        case "section":
            return _section(block, names)
        case "header":
            return [label_of(block["text"], names)]
        case "context" | "actions":
            return [" ".join(_element(element, names) for element in block["elements"])]
        case "input":
            hint = label_of(block.get("hint"), names)
            first = f"{label_of(block['label'], names)}: {_element(block['element'], names)}"
            return [first, hint] if hint else [first]
        case "image":
            return [label_of(block.get("title"), names), f"({block['alt_text']})"]
        case "markdown":
            return [block["text"]]
        case "rich_text":
            return [_rich(block)]
        case _:
            return ["---"]


def rendered(blocks: list[Json], names: Mapping[str, str]) -> str:
    """Blocks as a person reads them, one line for each part; buttons in brackets."""
    lines = [line for block in blocks for line in _block(block, names)]
    return "\n".join(line for line in lines if line)
