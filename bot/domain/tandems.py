"""A tandem: an accepted partnership, from the choice of contacts to its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.conversation.cards import Act, Card, Opens, Says, Tell

INTRODUCED = Card(
    "tandem",
    "introduced",
    (
        Act("slot"),
        Opens("other_time", "meeting"),
        Act("later"),
        Act("opener"),
        Act("guide"),
        Act("found"),
    ),
)
NO_MORE = Card("tandem", "no_more")
LATER = Card("tandem", "later")
ALREADY = Card("tandem", "already")
ENDING = Card("tandem", "ending", (Act("end"), Act("stay")))
STAYING = Card("tandem", "staying")
ENDED = Card("tandem", "ended", (Act("seek"),))
LEFT = Card("tandem", "left", (Act("seek"), Act("calendar")))
GOES_ON = Card("tandem", "goes_on", (Says("agreement", "agreement"),))
PARTED = Card("tandem", "parted", (Act("seek"),))
WHICH = Card("tandem", "which", (Act("choose"),))
PAUSED = Card("tandem", "paused")
RESUMED = Card("tandem", "resumed", (Opens("other_time", "meeting"),))
GROUP = Card("tandem", "group")
NO_GROUP = Card("tandem", "no_group", (Act("change"),))

CARDS = (
    INTRODUCED,
    NO_MORE,
    LATER,
    ALREADY,
    ENDING,
    STAYING,
    ENDED,
    LEFT,
    GOES_ON,
    PARTED,
    WHICH,
    PAUSED,
    RESUMED,
    GROUP,
    NO_GROUP,
)


class State(StrEnum):
    CONTACTS = "contacts"
    """All said yes; what each may see of the others is being chosen."""
    ACQUAINTING = "acquainting"
    """Introduced; the first talk binds nobody."""
    AGREEING = "agreeing"
    """All go on; what they agree on is being written."""
    ACTIVE = "active"
    """From here on the agreement drives everything."""
    PAUSED = "paused"
    """Stopped by the organizers' business; nothing goes between the members until it is done."""
    ENDED = "ended"


PAIR = 2
"""More are a group: what is said of one another is in the plural."""
MEETING = frozenset({State.ACQUAINTING, State.AGREEING, State.ACTIVE})
"""In these there are sessions."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What the others may see. ``kind``: see `contacts.KINDS`."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Tandem:
    id: int
    members: tuple[int, ...]
    rhythm: str
    zone: str
    made_at: datetime
    about: Mapping[int, Mapping[str, object]]
    state: State = State.CONTACTS
    resumes: State = State.CONTACTS
    """What a paused one goes back to."""
    contacts: Mapping[int, Contact] = field(default_factory=dict)
    ended_at: datetime | None = None
    openers: tuple[str, ...] = ()
    """The questions to begin with that they were shown."""
    left: Mapping[int, datetime] = field(default_factory=dict)
    """Who was a member before, and until when."""

    @property
    def many(self) -> bool:
        return len(self.members) > PAIR

    @property
    def subject(self) -> str:
        return f"tandem:{self.id}"

    @property
    def subjects(self) -> tuple[str, ...]:
        """All that its messages are about: itself, a group to be opened, and each one's contact."""
        shown = (self.contact_subject(member) for member in self.members)
        return self.subject, self.group_subject, *shown

    @property
    def group_subject(self) -> str:
        return f"group:{self.id}"

    def contact_subject(self, member: int) -> str:
        return f"contact:{self.id}:{member}"

    @property
    def goes_on(self) -> bool:
        """Whether it goes on when one of them leaves: they have come to know each other, and two
        are left."""
        state = self.resumes if self.state is State.PAUSED else self.state
        return self.many and state in {State.AGREEING, State.ACTIVE}

    def to(self, member: int) -> "Tandem":
        """As it is for somebody: over once they left."""
        if member not in self.left:
            return self
        everybody = tuple(sorted({*self.members, *self.left}))
        ended_at = self.left[member]
        return replace(self, members=everybody, state=State.ENDED, ended_at=ended_at)

    def others(self, member: int) -> tuple[int, ...]:
        return tuple(m for m in self.members if m != member)


@dataclass(frozen=True, slots=True)
class Share:
    """A member chose which contact the others may see."""

    by: int
    contact: Contact


@dataclass(frozen=True, slots=True)
class Retract:
    """The platform does not show a contact after all."""

    by: int


@dataclass(frozen=True, slots=True)
class Later:
    by: int


