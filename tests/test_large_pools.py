"""Whoever looks for somebody may be very many: no single statement grows with them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select
from sqlalchemy import Engine as Database

from bot.domain.dues import Due, Nudge
from bot.store import dues, inquiries, rounds
from bot.store.tables import due

MANY = range(1, 300_001)
"""More than SQLite or PostgreSQL takes values in one statement."""
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def connection(store: Database) -> Iterator[Connection]:
    with store.connect() as opened:
        yield opened


def test_why_any_of_many_said_no_can_be_looked_up(connection: Connection) -> None:
    assert inquiries.doubtful(connection, MANY) == {}


def test_any_of_many_are_told_how_a_round_went(connection: Connection) -> None:
    for member in (7, 400_000):
        waits = Due(Nudge.ROUND, f"round:{member}", NOW, NOW, member)
        dues.plan(connection, waits.subject, [waits])
    rounds.told(connection, MANY)
    left = select(due.c.member).where(due.c.state == "due")
    assert connection.execute(left).scalars().all() == [400_000]
