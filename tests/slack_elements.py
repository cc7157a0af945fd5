"""Text objects, options and elements of Block Kit with their limits.

Source: docs.slack.dev/reference/block-kit (composition objects, block elements). Elements that are
not here (rich_text_input, file_input, external_select, ...) are refused as "unsupported type".
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.slack_shapes import (
    Check,
    Json,
    anything,
    array,
    boolean,
    choice,
    every,
    finding,
    integer,
    kinds,
    matching,
    string,
    thing,
)


def plain(most: int) -> Check:
    """A text object of type plain_text; mrkdwn is refused."""
    return thing({"type": choice("plain_text"), "text": string(most)}, {"emoji": boolean})


def text(most: int) -> Check:
    mrkdwn = thing({"type": choice("mrkdwn"), "text": string(most)}, {"verbatim": boolean})
    return kinds({"plain_text": plain(most), "mrkdwn": mrkdwn})


def offered(element: Json) -> list[Json]:
    """All options of an element, of its groups too."""
    groups = [group.get("options", []) for group in element.get("option_groups", [])]
    return [*element.get("options", []), *(option for group in groups for option in group)]


def _initials(value: Any, where: str) -> Iterator[str]:
    """Initial options must "exactly match" options on offer."""
    one, many = value.get("initial_option"), value.get("initial_options", [])
    for option in many if one is None else [one]:
        if option not in offered(value):
            name = "initial_options" if one is None else "initial_option"
            yield finding("must match one of the options", f"{where}/{name}")


def _options_or_groups(value: Any, where: str) -> Iterator[str]:
    if ("options" in value) == ("option_groups" in value):
        yield finding("must define either `options` or `option_groups`", where)


def _lengths(value: Any, where: str) -> Iterator[str]:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        yield finding("`min_length` must not be more than `max_length`", where)


def _element(kind: str, most: Mapping[str, Check], *, need: tuple[str, ...] = ()) -> Check:
    fields: dict[str, Check] = {"type": choice(kind), "action_id": string(255), **most}
    required = {name: fields.pop(name) for name in ("type", *need)}
    return thing(required, fields)


_CONFIRM: Final = thing(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
_FOCUS: Final[dict[str, Check]] = {"focus_on_load": boolean, "confirm": _CONFIRM}
_TYPED: Final[dict[str, Check]] = {
    "focus_on_load": boolean,
    "placeholder": plain(150),
    "initial_value": string(3000, 0),
    "dispatch_action_config": anything,
}
_OPTION: Final = thing({"text": plain(75), "value": string(150)}, {"description": plain(75)})
_RICH_OPTION: Final = thing({"text": text(75), "value": string(150)}, {"description": text(75)})
_LINK_OPTION: Final = thing(
    {"text": plain(75), "value": string(150)}, {"description": plain(75), "url": string(3000)}
)
_GROUP: Final = thing({"label": plain(75), "options": array(_OPTION, 100)}, {})
_MENU: Final[dict[str, Check]] = {
    **_FOCUS,
    "placeholder": plain(150),
    "options": array(_OPTION, 100),
    "option_groups": array(_GROUP, 100),
}
_PEOPLE: Final[dict[str, Check]] = {**_FOCUS, "placeholder": plain(150)}
IMAGE: Final = thing(
    {"type": choice("image"), "alt_text": string(2000)},
    {"image_url": string(3000), "slack_file": anything},
)
_DATE: Final = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date like YYYY-MM-DD")
_TIME: Final = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time like HH:mm")

PRESSED: Final[dict[str, Check]] = {
    "button": _element(
        "button",
        {
            "text": plain(75),
            "value": string(2000, 0),
            "url": string(3000),
            "style": choice("primary", "danger"),
            "confirm": _CONFIRM,
            "accessibility_label": string(75),
        },
        need=("text",),
    ),
    "overflow": _element(
        "overflow", {"options": array(_LINK_OPTION, 5), "confirm": _CONFIRM}, need=("options",)
    ),
}
CHOSEN: Final[dict[str, Check]] = {
    "static_select": every(
        _element("static_select", {**_MENU, "initial_option": _OPTION}),
        _options_or_groups,
        _initials,
    ),
    "multi_static_select": every(
        _element(
            "multi_static_select",
            {
                **_MENU,
                "initial_options": array(_OPTION, 100),
                "max_selected_items": integer(1, 100),
            },
        ),
        _options_or_groups,
        _initials,
    ),
    "radio_buttons": every(
        _element(
            "radio_buttons",
            {**_FOCUS, "options": array(_RICH_OPTION, 10), "initial_option": _RICH_OPTION},
            need=("options",),
        ),
        _initials,
    ),
    "checkboxes": every(
        _element(
            "checkboxes",
            {
                **_FOCUS,
                "options": array(_RICH_OPTION, 10),
                "initial_options": array(_RICH_OPTION, 10),
            },
            need=("options",),
        ),
        _initials,
    ),
    "users_select": _element("users_select", {**_PEOPLE, "initial_user": string(255)}),
    "multi_users_select": _element(
        "multi_users_select",
        {
            **_PEOPLE,
            "initial_users": array(string(255), 100),
            "max_selected_items": integer(1, 100),
        },
    ),
    "datepicker": _element(
        "datepicker", {**_FOCUS, "placeholder": plain(150), "initial_date": _DATE}
    ),
    "timepicker": _element(
        "timepicker",
        {**_FOCUS, "placeholder": plain(150), "initial_time": _TIME, "timezone": string(255)},
    ),
    "datetimepicker": _element(
        "datetimepicker", {**_FOCUS, "initial_date_time": integer(10**9, 10**10 - 1)}
    ),
}
WRITTEN: Final[dict[str, Check]] = {
    "plain_text_input": every(
        _element(
            "plain_text_input",
            {
                **_TYPED,
                "multiline": boolean,
                "min_length": integer(0, 3000),
                "max_length": integer(1, 3000),
            },
        ),
        _lengths,
    ),
    "email_text_input": _element("email_text_input", _TYPED),
    "url_text_input": _element("url_text_input", _TYPED),
    "number_input": _element(
        "number_input",
        {**_TYPED, "is_decimal_allowed": boolean, "min_value": string(30), "max_value": string(30)},
        need=("is_decimal_allowed",),
    ),
}
