"""A proposal: a suggested tandem that each member answers alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.conversation.cards import Act, Card, Opens, Tell, Where

PATIENCE = timedelta(days=7)
"""How long a proposal waits for answers, unless the operator says otherwise."""

ANSWERS = (Act("accept"), Opens("ask", "question", Where.CHAT), Act("decline"))
"""A question is typed in the chat everywhere: what it will look like is shown before it goes."""
PROPOSED = Card("proposal", "proposed", ANSWERS)
WAITING = Card("proposal", "waiting")
DECLINED = Card("proposal", "declined", (Opens("why", "reason"),))
RELEASED = Card("proposal", "released")
EXPIRED = Card("proposal", "expired")
REMINDED = Card("proposal", "reminded", ANSWERS)
LEFT = Card("proposal", "left")
WITHDRAWN = Card("proposal", "withdrawn")
FULL = Card("proposal", "full")
OVER = Card("proposal", "over")
ASKED = Card("proposal", "asked", ANSWERS)
ASKED_BY = Card("proposal", "asked_by", (Opens("reply", "reply", Where.CHAT), *ANSWERS))
REPLIED = Card("proposal", "replied", ANSWERS)
REPLIED_BY = Card("proposal", "replied_by", ANSWERS)
KEPT_BACK = Card("proposal", "kept_back", ANSWERS)
ONCE = Card("proposal", "once", ANSWERS)
UNSENT = Card("proposal", "unsent")

CARDS = (
    PROPOSED,
    WAITING,
    DECLINED,
    RELEASED,
    EXPIRED,
    REMINDED,
    LEFT,
    WITHDRAWN,
    FULL,
    OVER,
    ASKED,
    ASKED_BY,
    REPLIED,
    REPLIED_BY,
    KEPT_BACK,
    ONCE,
    UNSENT,
)


class State(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Proposal:
    id: int
    members: tuple[int, ...]
    made_at: datetime
    expires_at: datetime
    about: Mapping[int, Mapping[str, object]]
    """What each one's card says of the others: names, topics, reasons. No contact data.

    Forgotten once the proposal came to nothing.
    """
    state: State = State.OPEN
    accepted: frozenset[int] = frozenset()
    asked: Mapping[int, str] = field(default_factory=dict)
    """Each one's question to the others, by who asked it; forgotten once the proposal is over."""
    replied: frozenset[tuple[int, int]] = frozenset()
    """Whose question was answered by whom."""

    @property
    def subject(self) -> str:
        return f"proposal:{self.id}"

    def question(self, asker: int) -> str:
        """The subject of one member's question."""
        return f"{self.subject}:{asker}"


@dataclass(frozen=True, slots=True)
class Accept:
    by: int


@dataclass(frozen=True, slots=True)
class Decline:
    by: int


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A member left altogether, which the others read as any other release."""

    by: int


@dataclass(frozen=True, slots=True)
class Full:
    """A member said yes elsewhere, and has no room for this one any more."""

    by: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the others, who are ``to``. ``name``: of who asks, as the others read it."""

    by: int
    name: str
    text: str
    to: frozenset[int]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to the question of ``to``."""

    by: int
    name: str
    text: str
    to: int


@dataclass(frozen=True, slots=True)
class KeepBack:
    """A question or an answer was written and is not sent after all."""

    by: int


@dataclass(frozen=True, slots=True)
class Leave:
    """A member's data are deleted: nothing is said of them by name any more."""

    by: int


@dataclass(frozen=True, slots=True)
class Halfway:
    """Half of the time to answer is over for somebody."""

    to: int


@dataclass(frozen=True, slots=True)
class Expire:
    """Nobody waits any longer."""


Talk: TypeAlias = Ask | Reply | KeepBack
Event: TypeAlias = Accept | Decline | Withdraw | Full | Talk | Leave | Halfway | Expire
Decision: TypeAlias = tuple[Proposal, list[Tell]]


def propose(proposal: Proposal) -> list[Tell]:
    return [_tell(proposal, member, PROPOSED) for member in proposal.members]


