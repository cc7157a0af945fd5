"""The diary: what somebody keeps for themselves."""

from bot.conversation.cards import Act, Card, Opens

WRITE = Opens("write", "diary")
ENTRIES = Card("diary_page", "entries", (WRITE,))
EMPTY = Card("diary_page", "empty", (WRITE,))
KEPT = Card("diary_page", "kept")
NO_CONSENT = Card("diary_page", "no_consent", (Act("allow"),))

CARDS = (ENTRIES, EMPTY, KEPT, NO_CONSENT)
