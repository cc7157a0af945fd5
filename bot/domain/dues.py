"""Dues: moments at which something is to be said, noted down so that no restart forgets them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Nudge(StrEnum):
    """Everything that only time says."""

    RESUME = "resume"
    SEARCH = "search"
    ROUND = "round"
    UNPAUSE = "unpause"
    DIARY_HALFWAY = "diary_halfway"
    DIARY_END = "diary_end"
    DIARY_NOTICE = "diary_notice"
    DIARY_OVER = "diary_over"
    HALFWAY = "halfway"
    EXPIRE = "expire"
    DEADLINE = "deadline"
    """Until when a session can be called off in time."""
    DAY_BEFORE = "day_before"
    """The day before a session, or as long before it as somebody wants."""
    SOON = "soon"
    CUE = "cue"
    """The time of a phase in a session is over."""
    AFTER = "after"
    REFLECT = "reflect"
    REPEAT = "repeat"
    NOBODY_WROTE = "nobody_wrote"
    CONFIRM = "confirm"
    UNAGREED = "unagreed"
    CHECK_IN = "check_in"
    UNDATED = "undated"
    RUN_OUT = "run_out"
    ASK_AGAIN = "ask_again"
    SILENT = "silent"
    QUIETER = "quieter"
    """That somebody is not asked any more for now."""
    UNINSTALLED = "uninstalled"
    """A workspace has not taken the bot back in time."""
    REINSTALLED = "reinstalled"
    """It has."""


@dataclass(frozen=True, slots=True)
class Due:
    """``until``: from then on it would be stale, and is dropped with that as the reason."""

    nudge: Nudge
    subject: str
    at: datetime
    until: datetime
    member: int = 0
    """Whom it concerns, or 0 for all of the subject's members."""
