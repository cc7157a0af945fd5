"""The engine's threads: one that writes to SQLite, several on PostgreSQL.

What waits for the one thread is committed together, so that the disk is waited for once. What
somebody outside waits for, such as a platform that wants to hear that we have something, goes
before everything else that waits.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Engine

from bot.store.database import on_postgresql
from bot.store.postgresql import AT_ONCE as CONNECTIONS
from bot.store.together import together

R = TypeVar("R")

AT_ONCE = 32
"""So many at most, since the first of them waits for the last."""
PATIENCE_S = 0.02
"""For so long what goes first waits for others to be committed with: each commit has its price."""

Call: TypeAlias = Callable[[], Any]  # whatever the engine gives back
Outcome: TypeAlias = tuple[Any, Exception | None]
Handed: TypeAlias = tuple[Future[Any], Call]


class Threads:
    def __init__(self, store: Engine) -> None:
        self._store = store
        self._several = on_postgresql(store)
        self._executor = ThreadPoolExecutor(CONNECTIONS if self._several else 1, "engine")
        self._first: deque[Handed] = deque()
        self._waiting: deque[Handed] = deque()

    def alone(self, call: Callable[[], R]) -> Future[R]:
        """Carries out what takes its time."""
        return self._executor.submit(call)

    def briefly(self, call: Callable[[], R], *, first: bool = False) -> Future[R]:
        """Carries out something short, on SQLite with whatever else waits by then.

        Nobody is told how it went before all of it is safe. What fails is undone alone.
        """
        future: Future[R] = Future()
        (self._first if first else self._waiting).append((future, call))
        self._executor.submit(self._one if self._several else self._work)
        return future

    def close(self) -> None:
        """Waits for all that was handed in."""
        self._executor.shutdown()

    def _one(self) -> None:
        for future, call in self._next(1):
            _tell(future, _outcome(call))

    def _work(self) -> None:
        if len(self._first) + len(self._waiting) < 2:  # noqa: PLR2004 -- nothing to share
            self._one()
            return
        done: list[tuple[Future[Any], Outcome]] = []
        try:
            with together(self._store):
                done += ((future, _outcome(call)) for future, call in self._next(AT_ONCE))
        except Exception as error:  # noqa: BLE001 -- nothing was kept, of none of them
            lost = [future for future, _ in done] or [future for future, _ in self._next(AT_ONCE)]
            done = [(future, (None, error)) for future in lost]
        for future, outcome in done:
            _tell(future, outcome)

    def _next(self, most: int) -> Iterator[Handed]:
        """What is to be done now. What goes first is not kept waiting for all of the rest."""
        hurried, until_s = False, time.monotonic() + PATIENCE_S
        for _ in range(most):
            handed = _taken(self._first)
            hurried = hurried or handed is not None
            if handed is None and not (hurried and time.monotonic() > until_s):
                handed = _taken(self._waiting)
            if handed is None:
                return
            if handed[0].set_running_or_notify_cancel():
                yield handed


def _taken(queue: deque[Handed]) -> Handed | None:
    """Another thread may have been quicker."""
    try:
        return queue.popleft()
    except IndexError:
        return None


def _outcome(call: Call) -> Outcome:
    try:
        return call(), None
    except Exception as error:  # noqa: BLE001 -- for whoever handed it in
        return None, error


def _tell(future: Future[Any], outcome: Outcome) -> None:
    result, error = outcome
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
