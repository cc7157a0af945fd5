"""What a platform is to the house."""

from types import TracebackType
from typing import Protocol, Self

from bot.domain.parcels import Receipt
from bot.store.outbox import Parcel


class Adapter(Protocol):
    """A platform: what comes in goes to the service, what goes out comes as parcels.

    Used as ``async with adapter``; then `run` takes in until it is cancelled.
    """

    platform: str

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    async def run(self) -> None: ...

    async def deliver(self, parcel: Parcel) -> Receipt: ...
