"""A parcel: one thing to be sent, and what becomes of it when sending went this way or that.

No platform takes an idempotency key, so "exactly once" can't be promised. What is kept instead:
nothing is lost in silence, and what must not come twice is never sent blindly again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias


class Patience(StrEnum):
    """How a parcel bears a send whose outcome nobody knows."""

    REPLY = "reply"
    """An answer to what somebody did: sent again, since twice is better than never."""
    NUDGE = "nudge"
    """Sent again once while it is still useful, then dropped; without an end like an answer."""
    ONCE = "once"
    """An introduction or an ending: never sent blindly again, the organizers are told."""


class State(StrEnum):
    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Sent:
    ref: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive, and what is wrong may be wrong with it alone."""

    reason: str


@dataclass(frozen=True, slots=True)
class Away:
    """Nothing can be sent there, and no parcel is to blame: no connection, no valid token."""

    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have arrived: the connection broke, or we did, before an answer."""

    trouble: bool = False
    """There was an answer: that the platform is in trouble. Most likely it did not arrive."""


@dataclass(frozen=True, slots=True)
class Later:
    """The platform asks for a pause. ``everywhere``: for the method, not just for the chat."""

    wait: timedelta
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The member can't be reached there any more: blocked us, left, or is deactivated."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has a new id."""

    chat: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will never take this as it is."""

    reason: str


HIDDEN = "profile hidden"
"""Why a button to a profile is refused: its owner's settings on the platform forbid it."""

TAKEN_OUT = "taken out"
"""Why nothing can be sent: the bot was taken out of a workspace, or the workspace is no more."""

Receipt: TypeAlias = Sent | NotSent | Away | Uncertain | Later | Gone | Moved | Refused

TRIES = 8
BACKOFF = timedelta(seconds=2)
TRIES_IN_TROUBLE = 45
"""Within about six hours, which a platform seldom needs to mend itself."""
LONGEST = timedelta(minutes=10)
STEADY = 4
"""So many tries at most count while a platform is away: it is asked again each quarter of a minute,
and what finds it back has as many tries left."""
STILL_USEFUL = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Fate:
    """Where a parcel goes from here. ``not_before`` only for ``DUE``; None leaves it as it is."""

    state: State
    reason: str = ""
    not_before: datetime | None = None


def fate(
    receipt: Receipt, patience: Patience, tries: int, expires_at: datetime | None, now: datetime
) -> Fate:
    """``tries`` counts the attempt just made."""
    match receipt:
        case Sent():
            return Fate(State.SENT)
        case Later(wait):
            return Fate(State.DUE, "asked to wait", now + wait)
        case Away(reason):
            return Fate(State.DUE, reason)
        case Moved():
            return Fate(State.DUE, "chat moved", now)
        case NotSent(reason) if tries < TRIES:
            return Fate(State.DUE, reason, now + backoff(tries))
        case NotSent(reason) | Refused(reason):
            return Fate(State.FAILED, reason)
        case Gone(reason):
            return Fate(State.DROPPED, reason)
        case Uncertain(trouble):
            most = TRIES_IN_TROUBLE if trouble else TRIES
            return _uncertain(patience, most - tries, tries, expires_at, now)


def _uncertain(
    patience: Patience, left: int, tries: int, expires_at: datetime | None, now: datetime
) -> Fate:
    again = Fate(State.DUE, "no answer", now + backoff(tries))
    match patience:
        case Patience.NUDGE if expires_at is not None:
            useful = tries == 1 and expires_at - now > STILL_USEFUL
            return again if useful else Fate(State.DROPPED, "no answer")
        case Patience.REPLY | Patience.NUDGE if left > 0:
            # Whenever it comes it is of use, as a proposal is: nobody is left without it.
            return again
        case _:
            return Fate(State.UNCERTAIN, "no answer")


def backoff(tries: int) -> timedelta:
    return min(BACKOFF * float(2 ** (tries - 1)), LONGEST)
