"""Looking back: several sessions that somebody is asked about are asked about in one message."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.conversation.cards import Card, Opens, Tell
from bot.domain.dues import Due, Nudge
from bot.domain.reminders import TOGETHER

NUDGES = frozenset({Nudge.REFLECT, Nudge.REPEAT})
OLD = timedelta(hours=24)
"""A question that nobody put for so long is not put any more."""
LATER = "with another one"

JOINED = Card("lookbacks", "joined", (Opens("begin", "reflection"),))

CARDS = (JOINED,)


def together(due: Due, waiting: Iterable[Due], now: datetime) -> list[Due]:
    """One that is due, with the next of every other session that is near."""
    found = {due.subject: due}
    for other in sorted(waiting, key=lambda one: one.at):
        if other.at <= now + TOGETHER:
            found.setdefault(other.subject, other)
    return list(found.values())


def later(due: Due, coming: Iterable[datetime], now: datetime) -> datetime | None:
    """Until when a repeat waits, so that it comes with what is asked soon of another session.

    How a session was is asked at once; it can't wait.
    """
    if due.nudge is not Nudge.REPEAT:
        return None
    near = (at for at in coming if now < at <= now + TOGETHER and at < due.until)
    return min(near, default=None)


def joined(member: int, tells: Sequence[Tell]) -> Tell:
    """What can be written of each is a press away."""
    in_order = sorted(tells, key=lambda told: str(told.about["at"]))  # all of them in UTC
    items = {told.subject: told.about for told in in_order}
    again = all(told.card.name == "repeat" for told in tells)
    about = {"items": list(items.values()), "named": items, "again": again}
    return Tell(member, JOINED, about, choices={"begin": tuple(items)})
