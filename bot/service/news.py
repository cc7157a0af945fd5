"""News: what wakes a loop before it looks again by itself."""

import asyncio
from collections import defaultdict

LOOK_AGAIN_S = 1.0
"""How long a loop sleeps when nothing wakes it: what another process wrote is found then."""
ROUND = "round"
IN, OUT = "in:", "out:"
"""Before the name of a platform: something has come from there, or may be to be sent."""


class News:
    def __init__(self) -> None:
        self._waits: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def tell(self, name: str) -> None:
        self._waits[name].set()

    def wake(self) -> None:
        """There may be something to send, wherever, or a round to be made."""
        for name, news in self._waits.items():
            if name.startswith(OUT) or name == ROUND:
                news.set()

    async def wait(self, name: str) -> None:
        """Until there are some, or it is time to look."""
        news = self._waits[name]
        try:
            async with asyncio.timeout(LOOK_AGAIN_S):
                await news.wait()
        except TimeoutError:
            pass
        news.clear()
