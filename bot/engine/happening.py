"""What an event sets in motion: the decision of a proposal, a tandem or a session is stored
with everything that follows from it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.conversation.cards import Card, Tell
from bot.conversation.fields import step_of
from bot.domain import members, proposals, sessions, silence, tandems
from bot.domain.agreements import Version
from bot.domain.diary import Keeping
from bot.domain.members import Member, Standing
from bot.domain.parcels import Patience
from bot.domain.proposals import Proposal, State
from bot.domain.tandems import Contact, Retract, Share, Tandem
from bot.engine import (
    caring,
    convening,
    leaving,
    milestones,
    places,
    rounds,
    sharing,
)
from bot.engine.contacting import choice, put_aside, refused, shared
from bot.engine.desk import Desk
from bot.engine.introducing import introduce, share_a_workspace
from bot.engine.series import settle
from bot.store import (
    agreements,
    appointments,
    cares,
    pairs,
    people,
    queues,
    shares,
    suggestions,
    talks,
)

ENDS = {tandems.ENDED, tandems.LEFT, tandems.PARTED, silence.RELEASED, silence.LET_GO}
"""Whoever reads these may look for a new tandem."""


def seek(desk: Desk, member: Member) -> None:
    """Starts or goes on looking for somebody, in the next round. If that is later, they learn when;
    if it is now, it speaks for itself."""
    at = look(desk, member)
    if at is not None:
        card = members.NEXT_ROUND if desk.house.calendar.fixed else members.GATHERING
        desk.tell([Tell(member.id, card, {"next_look": at})])


def look(desk: Desk, member: Member) -> datetime | None:
    """The same without a word. Returns when the next round is, if that is later and known."""
    since = member.since or desk.now
    waiting = desk.save(replace(member, standing=Standing.SEEKING, since=since))
    if waiting.paused_until is not None or places.free(desk, waiting) < 1:
        return None
    desk.replan(f"member:{waiting.id}", waiting, [waiting])
    at = rounds.want(desk, waiting)
    return at if at > desk.now else None


def rest(desk: Desk, member: Member) -> None:
    """Stops looking until they ask for it again."""
    resting = desk.save(replace(member, standing=Standing.RESTING, since=None))
    rounds.no_longer(desk, member)
    desk.replan(f"member:{member.id}", resting, [resting])
    desk.tell([Tell(member.id, members.RESTING)])


def withdraw(desk: Desk, member: Member) -> None:
    """Consent is gone: so is the profile, and whatever it was used for comes to an end."""
    for tandem in pairs.running_tandems(desk.connection, member.id):
        on_tandem(desk, tandem, tandems.End(member.id))
    step_back(desk, member)


def step_back(desk: Desk, member: Member) -> None:
    """The profile goes, and open proposals with it, in words that read like any release."""
    proposed = suggestions.open_proposals(desk.connection, member.id)
    known = replace(desk.member(member.id), profile=None, since=None, paused_until=None)
    nobody = desk.save(replace(known, standing=Standing.NEW))
    people.close_all(desk.connection, member.id)
    rounds.forget(desk, member)
    desk.forget_plans(f"member:{nobody.id}")
    for proposal in proposed:
        on_proposal(desk, proposal, proposals.Withdraw(member.id))


def on_proposal(desk: Desk, proposal: Proposal, event: proposals.Event) -> None:
    full = _full(desk, proposal, event)
    after, tells = proposals.decide(proposal, event if full is None else proposals.Full(full))
    suggestions.save_proposal(desk.connection, after)
    if after == proposal or after.state is State.OPEN:
        desk.tell(tells)
    if after == proposal:
        return
    pair = [desk.member(number) for number in after.members]
    desk.replan(after.subject, after, pair)
    if after.state is State.ACCEPTED:
        _begin(desk, after, pair)
    elif proposals.released(after):
        _release(desk, tells, pair)


def _release(desk: Desk, tells: Sequence[Tell], pair: Sequence[Member]) -> None:
    """Who reads that a proposal is over reads in the same message when the next look is."""
    told, looks = {tell.member for tell in tells}, dict[int, datetime | None]()
    for member in pair:
        if member.standing is Standing.SEEKING and member.id in told:
            looks[member.id] = look(desk, member)
    for tell in tells:
        about = {**tell.about, "next_look": looks.get(tell.member)}
        desk.tell([replace(tell, about=about)])
    for member in pair:
        if member.standing is Standing.SEEKING and member.id not in told:
            seek(desk, member)


def _full(desk: Desk, proposal: Proposal, event: proposals.Event) -> int | None:
    """Somebody who has no place left for a tandem that would begin now."""
    match proposal.state, event:
        case State.OPEN, proposals.Accept(by) if proposal.accepted | {by} == set(proposal.members):
            people = map(desk.member, proposal.members)
            return next((m.id for m in people if places.next_place(desk, m) is None), None)
    return None


def _begin(desk: Desk, proposal: Proposal, pair: Sequence[Member]) -> None:
    """All said yes. In one workspace they are introduced at once, else contacts are chosen."""
    rhythm = sessions.slower(m.profile.rhythm for m in pair if m.profile)
    new = Tandem(0, proposal.members, rhythm, pair[0].zone, desk.now, proposal.about)
    taken = {m.id: place for m in pair if (place := places.next_place(desk, m))}
    tandem = pairs.add_tandem(desk.connection, new, taken)
    if share_a_workspace(desk, pair):
        for member in pair:
            contact = Contact(member.address.platform, member.address.user)
            tandem, _ = tandems.decide(tandem, Share(member.id, contact))
        introduce(desk, tandem, pair)
    else:
        desk.tell([choice(desk, tandem, member) for member in pair])
        caring.watch(desk, tandem)
    for member in pair:
        _settle_search(desk, member)


def _settle_search(desk: Desk, member: Member) -> None:
    """With a new tandem: whoever has more places is looked for on; whoever has none left rests,
    and what else was proposed to them is given back."""
    if places.next_place(desk, member) is not None:
        if member.standing is Standing.SEEKING:
            _look_on(desk, desk.save(replace(member, since=desk.now)))
        return
    desk.save(replace(member, standing=Standing.RESTING, since=None))
    rounds.no_longer(desk, member)
    desk.forget_plans(f"member:{member.id}")
    for proposal in suggestions.open_proposals(desk.connection, member.id):
        on_proposal(desk, proposal, proposals.Full(member.id))


def _look_on(desk: Desk, member: Member) -> None:
    """Somebody with a new tandem is not told at once that there is nobody for one more."""
    if desk.house.calendar.fixed:
        rounds.want(desk, member)
    else:
        desk.replan(f"member:{member.id}", member, [member])


def on_tandem(desk: Desk, tandem: Tandem, event: tandems.Event) -> None:
    after, tells = tandems.decide(tandem, event)
    if gone := set(tandem.members) - set(after.members):
        _leave(desk, tandem, gone.pop(), tells)
        return
    if after.state is tandems.State.ENDED and tandem.state is not tandems.State.ENDED:
        after = replace(after, ended_at=desk.now)
    pairs.save_tandem(desk.connection, after)
    told = [with_search(desk, tell) for tell in tells]
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
    keep_diary(desk, member)
    for due in desk.house.plan(left.to(number), [member], desk.now):
        # Whatever becomes of the tandem without them, this is their own.
        queues.put_off(desk.connection, replace(due, subject=f"left:{tandem.id}"))
    told = [
        with_search(desk, replace(tell, about=about[tell.member]))
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


def with_search(desk: Desk, told: Tell) -> Tell:
    """Whoever is looked for already is not asked whether they want to be."""
    if told.card not in ENDS:
        return told
    seeking = desk.member(told.member).standing is Standing.SEEKING
    without = told.without | ({"seek"} if seeking else set())
    return replace(told, about={**told.about, "seeking": seeking}, without=without)


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
        keep_diary(desk, member)


def acquaintances(desk: Desk, member: Member) -> dict[int, str]:
    """Whom a member got to know by name: from tandems, and from open proposals."""
    known: list[Proposal | Tandem] = [
        *pairs.tandems_of(desk.connection, member.id),
        *suggestions.open_proposals(desk.connection, member.id),
    ]
    met = {
        other: _name(desk, thing, member, other)
        for thing in known
        for other in thing.members
        if other != member.id and thing.about.get(member.id, {}).get("partner")
    }
    names = Counter(met.values())
    apart = places.names(desk, met)
    return {other: apart[other] if names[n] > 1 else n for other, n in met.items() if n}


def _name(desk: Desk, thing: Proposal | Tandem, member: Member, other: int) -> str:
    """As it was read; of several each by themselves."""
    if len(thing.members) == tandems.PAIR:
        return str(thing.about[member.id]["partner"])
    return places.names(desk, thing.members)[other]


def keep_diary(desk: Desk, member: Member) -> None:
    """From the end of a tandem on a diary is kept for a while; its owner is told before it goes."""
    until = desk.now + timedelta(days=desk.house.retention.diary)
    keeping = Keeping(member.id, until)
    desk.replan(keeping.subject, keeping, [member])
