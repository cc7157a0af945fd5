"""Reminders: which there are for a session and a member, and how many somebody is sent.

The rule of the place: a reminder is said, or dropped for a reason that is noted down. Said twice,
or said when it is of no use any more, it would be worse than not said at all.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.conversation.cards import Act, Card, Says, Tell
from bot.domain.dues import Due, Nudge
from bot.domain.hours import AWAKE, EVENING, Lead, before, on_day, quiet
from bot.domain.members import Member
from bot.domain.sessions import Session

NUDGES = frozenset({Nudge.DEADLINE, Nudge.DAY_BEFORE, Nudge.SOON})
SOON = timedelta(minutes=30)
HOURS = timedelta(hours=2)
TO_DECIDE = timedelta(hours=4)
"""How long before the end of the notice somebody is asked whether it fits."""
OF_ONE_SESSION = 2
MOST, WITHIN = 3, 7
"""Messages in so many days on end, counted by the calendar where somebody lives: a week that is
an hour shorter, as the clocks change, has no day less."""
TOGETHER = timedelta(hours=12)
"""What is due within this of a reminder is said with it."""

TOO_LATE, SAID, OFF = "too late", "said already", "nothing to say"
TOO_MANY, PAUSED, ASLEEP = "too many", "paused", "quiet hours"

JOINED = Card("reminders", "joined", (Act("look"), Says("less", "reminders")))
SETTINGS = Card("reminders", "settings", (Act("lead"), Act("hours"), Act("sundays")))

CARDS = (JOINED, SETTINGS)

Moment: TypeAlias = tuple[Nudge, datetime]


def plan(session: Session, member: Member, earliest: datetime) -> Iterator[Due]:
    """At most two for a session, none in quiet hours, none that should have come before
    ``earliest``.

    Whoever is told the day before reads in the same message until when they can call it off.
    Where that would be too late they are asked in time, instead of the day before.
    """
    start = session.starts_at
    if start is None:
        return
    for nudge, at in _moments(start, session.deadline, member, earliest):
        until = ends(nudge, start)
        if earliest < at < until:
            yield Due(nudge, session.subject, at, until, member.id)


def ends(nudge: Nudge, start: datetime) -> datetime:
    """From when on one is of no use: from this and the kind follows which start it is about."""
    return start if nudge is Nudge.SOON else start - SOON


def _moments(
    start: datetime, deadline: datetime | None, member: Member, earliest: datetime
) -> Iterator[Moment]:
    match member.lead:
        case Lead.NONE:
            return
        case Lead.SOON:
            yield Nudge.SOON, before(start - SOON, member.zone, member.quiet)
        case Lead.EVE:
            asked = _asked(_eve(start, member), deadline, member)
            in_time = [at for at in asked if at > earliest]
            yield from ((Nudge.DEADLINE, at) for at in in_time)
            yield from [] if in_time else [(Nudge.DAY_BEFORE, _eve(start, member))]
            if not quiet(start - SOON, member.zone, member.quiet):
                yield Nudge.SOON, start - SOON
        case Lead.MORNING | Lead.HOURS:
            at = _morning(start, member) if member.lead is Lead.MORNING else _hours(start, member)
            yield from ((Nudge.DEADLINE, asked) for asked in _asked(at, deadline, member))
            yield Nudge.DAY_BEFORE, at


def _asked(at: datetime, deadline: datetime | None, member: Member) -> list[datetime]:
    """When somebody is asked on account of the notice alone, where a reminder comes too late."""
    latest = deadline - TO_DECIDE if deadline is not None else at
    return [before(latest, member.zone, member.quiet)] if latest < at else []


def _eve(start: datetime, member: Member) -> datetime:
    """Before a Monday that may be the Saturday."""
    return before(on_day(start, member.zone, -1, EVENING), member.zone, member.quiet)


def _morning(start: datetime, member: Member) -> datetime:
    at = on_day(start, member.zone, 0, member.quiet.morning)
    late = at >= start - SOON or quiet(at, member.zone, member.quiet)
    return _eve(start, member) if late else at


def _hours(start: datetime, member: Member) -> datetime:
    return before(start - HOURS, member.zone, member.quiet)


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to know of a member's reminders at the moment at which one is due.

    ``waiting`` are planned, the one that is due among them; ``said`` are those of the last days,
    each with the moment of its message.
    """

    member: Member
    now: datetime
    waiting: Sequence[Due]
    said: Sequence[tuple[Due, datetime]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of those that are near. What is named in neither waits for its own moment."""

    say: tuple[Due, ...] = ()
    drop: tuple[tuple[Due, str], ...] = ()


def judge(known: Known, void: Collection[Due] = ()) -> Verdict:
    """``void``: about something that is off, or has changed so that nothing is to be said."""
    near = [due for due in known.waiting if due.at <= known.now + TOGETHER]
    reasons = {due: _reason(known, due, void) for due in near}
    fit = [due for due in near if not reasons[due]]
    drop = [(due, reason) for due, reason in reasons.items() if reason]
    ready = any(due.at <= known.now for due in fit)
    if ready and not _affordable(known, fit):
        drop += [(due, TOO_MANY) for due in fit if due.at <= known.now]
        return Verdict((), tuple(drop))
    return Verdict(tuple(fit) if ready else (), tuple(drop))


def _reason(known: Known, due: Due, void: Collection[Due]) -> str:
    """Why one is not said at all, or ""."""
    if due.until <= known.now:
        return TOO_LATE
    if due in void:
        return OFF
    paused = known.member.paused_until
    if paused is not None and paused > known.now:
        return PAUSED
    return SAID if _said(known, due) else ""


def _said(known: Known, due: Due) -> bool:
    """Whether it was said of this start, in whichever way: a session that was moved begins anew."""
    of_this = [(o.nudge, at) for o, at in known.said if _about(o) == _about(due)]
    kinds = [nudge for nudge, _ in of_this]
    just_now = any(known.now - at < TOGETHER for _, at in of_this)
    eve = due.nudge is Nudge.DAY_BEFORE and known.member.lead is Lead.EVE
    # Whoever wants to hear of it later than they have is told once more.
    again = bool(kinds) if eve else due.nudge in kinds and due.nudge is not Nudge.DAY_BEFORE
    return again or just_now or len(kinds) >= OF_ONE_SESSION


def _about(due: Due) -> tuple[str, datetime]:
    return due.subject, due.until + (timedelta() if due.nudge is Nudge.SOON else SOON)


def _affordable(known: Known, fit: Sequence[Due]) -> bool:
    """Whether one more message is within what somebody is sent.

    One that only tells early leaves room for those that others are the last of.
    """
    zone = ZoneInfo(known.member.zone)
    today = known.now.astimezone(zone).date()
    said = [at.astimezone(zone).date() for at in sorted({at for _, at in known.said})]
    if any(_is_last(due, known.waiting) for due in fit):
        return fits(said, today)
    later = [due for due in known.waiting if due.at > known.now + TOGETHER]
    last = (due.at for due in later if _is_last(due, known.waiting))
    coming = [at.astimezone(zone).date() for at in _messages(last)]
    return fits([*said, *coming], today)


def fits(days: Iterable[date], today: date) -> bool:
    """Whether there are at most so many in every stretch of days with one more today."""
    every = [*days, today]
    begins = (today - timedelta(days=back) for back in range(WITHIN))
    return all(
        sum(begin <= day < begin + timedelta(days=WITHIN) for day in every) <= MOST
        for begin in begins
    )


def _is_last(due: Due, waiting: Iterable[Due]) -> bool:
    """Whether no other follows for the same session."""
    return all(other.at <= due.at for other in waiting if other.subject == due.subject)


def _messages(moments: Iterable[datetime]) -> list[datetime]:
    """When messages are sent of which each takes along what is due soon after it."""
    found: list[datetime] = []
    for at in sorted(moments):
        if not found or at > found[-1] + TOGETHER:
            found.append(at)
    return found


def one_each(dues: Iterable[Due]) -> list[Due]:
    """Of several for one session only the first is worded: it says all there is."""
    ordered = sorted(dues, key=lambda due: (due.subject, due.at))
    firsts = [next(group) for _, group in groupby(ordered, key=lambda due: due.subject)]
    return sorted(firsts, key=lambda due: due.until)


def joined(member: int, tells: Sequence[Tell]) -> Tell:
    """Several in one message. What can be done about each is a press away."""
    items = [{**told.about, "soon": told.card.name == "soon"} for told in tells]
    named = {told.subject: told.about["partner"] for told in tells}
    return Tell(member, JOINED, {"items": items, "named": named}, choices={"look": tuple(named)})


def settings(member: Member, *, replaces: bool = False) -> Tell:
    """What somebody is reminded of and when, with everything else they can choose."""
    about = {"hours": member.quiet.hours, "sundays": member.quiet.sundays}
    choices = {"lead": tuple(Lead), "hours": tuple(AWAKE)}
    return Tell(member.id, SETTINGS, about, choices=choices, replaces=replaces)
