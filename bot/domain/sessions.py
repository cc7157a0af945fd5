"""A session: one meeting of a tandem at a local wall time in an IANA zone.

The next one stands in ``planned``; a wish to meet at another time waits beside it until the
others agree, so that nothing is lost while somebody thinks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.conversation.cards import Act, Card, Opens, Says, Tell
from bot.domain.availability import instant
from bot.domain.dues import Nudge

RHYTHMS = {
    "weekly": timedelta(weeks=1),
    "biweekly": timedelta(weeks=2),
    "three_weeks": timedelta(weeks=3),
    "four_weeks": timedelta(weeks=4),
}
BY_HAND = timedelta(days=7)
"""A time that members chose themselves stays if it is that near, whatever they agree on."""

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
REFLECT = Card("session", "reflect", (Opens("begin", "reflection"), MOVE))
THANKS = Card("session", "thanks", (MOVE, Act("wipe")))
REPEAT = Card("session", "repeat", (Opens("begin", "reflection"),))
OVERVIEW = Card(
    "session",
    "overview",
    (Act("agree"), MOVE, Opens("place", "place"), Act("cancel"), Act("calendar"), Act("agenda")),
)
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
    REFLECT,
    THANKS,
    REPEAT,
    OVERVIEW,
    CALENDAR_FILE,
    CALENDAR_TITLE,
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
class Series:
    """How sessions follow each other. Without a weekday and wall time each has those of the one
    before; after ``until``, a local date, there is none. Monday is 0."""

    step: timedelta
    weekday: int | None = None
    wall: time | None = None
    until: date | None = None

    def has(self, planned: datetime) -> bool:
        """Whether a wall time is one of the series, as far as it has times of its own."""
        if self.weekday is None or self.wall is None:
            return True
        return (planned.weekday(), planned.time()) == (self.weekday, self.wall)

    def goes_on(self, planned: datetime) -> datetime | None:
        return planned if self.until is None or planned.date() <= self.until else None


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
    """One of them pauses until ``back``: the series goes on with its first session after it."""

    back: datetime
    series: Series


@dataclass(frozen=True, slots=True)
class Settle:
    """What was agreed on holds from now on: the time, local in the session's zone, the length and
    the place. A wish that waits for an answer goes on waiting."""

    at: datetime | None
    minutes: int
    place: str
    notice: int = 0


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
        case State.OPEN, Pause(back, series):
            moved = following(session, series, back) if _before(session, back) else session.planned
            return at_another_time(session, moved), []
        case State.OPEN, Settle(at, minutes, place, notice):
            return replace(_as_agreed(session, at, minutes, place), notice=notice), []
        case State.OPEN, Stop():
            return at_another_time(session, None), []
        case State.PAST, Repeat(to) if to not in session.reflected:
            return session, [_tell(session, to, REPEAT)]
        case State.PAST, Reflected(by):
            return replace(session, reflected=session.reflected | {by}), []
        case _, Remind() | After() | Repeat() | Reflected() | Pause() | Settle() | Stop():
            return session, []
        case _, Wish(by) | Agree(by) | Place(by) | Cancel(by) | Fits(by):
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
    return replace(settled, was=was, sequence=session.sequence + 1)


def _as_agreed(session: Session, at: datetime | None, minutes: int, place: str) -> Session:
    known = at_another_time(replace(session, minutes=minutes, place=place), at)
    read_anew = (minutes, place) != (session.minutes, session.place)
    return replace(known, sequence=max(known.sequence, session.sequence + read_anew))


def slower(rhythms: Iterable[str]) -> str:
    """The rhythm that nobody finds too fast."""
    return max(rhythms, key=list(RHYTHMS).index)


def following(session: Session, series: Series, now: datetime) -> datetime | None:
    """The next wall time of the series after a session, none that is already past.

    One that was moved by hand changes nothing for those after it.
    """
    if session.planned is None:
        return None
    local = now.astimezone(ZoneInfo(session.zone)).replace(tzinfo=None)
    moment = _nearest(session.planned + series.step, series)
    while moment <= local:
        moment += series.step
    return series.goes_on(moment)


def settled(
    session: Session, new: Series, old: Series | None, earliest: datetime, now: datetime
) -> datetime | None:
    """When a session takes place once a series is agreed on: at its first time from ``earliest``.

    It stays where it is if that is a time of the series, if it has begun, or if the members chose
    a time near by themselves; ``old`` is what they had agreed on before.
    """
    if session.planned is None or session.starts_at is None:
        return first(new, earliest.astimezone(ZoneInfo(session.zone)).replace(tzinfo=None))
    by_hand = old is None or not old.has(session.planned)
    near = session.starts_at <= now or (by_hand and session.starts_at < now + BY_HAND)
    if near or (new.has(session.planned) and new.goes_on(session.planned)):
        return session.planned
    return first(new, earliest.astimezone(ZoneInfo(session.zone)).replace(tzinfo=None))


def first(series: Series, earliest: datetime) -> datetime | None:
    """The first time of a series with a weekday that is not before a local moment."""
    if series.wall is None or series.weekday is None:
        return None
    moment = datetime.combine(earliest.date(), series.wall)
    while moment < earliest or moment.weekday() != series.weekday:
        moment += timedelta(days=1)
    return series.goes_on(moment)


def _nearest(moment: datetime, series: Series) -> datetime:
    """The time of the series that is nearest; at most three days away."""
    if series.weekday is None or series.wall is None:
        return moment
    days = (series.weekday - moment.weekday() + 3) % 7 - 3
    return datetime.combine(moment.date() + timedelta(days=days), series.wall)


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
        "many": len(session.members) > 2,  # noqa: PLR2004 -- more than two
        "moved": session.was is not None,
        "instead": None,
        "wish": wish.astimezone(UTC) if wish else None,
        "tandem_zone": session.zone,
        "place": session.place,
    }
