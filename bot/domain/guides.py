"""A guide through a session: to arrive, one topic, next steps. Everybody leafs through it in a
message of their own, so where somebody is stands in their buttons; what is kept is whose topic had
the main part, which is nobody's score, and what each of them wants to do next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.conversation.cards import Act, Card, Opens, Tell
from bot.domain import members, tandems
from bot.domain.cues import Cue
from bot.domain.sessions import Session, phases
from bot.domain.sessions import State as SessionState
from bot.domain.tandems import MEETING, PAIR, State, Tandem

TIME = (Act("watch"), Act("unwatch"))
ARRIVE = Card("guide", "arrive", (Act("main"), *TIME))
MAIN = Card("guide", "main", (Act("turn"), Act("method"), Act("arrive"), Act("steps"), *TIME))
STEPS = Card("guide", "steps", (Opens("note", "step"), Act("main"), Act("done"), *TIME))
DONE = Card("guide", "done")

CARDS = (ARRIVE, MAIN, STEPS, DONE)
PHASES = {card.name: card for card in CARDS}
AROUND = timedelta(minutes=30)
"""Whoever opens the guide that long before or after is only looking: it names no times of day."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a member wants to do until the next session."""

    member: int
    text: str


@dataclass(frozen=True, slots=True)
class Guide:
    session: Session
    tandem: Tandem
    names: Mapping[int, str]
    turns: tuple[int, ...] = ()
    """Whose topic had the main part in the sessions before, the newest first."""
    last: tuple[Step, ...] = ()
    """What they agreed on before this session."""
    steps: tuple[Step, ...] = ()
    """What they agreed on in it."""
    cues: Mapping[int, Cue] = field(default_factory=dict)
    """By member, whoever wants to read when the time of a phase is over."""


@dataclass(frozen=True, slots=True)
class Look:
    """``phase`` is the name of a card; ``fresh``: in a new message."""

    by: int
    phase: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """The main part is for a topic of ``whose``. The last word counts, whoever says it."""

    by: int
    whose: int


@dataclass(frozen=True, slots=True)
class Note:
    by: int
    text: str


@dataclass(frozen=True, slots=True)
class Watch:
    """``till``: until when the phase was said to take."""

    by: int
    phase: str
    till: datetime


@dataclass(frozen=True, slots=True)
class Unwatch:
    by: int
    phase: str


@dataclass(frozen=True, slots=True)
class Over:
    """The time of the phase that somebody is in is over."""

    by: int


Event: TypeAlias = Look | Turn | Note | Watch | Unwatch | Over
Decision: TypeAlias = tuple[Guide, list[Tell]]


def decide(guide: Guide, event: Event, now: datetime) -> Decision:
    """What an event means. Also a session that is over can be noted down; one called off with its
    tandem cannot."""
    match guide.tandem.state, event:
        case state, Over(by):
            runs = state in MEETING and by in guide.cues and _meets(guide, now)
            return guide, [_tell(guide, by, guide.cues[by].phase, now)] if runs else []
        case State.PAUSED, _:
            return guide, [tandems.tell(guide.tandem, event.by, tandems.PAUSED)]
        case state, _ if state not in MEETING or event.by not in guide.session.members:
            return guide, [Tell(event.by, members.STALE)]
        case _, Look(by, phase, fresh):
            return _shown(guide, by, phase, now, fresh=fresh)
        case _, Turn(by, whose) if whose in guide.session.members:
            turned = replace(guide, session=replace(guide.session, turn=whose))
            return _shown(turned, by, MAIN.name, now)
        case _, Turn(by):
            return _shown(guide, by, MAIN.name, now)
        case _, Watch(by, phase, till) if guide.session.state is SessionState.OPEN:
            watched = _with(guide, by, Cue(by, phase, till))
            return _shown(watched, by, phase, now)
        case _, Watch(by, phase) | Unwatch(by, phase):
            return _shown(_with(guide, by, None), by, phase, now)
        case _, Note(by, text):
            others = [step for step in guide.steps if step.member != by]
            steps = sorted((*others, Step(by, text)), key=lambda step: step.member)
            noted = replace(guide, steps=tuple(steps))
            return _shown(noted, by, STEPS.name, now, fresh=True)


