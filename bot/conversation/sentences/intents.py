"""Everyday wishes in plain sentences: "bin bis Montag im Urlaub", "can we move Thursday to 7pm?".

What is no such wish is nobody's business here: texts are not searched for words or moods.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from bot.conversation.sentences.dates import LONGEST
from bot.conversation.sentences.grammar import Heard, heard
from bot.conversation.sentences.marks import marked_day, marked_time
from bot.conversation.sentences.moments import FAR
from bot.conversation.sentences.phrases import Wish


@dataclass(frozen=True, slots=True)
class Pause:
    """``until`` is the day said, or that on which the time said is over."""

    until: date | None


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class CannotMeet:
    """``on`` is None for today and for no day at all; a week stands there as its Monday."""

    on: date | None


@dataclass(frozen=True, slots=True)
class Move:
    """``to`` is a local wall time within half a year, None unless both day and time were said."""

    to: str | None


@dataclass(frozen=True, slots=True)
class Extra:
    """A session beside the others; ``at`` as in ``Move``."""

    at: str | None


@dataclass(frozen=True, slots=True)
class Partner:
    pass


@dataclass(frozen=True, slots=True)
class NextSession:
    pass


@dataclass(frozen=True, slots=True)
class Delete:
    pass


@dataclass(frozen=True, slots=True)
class Data:
    pass


@dataclass(frozen=True, slots=True)
class EndTandem:
    pass


@dataclass(frozen=True, slots=True)
class Language:
    code: str


@dataclass(frozen=True, slots=True)
class Profile:
    pass


@dataclass(frozen=True, slots=True)
class Report:
    pass


@dataclass(frozen=True, slots=True)
class Agenda:
    pass


@dataclass(frozen=True, slots=True)
class Help:
    pass


Intent: TypeAlias = (
    Pause
    | Resume
    | CannotMeet
    | Move
    | Extra
    | Partner
    | NextSession
    | Delete
    | Data
    | EndTandem
    | Language
    | Profile
    | Report
    | Agenda
    | Help
)

TIMELESS: dict[Wish, Intent] = {
    Wish.RESUME: Resume(),
    Wish.PARTNER: Partner(),
    Wish.NEXT_SESSION: NextSession(),
    Wish.DELETE: Delete(),
    Wish.DATA: Data(),
    Wish.END_TANDEM: EndTandem(),
    Wish.GERMAN: Language("de"),
    Wish.ENGLISH: Language("en"),
    Wish.PROFILE: Profile(),
    Wish.REPORT: Report(),
    Wish.AGENDA: Agenda(),
    Wish.HELP: Help(),
}


def understand(text: str, now: datetime, language: str) -> Intent | None:
    """The wish a text is, in either language; None if it is none. ``now`` is local and naive."""
    if len(text) > LONGEST:
        return None
    found = heard(text, now.date(), language)
    return _intent(found, now) if found else None


def _intent(found: Heard, now: datetime) -> Intent:
    match found.wish:
        case Wish.PAUSE:
            return Pause(_coming(found, now))
        case Wish.CANNOT_MEET:
            return CannotMeet(_coming(found, now))
        case Wish.MOVE:
            return Move(_wall(found, now))
        case Wish.EXTRA:
            return Extra(_wall(found, now))
        case wish:
            return TIMELESS[wish]


def _coming(found: Heard, now: datetime) -> date | None:
    day = marked_day(found.day, now.date()) if found.day else None
    return day if day and day > now.date() else None


def _wall(found: Heard, now: datetime) -> str | None:
    at = marked_time(found.time) if found.time else None
    if not found.day or not at:
        return None
    wall = datetime.combine(marked_day(found.day, now.date()), at)
    return wall.isoformat(timespec="minutes") if now < wall < now + FAR else None
