"""What an event sets in motion for a proposal: its decision is stored with everything that follows
from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversation.cards import Tell
from bot.domain import proposals, sessions, tandems
from bot.domain.members import Member, Standing
from bot.domain.proposals import Proposal, State
from bot.domain.tandems import Contact, Share, Tandem
from bot.engine import caring, places, rounds, seeking
from bot.engine.contacting import choice
from bot.engine.desk import Desk
from bot.engine.introducing import introduce, share_a_workspace
from bot.store import pairs, suggestions


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
            looks[member.id] = seeking.look(desk, member)
    for tell in tells:
        about = {**tell.about, "next_look": looks.get(tell.member)}
        desk.tell([replace(tell, about=about)])
    for member in pair:
        if member.standing is Standing.SEEKING and member.id not in told:
            seeking.seek(desk, member)


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
