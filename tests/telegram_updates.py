"""Time, waiting, and the queue of updates a bot fetches with getUpdates.

An update is forgotten only when a later call confirms it with a higher offset; whatever a bot
reads and loses before that comes again (Bot API: getUpdates).
"""

import asyncio
import math
import secrets
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Final, TypeVar

from tests.telegram_wire import ApiError, Json

T = TypeVar("T")

# What comes if a bot asks for nothing else (Bot API: getUpdates, allowed_updates; of the kinds
# this stand-in makes).
DEFAULT_KINDS: Final = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
_CONFLICT: Final = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
_LONGEST_POLL_S: Final = 50  # telegram-bot-api: LONG_POLL_MAX_TIMEOUT
_FUTURE: Final = 10  # an offset further ahead than this is taken for a mistake (td: TQueue)


class Clock:
    """The stand-in's time: the real one, and what a test lets pass on top of it."""

    def __init__(self) -> None:
        self._passed = 0.0

    def passes(self, seconds: float) -> None:
        self._passed += seconds

    def now(self) -> float:
        """Monotonic seconds."""
        return time.monotonic() + self._passed

    def date(self) -> int:
        """Unix time, as in a message's ``date``."""
        return math.floor(time.time() + self._passed)


class Bell:
    """Wakes whoever waits for something to happen; nobody has to look twice in vain."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def until(self, look: Callable[[], T | None], seconds: float) -> T:
        """What ``look`` finds, now or after a later ring; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while (found := look()) is None:
                await self._rung.wait()
        return found


class Updates:
    """The queue; ``confirmed`` holds ids, ``dropped`` what the bot's allowed_updates kept away."""

    def __init__(self, bell: Bell) -> None:
        self.confirmed: list[int] = []
        self.dropped: list[Json] = []
        self.allowed = DEFAULT_KINDS
        self._bell = bell
        self._queue: list[Json] = []
        self._again: list[Json] = []
        self._delivered: dict[int, Json] = {}
        self._next_id = 100_000_000 + secrets.randbelow(700_000_000)
        self._poll: asyncio.Future[None] | None = None
        self._closed = False

    @property
    def pending(self) -> list[Json]:
        return sorted([*self._again, *self._queue], key=lambda update: int(update["update_id"]))

    def allow(self, kinds: Iterable[str]) -> None:
        """None means the default ones (Bot API: getUpdates, allowed_updates)."""
        self.allowed = frozenset(kinds) or DEFAULT_KINDS

    def add(self, kind: str, payload: Json) -> int:
        """The new update's id. Whether it is allowed is decided now, not at delivery."""
        update: Json = {"update_id": self._next_id, kind: payload}
        if kind not in self.allowed:
            self.dropped.append(update)
            return self._next_id
        self._next_id += 1
        self._queue.append(update)
        self._wake()
        return int(update["update_id"])

    def redeliver(self, update_id: int | None) -> int:
        """Give out once more what was given out, with the same id, whatever the bot's offset."""
        assert self._delivered, "No update was delivered yet"
        chosen = next(reversed(self._delivered)) if update_id is None else update_id
        assert chosen in self._delivered, f"Update {chosen} was never delivered"
        if chosen not in {update["update_id"] for update in self.pending}:
            self._again.append(self._delivered[chosen])
            self._wake()
        return chosen

    def brought(self, update_id: int) -> None:
        """Somebody took what was brought to them."""
        for update in [one for one in self.pending if one["update_id"] == update_id]:
            self._delivered.pop(update_id, None)
            self._delivered[update_id] = update
            (self._again if update in self._again else self._queue).remove(update)
            self.confirmed.append(update_id)

    def forget(self) -> None:
        """All that waits (Bot API: deleteWebhook, drop_pending_updates)."""
        self._confirm_all(len(self._queue))

    async def get(self, offset: int, limit: int, seconds: int) -> list[Json]:
        """Bot API: getUpdates. Ends one that is still waiting with 409."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(ApiError(HTTPStatus.CONFLICT, _CONFLICT))
        self._confirm(offset)
        batch = self._take(limit)
        if batch or not seconds or self._closed:
            return batch
        self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(min(seconds, _LONGEST_POLL_S)):
                await self._poll
        except TimeoutError:
            return []
        return self._take(limit)

    def close(self) -> None:
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        self._bell.ring()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._confirm_all(max(0, len(self._queue) + offset))
        elif offset <= self._next_id + _FUTURE:
            self._confirm_all(sum(int(update["update_id"]) < offset for update in self._queue))

    def _confirm_all(self, count: int) -> None:
        self.confirmed += [int(update["update_id"]) for update in self._queue[:count]]
        del self._queue[:count]

    def _take(self, limit: int) -> list[Json]:
        batch = self.pending[: max(1, min(limit, 100))]
        ids = {update["update_id"] for update in batch}
        self._again = [update for update in self._again if update["update_id"] not in ids]
        for update in batch:
            self._delivered.pop(update["update_id"], None)
            self._delivered[update["update_id"]] = update
        return batch
