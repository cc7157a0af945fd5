"""Rate limits as Slack has them, and faults on demand.

Source of the limits: docs.slack.dev/apis/web-api/rate-limits and each method's page. Slack grants
"bursts" without saying how long; here five messages to a channel, and a minute's worth of calls.
"""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["ratelimited", "http_500", "error", "drop_before", "drop_after", "hold"]

POSTS_PER_SECOND: Final = 1.0
POSTS_AT_ONCE: Final = 5
# A client that waits as long as it was told to may still come a few milliseconds early.
TOLERANCE: Final = 0.05


@dataclass(eq=False)
class Fault:
    """What happens to the next ``left`` calls of a method, in a channel; None means any.

    ratelimited: 429 with ``retry_after``. http_500: an error without JSON. error: ``error`` as
    answer. drop_before: the connection breaks and nothing was done. drop_after: the work is done,
    then the connection breaks. hold: the work is done, the answer waits for ``release``.
    """

    kind: Kind
    method: str | None = None
    channel: str | None = None
    left: int = 1
    retry_after: int = 1
    error: str = "internal_error"
    release: asyncio.Event = field(default_factory=asyncio.Event)
    hit: asyncio.Event = field(default_factory=asyncio.Event)

    def concerns(self, method: str, channels: set[str]) -> bool:
        return (
            self.left > 0
            and self.method in (None, method)
            and (self.channel is None or self.channel in channels)
        )

    def strike(self) -> None:
        self.left -= 1
        self.hit.set()


@dataclass
class _Bucket:
    left: float
    at: float


class Limits:
    """Counts calls; ``on`` makes the limits count. What is held back stays held back either way."""

    def __init__(self, offset: Callable[[], float]) -> None:
        self.on = False
        self._offset = offset
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._closed: dict[tuple[str, str], float] = {}

    def now(self) -> float:
        return time.monotonic() + self._offset()

    def early(self, method: str, channel: str) -> float:
        """Seconds until the last Retry-After is over, 0 when it is."""
        left = self._closed.get(_key(method, channel), 0.0) - self.now()
        return left if left > TOLERANCE else 0.0

    def close(self, method: str, channel: str, seconds: float) -> None:
        """Until then, calling again is a mistake of the app."""
        self._closed[_key(method, channel)] = self.now() + seconds

    def wait(self, method: str, channel: str, per_minute: int) -> int:
        """Seconds to wait if this call is one too many, else 0: then it is counted."""
        if not self.on:
            return 0
        posting = method == "chat.postMessage"
        rate, most = (POSTS_PER_SECOND, POSTS_AT_ONCE) if posting else (per_minute / 60, per_minute)
        now = self.now()
        bucket = self._buckets.setdefault(_key(method, channel), _Bucket(float(most), now))
        bucket.left = min(float(most), bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.left < 1:
            return max(1, math.ceil((1 - bucket.left) / rate))
        bucket.left -= 1
        return 0


def _key(method: str, channel: str) -> tuple[str, str]:
    """Posting is limited for each channel, everything else for the workspace."""
    return method, channel if method == "chat.postMessage" else ""
