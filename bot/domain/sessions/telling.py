"""What each member reads of a session."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.conversation.cards import Card, Tell
from bot.domain.dues import Nudge
from bot.domain.sessions.cards import (
    OVERVIEW,
    PLACED,
    REFLECT,
    REMINDERS,
    RESTORED,
    TOO_LATE,
    WISHED,
)
from bot.domain.sessions.session import Session, instant_of, phases, to_come
from bot.domain.tandems import PAIR


def reflect(past: Session, coming: Session | None, member: int) -> Tell:
    """Asks for a reflection, with the next time of the series in the same message."""
    about = {**about_it(past, member), "next_at": coming.starts_at if coming else None}
    return Tell(member, REFLECT, about, past.subject)


def overview(session: Session, member: int) -> Tell:
    """Where the tandem stands: its next time, or a wish that waits for an answer."""
    choices, without = {}, {"agree", "cancel", "place", "calendar"}
    if session.planned:
        choices["cancel"] = (session.planned.isoformat(timespec="minutes"),)
        without -= {"cancel", "place", "calendar"}
    if session.extra and session.planned is None:
        without |= {"agenda"}
    if session.wish and member not in session.agreed:
        choices["agree"] = (session.wish.isoformat(timespec="minutes"),)
        without -= {"agree"}
    about = {**about_it(session, member), "mine": session.wished_by == member}
    return Tell(member, OVERVIEW, about, session.subject, choices, frozenset(without))


def remind(session: Session, to: int, nudge: Nudge, now: datetime) -> list[Tell]:
    """Until when it can be called off is said only as long as that is still to come."""
    deadline = session.deadline if session.deadline and session.deadline > now else None
    if nudge is Nudge.DEADLINE and deadline is None:
        return []
    told = tell(session, to, REMINDERS[nudge])
    return [replace(told, about={**told.about, "deadline": deadline})]


def instead(before: Session, tells: list[Tell]) -> list[Tell]:
    """A wish that had waited gives way to the new one, and everybody reads so."""
    gone = instant_of(before.wish, before.zone) if before.wish else None
    return [replace(told, about={**told.about, "instead": gone}) for told in tells]


def restored(session: Session, member: int) -> Tell:
    told = tell(session, member, RESTORED)
    return replace(told, about={**told.about, "mine": member == session.wished_by})


def wished(session: Session, member: int) -> Tell:
    assert session.wish is not None
    at = session.wish.isoformat(timespec="minutes")
    about = about_it(session, member)
    return Tell(member, WISHED, about, session.subject, choices={"agree": (at,)})


def too_late(session: Session, member: int, now: datetime) -> Tell:
    """What holds instead; a wish only as long as it can still be agreed to."""
    return tell(to_come(session, now), member, TOO_LATE)


def tell(session: Session, member: int, card: Card) -> Tell:
    choices, without = {}, {"agree"} if card is TOO_LATE else set()
    if session.planned:
        choices["cancel"] = (session.planned.isoformat(timespec="minutes"),)
    elif card is PLACED:
        without.add("calendar")
    if card is TOO_LATE and session.wish and member not in session.agreed:
        choices["agree"], without = (session.wish.isoformat(timespec="minutes"),), set()
    about = about_it(session, member)
    return Tell(member, card, about, session.subject, choices, frozenset(without))


def about_it(session: Session, member: int) -> Mapping[str, object]:
    wish = session.wish and instant_of(session.wish, session.zone)
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
