"""Why somebody said no to a proposal: for their own matching alone, never shown to anybody.

What each reason does: `times` and `format` offer the profile to be changed; `topics` lets the
wishes that brought the proposal count half from then on; `known` needs nothing more, since nobody
is proposed twice. There is no reason on offer that does nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.cards import Card, Says

NOTED = Card("reasons", "noted", (Says("profile", "profile"),))
UNSAID = Card("reasons", "unsaid")

CARDS = (NOTED, UNSAID)

REASONS = ("times", "topics", "format", "known")
NONE = "unsaid"
"""Rather not: then nothing is kept."""
CHANGED_IN_PROFILE = frozenset({"times", "format"})


@dataclass(frozen=True, slots=True)
class Reason:
    """``topics``: the member's own wishes that brought the proposal. Without a ``code`` it was
    not told, and is forgotten soon."""

    proposal: int
    member: int
    at: datetime
    topics: tuple[str, ...]
    code: str = ""
