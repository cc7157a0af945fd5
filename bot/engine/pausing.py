"""Pausing: nothing is asked of somebody until the day they named, and nothing is lost by it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.conversation.cards import Card, Tell
from bot.domain import pauses, proposals, sessions
from bot.domain.availability import instant, local
from bot.domain.members import Member, Standing
from bot.domain.tandems import State, Tandem
from bot.engine import caring, convening, knowing, places, proposing, reminding
from bot.engine.desk import Desk
from bot.engine.events import NOTHING, Reply
from bot.engine.seeking import seek
from bot.engine.series import paused, resumed
from bot.store import appointments, pairs, people, suggestions

BACK_AT = time(9)
"""When somebody is back, on the day they named, where they are."""


def ask(desk: Desk, member: Member, until: date | None) -> Reply:
    """Nothing changes before they have confirmed the day."""
    desk.tell([_question(desk, member, until)])
    return NOTHING


def _question(desk: Desk, member: Member, until: date | None) -> Tell:
    today = local(desk.now, member.zone).date()
    if until is None or until <= today:
        return pauses.ask(member.id)
    if until > today + timedelta(days=pauses.LONGEST_DAYS):
        return pauses.ask(member.id, pauses.TOO_LONG)
    return pauses.confirm(member.id, until)


def in_days(desk: Desk, member: Member, days: int) -> None:
    today = local(desk.now, member.zone).date()
    desk.tell([pauses.confirm(member.id, today + timedelta(days=days))])


def begin(desk: Desk, member: Member, until: date) -> None:
    """From now on; an open proposal is given back, sessions until then fall away."""
    back = instant(until, BACK_AT, member.zone)
    if back <= desk.now:
        desk.tell([pauses.ask(member.id)])
        return
    desk.tell([Tell(member.id, pauses.BEGUN, {"until": back})])
    if member.paused_until == back:
        return  # pressed again: the others know
    away = desk.save(replace(member, paused_until=back))
    for proposal in suggestions.open_proposals(desk.connection, member.id):
        proposing.on_proposal(desk, proposal, proposals.Withdraw(member.id))
    for tandem in pairs.running_tandems(desk.connection, member.id):
        _clear_session(desk, tandem, back)
        caring.watch(desk, tandem)
    _tell_partners(desk, away, pauses.PARTNER, {"until": back})
    desk.replan(f"member:{member.id}", desk.member(member.id), [away])


def end(desk: Desk, member: Member) -> None:
    """By themselves, or because the day has come. Both are told."""
    if member.paused_until is None:
        desk.tell([Tell(member.id, pauses.NOT_PAUSED)])
        return
    back = desk.save(replace(member, paused_until=None))
    for tandem in pairs.running_tandems(desk.connection, member.id):
        _restore_session(desk, tandem)
    reminding.plan_anew(desk, back)  # what was left out meanwhile may be in time by another one
    seeking = back.standing is Standing.SEEKING
    desk.tell([pauses.over(member.id, _coming(desk, member), seeking=seeking)])
    people.seen(desk.connection, member.id, desk.now)  # nobody is silent from before a pause
    for tandem in pairs.running_tandems(desk.connection, member.id):
        caring.watch(desk, tandem)
    _tell_partners(desk, back, pauses.PARTNER_BACK, {})
    desk.replan(f"member:{member.id}", back, [back])
    if seeking:
        seek(desk, back)


def _coming(desk: Desk, member: Member) -> list[pauses.Coming]:
    found = []
    for tandem in pairs.running_tandems(desk.connection, member.id):
        partner = str(tandem.about[member.id]["partner"])
        zones = {desk.member(number).zone for number in tandem.members}
        found.append((partner, _next(desk, tandem), len(zones) > 1))
    return found


def _next(desk: Desk, tandem: Tandem) -> datetime | None:
    """The next time at which they meet, whether or not it is one of the series."""
    known = (one.starts_at for one in appointments.open_sessions(desk.connection, tandem.id))
    return min((at for at in known if at is not None and at > desk.now), default=None)


def _restore_session(desk: Desk, tandem: Tandem) -> None:
    """Somebody is back before their time: the series goes on as soon as it can."""
    session = appointments.open_session(desk.connection, tandem.id)
    if session is not None and tandem.state is State.ACTIVE:
        event = resumed(desk, tandem, session)
        if event is not None:
            convening.on_session(desk, session, event)


def _clear_session(desk: Desk, tandem: Tandem, back: datetime) -> None:
    """The series goes on at its wall time, with the first session after the pause."""
    session = appointments.open_session(desk.connection, tandem.id)
    for extra in appointments.open_sessions(desk.connection, tandem.id):
        if extra.extra and extra.starts_at and desk.now < extra.starts_at < back:
            convening.on_session(desk, extra, sessions.Stop())
    if session is not None:
        starts_at, serial = session.starts_at, tandem.state is State.ACTIVE
        if serial:
            convening.on_session(desk, session, paused(desk, tandem, session, back))
        elif starts_at is None or desk.now < starts_at < back:  # a new time is to be found
            convening.on_session(desk, session, sessions.Stop())
        knowing.rest(desk, tandem, back)


def _tell_partners(desk: Desk, member: Member, card: Card, about: dict[str, object]) -> None:
    for tandem in pairs.running_tandems(desk.connection, member.id):
        who = places.names(desk, tandem.members)[member.id]
        told = {"who": who, "next_at": _next(desk, tandem)}
        for other in tandem.others(member.id):
            known = {**tandem.about[other], **told, **about}
            desk.tell([Tell(other, card, known, tandem.subject)])
