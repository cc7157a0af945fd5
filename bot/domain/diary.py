"""The diary: what somebody keeps for themselves, what of it they share, and how long after their
last tandem it is kept.

The rule of the place: nobody but its owner reads an entry, unless they press twice to share it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.conversation.cards import Act, Card, Opens
from bot.domain.searching import fits

ROOM = 3400
"""Of 4096 in a message on Telegram, beside what is said of an entry."""


def whole(member: int) -> str:
    """What is said of somebody's diary as a whole is about this."""
    return f"diary:{member}"


@dataclass(frozen=True, slots=True)
class Keeping:
    """A diary without a tandem: its owner is told before it goes."""

    member: int
    until: datetime

    @property
    def subject(self) -> str:
        return whole(self.member)


@dataclass(frozen=True, slots=True)
class Entry:
    """``key``: "e12" was written any time, "s34" is the insight of session 34."""

    key: str
    at: datetime
    text: str
    tandem: int = 0
    """Of an insight: in which tandem, and in which of its sessions."""
    session: int = 0
    next_step: str = ""

    @property
    def shown(self) -> str:
        """What of it a message takes: all, unless it is nearly nothing but emoji."""
        return fits(self.text, ROOM)

    @property
    def subject(self) -> str:
        return f"entry:{self.key}"


@dataclass(frozen=True, slots=True)
class Share:
    """An entry that the others of a tandem were shown."""

    id: int
    member: int
    tandem: int
    entry: str
    at: datetime
    outdated: bool = False
    """The entry reads differently by now; the others have it as it was."""

    @property
    def subject(self) -> str:
        return f"share:{self.id}"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody is in their diary: at an entry, reached from a page of what they searched
    for. As text it is what a button means."""

    key: str = ""
    page: int = 0
    query: str = ""
    tandem: int = 0

    def __str__(self) -> str:
        return f"{self.key or '-'} {self.page} {self.tandem} {self.query}"

    @classmethod
    def read(cls, value: str) -> Self:
        key, page, tandem, query = value.split(" ", 3)
        return cls("" if key == "-" else key, int(page), query, int(tandem))


WRITE = Opens("write", "diary")
SEARCH = Opens("search", "diary_search")
ENTRIES = Card(
    "diary_page",
    "entries",
    (Act("open"), Act("newer"), Act("older"), WRITE, SEARCH, Act("all"), Act("file")),
)
NOT_FOUND = Card("diary_page", "not_found", (SEARCH, Act("all")))
EMPTY = Card("diary_page", "empty", (WRITE,))
ENTRY = Card(
    "diary_page",
    "entry",
    (Opens("edit", "diary"), Act("remove"), Act("share"), Act("unshare"), Act("wipe"), Act("back")),
)
SHARING = Card("diary_page", "sharing", (Act("really_share"), Act("leave")))
SHARED = Card("diary_page", "shared")
REMOVING = Card("diary_page", "removing", (Act("really_remove"), Act("leave")))
KEPT = Card("diary_page", "kept", (Act("wipe"),))
WIPED = Card("diary_page", "wiped")
NOT_WIPED = Card("diary_page", "not_wiped")
NO_CONSENT = Card("diary_page", "no_consent", (Act("allow"),))
LOOK_BACK = Card("diary_page", "look_back", (Act("see"),))
SEEN = Card("diary_page", "seen", (Act("open"), Act("all"), WRITE))
FILE = Card("diary_page", "file")

NOTICE = Card("diary_page", "notice", (Act("export"), Act("keep")))
EXTENDED = Card("diary_page", "extended")

CARDS = (
    NOTICE,
    EXTENDED,
    ENTRIES,
    NOT_FOUND,
    EMPTY,
    ENTRY,
    SHARING,
    SHARED,
    REMOVING,
    KEPT,
    WIPED,
    NOT_WIPED,
    NO_CONSENT,
    LOOK_BACK,
    SEEN,
    FILE,
)
