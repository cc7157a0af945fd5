"""What waits for the one thread that writes to SQLite is committed together, each on its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, event
from sqlalchemy import Engine as Database
from sqlalchemy.exc import OperationalError

from bot.service.threads import Threads
from bot.store.database import get_meta, on_postgresql, set_meta
from bot.store.postgresql import AT_ONCE
from bot.store.together import after, transaction
from tests.fresh import fresh
from tests.postgres import Place

pytestmark = [pytest.mark.file, pytest.mark.whole]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    engine = fresh(tmp_path / "t.db")
    yield engine
    engine.dispose()


def noting(file: Database, key: str, *, fails: str = "") -> Callable[[], str]:
    """Something that writes, and then goes wrong if it has to."""

    def call() -> str:
        with transaction(file) as connection:
            set_meta(connection, key, key)
            if fails == "rollback":  # as SQLite does by itself, on a full disk for one
                connection.exec_driver_sql("ROLLBACK")
            if fails:
                raise LookupError(key)
        return key

    return call


def at_once(file: Database, *calls: Callable[[], str]) -> list[Future[str]]:
    """Handed in while the thread is busy, so that all of them wait."""
    threads, go_on = Threads(file), Event()
    threads.alone(go_on.wait)
    futures = [threads.briefly(call) for call in calls]
    go_on.set()
    threads.close()
    return futures


def known(file: Database) -> list[str]:
    with file.begin() as connection:
        return [key for key in ("a", "b", "c") if get_meta(connection, key)]


def test_several_that_wait_are_committed_once(file: Database) -> None:
    commits: list[Connection] = []
    event.listen(file, "commit", commits.append)
    futures = at_once(file, *(noting(file, key) for key in ("a", "b", "c")))
    assert [future.result() for future in futures] == ["a", "b", "c"]
    assert len(commits) == 1
    assert known(file) == ["a", "b", "c"]


@pytest.mark.parametrize("at", ["at the end", "meanwhile"])
def test_what_a_platform_waits_for_is_safe_before_all_that_waits(place: Place, at: str) -> None:
    """Also where it comes while the rest is under way."""
    store, told = place.open(), list[str]()
    threads, go_on = Threads(store), Event()
    for _ in range(AT_ONCE):
        threads.alone(go_on.wait)

    def hand_in(call: Callable[[], str], *, first: bool = False) -> Future[str]:
        future = threads.briefly(call, first=first)
        future.add_done_callback(lambda one: told.append(one.result()))
        return future

    def work() -> str:
        if at == "meanwhile":
            hand_in(noting(store, "c"), first=True)
        return "work"

    handed = [hand_in(call) for call in (work, noting(store, "a"), noting(store, "b"))]
    if at == "at the end":
        hand_in(noting(store, "c"), first=True)
    go_on.set()
    for future in handed:
        future.result(timeout=30)
    threads.close()
    assert (sorted(told), known(store)) == (["a", "b", "c", "work"], ["a", "b", "c"])
    if not on_postgresql(store):
        assert told.index("c") < told.index("a")


def test_one_that_fails_is_undone_alone(file: Database) -> None:
    first, second, third = at_once(
        file, noting(file, "a"), noting(file, "b", fails="yes"), noting(file, "c")
    )
    assert isinstance(second.exception(), LookupError)
    assert [first.result(), third.result()] == ["a", "c"]
    assert known(file) == ["a", "c"]


def test_nobody_is_told_that_it_went_well_when_all_of_it_is_lost(file: Database) -> None:
    futures = at_once(
        file, noting(file, "a"), noting(file, "b", fails="rollback"), noting(file, "c")
    )
    assert [type(future.exception()) for future in futures] == [OperationalError] * 3
    assert known(file) == []


def test_where_nothing_can_even_begin_all_are_told(file: Database) -> None:
    def locked(_connection: Connection) -> None:
        raise LookupError("locked")

    event.listen(file, "begin", locked)
    futures = at_once(file, noting(file, "a"), noting(file, "b"))
    assert [type(future.exception(timeout=10)) for future in futures] == [LookupError] * 2


def test_what_can_not_be_done_within_a_transaction_is_done_after_it(file: Database) -> None:
    seen: list[list[str]] = []

    def look() -> str:
        after(lambda: seen.append(known(file)))
        return "looked"

    at_once(file, look, noting(file, "a"))
    assert seen == [["a"]]
