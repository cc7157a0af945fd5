"""Getting to know each other in a turn: what was answered, or what time brings, with all that
follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversation.cards import Act, Tell
from bot.conversation.talk import Press
from bot.domain import acquainting, members, sessions, tandems
from bot.domain.acquainting import Met, Outcome, Rest, Say, Word
from bot.domain.availability import instant
from bot.domain.members import Member, Standing
from bot.domain.parcels import Patience
from bot.domain.sessions import Session
from bot.domain.tandems import State, Tandem
from bot.engine import agreeing, partnering, seeking
from bot.engine.desk import Desk
from bot.engine.introducing import may_meet_in_person
from bot.engine.meeting import spoken, starts, walls
from bot.store import appointments, pairs, talks

LOOKED_FOR = frozenset({Standing.RESTING, Standing.SEEKING})
"""Others are new, or gone."""


def happens(desk: Desk, tandem: Tandem, event: acquainting.Event) -> None:
    """An event of getting to know each other. Once that is over it changes nothing."""
    known = talks.get(desk.connection, tandem, desk.house.first_talk)
    if tandem.state is not State.ACQUAINTING or known is None:
        return
    dated = _dated(desk, tandem)
    after, tells = acquainting.decide(known, event, desk.now, dated)
    talks.save(desk.connection, after)
    people = [desk.member(number) for number in tandem.members]
    if after != known:
        desk.replan(after.subject, after, people if after.outcome is Outcome.OPEN else [])
    if after.outcome is Outcome.OVER:
        partnering.on_tandem(desk, tandem, tandems.LetGo())
        tells = _looking_again(desk, tells)
    closed = after.outcome is not Outcome.OPEN
    desk.tell(_with_dates(desk, tells, people, dated), Patience.ONCE if closed else None)
    if after.outcome is Outcome.TOGETHER:
        partnering.on_tandem(desk, tandem, tandems.GoOn())
        agreeing.begin(desk, pairs.get_tandem(desk.connection, tandem.id))


def _looking_again(desk: Desk, tells: Sequence[Tell]) -> list[Tell]:
    """Who reads that it is over reads in the same message when the next look is."""
    found = []
    for told in tells:
        member = desk.member(told.member)
        if told.card in acquainting.SEARCHING and member.standing in LOOKED_FOR:
            about = {**told.about, "next_look": seeking.look(desk, member)}
            found.append(replace(told, about=about))
        else:
            found.append(told)
    return found


def say(desk: Desk, member: Member, press: Press) -> None:
    """How somebody would like to go on."""
    name, talk = press.target.partition(".")[2], int(press.value or 0)
    _by_member(desk, member, press, Say(member.id, Word(name), talk))


def met(desk: Desk, member: Member, press: Press) -> None:
    """They have talked without the bot knowing of a date."""
    _by_member(desk, member, press, Met(member.id))


def keep(desk: Desk, member: Member, press: Press) -> None:
    _by_member(desk, member, press, acquainting.Keep(member.id))


def remind(desk: Desk, tandem: Tandem, to: int) -> None:
    """Of a time that waits for their word, if there is one; else that there is none yet."""
    session = appointments.open_session(desk.connection, tandem.id)
    if tandem.state is not State.ACQUAINTING or session is None or not _wished(desk, session):
        happens(desk, tandem, acquainting.Remind(to))
    elif to not in session.agreed:
        desk.tell(spoken(desk, session, [sessions.overview(session, to)]))


def _wished(desk: Desk, session: Session) -> bool:
    """Whether a time that is still to come waits for somebody's word."""
    at = session.wish and instant(session.wish.date(), session.wish.time(), session.zone)
    return at is not None and at > desk.now


def on_guide(desk: Desk, member: Member, press: Press) -> None:
    guide(desk, member, appointments.tandem_of(desk.connection, press.subject))


def guide(desk: Desk, member: Member, tandem: Tandem) -> None:
    """Five steps for the first talk, whenever somebody would like to see them."""
    if tandem.state is State.ENDED:
        desk.tell([Tell(member.id, members.STALE)])
        return
    people = [desk.member(number) for number in tandem.members]
    about = {**tandem.about[member.id], "in_person": may_meet_in_person(people)}
    desk.tell([Tell(member.id, acquainting.GUIDE, about, tandem.subject)])


def after_session(desk: Desk, session: Session) -> None:
    """The time of a talk is over."""
    now = appointments.get_session(desk.connection, session.id)
    if now.state is sessions.State.PAST and session.state is sessions.State.OPEN:
        happens(desk, pairs.get_tandem(desk.connection, session.tandem), Met())


def rest(desk: Desk, tandem: Tandem, back: datetime) -> None:
    """Nobody is pressed while one of them is away."""
    happens(desk, tandem, Rest(back))


def standing(desk: Desk, tandem: Tandem, member: Member, session: Session | None) -> Tell | None:
    """What waits for somebody; None where that is a session, or nothing of this kind."""
    known = talks.get(desk.connection, tandem, desk.house.first_talk)
    if tandem.state is not State.ACQUAINTING or known is None:
        return None
    waits = session is not None and (session.planned is not None or _wished(desk, session))
    if known.asked_at is None and waits:
        return None
    people = [desk.member(number) for number in tandem.members]
    dated = session.starts_at if session else None
    [told] = _with_dates(desk, [acquainting.overview(known, member.id)], people, dated)
    return told


def _by_member(desk: Desk, member: Member, press: Press, event: acquainting.Event) -> None:
    """Whatever somebody presses is answered, also when it is over."""
    tandem = appointments.tandem_of(desk.connection, press.subject)
    if tandem.state is State.PAUSED:
        desk.tell([tandems.tell(tandem, member.id, tandems.PAUSED)])
    elif tandem.state is not State.ACQUAINTING:
        desk.tell([Tell(member.id, members.STALE)])
    else:
        happens(desk, tandem, event)


def _dated(desk: Desk, tandem: Tandem) -> datetime | None:
    session = appointments.open_session(desk.connection, tandem.id)
    return session.starts_at if session else None


def _with_dates(
    desk: Desk, tells: Sequence[Tell], people: Sequence[Member], dated: datetime | None
) -> list[Tell]:
    """Times to choose from on every card that has room for them, unless one is agreed."""
    zones, found = {member.id: member.zone for member in people}, []
    begins = () if dated else starts(desk, people)
    for told in tells:
        if Act("slot") in told.card.actions:
            at = tuple(walls(begins, zones[told.member]))
            about = {**told.about, "times": bool(at), "next_at": dated}
            found.append(replace(told, about=about, choices={**told.choices, "slot": at}))
        else:
            found.append(told)
    return found
