"""What a person sees, and waiting until she sees something."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tests.slack_records import Channel, Member
from tests.slack_surfaces import Message, Surface, View
from tests.slack_workspace import Workspace

T = TypeVar("T")
Look = str | Callable[[Surface], Any]
ViewLook = str | Callable[[View], Any]


class Onlooker(Member):
    """Someone who looks at her channels, her modals and the Home tab of the app."""

    def __init__(self, slack: Workspace, **profile: Any) -> None:
        super().__init__(**profile)
        self.slack = slack
        self.seen = 0

    @property
    def dm(self) -> Channel | None:
        """Her direct messages with the bot, once they were opened."""
        return next((one for one in self.slack.of(self) if one.kind == "im"), None)

    @property
    def messages(self) -> list[Message]:
        """All direct messages between her and the bot, from the oldest to the newest."""
        return list(self.dm.messages) if self.dm else []

    @property
    def groups(self) -> list[Channel]:
        """The groups she sees: those without a message are not listed in Slack."""
        return [one for one in self.slack.of(self) if one.kind == "mpim" and one.messages]

    @property
    def modal(self) -> View | None:
        """The modal on top, if one is open."""
        return self.modals[-1] if self.modals else None

    def surfaces(self) -> list[Surface]:
        """Messages, ephemeral ones too, and the Home tab; first what changed last."""
        found: list[Surface] = [m for one in self.slack.of(self) for m in one.messages]
        found += self.ephemerals
        found += [self.home] if self.home else []
        return sorted(found, key=lambda surface: surface.changed, reverse=True)

    def sees(
        self, what: Look, timeout: float = 45.0, *, anywhere: bool = False
    ) -> Coroutine[Any, Any, Surface]:
        """Waits for something of others, new or edited since what she saw last, and returns it.

        ``what`` is a part of its text as she reads it, or a condition. Of several, it is the first
        that changed; later ones can be seen next, earlier ones can't any more. ``anywhere`` takes
        what she saw before, too, and the newest first.
        """
        fits = _condition(what)

        def glance() -> Surface | None:
            news = [one for one in self.surfaces() if one.author != self.id and fits(one)]
            if not anywhere:
                news = [one for one in reversed(news) if one.changed > self.seen]
            return news[0] if news else None

        return self._seen(glance, timeout, f"{self.name} does not see {_named(what)}")

    async def _seen(
        self, glance: Callable[[], Surface | None], seconds: float, complaint: str
    ) -> Surface:
        found = await self._awaited(glance, seconds, complaint)
        self.seen = max(self.seen, found.changed)
        return found

    def sees_modal(self, what: ViewLook, timeout: float = 45.0) -> Coroutine[Any, Any, View]:
        """Waits until the modal on top has this title or meets this condition."""

        def glance() -> View | None:
            view = self.modal
            if view is None:
                return None
            fits = what(view) if callable(what) else what == view.title
            return view if fits else None

        complaint = f"{self.name} does not see the modal {_named(what)}"
        return self._awaited(glance, timeout, complaint)

    async def _awaited(self, glance: Callable[[], T | None], seconds: float, complaint: str) -> T:
        found = await self.slack.look(glance, seconds)
        if found is None:
            raise AssertionError(f"{complaint} within {seconds:g} s\n{self.screen()}")
        return found

    def screen(self) -> str:
        """All she can see, and what went wrong, for assertion messages."""
        parts = [("Direct messages", _listed(self.messages))]
        parts += [(f"Group {group.name}", _listed(group.messages)) for group in self.groups]
        parts += [("Only for her", _listed(self.ephemerals))]
        parts += [("Home", self.home.plain if self.home else "")]
        parts += [(f"Modal {view.title}", view.plain) for view in self.modals]
        parts += [("Failures", "\n".join(self.failures))]
        parts += [("Problems", "\n".join(self.slack.problems))]
        shown = [f"--- {title}\n{text}" for title, text in parts if text]
        return "\n".join([f"=== {self.name} ===", *shown])


def _listed(messages: list[Message]) -> str:
    return "\n".join(f"{one.names.get(one.author, one.author)}: {one.plain}" for one in messages)


def _condition(what: Look) -> Callable[[Surface], bool]:
    if callable(what):
        return lambda surface: bool(what(surface))
    return lambda surface: what in surface.plain


def _named(what: Any) -> str:
    return repr(what) if isinstance(what, str) else getattr(what, "__name__", repr(what))
