"""The diary: what somebody keeps for themselves, and how long after their last tandem."""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.cards import Act, Card, Opens


@dataclass(frozen=True, slots=True)
class Keeping:
    """A diary without a tandem: its owner is told before it goes."""

    member: int
    until: datetime

    @property
    def subject(self) -> str:
        return f"diary:{self.member}"


WRITE = Opens("write", "diary")
ENTRIES = Card("diary_page", "entries", (WRITE,))
EMPTY = Card("diary_page", "empty", (WRITE,))
KEPT = Card("diary_page", "kept")
NO_CONSENT = Card("diary_page", "no_consent", (Act("allow"),))

NOTICE = Card("diary_page", "notice", (Act("export"), Act("keep")))
EXTENDED = Card("diary_page", "extended")

CARDS = (NOTICE, EXTENDED, ENTRIES, EMPTY, KEPT, NO_CONSENT)
