"""Buttons under a message, and the keyboards that take the place of the letters.

Limits are the documented ones (Bot API: InlineKeyboardButton) and, where the documentation is
silent, those people measured: 8 buttons in a row, 100 in all, 10 kB (python-telegram-bot:
InlineKeyboardMarkupLimit; tginfo/Telegram-Limits#187).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from tests.telegram_markup import checked_link, linked_user
from tests.telegram_wire import ApiError, Json, bad_request

Rows = list[list[Json]]

_SWITCHES: Final = ("", "_current_chat", "_chosen_chat")
_ACTIONS: Final = (
    *("url", "callback_data", "copy_text", "web_app"),
    *(f"switch_inline_query{where}" for where in _SWITCHES),
)
_OTHERS: Final = ("login_url", "callback_game", "pay")  # nothing a mentoring bot needs
_ASKING: Final = ("request_contact", "request_location")
_STYLES: Final = {"", "danger", "success", "primary"}


@dataclass(frozen=True, slots=True)
class Button:
    """One a person can press: it has ``data``, opens ``url``, or does something else."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Markup:
    """A message's reply_markup."""

    kind: Literal["inline", "keyboard", "remove", "force_reply"]
    rows: Rows = field(default_factory=list)

    @property
    def buttons(self) -> list[list[Button]]:
        """Those under the message; a keyboard belongs to the chat instead."""
        return [[_button(it) for it in row] for row in self.rows if self.kind == "inline"]

    @property
    def labels(self) -> list[list[str]]:
        return [[str(it["text"]) for it in row] for row in self.rows]


def _button(button: Json) -> Button:
    return Button(button["text"], button.get("callback_data"), button.get("url"))


def read_markup(source: str, check_user: Callable[[int], None]) -> Markup | None:
    """Raises 400; ``check_user`` does for a person a button may not link to."""
    if not source:
        return None
    markup = _object(source)
    match markup:
        case {"inline_keyboard": rows}:
            read = Markup("inline", _read_rows(rows, 8, 100, _inline_button))
            _check_links(read.rows, check_user)
        case {"keyboard": rows}:
            read = Markup("keyboard", _read_rows(rows, 12, 300, _keyboard_button))
        case {"remove_keyboard": True}:
            return Markup("remove")
        case {"force_reply": True}:
            return Markup("force_reply")
        case _:
            raise bad_request("object expected as reply markup")
    if len(source.encode()) > 10_000:
        raise bad_request("reply markup is too long")
    return read if read.rows else None


def _object(source: str) -> Any:
    try:
        return json.loads(source)
    except ValueError:
        raise bad_request("can't parse reply keyboard markup JSON object") from None


def _read_rows(rows: Any, in_row: int, in_all: int, read: Callable[[Any], Json]) -> Rows:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" must be an Array of Arrays')
    found = [[read(button) for button in row] for row in rows if row]
    if any(len(row) > in_row for row in found) or sum(map(len, found)) > in_all:
        raise bad_request("reply markup is too long")
    return found


def _keyboard_button(button: Any) -> Json:
    read = {"text": button} if isinstance(button, str) else button
    if not isinstance(read, dict) or not isinstance(read.get("text"), str):
        raise bad_request(
            "can't parse keyboard button: KeyboardButton must be a String or an Object"
        )
    if not read["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    asks = [name for name in _ASKING if read.get(name)]
    if len(asks) > 1 or set(read) - {"text", "style", *_ASKING}:
        raise bad_request("can't parse keyboard button: it does more than one thing")
    return read


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise _cannot_parse("InlineKeyboardButton must be an Object with a text")
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if button.get("style", "") not in _STYLES:
        raise _cannot_parse("invalid button style specified")
    return _with_action(button)


def _with_action(button: Json) -> Json:
    """ "Exactly one of the fields other than text ... must be used"."""
    actions = [name for name in (*_ACTIONS, *_OTHERS) if name in button]
    match actions:
        case []:
            raise _cannot_parse("Text buttons are unallowed in the inline keyboard")
        case ["callback_data"]:
            _check_data(button["callback_data"])
        case ["url"]:
            return button | {"url": _url(button["url"])}
        case ["web_app"]:
            _check_web_app(button["web_app"])
        case ["copy_text"]:
            _check_copy_text(button["copy_text"])
        case [only] if only not in _OTHERS:
            pass
        case _:
            raise _cannot_parse(f"the button does {' and '.join(actions)}")
    return button


def _check_data(data: Any) -> None:
    """1-64 bytes, not characters (Bot API: InlineKeyboardButton)."""
    if not isinstance(data, str):
        raise _cannot_parse('Field "callback_data" must be of type String')
    if not 1 <= len(data.encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")


def _url(url: Any) -> str:
    try:
        link = str(url) if linked_user(str(url)) is not None else checked_link(str(url))
    except ValueError as reason:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}") from None
    return link


def _check_web_app(web_app: Any) -> None:
    if not isinstance(web_app, dict) or not _url(web_app.get("url")).startswith("https://"):
        raise bad_request(
            "inline keyboard button Web App URL is invalid: Only HTTPS links are allowed"
        )


def _check_copy_text(copy_text: Any) -> None:
    text = copy_text.get("text") if isinstance(copy_text, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= 256:
        raise _cannot_parse('Field "copy_text" must hold 1-256 characters')


def _check_links(rows: Rows, check_user: Callable[[int], None]) -> None:
    for button in (button for row in rows for button in row):
        user = linked_user(button.get("url", ""))
        if user is not None:
            check_user(user)


def _cannot_parse(why: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {why}")
