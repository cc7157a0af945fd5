"""The guard on a restored database: nothing of yesterday is said again, nobody gone comes back.

State goes on from where the backup was: what time brings meanwhile happens, and says nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.engine import erasing
from bot.engine.desk import LAST_WORDS, Desk
from bot.engine.engine import Engine
from bot.store import database, gone, restoring


@dataclass(frozen=True, slots=True)
class Guarded:
    """What became of what the backup brought."""

    unsent: int
    """Messages that were waiting, or became due since."""
    gone: int
    """Members who had deleted their data after the backup."""


def guard(engine: Engine, now: datetime) -> Guarded:
    """Done twice, it finds nothing left to do. Whoever runs this must be alone."""
    with engine.store.begin() as connection:
        restoring.hold(connection, now)
        unsent = restoring.drop_waiting(connection, now, LAST_WORDS)
        desk = Desk(connection, now, f"restored:{now.isoformat()}", engine.house)
        left = gone.members(connection, engine.house.gone)
        for number in left:
            erasing.erase(desk, desk.member(number))
    while engine.tick(now):
        pass
    with engine.store.begin() as connection:
        unsent += restoring.drop_waiting(connection, now, LAST_WORDS)
    database.rewrite(engine.store)
    return Guarded(unsent, len(left))
