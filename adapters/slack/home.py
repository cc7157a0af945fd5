"""The App Home: what waits for a member, as the same cards that a chat shows."""

from typing import Any

from adapters.slack.blocks import Block, to_blocks

MOST = 100
"""Blocks in a view (docs.slack.dev/reference/views/home-tab-views)."""
DIVIDER: Block = {"type": "divider"}


def to_home(items: list[dict[str, Any]]) -> dict[str, Any]:  # bodies as in the outbox
    """A view for ``views.publish``. Slack takes none without a block."""
    blocks: list[Block] = []
    for number, item in enumerate(items):
        divider = [DIVIDER] if blocks else []
        blocks += [*divider, *to_blocks(item["text"], item["rows"], prefix=f"h{number}.")]
    return {"type": "home", "blocks": blocks[:MOST] or [DIVIDER]}
