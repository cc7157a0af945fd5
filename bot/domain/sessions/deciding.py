"""What an event means for a session."""

from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from bot.conversation.cards import Tell
from bot.domain.sessions.cards import (
    AGREED,
    ASKED,
    CANCELLED,
    CANCELLED_BY,
    FITS,
    PLACED,
    PLANNED,
    REPEAT,
)
from bot.domain.sessions.events import (
    After,
    Agree,
    Cancel,
    Coming,
    Event,
    Fits,
    Part,
    Pause,
    Place,
    Reflected,
    Remind,
    Repeat,
    Restore,
    Settle,
    Stop,
    Wish,
)
from bot.domain.sessions.session import Session, State, instant_of, to_come
from bot.domain.sessions.telling import instead, remind, restored, tell, too_late, wished

Decision: TypeAlias = tuple[Session, list[Tell]]


def decide(session: Session, event: Event, now: datetime) -> Decision:
    """What an event means. The last lines are the whole treatment of stale buttons."""
    match session.state, event:
        case State.OPEN, Wish(by, at) if at == session.wish and by != session.wished_by:
            return decide(session, Agree(by, at), now)
        case State.OPEN, Wish(by, at) if at == session.wish and instant_of(at, session.zone) > now:
            return session, [tell(session, by, ASKED)]  # again: the others were asked already
        case State.OPEN, Wish(by, at) if at == session.planned and session.wish is None:
            return session, [tell(session, by, FITS)]
        case State.OPEN, Wish(by, at) if instant_of(at, session.zone) > now:
            waiting = replace(session, wish=at, wished_by=by, agreed=frozenset({by}))
            others = [wished(waiting, m) for m in session.members if m != by]
            return waiting, instead(session, [tell(waiting, by, ASKED), *others])
        case State.OPEN, Agree(by, at) if _waits(session, by, at, now):
            return _agree(replace(session, agreed=session.agreed | {by}), by)
        case State.OPEN, Agree(by, at) if at is not None and at == session.wish:
            if by in session.agreed:
                return session, [tell(session, by, AGREED)]
            return session, [too_late(session, by, now)]
        case State.OPEN, Agree(by, at) if at is not None and at == session.planned:
            return session, [tell(session, by, FITS)]
        case State.OPEN, Place(place=place):
            placed = replace(session, place=place, sequence=session.sequence + 1)
            return placed, [tell(placed, m, PLACED) for m in session.members]
        case State.OPEN, Cancel(by, at) if session.planned and at == session.planned:
            free = at_another_time(session, None)
            others = [tell(session, m, CANCELLED_BY) for m in session.members if m != by]
            return free, [tell(session, by, CANCELLED), *others]
        case State.OPEN, Fits(by) if session.planned:
            return session, [tell(session, by, FITS)]
        case State.OPEN, Remind(to, nudge) if session.planned:
            return session, remind(session, to, nudge, now)
        case State.OPEN, After() if session.planned:
            return replace(session, state=State.PAST), []
        case State.OPEN, Pause() if _before(session, now):
            return session, []  # while they meet they may well agree to rest: this one counts
        case State.OPEN, Pause(back, coming) if _before(session, back):
            # Who comes back early may meet again at a time that fell into an earlier pause, too.
            return laid(session, Coming(coming.at, (*session.skipped, *coming.skipped))), []
        case State.OPEN, Pause():
            return at_another_time(session, session.planned), []
        case State.OPEN, Settle():
            return _as_agreed(session, event), []
        case State.OPEN, Restore(by, at) if _left_out(session, at, now):
            earlier = tuple(one for one in session.skipped if one < at)
            found = replace(laid(session, Coming(at, earlier)), wished_by=by)
            return found, [restored(found, m) for m in session.members if by]
        case State.OPEN, Restore(by, at) if at == session.planned:
            return session, [tell(session, by, FITS)]
        case State.OPEN, Part(by) if session.wish is not None:
            return _parted(session, by, now)
        case State.OPEN, Stop():
            return at_another_time(session, None), []
        case State.PAST, Repeat(to) if to not in session.reflected:
            return session, [tell(session, to, REPEAT)]
        case State.PAST, Reflected(by):
            return replace(session, reflected=session.reflected | {by}), []
        case _, Remind() | After() | Repeat() | Reflected() | Pause() | Settle() | Part() | Stop():
            return session, []
        case _, Wish(by) | Agree(by) | Place(by) | Cancel(by) | Fits(by) | Restore(by):
            return session, [too_late(session, by, now)]


def _waits(session: Session, by: int, at: datetime | None, now: datetime) -> bool:
    """Whether a wish still waits for somebody's word: an older one or a time gone by does not."""
    if at is None or at != session.wish or by in session.agreed:
        return False
    return instant_of(at, session.zone) > now


def _before(session: Session, moment: datetime) -> bool:
    return session.starts_at is not None and session.starts_at < moment


def _parted(session: Session, by: int, now: datetime) -> Decision:
    """A wish that only they had, or whose time is over, goes with them; one that waited for nobody
    else is agreed to."""
    agreed = session.agreed - {by}
    if not agreed or to_come(session, now).wish is None:
        return replace(session, wish=None, wished_by=0, agreed=agreed), []
    wished_by = session.wished_by if session.wished_by != by else min(agreed)
    known = replace(session, agreed=agreed, wished_by=wished_by)
    return _agree(known, by) if agreed >= set(session.members) else (known, [])


def _agree(session: Session, by: int) -> Decision:
    if session.agreed < set(session.members):
        return session, [tell(session, by, AGREED)]
    planned = at_another_time(session, session.wish)
    return planned, [tell(planned, m, PLANNED) for m in session.members]


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
    return at in session.skipped and instant_of(at, session.zone) > now


def _as_agreed(session: Session, event: Settle) -> Session:
    named = replace(session, minutes=event.minutes, place=event.place)
    known = at_another_time(named, event.at)
    read_anew = (event.minutes, event.place) != (session.minutes, session.place)
    sequence = max(known.sequence, session.sequence + read_anew)
    stands = replace(known, slot=event.slot, skipped=event.skipped, notice=event.notice)
    return replace(stands, sequence=sequence)