@dataclass(frozen=True, slots=True)
class GoOn:
    """All would like to go on after the first talk. They read of it where it was decided."""


@dataclass(frozen=True, slots=True)
class LetGo:
    """Getting to know each other led to nothing, or one of them is not heard of any more. They
    read of it where it was decided."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody would like to end it, and is asked once more."""

    by: int


@dataclass(frozen=True, slots=True)
class End:
    by: int


@dataclass(frozen=True, slots=True)
class Stay:
    by: int


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody's data are deleted: the others keep that it was, and learn that it is over."""

    by: int


@dataclass(frozen=True, slots=True)
class Freeze:
    """Everything stops at once; the others read neutral words."""

    by: int


@dataclass(frozen=True, slots=True)
class Thaw:
    by: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """What they agreed on holds for the first time, or again."""


Event: TypeAlias = (
    Share | Retract | Later | GoOn | LetGo | Agreed | Ask | End | Stay | Leave | Freeze | Thaw
)
Decision: TypeAlias = tuple[Tandem, list[Tell]]


def decide(tandem: Tandem, event: Event) -> Decision:
    """What an event means. Either side can end it at any time; who did is not told."""
    match tandem.state, event:
        case State.CONTACTS, Share(by, contact):
            contacts = {**tandem.contacts, by: contact}
            complete = set(contacts) == set(tandem.members)
            state = State.ACQUAINTING if complete else State.CONTACTS
            return replace(tandem, contacts=contacts, state=state), []
        case state, Share(by, contact) if state in MEETING:
            return replace(tandem, contacts={**tandem.contacts, by: contact}), []
        case _, Retract(by):
            left = {m: shown for m, shown in tandem.contacts.items() if m != by}
            return replace(tandem, contacts=left), []
        case State.ACQUAINTING, GoOn():
            return replace(tandem, state=State.AGREEING), []
        case state, LetGo() if state is State.CONTACTS or state in MEETING:
            return replace(tandem, state=State.ENDED), []
        case State.AGREEING, Agreed():
            return replace(tandem, state=State.ACTIVE), []
        case _, GoOn() | LetGo() | Agreed():
            return tandem, []
        case State.ENDED, Leave() | Freeze() | Thaw():
            return tandem, []
        case State.ENDED, _:
            return tandem, [tell(tandem, event.by, ALREADY)]
        case _, Leave(by) | End(by) if tandem.goes_on:
            return _without(tandem, by)
        case _, Leave(by):
            told = [tell(tandem, m, PARTED) for m in tandem.others(by)]
            return replace(tandem, state=State.ENDED), told
        case _, Freeze(by):
            told = [tell(tandem, m, PAUSED) for m in tandem.others(by)]
            resumes = tandem.resumes if tandem.state is State.PAUSED else tandem.state
            return replace(tandem, state=State.PAUSED, resumes=resumes), told
        case State.PAUSED, Thaw():
            met = tandem.resumes in MEETING
            told = [tell(tandem, m, RESUMED) for m in tandem.members if met]
            return replace(tandem, state=tandem.resumes), told
        case _, Thaw():
            return tandem, []
        case _, Ask(by):
            return tandem, [tell(tandem, by, ENDING)]
        case _, End():
            return replace(tandem, state=State.ENDED), [
                tell(tandem, m, ENDED) for m in tandem.members
            ]
        case _, Stay(by):
            return tandem, [tell(tandem, by, STAYING)]
        case State.PAUSED, Share(by) | Later(by):
            return tandem, [tell(tandem, by, PAUSED)]
        case _, Later(by):
            return tandem, [tell(tandem, by, LATER)]
        case _, Share(by):
            return tandem, [tell(tandem, by, ALREADY)]


def _without(tandem: Tandem, member: int) -> Decision:
    """The others go on, and what they agreed on holds: it does not take who is gone to confirm
    that, and can be changed like before."""
    after = replace(tandem, members=tandem.others(member))
    return after, [
        tell(tandem, member, LEFT),
        *(tell(after, m, GOES_ON) for m in after.members),
    ]


def tell(tandem: Tandem, member: int, card: Card) -> Tell:
    return Tell(member, card, tandem.about[member], tandem.subject)


def which(member: int, found: Sequence[Tandem], subject: str) -> Tell:
    """Asks somebody in several tandems which one a wish is about."""
    names = {str(tandem.id): str(tandem.about[member]["partner"]) for tandem in found}
    return Tell(member, WHICH, {"names": names}, subject, {"choose": tuple(names)})
