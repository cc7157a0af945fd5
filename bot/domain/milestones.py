"""Milestones: what a tandem wants to reach, and by when. They belong to all its members.

Whoever reached what is nobody's score: a milestone is ticked off for all, and nothing is counted.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias

from bot.conversation.cards import Act, Card, Opens, Tell
from bot.domain import members, tandems
from bot.domain.tandems import MEETING, State, Tandem

OPEN_AT_MOST = 10
"""More at once is a list of wishes."""
DONE_SHOWN = 5

LIST = Card("milestones", "list", (Act("open"), Opens("add", "milestone")))
ITEM = Card(
    "milestones",
    "item",
    (Act("tick"), Act("untick"), Opens("move", "milestone"), Act("remove"), Act("back")),
)
ADDED = Card("milestones", "added")
CHANGED = Card("milestones", "changed")
REMOVED = Card("milestones", "removed")
REACHED = Card("milestones", "reached")

CARDS = (LIST, ITEM, ADDED, CHANGED, REMOVED, REACHED)


@dataclass(frozen=True, slots=True)
class Milestone:
    """``title`` is "" once it was taken away: its number is never another's."""

    number: int
    title: str
    due: date | None = None
    """A day in whoever's zone: it is what they agreed on, no instant."""
    done_at: datetime | None = None
    by: int = 0
    """Who added it, or 0 for somebody who is gone."""
    cheered: bool = False
    """Whether reaching it was told already: that happens once."""

    @property
    def done(self) -> bool:
        return self.done_at is not None


@dataclass(frozen=True, slots=True)
class Milestones:
    """All of one tandem."""

    tandem: Tandem
    every: tuple[Milestone, ...] = ()

    @property
    def open(self) -> list[Milestone]:
        """Those to be reached: by date, and those without one at the end."""
        waiting = [m for m in self.every if m.title and not m.done]
        return sorted(waiting, key=lambda m: (m.due or date.max, m.number))

    @property
    def done(self) -> list[Milestone]:
        """Those reached, the newest first."""
        reached = [m for m in self.every if m.title and m.done]
        return sorted(reached, key=lambda m: (str(m.done_at), m.number), reverse=True)

    def find(self, number: int) -> Milestone | None:
        return next((m for m in self.every if m.number == number and m.title), None)

    def with_(self, changed: Milestone) -> "Milestones":
        others = (m for m in self.every if m.number != changed.number)
        every = sorted((*others, changed), key=lambda m: m.number)
        return replace(self, every=tuple(every))

    def next_number(self) -> int:
        return max((m.number for m in self.every), default=0) + 1


@dataclass(frozen=True, slots=True)
class Look:
    by: int


@dataclass(frozen=True, slots=True)
class Back:
    """Back to the list, in place."""

    by: int


@dataclass(frozen=True, slots=True)
class Add:
    by: int
    title: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Open:
    by: int
    number: int


@dataclass(frozen=True, slots=True)
class Tick:
    by: int
    number: int


@dataclass(frozen=True, slots=True)
class Untick:
    by: int
    number: int


@dataclass(frozen=True, slots=True)
class Change:
    by: int
    number: int
    title: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Remove:
    by: int
    number: int


OnOne: TypeAlias = Open | Tick | Untick | Remove
"""What the buttons of one milestone mean."""
Event: TypeAlias = Look | Back | Add | OnOne | Change
Decision: TypeAlias = tuple[Milestones, list[Tell]]


def decide(known: Milestones, event: Event, now: datetime) -> Decision:
    """What an event means. Once a tandem has ended, its milestones can only be looked at."""
    match known.tandem.state, event:
        case State.ENDED, _:
            return known, [_list(known, event.by)]
        case State.PAUSED, _:
            return known, [tandems.tell(known.tandem, event.by, tandems.PAUSED)]
        case state, _ if state not in MEETING:
            return known, [Tell(event.by, members.STALE)]
        case _, Look(by):
            return known, [_list(known, by, fresh=True)]
        case _, Back(by):
            return known, [_list(known, by)]
        case _, Add():
            return _add(known, event)
        case _, Open() | Tick() | Untick() | Change() | Remove():
            found = known.find(event.number)
            if found is None:
                return known, [_list(known, event.by, gone=True)]
            return _on_one(known, found, event, now)


def _add(known: Milestones, event: Add) -> Decision:
    if len(known.open) >= OPEN_AT_MOST:
        return known, [_list(known, event.by, fresh=True)]
    new = Milestone(known.next_number(), event.title, event.due, by=event.by)
    after = known.with_(new)
    return after, [_list(after, event.by, fresh=True), *_others(after, new, event.by, ADDED)]


def _on_one(
    known: Milestones,
    found: Milestone,
    event: Open | Tick | Untick | Change | Remove,
    now: datetime,
) -> Decision:
    match event:
        case Open(by):
            return known, [_item(known, found, by)]
        case Tick(by) if not found.done:
            after = known.with_(replace(found, done_at=now, cheered=True))
            told = [] if found.cheered else _to(known, found, known.tandem.members, REACHED)
            return after, [_list(after, by), *told]
        case Untick(by) if found.done:
            after = known.with_(replace(found, done_at=None))
            return after, [_list(after, by)]
        case Change(by, _, title, due) if (title, due) != (found.title, found.due):
            changed = replace(found, title=title, due=due)
            after = known.with_(changed)
            return after, [_list(after, by, fresh=True), *_others(after, changed, by, CHANGED)]
        case Change(by):
            return known, [_list(known, by, fresh=True)]
        case Remove(by):
            after = known.with_(Milestone(found.number, ""))
            return after, [_list(after, by), *_others(known, found, by, REMOVED)]
        case Tick(by) | Untick(by):
            return known, [_list(known, by)]


def subject(tandem: Tandem, milestone: Milestone) -> str:
    return f"milestone:{tandem.id}.{milestone.number}"


def _list(known: Milestones, by: int, *, fresh: bool = False, gone: bool = False) -> Tell:
    """The list, in place of the message pressed unless it is ``fresh``."""
    waiting, reached = known.open, known.done
    ended, full = known.tandem.state is State.ENDED, len(waiting) >= OPEN_AT_MOST
    listed = [*waiting, *reached[:DONE_SHOWN]]
    about = {
        **known.tandem.about[by],
        "waiting": waiting,
        "reached": reached[:DONE_SHOWN],
        "more": len(reached[DONE_SHOWN:]),
        "shown": {str(m.number): m for m in listed},
        "ended": ended,
        "full": full,
        "gone": gone,
    }
    choices = {"open": () if ended else tuple(str(m.number) for m in listed)}
    without = frozenset({"add"}) if ended or full else frozenset[str]()
    return Tell(by, LIST, about, known.tandem.subject, choices, without, replaces=not fresh)


def _item(known: Milestones, found: Milestone, by: int) -> Tell:
    without = {"tick"} if found.done else {"untick"}
    return replace(_tell(known, found, by, ITEM), without=frozenset(without), replaces=True)


def _others(known: Milestones, found: Milestone, by: int, card: Card) -> list[Tell]:
    return _to(known, found, known.tandem.others(by), card)


def _to(known: Milestones, found: Milestone, whom: tuple[int, ...], card: Card) -> list[Tell]:
    return [_tell(known, found, member, card) for member in whom]


def _tell(known: Milestones, found: Milestone, member: int, card: Card) -> Tell:
    about = {**known.tandem.about[member], "milestone": found}
    return Tell(member, card, about, subject(known.tandem, found))
