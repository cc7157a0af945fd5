"""What goes wrong on the way: faults a test scripts, and the limits on sending.

Limits: "avoid sending more than one message per second" in one chat, with short bursts allowed,
20 a minute in a group, and about 30 a second overall (Bots FAQ: My bot is hitting limits).
"""

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from tests.telegram_updates import Bell, Clock
from tests.telegram_wire import too_many_requests

_SENDING: Final = frozenset({"sendMessage", "sendDocument"})
_WRITING: Final = _SENDING | {"editMessageText", "editMessageReplyMarkup"}
_PUNCTUAL_S: Final = 0.05  # a timer may fire this much early


@dataclass(frozen=True, slots=True)
class TooMany:
    """429; calls before ``retry_after`` seconds are over get it again, and are a problem."""

    retry_after: int = 1


@dataclass(frozen=True, slots=True)
class ServerError:
    """500 with a JSON body, or 502 with the HTML page of a proxy; nothing was done."""

    code: int = 500


@dataclass(frozen=True, slots=True)
class DropBefore:
    """The connection breaks before anything was done."""


@dataclass(frozen=True, slots=True)
class LoseAnswer:
    """All is done, and the connection breaks before the bot hears of it."""


@dataclass(frozen=True, slots=True)
class HoldAnswer:
    """All is done, and the answer waits for ``until``, or for the end of the stand-in."""

    until: asyncio.Event


Fault = TooMany | ServerError | DropBefore | LoseAnswer | HoldAnswer


@dataclass(slots=True)
class Script:
    """A fault for the next ``left`` calls of a method, in a chat; None stands for any."""

    fault: Fault
    method: str | None
    chat: int | None
    left: int
    bell: Bell = field(repr=False)
    met: int = 0

    def take(self, method: str, chat: int | None) -> bool:
        fits = self.method in {None, method} and self.chat in {None, chat}
        if not fits or not self.left:
            return False
        self.left -= 1
        self.met += 1
        self.bell.ring()
        return True

    async def happens(self, times: int = 1, *, timeout: float = 45) -> None:  # noqa: ASYNC109 -- a test says how long it waits
        """Wait until it has struck; the moment to kill a bot whose answer is held."""
        try:
            await self.bell.until(lambda: True if self.met >= times else None, timeout)
        except TimeoutError:
            calls = f"{self.method or 'any method'} in {self.chat or 'any chat'}"
            raise AssertionError(f"{self.fault} met {self.met} calls of {calls}") from None


class _Window:
    """At most ``count`` in any ``seconds``: a burst of ``count``, then count/seconds."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._seconds = seconds
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until there is room; 0 if there is."""
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        full = len(self._times) >= self._count
        return self._times[0] + self._seconds - now if full else 0.0

    def add(self, now: float) -> None:
        self._times.append(now)


def _windows(chat: int) -> list[_Window]:
    return [_Window(5, 5)] if chat > 0 else [_Window(5, 5), _Window(20, 60)]


class Limits:
    """Answers 429 while ``on``, and remembers in any case whom it asked to wait."""

    def __init__(self, clock: Clock, problems: list[str]) -> None:
        self.on = False
        self._clock = clock
        self._problems = problems
        self._overall = _Window(30, 1)
        self._chats: dict[int, list[_Window]] = {}
        self._until: dict[tuple[str, int | None], float] = {}

    def check_patience(self, method: str, chat: int | None) -> None:
        """Raises 429 again for a call that comes before its time."""
        early = self._until.get(_what(method, chat), 0.0) - self._clock.now()
        if early > _PUNCTUAL_S:
            where = f" in chat {chat}" if chat else ""
            self._problems.append(f"{method}{where}: called {early:.1f} s too early")
            raise too_many_requests(math.ceil(early))

    def check_rate(self, method: str, chat: int | None) -> None:
        if not self.on or method not in _SENDING or chat is None:
            return
        now = self._clock.now()
        windows = [self._overall, *self._chats.setdefault(chat, _windows(chat))]
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            self.ask_to_wait(method, chat, math.ceil(wait))
        for window in windows:
            window.add(now)

    def ask_to_wait(self, method: str, chat: int | None, seconds: int) -> None:
        """Raises 429."""
        self._until[_what(method, chat)] = self._clock.now() + seconds
        raise too_many_requests(seconds)


def _what(method: str, chat: int | None) -> tuple[str, int | None]:
    """A chat told to wait waits with all that writes into it."""
    return ("writing" if method in _WRITING else method), chat