def offered(turns: Sequence[int], members: Sequence[int]) -> int:
    """Who gets the main part offered once somebody had it twice in a row, else 0: of the others,
    whoever has been waiting for longest."""
    known = [whose for whose in turns if whose in members]
    match known:
        case [newest, before, *_] if newest == before:
            waits = {m: known.index(m) if m in known else len(known) for m in members}
            return max(members, key=lambda member: waits[member])
    return 0


def begins(session: Session) -> int:
    """Who tells first, and moderates a group: everybody in turn."""
    return session.members[(session.number - 1) % len(session.members)]


def read(steps: Sequence[Step], names: Mapping[int, str], member: int) -> list[tuple[str, str]]:
    """Steps with the names of whose they are; one's own has none."""
    return [("" if s.member == member else names[s.member], s.text) for s in steps]


def _shown(guide: Guide, by: int, phase: str, now: datetime, *, fresh: bool = False) -> Decision:
    """A phase, and from now on its time is the one that is watched, if any is."""
    known = guide.cues.get(by)
    if known is not None and known.phase != phase:
        till = _till(guide, phase, now)
        guide = _with(guide, by, Cue(by, phase, till) if till else None)
    return guide, [_tell(guide, by, phase, now, fresh=fresh)]


def _with(guide: Guide, member: int, cue: Cue | None) -> Guide:
    others = {number: known for number, known in guide.cues.items() if number != member}
    return replace(guide, cues={**others, member: cue} if cue else others)


def _tell(guide: Guide, by: int, phase: str, now: datetime, *, fresh: bool = False) -> Tell:
    card, session = PHASES[phase], guide.session
    timed = _times(guide, by, phase, now)
    about = {**session.about[by], **timed, **_turns(guide, by)}
    about |= {
        "last": read(guide.last, guide.names, by),
        "resolved": read(guide.steps, guide.names, by),
        "number": session.number,
        "mine": any(step.member == by for step in guide.steps),
    }
    watched, till = by in guide.cues, timed["till"]
    values = {"watch": (f"{phase} {till}",), "unwatch": (phase,)}
    choices = {"turn": tuple(map(str, _in_order(guide, by))), **values}
    runs = session.state is SessionState.OPEN and till is not None
    without = set() if runs and not watched else {"watch"}
    without |= set() if watched else {"unwatch"}
    subject, hidden = session.subject, frozenset(without)
    return Tell(by, card, about, subject, choices, hidden, replaces=not fresh)


def _meets(guide: Guide, now: datetime) -> bool:
    start, end = guide.session.starts_at, guide.session.ends_at
    if start is None or end is None:
        return False
    return start - AROUND <= now < end + AROUND


def _times(guide: Guide, by: int, phase: str, now: datetime) -> dict[str, object]:
    """How long a phase takes and, while they meet, until about when."""
    spans = _spans(guide)
    cue = guide.cues.get(by)
    till = cue.till if cue else _till(guide, phase, now)
    order = list(PHASES)
    follows = order[(order.index(phase) + 1) % len(order)]
    return {
        "minutes": spans.get(phase, 0),
        "till": till,
        "next_minutes": spans.get(follows, 0),
        "watched": cue is not None,
        "over": cue is not None and cue.till <= now,
    }


def _till(guide: Guide, phase: str, now: datetime) -> datetime | None:
    start, minutes = guide.session.starts_at, _spans(guide).get(phase)
    if start is None or minutes is None or not _meets(guide, now):
        return None
    return max(now, start) + timedelta(minutes=minutes)


def _spans(guide: Guide) -> dict[str, int]:
    return dict(zip(PHASES, phases(guide.session.minutes), strict=False))


def _turns(guide: Guide, by: int) -> dict[str, object]:
    """Names of the others by their number, and whose turn it is or could be."""
    session = guide.session
    others = {str(m): guide.names[m] for m in session.members if m != by}
    first, next_one = begins(session), offered(guide.turns, session.members)
    return {
        "others": others,
        "many": len(session.members) > PAIR,
        "begins": str(first),
        "turn": str(session.turn or ""),
        "offered": str(next_one or ""),
    }


def _in_order(guide: Guide, by: int) -> list[int]:
    """Whose topic it could be: who gets it offered, then oneself, then the others."""
    first = offered(guide.turns, guide.session.members)
    return sorted(guide.session.members, key=lambda m: (m != first, m != by))
