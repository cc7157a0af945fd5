"""A session: one meeting of a tandem at a local wall time in an IANA zone.

The next one stands in ``planned``; a wish to meet at another time waits beside it until the
others agree, so that nothing is lost while somebody thinks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.conversation.cards import Act, Card, Opens, Tell
from bot.domain.availability import instant

LENGTH = timedelta(minutes=60)
RHYTHMS = {"weekly": timedelta(weeks=1), "biweekly": timedelta(weeks=2)}

MOVE = Opens("move", "meeting")
WISHED = Card("session", "wished", (Act("agree"), Opens("other", "meeting")))
ASKED = Card("session", "asked")
PLANNED = Card("session", "planned", (Opens("place", "place"), MOVE, Act("cancel")))
PLACED = Card("session", "placed")
CANCELLED = Card("session", "cancelled", (Opens("again", "meeting"),))
CANCELLED_BY = Card("session", "cancelled_by", (Opens("again", "meeting"),))
DAY_BEFORE = Card("session", "day_before", (Act("fits"), MOVE, Act("cancel"), Act("guide")))
FITS = Card("session", "fits")
SOON = Card("session", "soon", (Act("guide"),))
REFLECT = Card("session", "reflect", (Opens("begin", "reflection"), MOVE))
THANKS = Card("session", "thanks", (MOVE,))
REPEAT = Card("session", "repeat", (Opens("begin", "reflection"),))
OVERVIEW = Card("session", "overview", (Act("agree"), MOVE, Opens("place", "place"), Act("cancel")))
TOO_LATE = Card("session", "too_late", (Opens("again", "meeting"),))

CARDS = (
    WISHED,
    ASKED,
    PLANNED,
    PLACED,
    CANCELLED,
    CANCELLED_BY,
    DAY_BEFORE,
    FITS,
    SOON,
    REFLECT,
    THANKS,
    REPEAT,
    OVERVIEW,
    TOO_LATE,
)


class State(StrEnum):
    OPEN = "open"
    """The tandem's next session, whether or not a time is agreed."""
    PAST = "past"
    OFF = "off"
    """Cancelled with the tandem."""


@dataclass(frozen=True, slots=True)
class Session:
    """``planned`` and ``wish`` are naive local times in ``zone``."""

    id: int
    tandem: int
    number: int
    members: tuple[int, ...]
    zone: str
    about: Mapping[int, Mapping[str, object]]
    state: State = State.OPEN
    planned: datetime | None = None
    wish: datetime | None = None
    wished_by: int = 0
    agreed: frozenset[int] = frozenset()
    place: str = ""
    reflected: frozenset[int] = frozenset()

    @property
    def subject(self) -> str:
        return f"session:{self.id}"

    @property
    def starts_at(self) -> datetime | None:
        """The UTC instant, derived from wall time and zone."""
        if self.planned is None:
            return None
        return _instant(self.planned, self.zone)


@dataclass(frozen=True, slots=True)
class Wish:
    """``at`` is local in the session's zone."""

    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Agree:
    by: int
    at: datetime | None
    """What the pressed button said; an older wish is no longer agreed to."""


@dataclass(frozen=True, slots=True)
class Place:
    by: int
    place: str


@dataclass(frozen=True, slots=True)
class Cancel:
    by: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Fits:
    by: int


@dataclass(frozen=True, slots=True)
class Remind:
    to: int
    soon: bool


@dataclass(frozen=True, slots=True)
class After:
    """The session's time is over."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Nobody reflected yet: one repeat, then silence."""

    to: int


@dataclass(frozen=True, slots=True)
class Reflected:
    by: int


