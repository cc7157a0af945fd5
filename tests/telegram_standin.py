"""A strict stand-in of the Telegram Bot API on 127.0.0.1, with people who use the bot.

    async with TelegramStandin() as telegram:
        ana = telegram.person("Ana", language="de")
        ana.says("/start")
        await ana.sees("Hallo")
        ana.presses("Gern")

It refuses what the real API refuses, keeps its state while bots come and go, and writes down in
``problems`` what no bot should do: an unknown method or parameter, a call before the wait it was
told is over. A test asserts at its end that there are none.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final, Self

from tests import telegram_profile
from tests.telegram_faults import (
    DropBefore,
    Fault,
    HoldAnswer,
    LoseAnswer,
    Script,
    ServerError,
    TooMany,
)
from tests.telegram_keyboards import Button
from tests.telegram_messages import Document, Message, Press, World
from tests.telegram_people import Group, Person
from tests.telegram_server import Call, Server
from tests.telegram_updates import Bell, Clock, Updates

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.telegram_chats import Chat
    from tests.telegram_hook import Hook
    from tests.telegram_wire import Json

__all__ = (
    "Button",
    "Document",
    "DropBefore",
    "Group",
    "HoldAnswer",
    "LoseAnswer",
    "Message",
    "Person",
    "Press",
    "ServerError",
    "TelegramStandin",
    "TooMany",
)


TOKEN: Final = "123456:TEST-token_of_the_stand-in"  # noqa: S105 (it opens nothing)


class TelegramStandin:
    """One bot's Telegram. ``url`` is there inside ``async with`` only."""

    def __init__(self, token: str = TOKEN, username: str = "tandem_test_bot") -> None:
        bot_id = int(token.partition(":")[0])
        bot = {"id": bot_id, "is_bot": True, "first_name": "Tandem", "username": username}
        self.token = token
        self.url = ""
        self._bell = Bell()
        self._clock = Clock()
        self._updates = Updates(self._bell)
        self._world = World(bot, self._clock, self._bell, self._updates)
        self._server = Server(token, self._world)

    async def __aenter__(self) -> Self:
        self.url = await self._server.start()
        self._bringing = asyncio.create_task(self.hook.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._bringing.cancel()
        await asyncio.wait([self._bringing])
        await self._server.stop()
        if not self._bringing.cancelled():
            self._bringing.result()

    # People

    def person(
        self,
        name: str,
        *,
        username: str = "",
        language: str = "",
        last_name: str = "",
        id: int | None = None,  # noqa: A002 -- the Bot API's name
    ) -> Person:
        """Somebody new; ids don't fit into 32 bits, as many real ones (Bot API: User)."""
        user_id = 5_000_000_001 + len(self._world.chats) if id is None else id
        optional = {"username": username, "language_code": language, "last_name": last_name}
        return Person(self._world, user_id, name, **optional)

    def group(self, title: str, *members: Person) -> Group:
        """A new group, to which the first member has added the bot."""
        group = Group(self._world, -4_000_000_001 - len(self._world.chats), title, members)
        group.adds_bot()
        return group

    def founds_group(self, person: Person, url: str, title: str) -> Group:
        """What an app does with a ``startgroup`` link: it adds the bot to a group of the person,
        and says in there in their name what makes the bot know the token."""
        begin = f"https://t.me/{self._world.bot['username']}?startgroup="
        assert url.startswith(begin), f"{url} adds no bot to a group"
        token = url.removeprefix(begin)
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token), f"{token!r} is no start parameter"
        group = self.group(title, person)
        person.says(f"/start@{self._world.bot['username']} {token}", to=group)
        return group

    def menu(self, person: Person) -> list[tuple[str, str]]:
        """The commands the person's app offers, with their descriptions."""
        return [
            (it["command"], it["description"]) for it in telegram_profile.menu(self._world, person)
        ]

    # What a test sets and reads

    @property
    def hook(self) -> Hook:
        """Where updates are brought to, if the bot wants that."""
        return self._world.hook

    @property
    def calls(self) -> list[Call]:
        """All the bot's calls: method, parameters, and when (seconds of a monotonic clock)."""
        return self._server.calls

    @property
    def problems(self) -> list[str]:
        return self._server.problems

    @property
    def limits(self) -> bool:
        """Whether sending too fast is answered with 429."""
        return self._server.limits.on

    @limits.setter
    def limits(self, on: bool) -> None:
        self._server.limits.on = on

    @property
    def pending(self) -> list[Json]:
        """Updates the bot has not confirmed."""
        return self._updates.pending

    @property
    def confirmed(self) -> list[int]:
        return self._updates.confirmed

    @property
    def dropped(self) -> list[Json]:
        """Updates that never came, because the bot's allowed_updates leaves them out."""
        return self._updates.dropped

    @property
    def unanswered(self) -> list[Press]:
        """Buttons that still spin."""
        return [press for press in self._world.presses.values() if not press.answered]

    @property
    def descriptions(self) -> dict[tuple[str, str], str]:
        """By ("description" or "short_description", language code or "")."""
        return self._world.descriptions

    def passes(self, seconds: float) -> None:
        """Let time pass here: for dates, the 15 s of a press, the 48 h to delete, and limits."""
        self._clock.passes(seconds)

    def brings(self, kind: str, payload: Json) -> int:
        """An update as a newer Bot API, or a broken one, might have it; returns its number."""
        return self._updates.add(kind, payload)

    def redeliver(self, update_id: int | None = None) -> int:
        """Give out an update a second time, by default the last one given out."""
        return self._updates.redeliver(update_id)

    def fails(
        self,
        fault: Fault,
        method: str | None = None,
        chat: Chat | None = None,
        *,
        times: int = 1,
    ) -> Script:
        """Let the fault strike the next calls of a method, in a chat, or of any."""
        script = Script(fault, method, chat.id if chat else None, times, self._bell)
        self._server.scripts.append(script)
        return script

    async def until(
        self,
        condition: Callable[[], bool],
        timeout: float = 45,  # noqa: ASYNC109 -- a test says how long it waits
    ) -> None:
        """Wait for something else than a message, e.g. that no update is pending."""
        try:
            await self._bell.until(lambda: condition() or None, timeout)
        except TimeoutError:
            raise AssertionError(
                f"It didn't come true within {timeout} s\n{self.screen()}"
            ) from None

    def screen(self) -> str:
        """All chats, and the last calls."""
        chats = [chat.screen() for chat in self._world.chats.values()]
        calls = [f"{call.method} {call.params}" for call in self.calls[-5:]]
        return "\n".join([*chats, "── last calls ──", *calls, *self.problems])
