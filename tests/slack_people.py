"""Persons in the workspace: what a test does as one of them."""

from collections.abc import Mapping
from typing import Any

from tests.slack_deliveries import Delivery
from tests.slack_eyes import Onlooker
from tests.slack_files import file_object
from tests.slack_forms import complaints
from tests.slack_payloads import (
    action_of,
    block_actions,
    home_opened,
    message_event,
    slash_command,
    user_change,
    view_closed,
    view_submission,
)
from tests.slack_records import Channel
from tests.slack_render import typed
from tests.slack_responses import command_answered
from tests.slack_shapes import Json
from tests.slack_surfaces import Control, Message, Surface, View
from tests.slack_views import answered

TROUBLE = "We had some trouble connecting. Try again?"


class Person(Onlooker):
    """Acts like someone with a Slack client; ``await delivery.done`` waits for the app."""

    def says(self, text: str, channel: Channel | None = None, *, raw: bool = False) -> Message:
        """Writes to the bot, or in a group. ``raw`` text has mentions and links of its own.

        The bot hears of groups only with the scope mpim:history.
        """
        where = channel or self._opened_dm()
        message = self.slack.add(where, self.id, text if raw else typed(text), [])
        self.slack.socket.event(message_event(self.slack, message))
        return message

    def sends_file(self, name: str = "photo.jpg", data: bytes = b"...", text: str = "") -> Message:
        where = self._opened_dm()
        message = self.slack.add(where, self.id, typed(text), [])
        message.files = [file_object(self.slack, name, self.id, data)]
        self.slack.socket.event(message_event(self.slack, message))
        return message

    def opens_home(self) -> Delivery | None:
        return self._opens("home")

    def opens_messages(self) -> Delivery | None:
        """Opens the Messages tab of the app, without writing anything."""
        return self._opens("messages")

    def _opens(self, tab: str) -> Delivery | None:
        event = home_opened(self.slack, self, self._opened_dm(), tab)
        return self.slack.socket.event(event)

    def commands(self, command: str, text: str = "", *, elsewhere: bool = False) -> Delivery:
        """Types a command to the bot, or ``elsewhere``: in a channel where the bot is not."""
        self._here()
        assert "commands" in self.slack.scopes, "without the scope, there are no commands"
        channel = self.slack.elsewhere if elsewhere else self._opened_dm()
        payload = slash_command(self.slack, self, channel, command, typed(text, linked=False))
        return self._sends(
            "slash_commands",
            payload,
            f"{command} {text}".rstrip(),
            lambda answer: command_answered(self.slack, self, channel, answer),
        )

    # Buttons and menus

    def presses(
        self, label: str, message: Surface | None = None, *, in_home: bool = False
    ) -> Delivery:
        """Presses the button with this label: in the modal, else in what changed last.

        A confirmation dialog is confirmed.
        """
        for surface in self._reach(message, in_home=in_home):
            for button in surface.buttons:
                if button.label == label:
                    return self._acts(surface, button, button.value)
        visible = [one.label for s in self._reach(message, in_home=in_home) for one in s.buttons]
        raise AssertionError(f"no button {label!r}, only {visible}\n{self.screen()}")

    def presses_value(self, action_id: str, value: str, message: Surface) -> Delivery:
        """A forged press: any action_id and value, in a message that may have no such button."""
        text = {"type": "plain_text", "text": "forged", "emoji": True}
        element = {"type": "button", "action_id": action_id, "text": text, "value": value}
        forged = Control({"block_id": "forged"}, element, "forged")
        return self._acts(message, forged, value)

    def chooses(
        self, menu: str, answer: Any, message: Surface | None = None, *, in_home: bool = False
    ) -> Delivery | None:
        """Uses a menu, by its label, placeholder, block_id or action_id.

        Options are named by label or value; dates and times are as in the payload. In input blocks
        without ``dispatch_action`` it only fills the form, and sends nothing.
        """
        for surface in self._reach(message, in_home=in_home):
            for control in surface.controls:
                if control.kind != "button" and control.known_as(menu):
                    return self._chosen(surface, control, answer)
        visible = [one.label for s in self._reach(message, in_home=in_home) for one in s.controls]
        raise AssertionError(f"no menu {menu!r}, only {visible}\n{self.screen()}")

    def _chosen(self, surface: Surface, control: Control, answer: Any) -> Delivery | None:
        if control.kind == "overflow":
            return self._acts(surface, control, control.option(answer, self.slack.names))
        value = surface.enter(control, answer)
        if control.block["type"] == "input" and not control.block.get("dispatch_action"):
            return None
        return self._acts(surface, control, value)

    def _reach(self, message: Surface | None, *, in_home: bool) -> list[Surface]:
        """Where to look for a button, the nearest first."""
        self._here()
        if message is not None:
            return [message]
        if in_home:
            return [self.home] if self.home else []
        others = sorted(self.surfaces(), key=lambda one: isinstance(one, View))
        return [self.modal, *others] if self.modal else others

    def _acts(self, surface: Surface, control: Control, value: Any) -> Delivery:
        self._here()
        action = action_of(self.slack, control, value)
        payload = block_actions(self.slack, self, surface, action)
        return self._sends("interactive", payload, f"pressing {control.label!r}")

    # Modals

    def fills(self, values: Mapping[str, Any]) -> None:
        """Fills the open modal by labels or block_ids; options by label or value."""
        view = self._open_modal()
        for name, answer in values.items():
            view.enter(view.control(name), answer)

    async def submits(self, values: Mapping[str, Any] | None = None) -> View | None:
        """Fills and submits the modal, waits for the app, and returns the modal then open.

        What Slack's clients refuse themselves is not sent; it is in ``modal.errors``, as is
        trouble with the connection.
        """
        view = self._open_modal()
        self.fills(values or {})
        assert "submit" in view.raw, f"nothing to submit in {view!r}"
        view.errors = complaints(view)
        if not view.errors:
            await self._submitted(view)
        self.slack.changed(view)
        return self.modal

    async def _submitted(self, view: View) -> None:
        delivery = self._sends(
            "interactive",
            view_submission(self.slack, self, view),
            f"submitting {view.title!r}",
            lambda answer: answered(self.slack, self, view, answer),
        )
        if not await delivery.done:
            view.errors = {"": TROUBLE}

    def closes_modal(self, *, everything: bool = False) -> Delivery | None:
        """Closes the modal on top; the whole stack if it is ``clear_on_close`` or ``everything``.

        The app hears of it only if the view says ``notify_on_close``.
        """
        view = self._open_modal()
        cleared = everything or bool(view.raw.get("clear_on_close"))
        payload = view_closed(self.slack, self, view, cleared=cleared)
        self.modals[:] = [] if cleared else self.modals[:-1]
        self.slack.tell()
        if not view.raw.get("notify_on_close"):
            return None
        return self._sends("interactive", payload, f"closing {view.title!r}")

    def _open_modal(self) -> View:
        self._here()
        assert self.modal is not None, f"{self.name} has no modal open\n{self.screen()}"
        return self.modal

    # Accounts

    def deactivates(self) -> None:
        """users.info says ``deleted`` then, and nothing can be opened with her."""
        self.deleted = True
        self._account_changed()

    def reactivates(self) -> None:
        self.deleted = self.gone = False
        self._account_changed()

    def leaves_workspace(self) -> None:
        """She is not in the workspace any more: user_not_found, and her channels can't be found."""
        self.gone = True
        self._account_changed()

    def _account_changed(self) -> None:
        self.modals.clear()
        self.slack.socket.event(user_change(self.slack, self))
        self.slack.tell()

    def _here(self) -> None:
        active = not self.deleted and not self.gone
        assert active, f"{self.name} has no active account"

    def _opened_dm(self) -> Channel:
        self._here()
        return self.slack.open([self.id])[0]

    def _sends(self, kind: str, payload: Json, about: str, on_ack: Any = None) -> Delivery:
        delivery = Delivery(kind, payload, f"{self.name}: {about}", self, on_ack is not None)
        if on_ack is not None:
            delivery.on_ack = on_ack
        return self.slack.socket.send(delivery)
