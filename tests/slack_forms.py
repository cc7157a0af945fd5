"""What Slack's clients check in a modal before they submit it."""

import re
from collections.abc import Iterator
from typing import Any, Final

from tests.slack_surfaces import Control, View

_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LINK: Final = re.compile(r"https?://\S+")
REQUIRED: Final = "Please complete this required field."


def complaints(view: View) -> dict[str, str]:
    """Texts by block_id; with any of them, nothing is sent to the app."""
    return {
        control.block_id: complaint
        for control in view.controls
        if control.block["type"] == "input"
        for complaint in [_complaint(control, view.value_of(control))]
        if complaint
    }


def _complaint(control: Control, value: Any) -> str:
    if value in (None, "", []):
        return "" if control.block.get("optional") else REQUIRED
    return next(_wrong(control, value), "")


def _wrong(control: Control, value: Any) -> Iterator[str]:
    element = control.element
    if isinstance(value, list) and len(value) > element.get("max_selected_items", 100):
        yield f"Please select at most {element['max_selected_items']} items."
    match control.kind:
        case "plain_text_input":
            if len(value) < element.get("min_length", 0):
                yield f"Please enter at least {element['min_length']} characters."
            if len(value) > element.get("max_length", 3000):
                yield f"Please enter at most {element.get('max_length', 3000)} characters."
        case "email_text_input" if not _MAIL.fullmatch(value):
            yield "Please enter a valid email address."
        case "url_text_input" if not _LINK.fullmatch(value):
            yield "Please enter a valid URL."
        case "number_input" if not _is_number(value, decimal=element["is_decimal_allowed"]):
            yield "Please enter a valid number."
        case _:
            pass


def _is_number(value: str, *, decimal: bool) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?" if decimal else r"-?\d+", value))
