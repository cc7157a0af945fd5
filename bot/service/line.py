"""A line of inputs that are handled beside each other: those of one sender in their order."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def _unknown() -> "asyncio.Future[Hashable]":
    return asyncio.get_running_loop().create_future()


@dataclass(eq=False, slots=True)
class Place:
    """Of an input. Whose it is shows when it is read: until then all behind it wait."""

    before: Sequence["Place"]
    whose: "asyncio.Future[Hashable]" = field(default_factory=_unknown)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def come(self, whose: Hashable) -> None:
        """Returns when everything of this sender that stands before it is over."""
        self._tell(whose)
        for place in self.before:
            if await place.whose == whose:
                await place.over.wait()

    def leave(self) -> None:
        """It is over, whether it came to its turn or not."""
        self._tell(None)
        self.over.set()

    def _tell(self, whose: Hashable) -> None:
        if not self.whose.done():
            self.whose.set_result(whose)


class Lines:
    """The lines of all platforms, each beside the others."""

    def __init__(self) -> None:
        self._places: dict[Hashable, Place] = {}

    async def come(self, what: Hashable, whose: Hashable) -> None:
        """Returns when it is the turn of an input, now that it is known whose it is."""
        if place := self._places.get(what):
            await place.come(whose)

    async def handle(self, waiting: Mapping[K, Callable[[], Awaitable[None]]]) -> None:
        """All at once; an input waits for those of the same sender that came before it."""
        self._places |= zip(waiting, line(len(waiting)), strict=True)
        async with asyncio.TaskGroup() as turns:
            for what, handle in waiting.items():
                turns.create_task(self._in_line(what, handle))

    async def _in_line(self, what: Hashable, handle: Callable[[], Awaitable[None]]) -> None:
        try:
            await handle()
        finally:
            self._places.pop(what).leave()


def line(length: int) -> list[Place]:
    places: list[Place] = []
    for _ in range(length):
        places.append(Place(tuple(places)))
    return places
