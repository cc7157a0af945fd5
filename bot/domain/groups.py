"""A group of a tandem on a platform where bots can't open one: a member does, with a link.

The link adds the bot to the group with a token that is good once, for one tandem and one member.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.cards import Card, Leads, Opens

LIFE = timedelta(days=7)

LINK = Card("groups", "link", (Leads("found"),))
TAKEN = Card("groups", "taken")
THERE = Card("groups", "there", (Opens("invite", "invite"),))
FOUNDED = Card("groups", "founded", (Opens("invite", "invite"),))
JOIN = Card("groups", "join")
SENT = Card("groups", "sent")
REFUSED = Card("groups", "refused")
"""Said in the group: the link is not for it, or not any more."""

CARDS = (LINK, TAKEN, THERE, FOUNDED, JOIN, SENT, REFUSED)


@dataclass(frozen=True, slots=True)
class Group:
    """``chat`` is "" until the bot was added; ``founder`` is who has the link, or had it."""

    tandem: int
    founder: int
    expires_at: datetime
    platform: str = ""
    account: str = ""
    chat: str = ""
