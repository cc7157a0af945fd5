"""Somebody's own data: seen, taken along, deleted."""

from bot.conversation.cards import Act, Card, Says

OVERVIEW = Card(
    "data",
    "overview",
    (Act("export"), Act("feed"), Says("consents", "privacy"), Act("ask_to_erase")),
)
CONFIRM = Card("data", "confirm", (Act("erase"), Act("keep")))
FILE = Card("data", "file")
KEPT = Card("data", "kept")
ERASED = Card("data", "erased")
WITHDRAWN = Card("data", "withdrawn")

CARDS = (OVERVIEW, FILE, CONFIRM, KEPT, ERASED, WITHDRAWN)
