"""The engine's threads: one that writes to SQLite, several on PostgreSQL.

What waits for the one thread is committed together, so that the disk is waited for once.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Engine

from bot.store.database import POOL, on_postgresql
from bot.store.together import together

R = TypeVar("R")

AT_ONCE = 32
"""So many at most, since the first of them waits for the last."""

Call: TypeAlias = Callable[[], Any]  # whatever the engine gives back
Outcome: TypeAlias = tuple[Any, Exception | None]


class Threads:
    def __init__(self, store: Engine) -> None:
        self._store = store
        self._several = on_postgresql(store)
        self._executor = ThreadPoolExecutor(POOL if self._several else 1, "engine")
        self._waiting: deque[tuple[Future[Any], Call]] = deque()

    def alone(self, call: Callable[[], R]) -> Future[R]:
        """Carries out what takes its time."""
        return self._executor.submit(call)

    def briefly(self, call: Callable[[], R]) -> Future[R]:
        """Carries out something short, on SQLite with whatever else waits by then.

        Nobody is told how it went before all of it is safe. What fails is undone alone.
        """
        if self._several:
            return self._executor.submit(call)
        future: Future[R] = Future()
        self._waiting.append((future, call))
        self._executor.submit(self._work)
        return future

    def close(self) -> None:
        """Waits for all that was handed in."""
        self._executor.shutdown()

    def _work(self) -> None:
        taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), AT_ONCE))]
        calls = [(future, call) for future, call in taken if future.set_running_or_notify_cancel()]
        outcomes = self._outcomes([call for _, call in calls])
        for (future, _), (result, error) in zip(calls, outcomes, strict=True):
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

    def _outcomes(self, calls: list[Call]) -> list[Outcome]:
        if len(calls) < 2:  # noqa: PLR2004 -- nothing to share
            return [_outcome(call) for call in calls]
        try:
            with together(self._store):
                outcomes = [_outcome(call) for call in calls]
        except Exception as error:  # noqa: BLE001 -- nothing was kept, of none of them
            return [(None, error)] * len(calls)
        return outcomes


def _outcome(call: Call) -> Outcome:
    try:
        return call(), None
    except Exception as error:  # noqa: BLE001 -- for whoever handed it in
        return None, error
