"""What a person has before her eyes: messages, modals and the Home tab of the app."""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.slack_blocks import elements
from tests.slack_elements import offered
from tests.slack_render import active, label_of, rendered, shown, texts
from tests.slack_shapes import Json

# Where the value of each element is in `state.values`, and its initial value in the element
# (docs.slack.dev/reference/interaction-payloads/view-interactions-payload).
VALUES: Final = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
}


@dataclass(frozen=True)
class Control:
    """A button, menu or field that a person can use."""

    block: Json
    element: Json
    label: str

    @property
    def kind(self) -> str:
        return str(self.element["type"])

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def block_id(self) -> str:
        return str(self.block["block_id"])

    @property
    def value(self) -> str | None:
        return self.element.get("value")

    @property
    def style(self) -> str | None:
        return self.element.get("style")

    def known_as(self, name: str) -> bool:
        return name in (self.label, self.block_id, self.action_id)

    def option(self, answer: str, names: Mapping[str, str]) -> Json:
        """The option with this value or label; an AssertionError lists those on offer."""
        options = offered(self.element)
        for option in options:
            if answer in (option["value"], label_of(option["text"], names)):
                return {key: option[key] for key in ("text", "value")}
        labels = [label_of(option["text"], names) for option in options]
        raise AssertionError(f"{self.label!r} offers no {answer!r}, only {labels}")

    def choose(self, answer: Any, names: Mapping[str, str]) -> Any:
        """What `state.values` holds after this answer."""
        match VALUES[self.kind][0]:
            case "selected_option":
                return None if answer is None else self.option(answer, names)
            case "selected_options":
                answers = [answer] if isinstance(answer, str) else answer
                return [self.option(one, names) for one in answers]
            case "value":
                return str(answer) if answer not in (None, "") else None
            case _:
                return answer


def completed(blocks: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """Blocks as Slack keeps them: with ids for those that have none, and defaults filled in."""
    whole = copy.deepcopy(blocks)
    for block in whole:
        block.setdefault("block_id", new_id())
        _fill_in(block)
    for _, _, element in elements(whole):
        if element["type"] != "image":
            element.setdefault("action_id", new_id())
    return whole


def _fill_in(value: Any) -> None:
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, dict | list):
            _fill_in(part)
    if isinstance(value, dict) and value.get("type") in ("plain_text", "mrkdwn"):
        is_plain = value["type"] == "plain_text"
        value.setdefault("emoji" if is_plain else "verbatim", is_plain)


@dataclass(eq=False)
class Surface:
    """Text and blocks, what was entered in them, and the number of their last change."""

    author: str
    names: Mapping[str, str]
    fallback: str = ""
    blocks: list[Json] = field(default_factory=list)
    changed: int = 0
    values: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def plain(self) -> str:
        """As a person reads it: the blocks if there are any, else the text."""
        if self.blocks:
            return rendered(self.blocks, self.names)
        return shown(self.fallback, self.names)

    @property
    def text(self) -> str:
        """What notifications and screen readers get."""
        return self.fallback

    @property
    def active(self) -> list[str]:
        """Mentions and links that work, in the text and in all mrkdwn of the blocks."""
        return [one for text in [self.fallback, *texts(self.blocks)] for one in active(text)]

    @property
    def controls(self) -> list[Control]:
        return list(self._controls())

    def _controls(self) -> Iterator[Control]:
        for _, block, element in elements(self.blocks):
            if element["type"] == "image":
                continue
            named = element.get("text") or block.get("label") or element.get("placeholder")
            yield Control(block, element, label_of(named, self.names))

    @property
    def buttons(self) -> list[Control]:
        return [control for control in self.controls if control.kind == "button"]

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons, menus and fields, from top to bottom."""
        return [control.label for control in self.controls]

    def control(self, name: str) -> Control:
        """The field or menu with this label, block_id or action_id."""
        for control in self.controls:
            if control.kind in VALUES and control.known_as(name):
                return control
        raise AssertionError(f"no field {name!r} here, only {self.labels}")

    def enter(self, control: Control, answer: Any) -> Any:
        value = control.choose(answer, self.names)
        self.values[control.block_id, control.action_id] = value
        return value

    def value_of(self, control: Control) -> Any:
        """What is entered, else what the element starts with."""
        name, initial = VALUES[control.kind]
        empty: Any = [] if name.endswith("s") else None
        start = control.element.get(initial, empty)
        return self.values.get((control.block_id, control.action_id), start)

    @property
    def state(self) -> Json:
        """`state` in payloads: the values of all elements, those left alone too."""
        values: dict[str, Json] = {}
        for control in self.controls:
            if control.kind in VALUES:
                entered = {"type": control.kind, VALUES[control.kind][0]: self.value_of(control)}
                values.setdefault(control.block_id, {})[control.action_id] = entered
        return {"values": values}


@dataclass(eq=False)
class Message(Surface):
    """A message in a channel; ``edits`` are its former looks.

    An ephemeral one is ``only_for`` one person. ``extra`` is what else the app sent, e.g. metadata.
    """

    ts: str = ""
    channel: str = ""
    only_for: str | None = None
    edits: list[str] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    extra: Json = field(default_factory=dict)

    @property
    def is_ephemeral(self) -> bool:
        return self.only_for is not None

    def __repr__(self) -> str:
        return f"<{self.author} in {self.channel}: {self.plain!r}>"


@dataclass(eq=False)
class View(Surface):
    """A modal or the Home tab; ``raw`` is what the app sent, ``errors`` is text by block_id."""

    id: str = ""
    raw: Json = field(default_factory=dict)
    hash: str = ""
    root: str = ""
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return label_of(self.raw.get("title"), self.names)

    @property
    def is_modal(self) -> bool:
        return self.raw.get("type") == "modal"

    @property
    def plain(self) -> str:
        ends = [label_of(self.raw.get(name), self.names) for name in ("submit", "close")]
        foot = " ".join(f"[{end}]" for end in ends if end)
        wrong = [f"! {where}: {what}" for where, what in self.errors.items()]
        parts = [self.title, rendered(self.blocks, self.names), *wrong, foot]
        return "\n".join(part for part in parts if part)

    @property
    def text(self) -> str:
        return self.plain

    def __repr__(self) -> str:
        return f"<{self.raw.get('type')} {self.plain!r}>"
