"""Cues: on request a guide says in its own message that the time of a phase is over.

The rule of the place: a cue changes words that stand there already and sends none, so that no
phone makes a sound in the middle of a session.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.dues import Due, Nudge

USEFUL = timedelta(minutes=5)
"""Later than that they have noticed by themselves."""


@dataclass(frozen=True, slots=True)
class Cue:
    """``parcel``: by which the outbox knows the message that shows the phase now; "" while
    something else stands in its place."""

    member: int
    phase: str
    till: datetime
    parcel: str = ""


@dataclass(frozen=True, slots=True)
class Cues:
    """All of a session that somebody asked for."""

    session: int
    known: Sequence[Cue] = ()

    @property
    def subject(self) -> str:
        return f"cue:{self.session}"


def plan(cues: Cues, now: datetime) -> Iterator[Due]:
    for cue in cues.known:
        if cue.parcel and cue.till > now:
            until = cue.till + USEFUL
            yield Due(Nudge.CUE, cues.subject, cue.till, until, cue.member)
