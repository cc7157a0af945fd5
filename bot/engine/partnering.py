"""What an event sets in motion for a tandem: its decision is stored with everything that follows
from it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.conversation.cards import Card, Tell
from bot.conversation.fields.texts import step_of
from bot.domain import sessions, tandems
from bot.domain.agreements import Version
from bot.domain.members import Member
from bot.domain.parcels import Patience
from bot.domain.tandems import Contact, Retract, Share, Tandem
from bot.engine import caring, convening, keeping, leaving, milestones, seeking, sharing
from bot.engine.contacting import put_aside, refused, shared
from bot.engine.desk import Desk
from bot.engine.introducing import introduce
from bot.engine.series import settle
from bot.store import agreements, appointments, cares, dues, pairs, shares, talks


def on_tandem(desk: Desk, tandem: Tandem, event: tandems.Event) -> None:
    after, tells = tandems.decide(tandem, event)
    if gone := set(tandem.members) - set(after.members):
        _leave(desk, tandem, gone.pop(), tells)
        return
    if after.state is tandems.State.ENDED and tandem.state is not tandems.State.ENDED:
        after = replace(after, ended_at=desk.now)
    pairs.save_tandem(desk.connection, after)
    told = [seeking.with_search(desk, tell) for tell in tells]
    desk.tell(told, Patience.ONCE if after.state is tandems.State.ENDED else None)
    pair = [desk.member(number) for number in after.members]
    if (tandem.state, after.state) == (tandems.State.CONTACTS, tandems.State.ACQUAINTING):
        introduce(desk, after, pair)
    elif after.state is tandems.State.ENDED and after != tandem:
        _end(desk, after, pair)
    elif after.state is tandems.State.PAUSED and after != tandem:
        for session in appointments.open_sessions(desk.connection, tandem.id):
            convening.on_session(desk, session, sessions.Stop())
    if after != tandem and after.state is not tandems.State.ENDED:
        caring.watch(desk, after)


def leave(desk: Desk, tandem: Tandem, member: int, card: Card = tandems.LEFT) -> None:
    """A group goes on without somebody, who reads of it in the words of a card."""
    _, tells = tandems.decide(tandem, tandems.Leave(member))
    told = [replace(tell, card=card) if tell.member == member else tell for tell in tells]
    _leave(desk, tandem, member, told)


def _leave(desk: Desk, tandem: Tandem, number: int, tells: Sequence[Tell]) -> None:
    member, rests = desk.member(number), tandem.state is tandems.State.PAUSED
    held = agreements.get(desk.connection, tandem).in_force
    about = leaving.leave(desk, tandem, member)
    left = pairs.get_tandem(desk.connection, tandem.id)
    holds = agreements.get(desk.connection, left).in_force
    keeping.keep(desk, member)
    for due in desk.house.plan(left.to(number), [member], desk.now):
        # Whatever becomes of the tandem without them, this is their own.
        dues.put_off(desk.connection, replace(due, subject=f"left:{tandem.id}"))
    told = [
        seeking.with_search(desk, replace(tell, about=about[tell.member]))
        for tell in tells
        if not rests or tell.member == number
    ]
    desk.tell(told, Patience.ONCE)
    for session in appointments.open_sessions(desk.connection, tandem.id):
        convening.on_session(desk, session, sessions.Part(number))
        convening.reckon_anew(desk, appointments.get_session(desk.connection, session.id))
    if holds is not None and holds != held:
        take_effect(desk, left, holds, held)
    caring.watch(desk, pairs.get_tandem(desk.connection, tandem.id))


def share(desk: Desk, tandem: Tandem, member: Member, contact: Contact) -> None:
    """Notes which contact the others may see; with the last one all are introduced."""
    put_aside(desk, tandem, member)
    on_tandem(desk, tandem, Share(member.id, contact))
    shared(desk, tandem, pairs.get_tandem(desk.connection, tandem.id), member)


def hidden(desk: Desk, number: int, owner: int) -> None:
    """The platform does not show somebody's profile: they are asked for something else, once."""
    tandem = pairs.get_tandem(desk.connection, number)
    contact = tandem.contacts.get(owner)
    if contact is not None and contact.kind == "profile":
        on_tandem(desk, tandem, Retract(owner))
        refused(desk, pairs.get_tandem(desk.connection, number), desk.member(owner))


def take_effect(
    desk: Desk, tandem: Tandem, new: Version, old: Version | None
) -> Mapping[str, object]:
    """A version holds from now on: what the next session and the milestones become by it."""
    on_tandem(desk, tandem, tandems.Agreed())
    if old is None:
        steps = map(step_of, new.content.get("milestones", ()))
        milestones.take_over(desk, tandem.id, new.by, steps)
    session = appointments.open_session(desk.connection, tandem.id)
    if session is None:
        return {"next_at": None, "kept": False}
    event = settle(desk, tandem, session, new, old)
    convening.on_session(desk, session, event)
    coming = appointments.open_session(desk.connection, tandem.id)
    kept = event.at is not None and not new.series.has(event.at)
    return {"next_at": coming.starts_at if coming else None, "kept": kept}


def _end(desk: Desk, tandem: Tandem, pair: Sequence[Member]) -> None:
    talks.forget(desk.connection, tandem.id)
    desk.forget_plans(tandem.subject)
    caring.forget(desk, tandem)
    cares.forget(desk.connection, tandem.id)
    for coming in appointments.open_sessions(desk.connection, tandem.id):
        convening.call_off(desk, coming, pair)
    desk.replan(tandem.subject, tandem, pair)
    sharing.take_back(desk, shares.of_tandem(desk.connection, tandem.id))
    for member in pair:
        keeping.keep(desk, member)
