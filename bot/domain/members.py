"""Members: who they are, where they are reached, and what they told of themselves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.conversation.cards import Act, Card, Crisis, Opens, Says, Where
from bot.domain.hours import USUAL, Lead, Quiet

BEGIN = (Opens("begin", "onboarding", Where.CHAT), Opens("sheet", "onboarding", Where.SHEET))
WELCOME = Card("member", "welcome", (*BEGIN, Act("language")))
DECLINED = Card("member", "declined", BEGIN[:1])
RESUME = Card("member", "resume", (Act("resume"),))
HINT = Card("member", "hint", (Act("resume"),))
JOINED = Card("member", "joined")
SAVED = Card("member", "saved")
NOT_YET = Card("member", "not_yet")
GATHERING = Card("member", "gathering")
NEXT_ROUND = Card("member", "next_round")
LANGUAGE = Card("member", "language", (Act("german"), Act("english")))
LANGUAGE_SET = Card("member", "language_set")
HELP = Card(
    "member",
    "help",
    (
        Says("tandem", "tandem"),
        Says("session", "session"),
        Says("profile", "profile"),
        Says("pause", "pause"),
        Says("resume", "resume"),
        Says("data", "data"),
        Crisis("crisis"),
    ),
)
HOME = Card(
    "member",
    "home",
    (
        Says("profile", "profile"),
        Says("pause", "pause"),
        Says("data", "data"),
        Says("privacy", "privacy"),
        Says("report", "report"),
        Says("help", "help"),
    ),
)
"""What can be done at any time, on platforms with a home page. A pause ends by its own card."""
UNKNOWN = Card("member", "unknown", (Says("tandem", "tandem"), Says("help", "help")))
STALE = Card("member", "stale", (Says("tandem", "tandem"),))
PERHAPS_LOST = Card("member", "perhaps_lost", (Says("tandem", "tandem"),))
UNREADABLE = Card("member", "unreadable", (Says("help", "help"),))
FAILED = Card("member", "failed")
NOTHING_OPEN = Card("member", "nothing_open", (Says("tandem", "tandem"),))
CANCELLED = Card("member", "cancelled", (Act("resume"),))
SEEKING = Card("member", "seeking", (Act("rest"),))
RESTING = Card("member", "resting", (Act("seek"),))
NO_TANDEM = Card("member", "no_tandem", (Says("tandem", "tandem"),))
ATTENTION = Card("member", "attention")

CARDS = (
    WELCOME,
    DECLINED,
    RESUME,
    HINT,
    JOINED,
    SAVED,
    NOT_YET,
    GATHERING,
    NEXT_ROUND,
    LANGUAGE,
    LANGUAGE_SET,
    HELP,
    HOME,
    UNKNOWN,
    STALE,
    PERHAPS_LOST,
    UNREADABLE,
    FAILED,
    NOTHING_OPEN,
    CANCELLED,
    SEEKING,
    RESTING,
    NO_TANDEM,
    ATTENTION,
)


class Standing(StrEnum):
    NEW = "new"
    """Has written, has not finished a profile."""
    SEEKING = "seeking"
    """Looked for, for as many tandems as there is room for besides those they are in."""
    RESTING = "resting"
    """Has a profile, and is looked for only once they ask for it."""
    GONE = "gone"
    """Their data are deleted; the number stays for those who knew them."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached. ``account`` is the bot's own: a bot id or a workspace."""

    platform: str
    account: str
    user: str
    chat: str


NOWHERE = Address("", "", "", "")


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody told of themselves. What has a default is not asked until one is in."""

    name: str
    offers: tuple[str, ...]
    seeks: tuple[str, ...]
    goal: str
    languages: tuple[str, ...]
    days: tuple[str, ...]
    times: tuple[str, ...]
    rhythm: str
    goal_exactly: str = ""
    goal_sign: str = ""
    """How they will notice that the goal is reached."""
    expectations: str = ""
    length: str = "60"
    """Minutes."""
    format: str = "video"
    city: str = ""
    company: str = "pair"
    capacity: str = "1"
    """How many tandems at once."""


@dataclass(frozen=True, slots=True)
class Member:
    id: int
    address: Address
    language: str
    zone: str
    name: str = ""
    username: str = ""
    standing: Standing = Standing.NEW
    reachable: bool = True
    profile: Profile | None = None
    since: datetime | None = None
    """Since when they have been seeking; who waits longest comes first."""
    paused_until: datetime | None = None
    seen_at: datetime | None = None
    """When they last wrote or pressed something, to the hour."""
    lead: Lead = Lead.EVE
    quiet: Quiet = USUAL

    @property
    def first_name(self) -> str:
        """The only part of a name that a proposal shows."""
        full = self.profile.name if self.profile else self.name
        return full.split()[0] if full.split() else full

    @property
    def initial(self) -> str:
        """Of the last part of their name, if they told more than one."""
        parts = (self.profile.name if self.profile else self.name).split()
        return parts[-1][0].upper() if len(parts) > 1 else ""


def called(people: Iterable[Member]) -> dict[int, str]:
    """What each of some people is called among them: by the first name; where several have the
    same, with an initial or, should that be missing or the same as well, with a number."""
    alike: dict[str, list[Member]] = {}
    for member in sorted(people, key=lambda member: member.id):
        alike.setdefault(member.first_name.casefold(), []).append(member)
    return {number: name for several in alike.values() for number, name in _apart(several)}


def _apart(several: Sequence[Member]) -> Iterator[tuple[int, str]]:
    initials = {member.initial for member in several}
    for place, member in enumerate(several, 1):
        name = member.first_name
        if not name or len(several) == 1:
            yield member.id, name
        elif "" in initials or len(initials) < len(several):
            yield member.id, f"{name} ({place})"
        else:
            yield member.id, f"{name} {member.initial}."
