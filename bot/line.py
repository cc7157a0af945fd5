"""A line of inputs that are handled beside each other: those of one sender in their order."""

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field


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


def line(length: int) -> list[Place]:
    places: list[Place] = []
    for _ in range(length):
        places.append(Place(tuple(places)))
    return places
