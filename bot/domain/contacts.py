"""Contacts: what each lets the others of a tandem see, chosen one by one and changed at any time.

The bot shows what somebody chose and nothing else, and takes it back when they choose anew.
"""

from bot.conversation.cards import Act, Card, Leads, Opens, Where

KINDS = ("username", "profile", "email", "link", "phone", "other", "group", "slack")
"""``group``: only in the group they have together. ``slack``: members of one workspace."""
WAYS = (
    Act("username"),
    Act("profile"),
    Opens("email", "email"),
    Opens("link", "link"),
    Opens("other", "contact"),
    Act("group"),
    Opens("phone", "phone", Where.CHAT),
)
CHOOSE = Card("contacts", "choose", WAYS)
CHANGE = Card("contacts", "change", (*WAYS, Act("keep")))
REFUSED = Card("contacts", "refused", WAYS)
NOTED = Card("contacts", "noted", (Leads("profile"), Act("change")))
SHOWN = Card("contacts", "shown", (Leads("profile"), Act("change"), Act("found")))
REACH = Card("contacts", "reach", (Leads("profile"),))
CHANGED = Card("contacts", "changed", (Leads("profile"),))
LATER = Card("contacts", "later")
KEPT = Card("contacts", "kept")
TAKEN = Card("contacts", "taken")
SKIPPED = Card("contacts", "skipped")
UNASKED = Card("contacts", "unasked")
SEEN = Card("contacts", "seen")
"""Not a message of its own: how a contact reads inside the others."""

CARDS = (
    CHOOSE,
    CHANGE,
    REFUSED,
    NOTED,
    SHOWN,
    REACH,
    CHANGED,
    LATER,
    KEPT,
    TAKEN,
    SKIPPED,
    UNASKED,
    SEEN,
)
