"""One question on a proposal and its way back; and why somebody said no, for themselves alone."""

from bot.conversation.answers import Answer
from bot.conversation.cards import Tell
from bot.domain import members, proposals, reasons
from bot.domain.members import Member
from bot.domain.proposals import Ask, Decline, KeepBack, Proposal, Reply, State
from bot.domain.reasons import CHANGED_IN_PROFILE, NONE, Reason
from bot.engine import proposing
from bot.engine.desk import Desk
from bot.store import blocks, inquiries, suggestions


def asking(desk: Desk, member: Member, form: str, subject: str) -> dict[str, Answer] | None:
    """What the form is about; None where there is nothing to say any more."""
    number, asker = _read(subject)
    proposal = suggestions.get_proposal(desk.connection, number)
    if form == "reason":
        known = inquiries.get_reason(desk.connection, number, member.id)
        return {} if known is not None and not known.code else None
    if proposal.state is not State.OPEN or member.id not in proposal.members:
        return None
    if form == "question":
        partner = str(proposal.about[member.id]["partner"])
        return None if member.id in proposal.asked else {"partner": partner}
    open_still = asker in proposals.unanswered(proposal, member.id)
    return {"partner": desk.member(asker).first_name} if open_still else None


def ask(desk: Desk, member: Member, number: int, said: dict[str, Answer]) -> None:
    """A question to all the others; not to whom somebody must not meet."""
    proposal = suggestions.get_proposal(desk.connection, number)
    apart = set(blocks.of(desk.connection, member.id))
    to = frozenset(m for m in proposal.members if m != member.id and m not in apart)
    text, sent = str(said["question"]), said["send"] == "yes"
    event = Ask(member.id, member.first_name, text, to) if sent else KeepBack(member.id)
    proposing.on_proposal(desk, proposal, event)


def reply(desk: Desk, member: Member, subject: str, said: dict[str, Answer]) -> None:
    number, asker = _read(subject)
    proposal = suggestions.get_proposal(desk.connection, number)
    text, sent = str(said["reply"]), said["send"] == "yes"
    event = Reply(member.id, member.first_name, text, asker) if sent else KeepBack(member.id)
    proposing.on_proposal(desk, proposal, event)


def waiting(desk: Desk, proposal: Proposal, member: Member) -> list[Tell]:
    """The questions a member has not answered yet."""
    apart = set(blocks.of(desk.connection, member.id))
    return [
        proposals.question(proposal, member.id, asker, desk.member(asker).first_name)
        for asker in proposals.unanswered(proposal, member.id)
        if asker not in apart
    ]


def remember(desk: Desk, proposal: Proposal, event: proposals.Event) -> None:
    """Before a proposal is forgotten: which wishes of whoever says no it was made for."""
    match event:
        case Decline(by) if proposal.state is State.OPEN:
            gets = proposal.about.get(by, {}).get("gets", ())
            assert isinstance(gets, list | tuple), "a list of topics"
            topics = tuple(map(str, gets))
            inquiries.keep_reason(desk.connection, Reason(proposal.id, by, desk.now, topics))
        case _:
            return


def explain(desk: Desk, member: Member, number: int, code: str) -> None:
    """Keeps a reason, and says what it does."""
    known = inquiries.get_reason(desk.connection, number, member.id)
    if known is None or known.code:
        desk.tell([Tell(member.id, members.STALE)])
    elif code == NONE:
        inquiries.drop_reason(desk.connection, number, member.id)
        desk.tell([Tell(member.id, reasons.UNSAID)])
    else:
        told = Reason(number, member.id, desk.now, known.topics, code)
        inquiries.keep_reason(desk.connection, told)
        without = frozenset[str]() if code in CHANGED_IN_PROFILE else frozenset({"profile"})
        about = {"code": code, "topics": list(known.topics)}
        desk.tell([Tell(member.id, reasons.NOTED, about, without=without)])


def _read(subject: str) -> tuple[int, int]:
    """The proposal, and whose question it is, if it is one."""
    _, number, *asker = subject.split(":")
    return int(number), int(asker[0]) if asker else 0
