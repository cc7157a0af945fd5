"""Restraint: who leaves three questions in a row unanswered is asked no more, until they are heard
of. What they need to know they are told all the same.

They read of it once, and kindly. When others are set free is another matter: see `silence`.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from bot.conversation.cards import Act, Card, Says
from bot.domain.dues import Nudge

HELD_BACK = frozenset(
    {
        Nudge.REFLECT,
        Nudge.REPEAT,
        Nudge.CHECK_IN,
        Nudge.NOBODY_WROTE,
        Nudge.CONFIRM,
        Nudge.UNAGREED,
    }
)
"""Nobody waits for the answer, or whoever does is looked after by other means."""
ASKING = HELD_BACK | {Nudge.HALFWAY, Nudge.UNDATED, Nudge.ASK_AGAIN, Nudge.SILENT}
"""These are for an answer. A reminder is for none, so that none is missed."""
UNANSWERED = 3
QUIET = "asked often enough"

NOTICE = Card("restraint", "notice", (Act("again"), Says("pause", "pause")))
AGAIN = Card("restraint", "again")

CARDS = (NOTICE, AGAIN)


class Verdict(StrEnum):
    ASK = "ask"
    TELL = "tell"
    """Not asked any more, and told so."""
    REST = "rest"


def decide(asked: Iterable[datetime], heard: datetime | None, *, told: bool) -> Verdict:
    """``asked``: when somebody was sent what is for an answer; what is in one message has one
    moment. ``told``: whether they were since they were last ``heard`` of."""
    unanswered = {at for at in asked if heard is None or at > heard}
    if len(unanswered) < UNANSWERED:
        return Verdict.ASK
    return Verdict.REST if told else Verdict.TELL
