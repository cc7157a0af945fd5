"""Where a member stands: what waits for them, what they can do now, what is known of them."""

from bot.conversation.cards import Tell
from bot.conversation.talk import Conversation
from bot.domain import consents, contacts, members, pauses, proposals, sessions, tandems
from bot.domain.members import Member, Standing
from bot.engine import agreeing, guiding, questions
from bot.engine.contacting import choice, chosen, shown
from bot.engine.desk import Desk
from bot.engine.meeting import spoken
from bot.store import accounts, diaries, pairs, people


def tells(desk: Desk, member: Member) -> list[Tell]:
    """The one card that says where somebody is, and an open question before it."""
    talk = questions.current(desk, member)
    waiting = []
    if talk is not None and not _has_a_card(talk, member):
        about = {"number": questions.number(talk)}
        waiting.append(Tell(member.id, members.RESUME, about))
    if member.paused_until and member.standing is Standing.SEEKING:
        return [*waiting, _paused(member)]
    paused = [_paused(member)] if member.paused_until else []
    return [*waiting, *paused, *_standing(desk, member, bool(waiting))]


def _has_a_card(talk: Conversation, member: Member) -> bool:
    """Whether the way back to a question stands elsewhere."""
    return talk.form == "agreement" or (talk.form == "onboarding" and member.profile is not None)


def help_for(desk: Desk, member: Member) -> Tell:
    """Only what makes sense now has a button."""
    tandem = pairs.running_tandem(desk.connection, member.id)
    without = {"session"} if tandem is None else set()
    without |= {"pause"} if member.paused_until else {"resume"}
    if member.standing is Standing.NEW:
        without |= {"tandem", "pause"}
    about = {"joined": member.standing is not Standing.NEW, "paired": tandem is not None}
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


def _paused(member: Member) -> Tell:
    return Tell(member.id, pauses.BEGUN, {"until": member.paused_until})


def _standing(desk: Desk, member: Member, asked: bool) -> list[Tell]:
    match member.standing:
        case Standing.NEW:
            return [] if asked else [Tell(member.id, members.WELCOME)]
        case Standing.SEEKING:
            return [Tell(member.id, members.SEEKING)]
        case Standing.RESTING:
            return [Tell(member.id, members.RESTING)]
        case Standing.PROPOSED:
            return _proposal(desk, member)
        case Standing.PAIRED:
            return _tandem(desk, member)
        case Standing.GONE:
            return []


def _proposal(desk: Desk, member: Member) -> list[Tell]:
    proposal = pairs.open_proposal(desk.connection, member.id)
    if proposal is None:
        return []
    if member.id in proposal.accepted:
        about = {**proposal.about[member.id], "expires_at": proposal.expires_at}
        return [Tell(member.id, proposals.WAITING, about, proposal.subject)]
    return [tell for tell in proposals.propose(proposal) if tell.member == member.id]


def _tandem(desk: Desk, member: Member) -> list[Tell]:
    tandem = pairs.running_tandem(desk.connection, member.id)
    if tandem is None:
        return []
    if tandem.state is tandems.State.PAUSED:
        return [tandems.tell(tandem, member.id, tandems.PAUSED)]
    if tandem.state is tandems.State.CONTACTS:
        return [_contacts(desk, tandem, member)]
    session = pairs.open_session(desk.connection, tandem.id)
    found = [sessions.overview(session, member.id)] if session else []
    meets = spoken(desk, session, guiding.fitting(tandem, found)) if session else []
    agreed = agreeing.status(desk, tandem, member) if tandem.state in agreeing.OPEN else []
    seen = [shown(desk, tandem, member)] if chosen(tandem, member) else []
    return [*meets, *agreed, *seen]


def _contacts(desk: Desk, tandem: tandems.Tandem, member: Member) -> Tell:
    if member.id in tandem.contacts:
        return shown(desk, tandem, member, contacts.NOTED)
    return choice(desk, tandem, member)
