"""Where a member stands: what waits for them, what they can do now, what is known of them."""

from bot.conversation.cards import Tell
from bot.conversation.talk import Conversation
from bot.domain import consents, contacts, members, pauses, proposals, sessions, tandems
from bot.domain.members import Member, Standing
from bot.domain.proposals import Proposal
from bot.domain.sessions import Session
from bot.domain.tandems import Tandem
from bot.engine import agreeing, guiding, inquiring, knowing, places, questions, releasing
from bot.engine.contacting import choice, chosen, reach, shown
from bot.engine.desk import Desk
from bot.engine.meeting import spoken
from bot.store import accounts, appointments, diaries, pairs, people, suggestions


def tells(desk: Desk, member: Member) -> list[Tell]:
    """The one card that says where somebody is, and an open question before it."""
    talk = questions.current(desk, member)
    waiting = []
    if talk is not None and not _has_a_card(talk, member):
        about = {"number": questions.number(talk)}
        waiting.append(Tell(member.id, members.RESUME, about))
    away = [paused(member)] if member.paused_until else []
    return [*waiting, *away, *_standing(desk, member, bool(waiting))]


def _has_a_card(talk: Conversation, member: Member) -> bool:
    """Whether the way back to a question stands elsewhere."""
    return talk.form == "agreement" or (talk.form == "onboarding" and member.profile is not None)


def help_for(desk: Desk, member: Member) -> Tell:
    """Only what makes sense now has a button."""
    paired = bool(pairs.places(desk.connection, member.id))
    without = set() if paired else {"session"}
    without |= {"pause"} if member.paused_until else {"resume"}
    if member.standing is Standing.NEW:
        without |= {"tandem", "pause"}
    about = {"joined": member.standing is not Standing.NEW, "paired": paired}
    return Tell(member.id, members.HELP, about, without=frozenset(without))


def home(desk: Desk, member: Member) -> list[Tell]:
    """What waits for somebody, and below it what they can do at any time."""
    if member.standing is Standing.GONE:
        return []
    without = {"pause"} if member.paused_until else set()
    if member.standing is Standing.NEW:  # to sign up is what waits for them
        met = pairs.tandems_of(desk.connection, member.id)
        without |= {"profile", "pause"} | (set() if met else {"report"})
    return [*tells(desk, member), Tell(member.id, members.HOME, without=frozenset(without))]


def stored(desk: Desk, member: Member) -> dict[str, object]:
    """What is known of somebody, in numbers; an export has every word of it."""
    given = people.consents(desk.connection, member.id)
    return {
        "profile": member.profile is not None,
        "tandems": len(pairs.tandems_of(desk.connection, member.id)),
        "entries": len(diaries.entries(desk.connection, member.id)),
        "platforms": [a.platform for a, _ in accounts.all_of(desk.connection, member.id)],
        "agreed": [purpose for purpose in consents.PURPOSES if given.get(purpose)],
        "keep": desk.house.retention,
    }


def paused(member: Member) -> Tell:
    return Tell(member.id, pauses.BEGUN, {"until": member.paused_until})


def _standing(desk: Desk, member: Member, asked: bool) -> list[Tell]:
    if member.standing is Standing.GONE:
        return []
    if member.standing is Standing.NEW:
        return [] if asked else [Tell(member.id, members.WELCOME)]
    proposed = suggestions.open_proposals(desk.connection, member.id)
    running = pairs.running_tandems(desk.connection, member.id)
    found = [tell for proposal in proposed for tell in _proposal(desk, member, proposal)]
    found += [tell for tandem in running for tell in _tandem(desk, member, tandem)]
    return [*found, *_search(desk, member, bool(running))]


def _search(desk: Desk, member: Member, paired: bool) -> list[Tell]:
    """Whether somebody is looked for: for a first tandem, or for one more."""
    if member.paused_until or places.free(desk, member) < 1:
        return []
    card = members.SEEKING if member.standing is Standing.SEEKING else members.RESTING
    return [Tell(member.id, card, {"more": paired})]


def _proposal(desk: Desk, member: Member, proposal: Proposal) -> list[Tell]:
    if member.id in proposal.accepted:
        about = {**proposal.about[member.id], "expires_at": proposal.expires_at}
        mine = [Tell(member.id, proposals.WAITING, about, proposal.subject)]
    else:
        mine = [tell for tell in proposals.propose(proposal) if tell.member == member.id]
    return [*mine, *inquiring.waiting(desk, proposal, member)]


def _tandem(desk: Desk, member: Member, tandem: Tandem) -> list[Tell]:
    if tandem.state is tandems.State.PAUSED:
        return [tandems.tell(tandem, member.id, tandems.PAUSED)]
    if tandem.state is tandems.State.CONTACTS:
        return [_contacts(desk, tandem, member)]
    session = appointments.open_session(desk.connection, tandem.id)
    waiting = knowing.standing(desk, tandem, member, session)
    meets = [waiting] if waiting else _meets(desk, tandem, member)
    agreed = agreeing.status(desk, tandem, member) if tandem.state in agreeing.OPEN else []
    seen = [shown(desk, tandem, member)] if chosen(tandem, member) else []
    asked = releasing.standing(desk, tandem, member)
    return [*asked, *meets, *agreed, *_ways(desk, tandem, member), *seen]


def _ways(desk: Desk, tandem: Tandem, member: Member) -> list[Tell]:
    """To the others of the tandem, as each of them chose."""
    others = (desk.member(number) for number in tandem.others(member.id))
    return [told for other in others for told in reach(desk, tandem, other, member)]


def _meets(desk: Desk, tandem: Tandem, member: Member) -> list[Tell]:
    """The next session, and whatever is planned or wished for beside the series."""
    found = appointments.open_sessions(desk.connection, tandem.id)
    shown = [s for s in found if not s.extra or s.planned or s.wish]
    return [told for s in shown for told in _overview(desk, tandem, s, member)]


def _overview(desk: Desk, tandem: Tandem, session: Session, member: Member) -> list[Tell]:
    coming = sessions.to_come(session, desk.now)
    found = guiding.fitting(tandem, [sessions.overview(coming, member.id)])
    return spoken(desk, coming, found)


def _contacts(desk: Desk, tandem: Tandem, member: Member) -> Tell:
    if member.id in tandem.contacts:
        return shown(desk, tandem, member, contacts.NOTED)
    return choice(desk, tandem, member)
