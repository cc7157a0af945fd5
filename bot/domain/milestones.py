"""A milestone: what a tandem wants to have reached, by a day or just some time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias

from bot.conversation.cards import Act, Card, Opens, Tell

ADD = Opens("add", "milestone")
LIST = Card("milestones", "list", (Act("pick"), ADD))
NONE = Card("milestones", "none", (ADD,))
ONE = Card("milestones", "one", (Act("done"), Opens("move", "milestone_day"), Act("all")))
ADDED = Card("milestones", "added", (Act("all"),))
MOVED = Card("milestones", "moved", (Act("all"),))
DONE = Card("milestones", "done", (Act("all"),))
ALREADY = Card("milestones", "already", (Act("all"),))
FULL = Card("milestones", "full", (Act("all"),))

CARDS = (LIST, NONE, ONE, ADDED, MOVED, DONE, ALREADY, FULL)

MOST = 12
"""Open at the same time: more than that, and none of them is one."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """``due`` is a local day in the tandem's zone; ``by`` whoever put it there."""

    id: int
    tandem: int
    number: int
    members: tuple[int, ...]
    about: Mapping[int, Mapping[str, object]]
    title: str
    due: date | None = None
    done_at: datetime | None = None
    by: int = 0

    @property
    def subject(self) -> str:
        return f"milestone:{self.id}"


@dataclass(frozen=True, slots=True)
class Reach:
    by: int


@dataclass(frozen=True, slots=True)
class Move:
    by: int
    due: date | None


Event: TypeAlias = Reach | Move


def decide(milestone: Milestone, event: Event, now: datetime) -> tuple[Milestone, list[Tell]]:
    """What an event means. What is reached stays so, and its day does not matter any more."""
    match event:
        case Reach(by) | Move(by) if milestone.done_at is not None:
            return milestone, [tell(milestone, by, ALREADY)]
        case Reach():
            reached = replace(milestone, done_at=now)
            return reached, told(reached, DONE)
        case Move(by, due) if due == milestone.due:
            return milestone, [tell(milestone, by, ONE)]
        case Move(_, due):
            moved = replace(milestone, due=due)
            return moved, told(moved, MOVED)


def told(milestone: Milestone, card: Card) -> list[Tell]:
    return [tell(milestone, member, card) for member in milestone.members]


def tell(milestone: Milestone, member: int, card: Card) -> Tell:
    about = {
        **milestone.about[member],
        "title": milestone.title,
        "due": milestone.due,
        "reached": milestone.done_at is not None,
    }
    return Tell(member, card, about, milestone.subject)
