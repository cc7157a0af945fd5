"""Silence: something waits for a member, and nothing is heard of them.

They are reminded, then asked, and in the end the others are set free: honestly, in time, and
without a word on whose fault it is. A sign of life is all they write or press, and a session.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.conversation.cards import Act, Card, Says, Tell
from bot.domain.agreements import Agreement
from bot.domain.care import Past
from bot.domain.sessions import Session

Patience: TypeAlias = tuple[timedelta, timedelta, timedelta]
"""After how long they are reminded, asked, and the others set free."""
SILENT: Patience = (timedelta(days=7), timedelta(days=14), timedelta(days=21))

REMINDED = Card("care", "reminded", (Says("look", "tandem"), Says("pause", "pause")))
QUESTION = Card("care", "question", (Act("go_on"), Says("pause", "pause"), Act("end")))
GOES_ON = Card("care", "goes_on", (Says("look", "tandem"),))
ASKED = Card("care", "asked", (Act("alive"),))
NOTED = Card("care", "noted")
BACK = Card("care", "back")
RELEASED = Card("care", "released", (Act("seek"),))
LET_GO = Card("care", "let_go", (Act("seek"),))

CARDS = (REMINDED, QUESTION, GOES_ON, ASKED, NOTED, BACK, RELEASED, LET_GO)


class Step(StrEnum):
    OPEN = "open"
    """Something waits for them."""
    REMINDED = "reminded"
    ASKED = "asked"
    """Whether they would like to go on; the others know that it was asked."""
    LEFT = "left"
    """Others are in touch with them: for as long as all of it takes, nothing is asked."""


@dataclass(frozen=True, slots=True)
class Wait:
    """``at``: since when, or when they were reminded or asked."""

    step: Step
    at: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """``heard``: the last sign of life of each, as far as there is one. ``away``: who is on pause,
    and not silent."""

    tandem: int
    members: tuple[int, ...]
    about: Mapping[int, Mapping[str, object]]
    waits: Mapping[int, Wait] = field(default_factory=dict)
    heard: Mapping[int, datetime] = field(default_factory=dict)
    away: frozenset[int] = frozenset()
    patience: Patience = SILENT
    over: bool = False
    """The tandem ends with it."""

    @property
    def subject(self) -> str:
        return f"silence:{self.tandem}"

    @property
    def asked(self) -> frozenset[int]:
        return frozenset(m for m, wait in self.waits.items() if wait.step is Step.ASKED)

    def next_step(self, member: int) -> datetime:
        """When something is said next if nothing is heard until then."""
        wait, (remind, ask, release) = self.waits[member], self.patience
        match wait.step:
            case Step.OPEN:
                return wait.at + remind
            case Step.REMINDED:
                return wait.at + ask - remind
            case Step.ASKED:
                return wait.at + release - ask
            case Step.LEFT:
                return wait.at + release


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom something waits for now."""

    awaited: frozenset[int]


@dataclass(frozen=True, slots=True)
class Elapse:
    """It is time to look whether anything was heard."""

    of: int


@dataclass(frozen=True, slots=True)
class GoOn:
    by: int


@dataclass(frozen=True, slots=True)
class Alive:
    """One of the others is in touch with whoever was asked."""

    by: int


Event: TypeAlias = Watch | Elapse | GoOn | Alive
Decision: TypeAlias = tuple[Silence, list[Tell]]


def awaited(
    sessions: Iterable[Session], agreement: Agreement, past: Sequence[Past]
) -> frozenset[int]:
    """Whose word is missing: on a time, on a version of the agreement, or on a session that did
    not take place as far as anybody has told."""
    everybody, found = frozenset(agreement.members), set(agreement.awaited)
    for session in sessions:
        found |= everybody - session.agreed if session.wish is not None else set()
    last = next((one for one in reversed(past) if one.answers), None)
    if last is not None and not any(last.answers.values()):
        found |= everybody - last.answers.keys()
    return frozenset(found)


def decide(silence: Silence, event: Event, now: datetime) -> Decision:
    """What an event means. Without anybody waited for nothing does."""
    match event:
        case Watch(awaited):
            waited = awaited - silence.away
            kept = {m: silence.waits.get(m, Wait(Step.OPEN, now)) for m in sorted(waited)}
            return _answered(silence, replace(silence, waits=kept))
        case Elapse(of) if of in silence.waits and _heard(silence, of):
            return _anew(silence, frozenset({of}), silence.heard[of])
        case Elapse(of) if of in silence.waits and now >= silence.next_step(of):
            return _further(silence, of, now)
        case GoOn(by):
            after, told = _anew(silence, frozenset({by}), now)
            return after, [_tell(silence, by, GOES_ON), *told]
        case Alive(by):
            after, told = _anew(silence, silence.asked - {by}, now, Step.LEFT)
            others = [tell for tell in told if tell.member != by]
            return after, [_tell(silence, by, NOTED), *others]
        case Elapse():
            return silence, []


def _heard(silence: Silence, member: int) -> bool:
    return member in silence.heard and silence.heard[member] > silence.waits[member].at


def _further(silence: Silence, member: int, now: datetime) -> Decision:
    match silence.waits[member].step:
        case Step.OPEN:
            return _at(silence, member, Step.REMINDED, now), [_tell(silence, member, REMINDED)]
        case Step.REMINDED:
            asked = _at(silence, member, Step.ASKED, now)
            knew = silence.asked
            others = [] if knew else [_tell(asked, m, ASKED) for m in _others(asked, {member})]
            return asked, [question(asked, member), *others]
        case Step.LEFT:
            return _at(silence, member, Step.OPEN, now), []
        case Step.ASKED:
            return replace(silence, over=True), [
                _tell(silence, m, LET_GO if m in silence.asked else RELEASED)
                for m in silence.members
            ]


def _at(silence: Silence, member: int, step: Step, now: datetime) -> Silence:
    return replace(silence, waits={**silence.waits, member: Wait(step, now)})


def _anew(
    silence: Silence, members: frozenset[int], since: datetime, step: Step = Step.OPEN
) -> Decision:
    """Their silence, if it was one, is over; what waits for them goes on waiting."""
    fresh = {m: Wait(step, since) for m in members if m in silence.waits}
    return _answered(silence, replace(silence, waits={**silence.waits, **fresh}))


def _answered(before: Silence, after: Silence) -> Decision:
    """With the last answer the others read that it goes on. Of a pause they have read already."""
    answered = before.asked - after.asked
    if after.asked or not answered - after.away:
        return after, []
    return after, [_tell(after, m, BACK) for m in _others(after, answered)]


def _others(silence: Silence, apart_from: Iterable[int]) -> list[int]:
    return [m for m in silence.members if m not in set(apart_from)]


def question(silence: Silence, member: int) -> Tell:
    return _tell(silence, member, QUESTION)


def _tell(silence: Silence, member: int, card: Card) -> Tell:
    _, ask, release = silence.patience
    until = min((silence.waits[m].at for m in silence.asked), default=None)
    answer_by = until + (release - ask) if until else None
    about = {**silence.about[member], "until": answer_by, "seeking": False}
    return Tell(member, card, about, f"tandem:{silence.tandem}")
