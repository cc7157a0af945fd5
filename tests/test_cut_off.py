"""The connection to PostgreSQL is cut off, as when its server is restarted: what was being done is
done all the same, once, and nobody waits for it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import Connection, Engine, event, func, select
from structlog.testing import capture_logs

from bot.domain.members import Address
from bot.domain.parcels import Patience, Sent
from bot.engine.engine import Engine as House
from bot.engine.events import Event, Key, Said, Sender
from bot.service import Service
from bot.store import tables
from bot.store.outbox import Parcel, post
from bot.store.postgresql import IDLE_S, USED_S
from tests.house import Fixed
from tests.postgres import Place, Server
from tests.stage import HOUSE, MONDAY

AT_MOST_MS = 10_000
KEY: Key = ("telegram", "b", "1")
HELLO = Event(Sender(Address("telegram", "b", "1", "1"), "Ana", language="de"), Said("hallo"))


@contextmanager
def cut_off(store: Engine, other: Engine, statement: int) -> Iterator[list[int]]:
    """In here the server ends the connection just before that statement; 0 is the commit."""
    numbers, cut = count(1), list[int]()

    def end(connection: Connection) -> None:
        process = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]  # psycopg's
        with other.begin() as beside:
            beside.execute(select(func.pg_terminate_backend(process, AT_MOST_MS)))
        cut.append(process)

    def before(connection: Connection, *_: object) -> None:
        if next(numbers) == statement:
            end(connection)

    def committing(connection: Connection) -> None:
        if not statement and not cut:
            end(connection)

    event.listen(store, "before_cursor_execute", before)
    event.listen(store, "commit", committing)
    yield cut
    event.remove(store, "before_cursor_execute", before)
    event.remove(store, "commit", committing)


def test_a_turn_is_done_once_wherever_it_is_cut_off(shared: Place) -> None:
    store, other = shared.open(), shared.open()
    house = House(store, HOUSE)
    for statement in count():
        key: Key = ("telegram", "b", str(statement))
        sender = Sender(Address("telegram", "b", key[2], key[2]), "Ana", language="de")
        house.receive([(key, {})], MONDAY)
        with cut_off(store, other, statement) as cut:
            house.turn(key, Event(sender, Said("hallo")), MONDAY)
        assert told(store, key[2]) == 1
        if not cut:
            break
    assert statement > 10, "hardly anything was cut off"
    assert tries(store) == {0}


@contextmanager
def answer_lost(store: Engine, other: Engine) -> Iterator[None]:
    """In here the first commit is kept, and the connection ends before that is known."""
    processes = list[int]()

    def keep(connection: Connection) -> None:
        if not processes:
            ours = connection.connection.dbapi_connection
            assert ours is not None
            processes.append(ours.info.backend_pid)
            ours.commit()
            ours.cursor().execute("SELECT 1")
            with other.begin() as beside:
                beside.execute(select(func.pg_terminate_backend(processes[0], AT_MOST_MS)))

    event.listen(store, "commit", keep)
    yield
    event.remove(store, "commit", keep)
    assert processes


def test_what_was_claimed_is_sent_though_nobody_learnt_that_the_claim_was_kept(
    shared: Place,
) -> None:
    store, other = shared.open(), shared.open()
    house = House(store, HOUSE)
    for chat in "12":
        once = Parcel(f"to {chat}", "telegram", "b", chat, "send", patience=Patience.ONCE)
        house.transact(post, once, MONDAY)
    with answer_lost(store, other):
        [claimed] = house.claim("telegram", MONDAY, 1)
    assert len(house.claim("telegram", MONDAY, 2)) == 1
    house.settle(claimed, Sent("m"), MONDAY)
    with store.begin() as connection:
        found = connection.execute(select(tables.outbox.c.state, tables.outbox.c.attempts)).all()
    assert sorted(found) == [("sending", 1), ("sent", 1)]


def test_what_was_left_alone_for_long_is_looked_at_before_it_is_used(shared: Place) -> None:
    store, other = shared.open(), shared.open()
    with store.begin() as connection:
        mine = connection.scalar(select(func.pg_backend_pid()))
        known = connection.connection.info
    known[USED_S] -= IDLE_S
    with other.begin() as beside:
        beside.execute(select(func.pg_terminate_backend(mine, AT_MOST_MS)))
    with store.begin() as connection:
        assert connection.scalar(select(func.pg_backend_pid())) != mine


async def test_a_turn_waits_for_a_database_that_is_away(postgres: Server) -> None:
    with postgres.place() as place, capture_logs() as logs:
        store = place.open()
        service = Service(House(store, HOUSE), Fixed())
        await service.receive([(KEY, {})])
        with postgres.away(place):
            turn = asyncio.create_task(service.turn(KEY, HELLO))
            while not logs:  # noqa: ASYNC110 -- a log has no event
                await asyncio.sleep(0.01)
        await turn
        assert told(store, KEY[2]) == 1
        assert tries(store) == {0}
        service.close()
    assert logs[-1]["event"] == "the database can't be used"


def tries(store: Engine) -> set[int]:
    with store.begin() as connection:
        return set(connection.execute(select(tables.inbox.c.attempts)).scalars())


def told(store: Engine, user: str) -> int:
    with store.begin() as connection:
        theirs = select(func.count()).where(tables.outbox.c.chat == user)
        return int(connection.execute(theirs).scalar_one())
