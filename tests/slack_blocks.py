"""What Block Kit takes: blocks and views with their limits, checked as Slack does.

Source: docs.slack.dev/reference/block-kit (blocks, views). Blocks that are not here (video, table,
card, ...) are refused as "unsupported type": nothing would show them in a test.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from tests.slack_elements import CHOSEN, IMAGE, PRESSED, WRITTEN, plain, text
from tests.slack_shapes import (
    Check,
    Json,
    anything,
    array,
    boolean,
    choice,
    every,
    finding,
    kinds,
    string,
    thing,
)

# Slack wants an action_id to be unique "in the containing block" only; "surface" asks for the whole
# message or view, so that an action_id alone says what was pressed.
Unique = Literal["surface", "block"]

# Undocumented. Measured by others at about 13,200 characters of JSON for chat.postMessage, less
# with many small blocks (slackapi/bolt-js issues 2509 and 2867).
MOST_JSON: Final = 13_200
# views.open, views.push, views.publish: "view_too_large: greater than 250kb".
MOST_VIEW_BYTES: Final = 250_000


def _section(value: Any, where: str) -> Iterator[str]:
    if "text" not in value and "fields" not in value:
        yield finding("must define either `text` or `fields`", where)


def _block(kind: str, required: Mapping[str, Check], **optional: Check) -> Check:
    return thing({"type": choice(kind), **required}, {"block_id": string(255), **optional})


BLOCKS: Final[dict[str, Check]] = {
    "section": every(
        _block(
            "section",
            {},
            text=text(3000),
            fields=array(text(2000), 10),
            accessory=kinds({**PRESSED, **CHOSEN, "image": IMAGE}),
            expand=boolean,
        ),
        _section,
    ),
    "header": _block("header", {"text": plain(150)}),
    "divider": _block("divider", {}),
    "image": _block(
        "image",
        {"alt_text": string(2000)},
        image_url=string(3000),
        slack_file=anything,
        title=plain(2000),
    ),
    "context": _block(
        "context",
        {
            "elements": array(
                kinds({"image": IMAGE, "plain_text": plain(3000), "mrkdwn": text(3000)}), 10
            )
        },
    ),
    "actions": _block("actions", {"elements": array(kinds({**PRESSED, **CHOSEN}), 25)}),
    "input": _block(
        "input",
        {"label": plain(2000), "element": kinds({**CHOSEN, **WRITTEN})},
        hint=plain(2000),
        optional=boolean,
        dispatch_action=boolean,
    ),
    "markdown": _block("markdown", {"text": string(12_000)}),
    "rich_text": _block("rich_text", {"elements": array(anything, 100)}),
}


def elements(blocks: list[Json]) -> Iterator[tuple[str, Json, Json]]:
    """All elements with where they are and their block: accessories, actions, inputs."""
    for number, block in enumerate(blocks):
        match block.get("type"):
            case "section" if "accessory" in block:
                yield f"/{number}/accessory", block, block["accessory"]
            case "actions":
                for place, element in enumerate(block["elements"]):
                    yield f"/{number}/elements/{place}", block, element
            case "input":
                yield f"/{number}/element", block, block["element"]
            case _:
                pass


def _twice(blocks: list[Json], where: str, unique: Unique) -> Iterator[str]:
    seen: set[tuple[str, ...]] = set()
    for number, block in enumerate(blocks):
        key = ("block", block.get("block_id", f"{number}"))
        if key in seen and "block_id" in block:
            yield finding(f"duplicate block_id: {key[1]}", f"{where}/{number}/block_id")
        seen.add(key)
    for place, _, element in elements(blocks):
        if "action_id" in element:
            scope = "" if unique == "surface" else place.split("/")[1]
            action = (scope, element["action_id"])
            if action in seen:
                yield finding(f"duplicate action_id: {action[1]}", f"{where}{place}/action_id")
            seen.add(action)


def _focus(blocks: list[Json], where: str) -> Iterator[str]:
    if sum(bool(element.get("focus_on_load")) for _, _, element in elements(blocks)) > 1:
        yield finding("only one element can have `focus_on_load`", where)


def _blocks(blocks: Any, where: str, most: int, unique: Unique, least: int = 0) -> list[str]:
    found = list(array(kinds(BLOCKS), most, least)(blocks, where))
    return found or [*_twice(blocks, where, unique), *_focus(blocks, where)]


def message_findings(blocks: Any, unique: Unique = "surface") -> list[str]:
    """What Slack would refuse in the blocks of a message; at most 50 of them."""
    return _blocks(blocks, "/blocks", 50, unique)


_COMMON: Final[dict[str, Check]] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_VIEWS: Final[dict[str, Check]] = {
    "modal": thing(
        {"type": choice("modal"), "title": plain(24), "blocks": anything},
        {
            **_COMMON,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
        },
    ),
    "home": thing({"type": choice("home"), "blocks": anything}, _COMMON),
}


def view_findings(
    view: Any, kind: Literal["modal", "home"], unique: Unique = "surface"
) -> list[str]:
    """What Slack would refuse in a view; at most 100 blocks, and inputs need a submit button."""
    found = list(kinds({kind: _VIEWS[kind]})(view, "/view"))
    if found:
        return found
    found = _blocks(view["blocks"], "/view/blocks", 100, unique, 1)
    if not found and kind == "modal" and "submit" not in view:
        has_input = any(block["type"] == "input" for block in view["blocks"])
        found = [finding("missing required field: submit", "/view")] if has_input else []
    return found


def too_long(blocks: list[Json]) -> bool:
    """Whether chat.postMessage would answer msg_blocks_too_long."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > MOST_JSON


def too_large(view: Json) -> bool:
    """Whether views.* would answer view_too_large."""
    return len(json.dumps(view, separators=(",", ":"))) > MOST_VIEW_BYTES
