"""A session: one meeting of a tandem at a local wall time in an IANA zone.

The next one stands in ``planned``; a wish to meet at another time waits beside it until the
others agree, so that nothing is lost while somebody thinks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.conversation.cards import Act, Card, Opens, Says, Tell
from bot.domain.availability import instant
from bot.domain.dues import Nudge
from bot.domain.tandems import PAIR

RHYTHMS = {
    "weekly": timedelta(weeks=1),
    "biweekly": timedelta(weeks=2),
    "three_weeks": timedelta(weeks=3),
    "four_weeks": timedelta(weeks=4),
}

MOVE = Opens("move", "meeting")
WISHED = Card("session", "wished", (Act("agree"), Opens("other", "meeting")))
ASKED = Card("session", "asked", (Opens("other", "meeting"),))
AGREED = Card("session", "agreed")
PLANNED = Card(
    "session", "planned", (Opens("place", "place"), MOVE, Act("cancel"), Act("calendar"))
)
PLACED = Card("session", "placed", (Act("calendar"),))
CANCELLED = Card("session", "cancelled", (Opens("again", "meeting"), Act("calendar")))
CANCELLED_BY = Card("session", "cancelled_by", (Opens("again", "meeting"), Act("calendar")))
LESS = Says("less", "reminders")
DEADLINE = Card("session", "deadline", (Act("fits"), MOVE, Act("cancel"), LESS))
DAY_BEFORE = Card("session", "day_before", (Act("fits"), MOVE, Act("cancel"), Act("guide"), LESS))
FITS = Card("session", "fits")
SOON = Card("session", "soon", (Act("guide"), Act("agenda"), LESS))
REMINDERS = {Nudge.DEADLINE: DEADLINE, Nudge.DAY_BEFORE: DAY_BEFORE, Nudge.SOON: SOON}
RESTORED = Card("session", "restored", (MOVE, Act("cancel"), Act("calendar")))
REFLECT = Card("session", "reflect", (Opens("begin", "reflection"), MOVE, Act("anyway")))
THANKS = Card("session", "thanks", (MOVE, Act("anyway"), Act("wipe")))
REPEAT = Card("session", "repeat", (Opens("begin", "reflection"),))
OVERVIEW = Card(
    "session",
    "overview",
    (
        Act("agree"),
        MOVE,
        Opens("place", "place"),
        Act("cancel"),
        Act("anyway"),
        Act("calendar"),
        Act("agenda"),
    ),
)
SKIPPED = Card("session", "skipped")
CALENDAR_FILE = Card("session", "calendar_file")
CALENDAR_TITLE = Card("session", "calendar_title")
TOO_LATE = Card("session", "too_late", (Act("agree"), Opens("again", "meeting")))

CARDS = (
    WISHED,
    ASKED,
    AGREED,
    PLANNED,
    PLACED,
    CANCELLED,
    CANCELLED_BY,
    DEADLINE,
    DAY_BEFORE,
    FITS,
    SOON,
    RESTORED,
    REFLECT,
    THANKS,
    REPEAT,
    OVERVIEW,
    SKIPPED,
    CALENDAR_FILE,
    CALENDAR_TITLE,
    TOO_LATE,
)


class State(StrEnum):
    OPEN = "open"
    """The tandem's next session, whether or not a time is agreed."""
    PAST = "past"
    OFF = "off"
    """Called off with the tandem, or without another time until the next session."""


@dataclass(frozen=True, slots=True)
class Session:
    """``planned``, ``was`` and ``wish`` are naive local times in ``zone``."""

    id: int
    tandem: int
    number: int
    members: tuple[int, ...]
    zone: str
    about: Mapping[int, Mapping[str, object]]
    state: State = State.OPEN
    minutes: int = 60
    planned: datetime | None = None
    was: datetime | None = None
    """What was planned before it was moved or called off."""
    sequence: int = 0
    """Rises whenever a calendar has to learn of a change."""
    uid: str = ""
    """By which a calendar knows it; random, and the same for ever."""
    wish: datetime | None = None
    wished_by: int = 0
    agreed: frozenset[int] = frozenset()
    place: str = ""
    notice: int = 0
    """Hours, as agreed on; 0 if nothing is."""
    reflected: frozenset[int] = frozenset()
    slot: datetime | None = None
    """The time of the series that it stands for, wherever it was moved."""
    skipped: tuple[datetime, ...] = ()
    """Times of the series just before it that were left out, for a holiday or a pause."""
    extra: bool = False
    """Beside the series, which goes on as if it were not there."""
    turn: int = 0
    """Whose topic had the main part, as they noted it; 0 where nobody did."""

    @property
    def subject(self) -> str:
        return f"session:{self.id}"

    @property
    def starts_at(self) -> datetime | None:
        """The UTC instant, derived from wall time and zone."""
        if self.planned is None:
            return None
        return _instant(self.planned, self.zone)

    @property
    def deadline(self) -> datetime | None:
        """Until when it can be called off as agreed; None if nothing is agreed on."""
        if self.starts_at is None or not self.notice:
            return None
        return self.starts_at - timedelta(hours=self.notice)

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes next in a series, and what was left out before it; local wall times."""

    at: datetime | None
    skipped: tuple[datetime, ...] = ()


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
    nudge: Nudge


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
    """One of them pauses until ``back``: the series goes on with what comes after it."""

    back: datetime
    coming: Coming


@dataclass(frozen=True, slots=True)
class Settle:
    """What was agreed on holds from now on: the time, local in the session's zone, the length and
    the place. A wish that waits for an answer goes on waiting."""

    at: datetime | None
    minutes: int
    place: str
    notice: int = 0
    slot: datetime | None = None
    skipped: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Restore:
    """A time that was left out takes place after all; 0 if nobody wished for it."""

    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing stands any more: the tandem itself has stopped."""


