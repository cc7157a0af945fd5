"""Getting to know each other: one talk that binds nobody, at most a second, then a word of each.

What somebody answers is never shown: the others read what follows from all answers together, in
the same words for everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.conversation.cards import Act, Action, Card, Opens, Tell
from bot.domain.members import STALE

FIRST_TALK = timedelta(days=14)
"""Within this time a date is to be found, unless the operator says otherwise."""
MORE = timedelta(days=7)
"""What everybody gets on top, once."""
ANSWER = timedelta(days=7)
"""How long all answers are waited for after a talk."""
GRACE = timedelta(days=2)
"""After a date that came to nothing nobody is pressed at once."""

DATES: tuple[Action, ...] = (Act("slot"), Opens("other_time", "meeting"))
QUESTION = (Act("go_on"), Act("unsure"), Act("rather_not"), Act("not_yet"))
GUIDE = Card("knowing", "guide")
UNDATED = Card("knowing", "undated", (*DATES, Act("met"), Act("rather_not")))
STILL = Card("knowing", "still", (Act("keep"), Act("met"), Act("rather_not")))
KEPT = Card("knowing", "kept", DATES)
DATELESS = Card("knowing", "dateless", (Act("seek"),))
ASKED = Card("knowing", "asked", QUESTION)
REPEATED = Card("knowing", "repeated", QUESTION)
NOTED = Card("knowing", "noted")
NOT_YET = Card("knowing", "not_yet", DATES)
SECOND = Card("knowing", "second", DATES)
TOGETHER = Card("knowing", "together")
OVER = Card("knowing", "over", (Act("rest"),))
UNANSWERED = Card("knowing", "unanswered", (Act("rest"),))
RUN_OUT = Card("knowing", "run_out", (Act("seek"),))

SEARCHING = frozenset({OVER, UNANSWERED})
"""Whoever reads these is looked for again at once; others only when they ask for it."""

CARDS = (
    GUIDE,
    UNDATED,
    STILL,
    KEPT,
    DATELESS,
    ASKED,
    REPEATED,
    NOTED,
    NOT_YET,
    SECOND,
    TOGETHER,
    OVER,
    UNANSWERED,
    RUN_OUT,
)


class Word(StrEnum):
    """What somebody answers after a talk."""

    GO_ON = "go_on"
    UNSURE = "unsure"
    RATHER_NOT = "rather_not"
    NOT_YET = "not_yet"
    """They have not met."""


class Outcome(StrEnum):
    OPEN = "open"
    TOGETHER = "together"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Acquainting:
    """``until``: by then there is a date, or it is asked whether one is still wanted."""

    tandem: int
    members: tuple[int, ...]
    about: Mapping[int, Mapping[str, object]]
    since: datetime
    until: datetime
    patience: timedelta = FIRST_TALK
    talk: int = 1
    last: bool = False
    """Whether it was asked already if a date is still wanted."""
    asked_at: datetime | None = None
    """When the talk was over, so that each is asked how to go on."""
    words: Mapping[int, Word] = field(default_factory=dict)
    outcome: Outcome = Outcome.OPEN

    @property
    def subject(self) -> str:
        return f"tandem:{self.tandem}"


@dataclass(frozen=True, slots=True)
class Met:
    """They have talked: the time is over, or ``by`` says so."""

    by: int = 0


@dataclass(frozen=True, slots=True)
class Say:
    """``talk``: after which it was asked; an older button means nothing any more."""

    by: int
    word: Word
    talk: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Somebody still wants to find a date."""

    by: int


@dataclass(frozen=True, slots=True)
class Remind:
    """Some days without a date."""

    to: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """Nothing said yet after a talk: asked once more, then not again."""

    to: int


@dataclass(frozen=True, slots=True)
class RunOut:
    """The time for a date, or for the answers, is over."""


@dataclass(frozen=True, slots=True)
class Rest:
    """One of them is away, or everything stood still, until ``back``: all times begin then."""

    back: datetime


Event: TypeAlias = Met | Say | Keep | Remind | Repeat | RunOut | Rest
Decision: TypeAlias = tuple[Acquainting, list[Tell]]


