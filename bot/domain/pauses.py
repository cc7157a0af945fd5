"""A pause: until a day, by somebody's own wish. Others learn the day and nothing else."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeAlias

from bot.conversation.cards import Act, Card, Tell

SPANS = ("7", "14", "28")
"""Days on offer for a pause without an end in mind."""

ASK = Card("pause", "ask", (Act("days"),))
CONFIRM = Card("pause", "confirm", (Act("begin"), Act("keep")))
BEGUN = Card("pause", "begun", (Act("end"),))
KEPT = Card("pause", "kept")
OVER = Card("pause", "over")
NOT_PAUSED = Card("pause", "not_paused")
TOO_LONG = Card("pause", "too_long", ASK.actions)
PARTNER = Card("pause", "partner")
PARTNER_BACK = Card("pause", "partner_back")

CARDS = (ASK, CONFIRM, BEGUN, KEPT, OVER, NOT_PAUSED, TOO_LONG, PARTNER, PARTNER_BACK)

LONGEST_DAYS = 366


def ask(member: int, card: Card = ASK) -> Tell:
    return Tell(member, card, choices={"days": SPANS})


Coming: TypeAlias = tuple[str, datetime | None, bool]
"""With whom, when they meet next, if that is known, and whether they live by different times."""


def over(member: int, coming: Sequence[Coming], *, seeking: bool) -> Tell:
    """Whoever is back learns in the same message what comes next."""
    dated = sorted((at, partner, abroad) for partner, at, abroad in coming if at is not None)
    undated = [partner for partner, at, _ in coming if at is None]
    return Tell(member, OVER, {"dated": dated, "undated": undated, "seeking": seeking})


def confirm(member: int, until: date) -> Tell:
    """``until`` is the first day on which they are back."""
    return Tell(member, CONFIRM, {"until": until}, choices={"begin": (until.isoformat(),)})
