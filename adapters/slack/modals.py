"""A page of a form as a Slack modal, and back.

A block is named like its field, so what is wrong with a field is what Slack wants as ``errors``.
Limits: docs.slack.dev/reference/views/modal-views and .../block-kit/block-elements.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeAlias

from adapters.slack.blocks import Block, parts, plain_section, plain_text
from bot.conversation.answers import Answer
from bot.conversation.messages import Entry, Option, Sheet
from bot.engine.events import Reply

TITLE = 24
LABEL = 2000
HINT = 150
"""Longer, it is not a hint but what has to be read first: it goes before the field, whole."""
OPTION = 75
MANY = 10
"""More options don't fit radio buttons or checkboxes."""
TYPED = 3000
MOMENT = 100
OTHER = "__text"
"""What a block adds to a moment's name, if a time can be typed beside those on offer."""

View: TypeAlias = dict[str, Any]  # Slack's JSON


def to_view(sheet: Sheet, handle: str) -> View:
    blocks = [block for entry in sheet.entries for block in _blocks(entry)]
    wrong = [plain_section(words) for words in sheet.problems.values()]
    return {
        "type": "modal",
        "callback_id": "sheet",
        "private_metadata": handle,
        "title": plain_text(sheet.title, TITLE),
        "submit": plain_text(sheet.submit, TITLE),
        "close": plain_text(sheet.cancel, TITLE),
        "blocks": [*wrong, *blocks],
    }


def to_values(view: View) -> dict[str, Answer]:
    """What was entered, by field; of a moment what was typed, or else what was chosen."""
    match view:
        case {"state": {"values": dict(values)}}:
            blocks = {name: parts for name, parts in values.items() if isinstance(parts, dict)}
        case _:
            blocks = {}
    entered = {
        name: _value(element) for name, parts in blocks.items() for element in parts.values()
    }
    typed = {n.removesuffix(OTHER): v for n, v in entered.items() if n.endswith(OTHER) and v}
    return {n: v for n, v in entered.items() if not n.endswith(OTHER)} | typed


def to_response(reply: Reply, submitted: View) -> dict[str, Any]:  # arguments of Bolt's ack
    """What becomes of a modal that was sent off: closed, corrected, or the next page.

    Slack shows errors at inputs only; others come with the page itself.
    """
    if reply.sheet is None:
        return {}
    inputs = {block["block_id"] for block in submitted["blocks"] if block["type"] == "input"}
    problems = reply.sheet.problems
    if problems and problems.keys() <= inputs:
        return {"response_action": "errors", "errors": dict(problems)}
    return {"response_action": "update", "view": to_view(reply.sheet, reply.handle)}


def _value(element: Block) -> Answer:
    match element:
        case {"selected_options": list(chosen)}:
            return [str(option.get("value")) for option in chosen if isinstance(option, dict)]
        case {"selected_option": {"value": str(value)}} | {"value": str(value)}:
            return value
        case _:
            return ""


def _blocks(entry: Entry) -> list[Block]:
    if entry.kind == "shown":
        return [plain_section(part) for part in parts(f"{entry.label}\n\n{entry.hint}")]
    is_long = len(entry.hint) > HINT
    before = [plain_section(part) for part in parts(entry.hint)] if is_long else []
    return [*before, *_inputs(entry, "" if is_long else entry.hint)]


def _inputs(entry: Entry, hint: str) -> list[Block]:
    match entry.kind:
        case "text" | "lines":
            return [_input(entry, _text(entry), hint)]
        case "choice":
            return [_input(entry, _choice(entry), hint)]
        case "choices":
            return [_input(entry, _choices(entry), hint)]
        case "moment" if entry.options:
            return _moment(entry, hint)
        case "moment":
            return [_input(entry, _line(MOMENT), hint)]
        case unknown:
            raise LookupError(f"Slack has no {unknown}")


def _moment(entry: Entry, hint: str) -> list[Block]:
    """Times on offer, and a line for another one; either will do."""
    either = replace(entry, optional=True)
    other = replace(either, name=f"{entry.name}{OTHER}", label=entry.other or entry.label)
    return [_input(either, _choice(entry), hint), _input(other, _line(MOMENT), "")]


def _input(entry: Entry, element: Block, hint: str) -> Block:
    """Block and element have the field's name: each has to be the only one in its view."""
    block: Block = {
        "type": "input",
        "block_id": entry.name,
        "optional": entry.optional,
        "label": plain_text(entry.label, LABEL),
        "element": {**element, "action_id": entry.name},
    }
    return {**block, "hint": plain_text(hint, LABEL)} if hint else block


def _text(entry: Entry) -> Block:
    limit = min(entry.limit or TYPED, TYPED)
    element = {**_line(limit), "multiline": entry.kind == "lines"}
    return {**element, "initial_value": str(entry.value)[:limit]} if entry.value else element


def _line(limit: int) -> Block:
    return {"type": "plain_text_input", "max_length": limit}


def _choice(entry: Entry) -> Block:
    element = _menu("radio_buttons", "static_select", entry.options)
    chosen = _options(o for o in entry.options if o.value == entry.value)
    return {**element, "initial_option": chosen[0]} if chosen else element


def _choices(entry: Entry) -> Block:
    element = _menu("checkboxes", "multi_static_select", entry.options)
    chosen = _options(o for o in entry.options if o.value in (entry.value or ()))
    return {**element, "initial_options": chosen} if chosen else element


def _menu(few: str, many: str, options: tuple[Option, ...]) -> Block:
    kind = few if len(options) <= MANY else many
    return {"type": kind, "options": _options(options)}


def _options(options: Iterable[Option]) -> list[Block]:
    return [{"text": plain_text(o.label, OPTION), "value": o.value} for o in options]
