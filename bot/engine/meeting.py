"""When members could meet, and what else is to be said of a time: where it holds, and whether it is
a public holiday for one of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.conversation.cards import Tell
from bot.conversation.holidays import country, country_name, holiday
from bot.domain.availability import Week, instant, local, suggestions
from bot.domain.calendar_files import calendar_file, calendar_file_name
from bot.domain.members import Member
from bot.domain.sessions import Session
from bot.engine.desk import Desk
from bot.engine.house import House
from bot.store import pairs

SLOTS = 3
"""Times on offer at once."""


def minutes(members: Iterable[Member]) -> int:
    """How long a session is that nobody agreed on yet: as long as anybody wants it."""
    return max((int(m.profile.length) for m in members if m.profile), default=60)


def slots(
    desk: Desk, members: Sequence[Member], zone: str, coming: Session | None = None
) -> list[str]:
    """What ``starts`` suggests, as local wall times in a zone."""
    found = starts(desk, members, coming)
    return [local(at, zone).isoformat(timespec="minutes") for at in found]


def starts(desk: Desk, members: Sequence[Member], coming: Session | None = None) -> list[datetime]:
    """Suggestions from the common times for a tandem's coming session: as long as it is, and at
    another time."""
    weeks: list[Week] = [(m.profile.days, m.profile.times, m.zone) for m in members if m.profile]
    if not weeks:
        return []
    span = timedelta(minutes=coming.minutes if coming else minutes(members))

    def off(day: date, there: str) -> bool:
        return bool(holiday(day, country(there), desk.house.holidays, desk.house.language))

    begins, busy = _begins(desk, members), list(_busy(desk, members))
    fine: list[datetime] = []
    for more in range(len(busy) + 1):
        found = suggestions(weeks, begins, SLOTS + more, span, off)
        fine = [at for at in found if all(at >= end or at + span <= start for start, end in busy)]
        if len(fine) >= SLOTS:
            break
    return fine[:SLOTS]


def _busy(desk: Desk, members: Iterable[Member]) -> Iterator[tuple[datetime, datetime]]:
    """When any of them meets already, in whichever tandem."""
    tandems = {t.id for m in members for t in pairs.running_tandems(desk.connection, m.id)}
    for number in sorted(tandems):
        session = pairs.open_session(desk.connection, number)
        if session is not None and session.starts_at and session.ends_at:
            yield session.starts_at, session.ends_at


def _begins(desk: Desk, members: Iterable[Member]) -> datetime:
    """Nobody is asked to meet while one of them is away."""
    return max([desk.now, *(m.paused_until for m in members if m.paused_until)])


def spoken(desk: Desk, session: Session, tells: Iterable[Tell]) -> list[Tell]:
    """What is said of a session, complete: by whom, in which place's time, on which holiday."""
    members = [desk.member(number) for number in session.members]
    names = {member.id: member.first_name for member in members}
    zones = {session.zone, *(member.zone for member in members)}
    common = {"by": names.get(session.wished_by, ""), "abroad": len(zones) > 1}
    return [
        replace(told, about={**told.about, **common, "holiday": _feast(desk, told, members)})
        for told in tells
    ]


def _feast(desk: Desk, told: Tell, members: Sequence[Member]) -> str:
    """What one of them celebrates on the day that a tell speaks of."""
    [reader] = [member for member in members if member.id == told.member]
    about = told.about
    at = about.get("wish") or about.get("next_at") or about.get("at")
    if not isinstance(at, datetime):
        return ""
    moment = at if at.tzinfo else instant(at.date(), at.time(), reader.zone)
    days = {country(m.zone): local(moment, m.zone).date() for m in (reader, *members)}
    found = (_named(day, code, reader, desk.house) for code, day in days.items())
    return next(filter(None, found), "")


def _named(day: date, code: str, reader: Member, house: House) -> str:
    """Where it is celebrated is said where it is not the reader's own country."""
    name = holiday(day, code, house.holidays, reader.language)
    if not name or code == country(reader.zone):
        return name
    return f"{name} ({country_name(code, reader.language)})"


def send_calendar(desk: Desk, member: Member, session: Session) -> None:
    about = {"off": session.planned is None, "again": session.was is not None}
    words = desk.wording("session", member).say("calendar_file", **about)
    desk.post_file(member, words, calendar_file_name(session), session.subject)


def calendar(desk: Desk, member: Member, subject: str) -> bytes:
    """The session as a file, for one of its members; `LookupError` for anybody else."""
    session = pairs.get_session(desk.connection, int(subject.partition(":")[2]))
    if member.id not in session.members:
        raise LookupError(f"{subject} is none of theirs")
    summary = desk.wording("session", member).label("calendar_title")
    return calendar_file(session, summary, desk.now)
