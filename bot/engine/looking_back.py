"""Asking how sessions were: of several, whichever tandems they were of, in one message."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.conversation.cards import Tell
from bot.domain import lookbacks, reminders, sessions
from bot.domain.dues import Due, Nudge
from bot.domain.hours import afterwards
from bot.domain.members import Member
from bot.domain.tandems import MEETING, State
from bot.engine.desk import Desk
from bot.engine.meeting import spoken
from bot.store import appointments, dues, pairs


def ask(desk: Desk, due: Due) -> str:
    """Asks a member about the session that is due, with all that are near. Returns "", or the
    reason for which the due itself was not said; the others are settled here."""
    member = desk.member(due.member)
    waits = lookbacks.later(due, _coming(desk, member), desk.now)
    if waits is not None:
        dues.put_off(desk.connection, replace(due, at=waits))
        return lookbacks.LATER
    rows = dues.waiting_for(desk.connection, member.id, lookbacks.NUDGES)
    numbers = {other: number for number, other in rows}
    near = lookbacks.together(due, numbers, desk.now)
    tells = {one: _told(desk, one) for one in near}
    for other in near[1:]:
        reason = "" if tells[other] else _why(desk, other)
        dues.settle(desk.connection, numbers[other], reason, desk.now)
    _say(desk, member, tells)
    return "" if tells[due] else _why(desk, due)


def brings_news(desk: Desk, due: Due) -> bool:
    """Whether it says of the next time what nobody may miss: that it is left out, or a holiday."""
    tells = _told(desk, due) if due.nudge is Nudge.REFLECT else []
    return any(told.about.get("skipped") or told.about.get("holiday") for told in tells)


def _say(desk: Desk, member: Member, tells: dict[Due, list[Tell]]) -> None:
    said = [told for found in tells.values() for told in found]
    if not said:
        return
    desk.expires_at = min(due.until for due, found in tells.items() if found)
    desk.tell(said if len(said) == 1 else [lookbacks.joined(member.id, said)])


def _told(desk: Desk, due: Due) -> list[Tell]:
    """Nothing for who has said it, nor where a tandem rests or is over."""
    past = appointments.get_session(desk.connection, int(due.subject.partition(":")[2]))
    tandem = pairs.get_tandem(desk.connection, past.tandem)
    if tandem.state not in MEETING or due.member in past.reflected or _late(desk, due):
        return []
    if due.nudge is Nudge.REPEAT:
        _, tells = sessions.decide(past, sessions.Repeat(due.member), desk.now)
        return spoken(desk, past, tells)
    coming = appointments.open_session(desk.connection, past.tandem)
    return spoken(desk, past, [sessions.reflect(past, coming, due.member)])


def _late(desk: Desk, due: Due) -> bool:
    return desk.now - due.at > lookbacks.OLD or due.until <= desk.now


def _why(desk: Desk, due: Due) -> str:
    return reminders.TOO_LATE if _late(desk, due) else reminders.OFF


def _coming(desk: Desk, member: Member) -> Iterator[datetime]:
    """When a member is going to be asked about sessions that are not over yet."""
    for tandem in pairs.running_tandems(desk.connection, member.id):
        if tandem.state is State.ACQUAINTING:
            continue
        for session in appointments.open_sessions(desk.connection, tandem.id):
            over = dues.planned(desk.connection, Nudge.AFTER, session.subject)
            if over is not None:
                yield afterwards(over, member.zone, member.quiet)
