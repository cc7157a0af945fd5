"""A proposal: a suggested tandem that each member answers alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.conversation.cards import Act, Card, Tell

PATIENCE = timedelta(days=7)

PROPOSED = Card("proposal", "proposed", (Act("accept"), Act("decline")))
WAITING = Card("proposal", "waiting")
DECLINED = Card("proposal", "declined")
RELEASED = Card("proposal", "released")
EXPIRED = Card("proposal", "expired")
REMINDED = Card("proposal", "reminded", PROPOSED.actions)
LEFT = Card("proposal", "left")
OVER = Card("proposal", "over")

CARDS = (PROPOSED, WAITING, DECLINED, RELEASED, EXPIRED, REMINDED, LEFT, OVER)


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

    @property
    def subject(self) -> str:
        return f"proposal:{self.id}"


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


Event: TypeAlias = Accept | Decline | Withdraw | Leave | Halfway | Expire
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
            told = [_tell(proposal, m, RELEASED) for m in proposal.accepted - {by}]
            mine = _tell(proposal, by, DECLINED)
            return replace(proposal, state=State.DECLINED), [mine, *told]
        case State.OPEN, Withdraw(by):
            told = [_tell(proposal, m, RELEASED) for m in proposal.accepted - {by}]
            return replace(proposal, state=State.DECLINED), told
        case State.OPEN, Leave(by):
            told = [_tell(proposal, m, LEFT) for m in proposal.accepted - {by}]
            return replace(proposal, state=State.DECLINED), told
        case State.OPEN, Halfway(to) if to not in proposal.accepted:
            return proposal, [_tell(proposal, to, REMINDED)]
        case State.OPEN, Expire():
            told = [
                _tell(proposal, member, RELEASED if member in proposal.accepted else EXPIRED)
                for member in proposal.members
            ]
            return replace(proposal, state=State.EXPIRED), told
        case _, Halfway() | Expire() | Withdraw() | Leave():
            return proposal, []
        case _, Accept(by) | Decline(by):
            return proposal, [_tell(proposal, by, OVER)]


def released(proposal: Proposal) -> bool:
    """Whether a proposal came to nothing, so that its members are looked for again."""
    return proposal.state in {State.DECLINED, State.EXPIRED}


def _tell(proposal: Proposal, member: int, card: Card) -> Tell:
    about = {**proposal.about.get(member, {}), "expires_at": proposal.expires_at}
    return Tell(member, card, about, proposal.subject)