def decide(proposal: Proposal, event: Event) -> Decision:
    """What an event means. Who declines is never told; "not answered" and "no" read alike."""
    match proposal.state, event:
        case State.OPEN, Accept(by) if proposal.accepted | {by} == set(proposal.members):
            everyone = frozenset(proposal.members)
            return replace(proposal, state=State.ACCEPTED, accepted=everyone), []
        case State.OPEN, Accept(by):
            accepted = replace(proposal, accepted=proposal.accepted | {by})
            return accepted, [_tell(proposal, by, WAITING)]
        case State.OPEN, Decline(by):
            told = [_tell(proposal, by, DECLINED), *_others(proposal, by)]
            return replace(proposal, state=State.DECLINED), told
        case State.OPEN, Withdraw(by):
            return replace(proposal, state=State.DECLINED), _others(proposal, by)
        case State.OPEN, Full(by):
            told = [_tell(proposal, by, FULL), *_others(proposal, by)]
            return replace(proposal, state=State.DECLINED), told
        case State.OPEN, Ask() | Reply() | KeepBack():
            return _talk(proposal, event)
        case State.OPEN, Leave(by):
            told = [_tell(proposal, m, LEFT) for m in proposal.members if m != by]
            return replace(proposal, state=State.DECLINED), told
        case State.OPEN, Halfway(to) if to not in proposal.accepted:
            return proposal, [_tell(proposal, to, REMINDED)]
        case State.OPEN, Expire():
            told = [
                _tell(proposal, member, RELEASED if member in proposal.accepted else EXPIRED)
                for member in proposal.members
            ]
            return replace(proposal, state=State.EXPIRED), told
        case _, Halfway() | Expire() | Withdraw() | Full() | Leave():
            return proposal, []
        case _, Ask(by) | Reply(by):
            return proposal, [_tell(proposal, by, UNSENT)]
        case _, KeepBack(by):
            return proposal, [_tell(proposal, by, OVER)]
        case _, Accept(by) | Decline(by):
            return proposal, [_tell(proposal, by, OVER)]


def _others(proposal: Proposal, by: int) -> list[Tell]:
    """One of them is out, whatever the reason was: the others read the same words each time."""
    return [
        _tell(proposal, m, RELEASED if m in proposal.accepted else WITHDRAWN)
        for m in proposal.members
        if m != by
    ]


def _talk(proposal: Proposal, event: Talk) -> Decision:
    """A question goes over once and comes back once. It is no answer to the proposal."""
    match event:
        case Ask(by) if by in proposal.asked:
            return proposal, [_tell(proposal, by, ONCE)]
        case Ask(by, name, text, to):
            asked = replace(proposal, asked={**proposal.asked, by: text})
            return asked, [_tell(asked, by, ASKED), *(question(asked, m, by, name) for m in to)]
        case Reply(by, to=to) if to not in proposal.asked or (to, by) in proposal.replied:
            return proposal, [_tell(proposal, by, ONCE)]
        case Reply(by, name, text, to):
            replied = replace(proposal, replied=proposal.replied | {(to, by)})
            said = {"by": name, "question": proposal.asked[to], "reply": text}
            back = _tell(replied, to, REPLIED_BY, said)
            return replied, [_tell(replied, by, REPLIED), back]
        case KeepBack(by):
            return proposal, [_tell(proposal, by, KEPT_BACK)]


def question(proposal: Proposal, member: int, asker: int, name: str) -> Tell:
    """What somebody wants to know of a member, with all they can do about it."""
    said = {"by": name, "question": proposal.asked[asker]}
    told = _tell(proposal, member, ASKED_BY, said)
    return replace(told, subject=proposal.question(asker))


def unanswered(proposal: Proposal, member: int) -> Iterable[int]:
    """Whose questions wait for a member's answer."""
    return (m for m in proposal.asked if m != member and (m, member) not in proposal.replied)


def released(proposal: Proposal) -> bool:
    """Whether a proposal came to nothing, so that its members are looked for again."""
    return proposal.state in {State.DECLINED, State.EXPIRED}


def _tell(
    proposal: Proposal, member: int, card: Card, said: Mapping[str, object] | None = None
) -> Tell:
    """Without buttons for what somebody did already. ``next_look`` is for the engine to know."""
    known = {"expires_at": proposal.expires_at, "next_look": None}
    about = {**proposal.about.get(member, {}), **known, **(said or {})}
    without = {"accept", "decline"} if member in proposal.accepted else set[str]()
    without |= {"ask"} if member in proposal.asked else set()
    return Tell(member, card, about, proposal.subject, without=frozenset(without))
