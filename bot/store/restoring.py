"""After a backup was restored: what was waiting then is not sent now, and says why."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from bot.domain.dues import Nudge
from bot.domain.parcels import State
from bot.store import database
from bot.store.outbox import OPEN
from bot.store.tables import due, inbox, outbox
from bot.store.tables.queues import PARKED_AFTER

RESTORED = "restored"


def hold(connection: Connection, now: datetime) -> None:
    """From here on the bot does not start, until somebody confirms."""
    database.set_meta(connection, RESTORED, now.isoformat())


def release(connection: Connection) -> None:
    database.set_meta(connection, RESTORED, "")


def held_since(connection: Connection) -> datetime | None:
    since = database.get_meta(connection, RESTORED)
    return datetime.fromisoformat(since) if since else None


def drop_waiting(connection: Connection, now: datetime, last_words: str) -> int:
    """Returns how many messages are not sent. ``last_words`` are forgotten, with their address."""
    waiting = outbox.c.state.in_(OPEN)
    connection.execute(outbox.delete().where(waiting, outbox.c.subject == last_words))
    dropped = {"state": State.DROPPED.value, "reason": RESTORED, "lease_until": None}
    messages = connection.execute(update(outbox).where(waiting).values(**dropped)).rowcount
    unheard = {"done_at": now, "payload": None, "error": RESTORED}
    connection.execute(update(inbox).where(inbox.c.done_at.is_(None)).values(**unheard))
    return messages


def coming(connection: Connection, until: datetime) -> Counter[Nudge]:
    """What time will say until then, by kind."""
    here = due.c.state == State.DUE, due.c.at <= until, due.c.attempts < PARKED_AFTER
    rows = connection.execute(select(due.c.nudge, func.count()).where(*here).group_by(due.c.nudge))
    return Counter({Nudge(nudge): number for nudge, number in rows})
