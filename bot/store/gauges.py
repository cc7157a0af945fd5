"""How much waits, and for how long: read from the queues at the moment somebody asks."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, func, select

from bot.domain.gauges import Gauge
from bot.domain.parcels import State
from bot.store.tables import due, inbox, outbox, round_
from bot.store.tables.queues import PARKED_AFTER

OPEN = (State.DUE, State.SENDING)


def read(connection: Connection, now: datetime) -> Iterator[Gauge]:
    able = inbox.c.done_at.is_(None), inbox.c.attempts < PARKED_AFTER
    yield from _queue(connection, "inbox", inbox, inbox.c.received_at, now, *able)
    ready = outbox.c.state.in_(OPEN), outbox.c.not_before <= now
    yield from _queue(connection, "outbox", outbox, outbox.c.not_before, now, *ready)
    yield from _dues(connection, now)
    parked = "Set aside after three tries, until somebody looks"
    for what, table, waiting in (
        ("input", inbox, inbox.c.done_at.is_(None)),
        ("due", due, due.c.state == State.DUE),
    ):
        number = _count(connection, table, waiting, table.c.attempts >= PARKED_AFTER)
        yield Gauge("parked", parked, number, {"what": what})
    uncertain = _count(connection, outbox, outbox.c.state == State.UNCERTAIN)
    yield Gauge("uncertain", "Sent or not, nobody knows, and not to be repeated", uncertain)
    states = select(round_.c.state, func.count()).group_by(round_.c.state)
    for state, number in connection.execute(states):
        yield Gauge("rounds", "Of matching", number, {"state": state})


def _queue(
    connection: Connection,
    name: str,
    table: Table,
    since: ColumnElement[datetime],
    now: datetime,
    *waiting: ColumnElement[bool],
) -> Iterator[Gauge]:
    found = select(table.c.platform, func.count(), func.min(since)).where(*waiting)
    for platform, number, oldest in connection.execute(found.group_by(table.c.platform)):
        labels = {"platform": platform}
        yield Gauge(f"{name}_waiting", f"In the {name}, ready to be handled", number, labels)
        age = max(0.0, (now - oldest).total_seconds())
        yield Gauge(f"{name}_oldest_seconds", f"Age of the first in the {name}", age, labels)


def _dues(connection: Connection, now: datetime) -> Iterator[Gauge]:
    """How far time has fallen behind: a round is apart, since it takes its time."""
    here = due.c.state == State.DUE, due.c.attempts < PARKED_AFTER, due.c.at <= now
    late = select(func.count(), func.min(due.c.at)).where(*here, due.c.nudge != "round")
    number, oldest = connection.execute(late).one()
    lag = (now - oldest).total_seconds() if oldest else 0.0
    yield Gauge("due_waiting", "Dues whose moment has come", number)
    yield Gauge("due_lag_seconds", "How late the first of them is", lag)


def _count(connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    found = select(func.count()).select_from(table).where(*where)
    return connection.execute(found).scalar() or 0