Event: TypeAlias = (
    Wish
    | Agree
    | Place
    | Cancel
    | Fits
    | Remind
    | After
    | Repeat
    | Reflected
    | Pause
    | Settle
    | Restore
    | Stop
)
Decision: TypeAlias = tuple[Session, list[Tell]]


def decide(session: Session, event: Event, now: datetime) -> Decision:
    """What an event means. The last lines are the whole treatment of stale buttons."""
    match session.state, event:
        case State.OPEN, Wish(by, at) if at == session.wish and by != session.wished_by:
            return decide(session, Agree(by, at), now)
        case State.OPEN, Wish(by, at) if at == session.planned and session.wish is None:
            return session, [_tell(session, by, FITS)]
        case State.OPEN, Wish(by, at) if _instant(at, session.zone) > now:
            wished = replace(session, wish=at, wished_by=by, agreed=frozenset({by}))
            others = [_wished(wished, m) for m in session.members if m != by]
            return wished, _instead(session, [_tell(wished, by, ASKED), *others])
        case State.OPEN, Agree(by, at) if _waits(session, by, at, now):
            return _agree(replace(session, agreed=session.agreed | {by}), by)
        case State.OPEN, Agree(by, at) if at is not None and at == session.wish:
            if by in session.agreed:
                return session, [_tell(session, by, AGREED)]
            return session, [_too_late(session, by, now)]
        case State.OPEN, Agree(by, at) if at is not None and at == session.planned:
            return session, [_tell(session, by, FITS)]
        case State.OPEN, Place(place=place):
            placed = replace(session, place=place, sequence=session.sequence + 1)
            return placed, [_tell(placed, m, PLACED) for m in session.members]
        case State.OPEN, Cancel(by, at) if session.planned and at == session.planned:
            free = at_another_time(session, None)
            others = [_tell(session, m, CANCELLED_BY) for m in session.members if m != by]
            return free, [_tell(session, by, CANCELLED), *others]
        case State.OPEN, Fits(by) if session.planned:
            return session, [_tell(session, by, FITS)]
        case State.OPEN, Remind(to, nudge) if session.planned:
            return session, _remind(session, to, nudge, now)
        case State.OPEN, After() if session.planned:
            return replace(session, state=State.PAST), []
        case State.OPEN, Pause(back, coming) if _before(session, back):
            return laid(session, coming), []
        case State.OPEN, Pause():
            return at_another_time(session, session.planned), []
        case State.OPEN, Settle():
            return _as_agreed(session, event), []
        case State.OPEN, Restore(by, at) if _left_out(session, at, now):
            earlier = tuple(one for one in session.skipped if one < at)
            found = replace(laid(session, Coming(at, earlier)), wished_by=by)
            return found, [_restored(found, m) for m in session.members if by]
        case State.OPEN, Restore(by, at) if at == session.planned:
            return session, [_tell(session, by, FITS)]
        case State.OPEN, Stop():
            return at_another_time(session, None), []
        case State.PAST, Repeat(to) if to not in session.reflected:
            return session, [_tell(session, to, REPEAT)]
        case State.PAST, Reflected(by):
            return replace(session, reflected=session.reflected | {by}), []
        case _, Remind() | After() | Repeat() | Reflected() | Pause() | Settle() | Stop():
            return session, []
        case _, Wish(by) | Agree(by) | Place(by) | Cancel(by) | Fits(by) | Restore(by):
            return session, [_too_late(session, by, now)]


def _remind(session: Session, to: int, nudge: Nudge, now: datetime) -> list[Tell]:
    """Until when it can be called off is said only as long as that is still to come."""
    deadline = session.deadline if session.deadline and session.deadline > now else None
    if nudge is Nudge.DEADLINE and deadline is None:
        return []
    told = _tell(session, to, REMINDERS[nudge])
    return [replace(told, about={**told.about, "deadline": deadline})]


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
        return session, [_tell(session, by, AGREED)]
    planned = at_another_time(session, session.wish)
    return planned, [_tell(planned, m, PLANNED) for m in session.members]


