"""Care for sessions that fall out: as often as a tandem agreed on, and then they are asked about
rhythm and time.

The rule of the place: nobody is named, nothing is counted aloud. What was called off in time leaves
no trace; of the rest it is known when, and never by whom.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.conversation.cards import Act, Card, Opens, Says

TALK = Card("care", "talk", (Act("stay"), Act("change"), Says("pause", "pause"), Act("end")))
STAYED = Card("care", "stayed")
MISSED = Card("care", "missed", (Opens("again", "meeting"), Act("keep")))
KEPT = Card("care", "kept")

CARDS = (TALK, STAYED, MISSED, KEPT)

Rule: TypeAlias = tuple[int, int]
"""After how many missed sessions, of how many, they talk about it."""


class Turnout(StrEnum):
    """What became of a session that was agreed on."""

    HELD = "held"
    LATE = "late"
    """Called off later than they agreed on."""
    UNHELD = "unheld"
    """Its time came, and all of them say that they did not meet."""


@dataclass(frozen=True, slots=True)
class Past:
    """A session whose time is over. ``answers``: by member, whether they met."""

    starts_at: datetime
    answers: Mapping[int, bool] = field(default_factory=dict)


def late(starts_at: datetime, notice: timedelta, now: datetime) -> bool:
    """Whether it is later than they agreed on to call a session off."""
    return now > starts_at - notice


def held(past: Iterable[Past]) -> Iterator[datetime]:
    """When those began that took place as far as anybody has told, of sessions in their order.

    Nobody is asked to prove it: one that nobody speaks of is taken to be like the one before.
    """
    meeting = True
    for one in past:
        meeting = any(one.answers.values()) if one.answers else meeting
        if meeting:
            yield one.starts_at


def record(
    past: Iterable[Past], lapses: Iterable[datetime], members: Sequence[int], since: datetime
) -> tuple[Turnout, ...]:
    """What became of a tandem's sessions from a moment on, the first one first.

    ``lapses``: when those should have begun that were called off late. The sessions of a new
    agreement are counted from the beginning.
    """
    fell_out = [(at, Turnout.LATE) for at in lapses]
    told = [(one.starts_at, _turnout(one, members)) for one in past]
    return tuple(turnout for at, turnout in sorted([*fell_out, *told]) if at >= since)


def _turnout(past: Past, members: Sequence[int]) -> Turnout:
    agree = set(past.answers) >= set(members) and not any(past.answers.values())
    return Turnout.UNHELD if agree else Turnout.HELD


def met(turnouts: Sequence[Turnout], rule: Rule) -> bool:
    """Whether so many of the last sessions were missed that it is time to talk."""
    few, of = rule
    return sum(turnout is not Turnout.HELD for turnout in turnouts[-of:]) >= few


def leads_to_talk(before: Sequence[Turnout], after: Sequence[Turnout], rule: Rule) -> bool:
    """Once, until things got better: whoever has just talked about it is not asked again."""
    return met(after, rule) and not met(before, rule)
