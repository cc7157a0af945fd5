"""What was suggested to somebody, as far as it was shown to them."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection

from bot.domain import proposals
from bot.domain.members import Member
from bot.engine.exported.parts import Part, one_of
from bot.store import copies, inquiries, suggestions

TOPICS_SHOWN = 8
"""So many of each list of topics a proposal shows at most."""


class Outcome(StrEnum):
    """A proposal that came to nothing reads the same whoever said no, or nothing at all."""

    OPEN = "open"
    ACCEPTED = "accepted"
    OVER = "over"


OUTCOMES = {
    proposals.State.OPEN: Outcome.OPEN,
    proposals.State.ACCEPTED: Outcome.ACCEPTED,
    proposals.State.DECLINED: Outcome.OVER,
    proposals.State.EXPIRED: Outcome.OVER,
}


class Shown(Part):
    """What a proposal shows of the other. Their other data are theirs."""

    name: str = Field(description="First name")
    offers: list[str] = Field(description="Topics they offer, as far as shown")
    seeks: list[str] = Field(description="Topics they seek, as far as shown")
    goal: str = Field(description="Their goal")
    rhythm: str = Field(description="weekly or biweekly")
    gets: list[str] = Field(description="Which of their topics the member seeks")
    gives: list[str] = Field(description="Which of the member's topics they seek")
    shared: list[str] = Field(description="What else they have in common, as far as shown")
    languages: list[str] = Field(description="Languages both can talk in")
    hours: int = Field(description="Hours a week in which both have time")


class Proposal(Part):
    """A suggested tandem. What the other answered is not part of it."""

    made_at: AwareDatetime = Field(description="When it was made")
    open_until: AwareDatetime = Field(description="Until when it could be answered")
    state: Annotated[Outcome, one_of(Outcome)] = Field(
        description="open; accepted: it became a tandem; over: it came to nothing"
    )
    accepted: bool = Field(description="Whether the member said yes; only a yes is kept")
    question: str | None = Field(
        description="What the member asked the others; null once the proposal is over"
    )
    reason: str | None = Field(
        description="Why the member said no, for themselves alone: times, topics, format, known; "
        "null if they did not say, and once it is forgotten"
    )
    wishes: list[str] = Field(
        description="Which of the member's wishes brought it, kept for a while after their no; "
        "if the reason is topics, they count half"
    )
    shown: Shown | None = Field(
        description="What it shows of the other; null once that is deleted, "
        "as it is when a proposal came to nothing or somebody is gone"
    )


def proposals_of(connection: Connection, member: Member) -> Iterator[Proposal]:
    for number in copies.proposals(connection, member.id):
        proposal = suggestions.get_proposal(connection, number)
        told = inquiries.get_reason(connection, number, member.id)
        yield Proposal(
            made_at=proposal.made_at,
            open_until=proposal.expires_at,
            state=OUTCOMES[proposal.state],
            accepted=member.id in proposal.accepted,
            question=proposal.asked.get(member.id),
            reason=(told.code or None) if told else None,
            wishes=list(told.topics) if told else [],
            shown=_shown(proposal.about.get(member.id, {})),
        )


def _shown(about: Mapping[str, object]) -> Shown | None:
    if not about.get("partner"):
        return None
    told = {name: about[name] for name in Shown.model_fields if name in about}
    unsaid: dict[str, list[str]] = {"shared": [], "languages": []}
    shown = Shown.model_validate({**unsaid, **told, "name": about["partner"]})
    topics = {"offers": shown.offers[:TOPICS_SHOWN], "seeks": shown.seeks[:TOPICS_SHOWN]}
    return shown.model_copy(update=topics)
