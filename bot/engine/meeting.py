"""When members could meet, and what else is to be said of a time: where it holds, and whether it is
a public holiday for one of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.conversation.cards import Act, Tell
from bot.conversation.holidays import country, country_name, holiday
from bot.domain.availability import Week, instant, local, suggestions
from bot.domain.calendar_files import calendar_file, calendar_file_name
from bot.domain.members import Member, called
from bot.domain.sessions import Session
from bot.engine.desk import Desk
from bot.engine.house import House
from bot.store import appointments, pairs

ANYWAY = Act("anyway")
SLOTS = 3
"""Times on offer at once."""


def minutes(members: Iterable[Member]) -> int:
    """How long a session is that nobody agreed on yet: as long as anybody wants it."""
    return max((int(m.profile.length) for m in members if m.profile), default=60)


def slots(
    desk: Desk, members: Sequence[Member], zone: str, coming: Session | None = None
) -> list[str]:
    """What ``starts`` suggests, as local wall times in a zone."""
    return walls(starts(desk, members, coming), zone)


def walls(begins: Iterable[datetime], zone: str) -> list[str]:
    """Instants as local wall times, as a button holds them."""
    return [local(at, zone).isoformat(timespec="minutes") for at in begins]


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
        for session in appointments.open_sessions(desk.connection, number):
            if session.starts_at and session.ends_at:
                yield session.starts_at, session.ends_at


def _begins(desk: Desk, members: Iterable[Member]) -> datetime:
    """Nobody is asked to meet while one of them is away."""
    return max([desk.now, *(m.paused_until for m in members if m.paused_until)])


def spoken(desk: Desk, session: Session, tells: Iterable[Tell]) -> list[Tell]:
    """What is said of a session, complete: by whom, in which place's time, on which holiday."""
    members = [desk.member(number) for number in session.members]
    names = called(members)
    zones = {session.zone, *(member.zone for member in members)}
    coming = appointments.open_session(desk.connection, session.tandem)
    common = {
        "by": names.get(session.wished_by, ""),
        "abroad": len(zones) > 1,
        "stays": coming.starts_at if coming and session.extra else None,
    }
    found = (
        replace(told, about={**told.about, **common, "holiday": _feast(desk, told, members)})
        for told in tells
    )
    return [with_skipped(desk, told, coming) for told in found]


def with_skipped(desk: Desk, told: Tell, coming: Session | None) -> Tell:
    """Which times were left out for a holiday before the next session; on a card with room for
    it, a button for each that can take place after all."""
    if ANYWAY not in told.card.actions or told.about.get("extra") is True:
        return replace(told, choices={**told.choices, "anyway": ()})
    reader = desk.member(told.member)
    people = [desk.member(number) for number in coming.members] if coming else []
    found = _skipped(coming, people, reader, desk) if coming else {}
    words, said = desk.wording("session", reader), ""
    if found:
        said = words.label("skipped", skipped=list(found.items()), zone=reader.zone)
    at = tuple(moment.isoformat(timespec="minutes") for moment in found)
    return replace(
        told,
        about={**told.about, "skipped": said},
        choices={**told.choices, "anyway": at},
    )


def _skipped(
    coming: Session, people: Sequence[Member], reader: Member, desk: Desk
) -> dict[datetime, str]:
    """Instants still to come, with what is celebrated then; "" for the one that a session was
    moved past."""
    begins = (instant(wall.date(), wall.time(), coming.zone) for wall in coming.skipped)
    ahead = [at for at in begins if at > _begins(desk, people)]
    named = {at: _celebrated(desk, at, reader, people) for at in ahead}
    return {at: name for at, name in named.items() if name or coming.moved}


def _feast(desk: Desk, told: Tell, members: Sequence[Member]) -> str:
    """What one of them celebrates on the day that a tell speaks of."""
    [reader] = [member for member in members if member.id == told.member]
    about = told.about
    at = about.get("wish") or about.get("next_at") or about.get("at")
    if not isinstance(at, datetime):
        return ""
    moment = at if at.tzinfo else instant(at.date(), at.time(), reader.zone)
    return _celebrated(desk, moment, reader, members)


def _celebrated(desk: Desk, at: datetime, reader: Member, members: Sequence[Member]) -> str:
    days = {country(m.zone): local(at, m.zone).date() for m in (reader, *members)}
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


def off(session: Session) -> Session:
    """A session as it is for somebody who has left: called off."""
    return replace(session, was=session.planned, planned=None, sequence=session.sequence + 1)


def calendar(desk: Desk, member: Member, subject: str) -> bytes:
    """The session as a file, for one of its members; `LookupError` for anybody else."""
    session = appointments.get_session(desk.connection, int(subject.partition(":")[2]))
    if member.id in pairs.get_tandem(desk.connection, session.tandem).left:
        session = off(session)
    elif member.id not in session.members:
        raise LookupError(f"{subject} is none of theirs")
    summary = desk.wording("session", member).label("calendar_title")
    return calendar_file(session, summary, desk.now)
