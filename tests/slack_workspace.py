"""The workspace behind the stand-in: people, channels, messages and what went wrong.

No network here. The Web API changes it, Socket Mode tells the app about it, persons look at it.
"""

import asyncio
import itertools
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, TypeVar

from tests.slack_given import SlackError
from tests.slack_records import Call, Channel, Member, ResponseUrl, Trigger
from tests.slack_shapes import Json
from tests.slack_surfaces import Message, Surface, View, completed

if TYPE_CHECKING:
    from tests.slack_blocks import Unique
    from tests.slack_socket import SocketMode

T = TypeVar("T")

# docs.slack.dev/interactivity/handling-user-interaction: a trigger_id expires after 3 seconds, a
# response_url takes 5 messages within 30 minutes.
TRIGGER_SECONDS: Final = 3.0
RESPONSE_SECONDS: Final = 30 * 60.0
RESPONSE_USES: Final = 5
SCOPES: Final = (
    "chat:write",
    "commands",
    "files:write",
    "im:history",
    "im:write",
    "mpim:write",
    "users:read",
)


class Workspace:
    """All state, so that an app under test can be killed and started again."""

    socket: "SocketMode"

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.changes = itertools.count(1)
        self.offset = 0.0
        self.news = asyncio.Event()
        self.origin = ""
        self.team, self.app_id = self.new_id("T"), self.new_id("A")
        self.bot_user, self.bot_id = self.new_id("U"), self.new_id("B")
        self.bot_token = f"xoxb-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-{self.app_id}-{secrets.token_hex(12)}"
        self.scopes = set(SCOPES)
        self.people: dict[str, Member] = {}
        self.names: dict[str, str] = {self.bot_user: "Tandem"}
        self.elsewhere = Channel(self.new_id("C"), "channel", (), "general", bot_in=False)
        self.channels = {self.elsewhere.id: self.elsewhere}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, Json] = {}
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.failures: list[str] = []
        # What a test may change: where an action_id must be unique; which tabs the app has; whether
        # the app hears of its own messages, as it does in Slack; how posting to a deactivated
        # account is refused, None if it is not (see slack_chat.reachable).
        self.unique_action_ids: Unique = "surface"
        self.home_tab = True
        self.messages_tab = True
        self.echoes = True
        self.disabled_dm: str | None = "user_disabled"

    # Time and news

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Lets time pass for triggers, response_urls, rate limits and timestamps; not for acks."""
        self.offset += seconds

    def tell(self) -> None:
        """Something changed: everyone waiting in ``until`` looks again."""
        self.news.set()
        self.news = asyncio.Event()

    async def look(self, glance: Callable[[], T | None], seconds: float) -> T | None:
        """What ``glance`` finds, now or after a change; None after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := glance()):
                    await self.news.wait()
                return found
        except TimeoutError:
            return None

    def problem(self, what: str) -> None:
        """The app broke a rule of the platform; tests assert that there are none."""
        self.problems.append(what)
        self.tell()

    # Names of things

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self.numbers):010X}"

    def new_ts(self) -> str:
        """A timestamp like Slack's, later than all before: it names a message in its channel."""
        return f"{int(self.now())}.{next(self.numbers):06d}"

    def changed(self, surface: Surface) -> None:
        surface.changed = next(self.changes)
        self.tell()

    # People and channels

    def member(self, user: str) -> Member:
        member = self.people.get(user)
        if member is None or member.gone:
            raise SlackError("user_not_found")
        return member

    def of(self, member: Member) -> Iterator[Channel]:
        """The channels she is in, in the order in which they were opened."""
        return (one for one in self.channels.values() if member.id in one.members)

    def open(self, users: Iterable[str]) -> tuple[Channel, bool]:
        """The channel of exactly these people and the bot, and whether it is new."""
        members = tuple(sorted(set(users)))
        for channel in self.channels.values():
            if channel.members == members:
                return channel, False
        channel = self._new_channel(members)
        self.channels[channel.id] = channel
        return channel, True

    def _new_channel(self, members: tuple[str, ...]) -> Channel:
        if len(members) == 1:
            return Channel(self.new_id("D"), "im", members, "directmessage")
        usernames = [self.people[user].username for user in members]
        name = f"mpdm-{'--'.join([*usernames, 'tandem'])}-1"
        return Channel(self.new_id("C"), "mpim", members, name)

    # Messages

    def add(self, channel: Channel, author: str, text: str, blocks: list[Json]) -> Message:
        message = self.draft(channel, author, text, blocks)
        channel.messages.append(message)
        self.changed(message)
        return message

    def whisper(self, channel: Channel, to: Member, text: str, blocks: list[Json]) -> Message:
        """An ephemeral message: only she sees it, and no event tells of it."""
        message = self.draft(channel, self.bot_user, text, blocks)
        message.only_for = to.id
        to.ephemerals.append(message)
        self.changed(message)
        return message

    def draft(self, channel: Channel, author: str, text: str, blocks: list[Json]) -> Message:
        whole = completed(blocks, lambda: secrets.token_urlsafe(4))
        ts = self.new_ts()
        return Message(author, self.names, text, whole, ts=ts, channel=channel.id)

    def edit(self, message: Message, text: str, blocks: list[Json]) -> None:
        message.edits.append(message.plain)
        message.fallback = text
        message.blocks = completed(blocks, lambda: secrets.token_urlsafe(4))
        self.changed(message)

    # What interactions hand out

    def new_trigger(self, owner: Member, view: View | None = None) -> str:
        trigger = f"{next(self.numbers)}.{self.team[1:]}.{secrets.token_hex(8)}"
        inside = view.id if view and view.is_modal else None
        self.triggers[trigger] = Trigger(owner.id, self.now() + TRIGGER_SECONDS, inside)
        return trigger

    def new_response_url(self, owner: Member, channel: str, original: Message | None) -> str:
        key = secrets.token_hex(8)
        expires = self.now() + RESPONSE_SECONDS
        self.response_urls[key] = ResponseUrl(owner.id, channel, expires, original)
        return f"{self.origin}/response/{key}"