def at_another_time(session: Session, planned: datetime | None) -> Session:
    """Planned anew or, with None, for no time; a wish that waited is settled by it."""
    settled = replace(session, planned=planned, wish=None, agreed=frozenset())
    if planned == session.planned:
        return settled
    was = session.planned or session.was
    return replace(settled, was=was, sequence=session.sequence + 1, skipped=())


def laid(session: Session, coming: Coming) -> Session:
    """At a time of the series, or at none once that is over."""
    known = at_another_time(session, coming.at)
    return replace(known, slot=coming.at or session.slot, skipped=coming.skipped)


def _left_out(session: Session, at: datetime, now: datetime) -> bool:
    return at in session.skipped and _instant(at, session.zone) > now


def _as_agreed(session: Session, event: Settle) -> Session:
    named = replace(session, minutes=event.minutes, place=event.place)
    known = at_another_time(named, event.at)
    read_anew = (event.minutes, event.place) != (session.minutes, session.place)
    sequence = max(known.sequence, session.sequence + read_anew)
    stands = replace(known, slot=event.slot, skipped=event.skipped, notice=event.notice)
    return replace(stands, sequence=sequence)


def slower(rhythms: Iterable[str]) -> str:
    """The rhythm that nobody finds too fast."""
    return max(rhythms, key=list(RHYTHMS).index)


def phases(minutes: int) -> tuple[int, int, int]:
    """Minutes to arrive, for the main topic, and for next steps: 10, 40 and 10 of an hour."""
    edge = minutes // 6
    return edge, minutes - 2 * edge, edge


def reflect(past: Session, coming: Session | None, member: int) -> Tell:
    """Asks for a reflection, with the next time of the series in the same message."""
    about = {**_about(past, member), "next_at": coming.starts_at if coming else None}
    return Tell(member, REFLECT, about, past.subject)


def to_come(session: Session, now: datetime) -> Session:
    """Without a wish whose time has passed: nobody can agree to it any more."""
    waits = session.wish is not None and _instant(session.wish, session.zone) > now
    return session if waits else replace(session, wish=None)


def overview(session: Session, member: int) -> Tell:
    """Where the tandem stands: its next time, or a wish that waits for an answer."""
    choices, without = {}, {"agree", "cancel", "place", "calendar", "agenda"}
    if session.planned:
        choices["cancel"] = (session.planned.isoformat(timespec="minutes"),)
        without -= {"cancel", "place", "calendar", "agenda"}
    if session.wish and member not in session.agreed:
        choices["agree"] = (session.wish.isoformat(timespec="minutes"),)
        without -= {"agree"}
    about = {**_about(session, member), "mine": session.wished_by == member}
    return Tell(member, OVERVIEW, about, session.subject, choices, frozenset(without))


def _instead(before: Session, tells: list[Tell]) -> list[Tell]:
    """A wish that had waited gives way to the new one, and everybody reads so."""
    gone = _instant(before.wish, before.zone) if before.wish else None
    return [replace(told, about={**told.about, "instead": gone}) for told in tells]


def _restored(session: Session, member: int) -> Tell:
    told = _tell(session, member, RESTORED)
    return replace(told, about={**told.about, "mine": member == session.wished_by})


def _wished(session: Session, member: int) -> Tell:
    assert session.wish is not None
    at = session.wish.isoformat(timespec="minutes")
    about = _about(session, member)
    return Tell(member, WISHED, about, session.subject, choices={"agree": (at,)})


def _too_late(session: Session, member: int, now: datetime) -> Tell:
    """What holds instead; a wish only as long as it can still be agreed to."""
    return _tell(to_come(session, now), member, TOO_LATE)


def _tell(session: Session, member: int, card: Card) -> Tell:
    choices, without = {}, {"agree"} if card is TOO_LATE else set()
    if session.planned:
        choices["cancel"] = (session.planned.isoformat(timespec="minutes"),)
    elif card is PLACED:
        without.add("calendar")
    if card is TOO_LATE and session.wish and member not in session.agreed:
        choices["agree"], without = (session.wish.isoformat(timespec="minutes"),), set()
    about = _about(session, member)
    return Tell(member, card, about, session.subject, choices, frozenset(without))


def _about(session: Session, member: int) -> Mapping[str, object]:
    wish = session.wish and _instant(session.wish, session.zone)
    return {
        **session.about[member],
        "at": session.starts_at,
        "ends_at": session.ends_at,
        "minutes": session.minutes,
        "phases": phases(session.minutes),
        "many": len(session.members) > PAIR,
        "moved": session.was is not None,
        "instead": None,
        "wish": wish.astimezone(UTC) if wish else None,
        "tandem_zone": session.zone,
        "place": session.place,
        "extra": session.extra,
    }