def decide(
    known: Acquainting, event: Event, now: datetime, dated: datetime | None = None
) -> Decision:
    """What an event means. ``dated``: when the next session begins, if a time is agreed."""
    match event:
        case _ if known.outcome is not Outcome.OPEN:
            return known, []
        case Say(word=Word.RATHER_NOT):
            return _close(known, OVER)
        case Say(by, word, talk) if known.asked_at and _open(known, word, talk):
            return _said(known, by, word, now)
        case Say(by):
            return known, [Tell(by, STALE)]
        case Met() if known.asked_at is None or Word.NOT_YET in known.words.values():
            asked = replace(known, asked_at=now, words={})
            return asked, [question(asked, m) for m in asked.members]
        case Met(by) if by:
            return known, [overview(known, by)]
        case Keep(by) if known.asked_at is None and dated is None:
            return known, [_tell(known, by, KEPT)]
        case Keep(by):
            return known, [Tell(by, STALE)]
        case Remind(to) if known.asked_at is None and dated is None:
            return known, [_tell(known, to, UNDATED)]
        case Repeat(to) if known.asked_at and to not in known.words:
            return known, [question(known, to, REPEATED)]
        case RunOut():
            return _run_out(known, now, dated)
        case Rest(back):
            return _rest(known, back), []
        case Met() | Remind() | Repeat():
            return known, []


def _open(known: Acquainting, word: Word, talk: int) -> bool:
    """An older answer means nothing any more, and after a second talk nobody is unsure."""
    return talk == known.talk and not (word is Word.UNSURE and known.talk > 1)


def question(known: Acquainting, member: int, card: Card = ASKED) -> Tell:
    """How somebody would like to go on. After a second talk nobody is unsure any more."""
    choices = {action.name: (str(known.talk),) for action in QUESTION}
    without = frozenset({"unsure"}) if known.talk > 1 else frozenset[str]()
    return replace(_tell(known, member, card), choices=choices, without=without)


def overview(known: Acquainting, member: int) -> Tell:
    """What waits for somebody: a date to be found, their word, or that of the others."""
    if known.asked_at is None:
        return _tell(known, member, UNDATED)
    return _tell(known, member, NOTED) if member in known.words else question(known, member)


def _said(known: Acquainting, by: int, word: Word, now: datetime) -> Decision:
    """The last word decides; until then nobody learns anything."""
    said = replace(known, words={**known.words, by: word})
    words = set(said.words.values())
    if set(said.words) != set(said.members):
        return said, [_tell(said, by, NOT_YET if word is Word.NOT_YET else NOTED)]
    if Word.NOT_YET in words:
        again = _anew(said, now, said.talk)
        offered = {m for m, w in said.words.items() if w is Word.NOT_YET} - {by}
        return again, [_tell(again, m, NOT_YET) for m in said.members if m not in offered]
    if Word.UNSURE in words:
        second = _anew(said, now, said.talk + 1)
        return second, [_tell(second, m, SECOND) for m in second.members]
    return _close(said, TOGETHER, Outcome.TOGETHER)


def _anew(known: Acquainting, now: datetime, talk: int) -> Acquainting:
    """A date is to be found again, with as much time as for the first."""
    fresh = replace(known, talk=talk, last=False, asked_at=None, words={})
    return replace(fresh, since=now, until=now + known.patience)


def _run_out(known: Acquainting, now: datetime, dated: datetime | None) -> Decision:
    """Honest, and without blame. With a date agreed there is nothing to press for."""
    met = known.asked_at is not None and Word.NOT_YET not in known.words.values()
    if dated is not None and not met:
        return replace(known, until=dated + GRACE, asked_at=None, words={}), []
    if known.asked_at is not None:
        over = replace(known, outcome=Outcome.OVER)
        told = [(m, UNANSWERED if m in known.words else RUN_OUT) for m in known.members]
        return over, [_tell(over, member, card) for member, card in told]
    if known.last:
        return _close(known, DATELESS)
    still = replace(known, last=True, until=now + MORE)
    return still, [_tell(still, m, STILL) for m in still.members]


def _rest(known: Acquainting, back: datetime) -> Acquainting:
    later = max(back - known.since, timedelta())
    asked_at = max(known.asked_at, back) if known.asked_at else None
    moved = max(known.until, min(known.until + later, back + MORE))
    return replace(known, since=max(known.since, back), until=moved, asked_at=asked_at)


def _close(known: Acquainting, card: Card, outcome: Outcome = Outcome.OVER) -> Decision:
    """The same words for everybody."""
    closed = replace(known, outcome=outcome)
    return closed, [_tell(closed, m, card) for m in closed.members]


def _tell(known: Acquainting, member: int, card: Card) -> Tell:
    """``next_look`` is for the engine to know."""
    answer_by = known.asked_at + ANSWER if known.asked_at else None
    second = known.talk > 1
    said = {"until": known.until, "answer_by": answer_by, "second": second, "next_look": None}
    return Tell(member, card, {**known.about[member], **said}, known.subject)
