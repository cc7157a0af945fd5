"""The house: what holds for every turn, from the operator's settings and what platforms can do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from bot.conversation.holidays import Parts
from bot.domain.acquainting import FIRST_TALK, Acquainting
from bot.domain.agreements import Agreement
from bot.domain.cues import Cues
from bot.domain.diary import Keeping
from bot.domain.dues import Due
from bot.domain.members import Member
from bot.domain.proposals import PATIENCE, Proposal
from bot.domain.retention import Retention
from bot.domain.rounds import Calendar
from bot.domain.sessions import Session
from bot.domain.silence import SILENT, Patience, Silence
from bot.domain.tandems import Tandem
from bot.matching.weights import Weights

Thing: TypeAlias = (
    Member | Proposal | Session | Tandem | Acquainting | Agreement | Silence | Keeping | Cues
)
Plan: TypeAlias = Callable[[Thing, Iterable[Member], datetime], Iterable[Due]]
"""Which nudges a thing asks for, by the members concerned and now."""


@dataclass(frozen=True, slots=True)
class House:
    """What holds for every turn."""

    plan: Plan
    language: str = "de"
    zone: str = "Europe/Berlin"
    texts: Path | None = None
    """An operator's own texts, put before the package's."""
    organizers: frozenset[tuple[str, str]] = frozenset()
    """(platform, user) of each."""
    about: Mapping[str, str] = field(default_factory=lambda: {"operator": "", "contact": ""})
    """``operator`` is responsible, ``contact`` is the person to turn to; "" if unnamed."""
    calendar: Calendar = field(default_factory=Calendar)
    """When people are brought together."""
    weights: Weights = field(default_factory=Weights)
    """What counts how much when people are compared."""
    holidays: Parts = field(default_factory=dict)
    """In which parts of their countries members live, for the public holidays there."""
    proposal: timedelta = PATIENCE
    """How long answers to a proposal are waited for."""
    first_talk: timedelta = FIRST_TALK
    """Within how long a date for a first talk is to be found."""
    silent: Patience = SILENT
    """After how long somebody who is waited for is reminded, asked, and the others set free."""
    retention: Retention = field(default_factory=Retention)
    feed: str = ""
    """The public address under which calendars are read; "" where there is none."""
    gone: Path | None = None
    """Where deletions are noted, for the day a backup is restored."""
    sheets: frozenset[str] = frozenset()
    """Platforms that can show a page of a form at once."""
    slashes: Mapping[str, str] = field(default_factory=dict)
    """What commands begin with, where it is not just a slash."""
    usernames: Mapping[str, str] = field(default_factory=dict)
    """What a username has to be put behind for a link, on platforms where that leads to it."""
    profiles: frozenset[str] = frozenset()
    """Platforms on which a profile can be linked to by the user's id."""
    phones: frozenset[str] = frozenset()
    """Platforms that hand over somebody's own phone number, if they press a button for it."""
    groups: frozenset[str] = frozenset()
    """Platforms where members open groups with a link the bot gives them; it can't itself."""
    erasable: frozenset[str] = frozenset()
    """Platforms that let us delete what somebody wrote to us, for a while."""
    homes: frozenset[str] = frozenset()
    """Platforms with a home page for each member."""
    screens: frozenset[str] = frozenset()
    """Platforms whose screens are ours, and are cleared with somebody's data."""