@dataclass(frozen=True, slots=True)
class Pause:
    """One of them pauses until ``back``: the series goes on with its first session after it."""

    back: datetime
    rhythm: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing stands any more: the tandem itself has stopped."""


Event: TypeAlias = (
    Wish | Agree | Place | Cancel | Fits | Remind | After | Repeat | Reflected | Pause | Stop
)
Decision: TypeAlias = tuple[Session, list[Tell]]


def decide(session: Session, event: Event, now: datetime) -> Decision:
    """What an event means. The last lines are the whole treatment of stale buttons."""
    match session.state, event:
        case State.OPEN, Wish(by, at) if at == session.wish and by != session.wished_by:
            return decide(session, Agree(by, at), now)
        case State.OPEN, Wish(by, at) if _instant(at, session.zone) > now:
            wished = replace(session, wish=at, wished_by=by, agreed=frozenset({by}))
            others = [_wished(wished, m) for m in session.members if m != by]
            return wished, [_tell(wished, by, ASKED), *others]
        case State.OPEN, Agree(by, at) if _waits(session, by, at, now):
            return _agree(replace(session, agreed=session.agreed | {by}), by)
        case State.OPEN, Place(by, place):
            placed = replace(session, place=place)
            return placed, [_tell(placed, m, PLACED) for m in session.members]
        case State.OPEN, Cancel(by, at) if session.planned and at == session.planned:
            free = replace(session, planned=None, wish=None, agreed=frozenset())
            others = [_tell(session, m, CANCELLED_BY) for m in session.members if m != by]
            return free, [_tell(session, by, CANCELLED), *others]
        case State.OPEN, Fits(by) if session.planned:
            return session, [_tell(session, by, FITS)]
        case State.OPEN, Remind(to, soon) if session.planned:
            return session, [_tell(session, to, SOON if soon else DAY_BEFORE)]
        case State.OPEN, After() if session.planned:
            return replace(session, state=State.PAST), []
        case State.OPEN, Pause(back, rhythm):
            moved = following(session, rhythm, back) if _before(session, back) else session.planned
            return replace(session, planned=moved, wish=None, agreed=frozenset()), []
        case State.OPEN, Stop():
            return replace(session, planned=None, wish=None, agreed=frozenset()), []
        case State.PAST, Repeat(to) if to not in session.reflected:
            return session, [_tell(session, to, REPEAT)]
        case State.PAST, Reflected(by):
            return replace(session, reflected=session.reflected | {by}), []
        case _, Remind() | After() | Repeat() | Reflected() | Pause() | Stop():
            return session, []
        case _, Wish(by) | Agree(by) | Place(by) | Cancel(by) | Fits(by):
            return session, [_tell(session, by, TOO_LATE)]


def _waits(session: Session, by: int, at: datetime | None, now: datetime) -> bool:
    """Whether a wish still waits for somebody's word: an older one or a time gone by does not."""
    if at is None or at != session.wish or by in session.agreed:
        return False
    return _instant(at, session.zone) > now


def _before(session: Session, moment: datetime) -> bool:
    return session.starts_at is not None and session.starts_at < moment


def _instant(at: datetime, zone: str) -> datetime:
    return instant(at.date(), at.time(), zone)


def _agree(session: Session, by: int) -> Decision:
    if session.agreed < set(session.members):
        return session, [_tell(session, by, ASKED)]
    planned = replace(session, planned=session.wish, wish=None, agreed=frozenset())
    return planned, [_tell(planned, m, PLANNED) for m in session.members]


def following(session: Session, rhythm: str, now: datetime) -> datetime | None:
    """The next wall time of the series after a session, none that is already past."""
    if session.planned is None:
        return None
    local, step = now.astimezone(ZoneInfo(session.zone)).replace(tzinfo=None), RHYTHMS[rhythm]
    moment = session.planned + step
    while moment <= local:
        moment += step
    return moment


def reflect(past: Session, coming: Session) -> list[Tell]:
    """Asks each for a reflection, with the next time of the series in the same message."""
    return [_reflect(past, coming, member) for member in past.members]


def overview(session: Session, member: int) -> Tell:
    """Where the tandem stands: its next time, or a wish that waits for an answer."""
    choices, without = {}, {"agree", "cancel", "place"}
    if session.planned:
        choices["cancel"] = (session.planned.isoformat(timespec="minutes"),)
        without -= {"cancel", "place"}
    if session.wish and member not in session.agreed:
        choices["agree"] = (session.wish.isoformat(timespec="minutes"),)
        without -= {"agree"}
    about = {**_about(session, member), "mine": session.wished_by == member}
    return Tell(member, OVERVIEW, about, session.subject, choices, frozenset(without))


def _reflect(past: Session, coming: Session, member: int) -> Tell:
    about = {**_about(past, member), "next_at": coming.starts_at}
    return Tell(member, REFLECT, about, past.subject)


def _wished(session: Session, member: int) -> Tell:
    assert session.wish is not None
    at = session.wish.isoformat(timespec="minutes")
    about = _about(session, member)
    return Tell(member, WISHED, about, session.subject, choices={"agree": (at,)})


def _tell(session: Session, member: int, card: Card) -> Tell:
    choices = {}
    if session.planned:
        choices["cancel"] = (session.planned.isoformat(timespec="minutes"),)
    return Tell(member, card, _about(session, member), session.subject, choices)


def _about(session: Session, member: int) -> Mapping[str, object]:
    wish = session.wish and _instant(session.wish, session.zone)
    starts_at = session.starts_at
    ends_at = starts_at + LENGTH if starts_at else None
    return {
        **session.about[member],
        "at": starts_at,
        "ends_at": ends_at,
        "wish": wish.astimezone(UTC) if wish else None,
        "tandem_zone": session.zone,
        "place": session.place,
    }
