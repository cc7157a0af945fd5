"""A proposal for people of a test's choice, as a round would make it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine as Database

from bot.conversation.wording import Wording
from bot.domain.members import Address, Member
from bot.domain.proposals import PATIENCE, Proposal, propose
from bot.engine.desk import Desk
from bot.engine.house import House
from bot.store import pairs, people


def suggest(store: Database, house: House, users: Sequence[Address], now: datetime) -> None:
    with store.begin() as connection:
        found = [people.by_address(connection, user) for user in users]
        members = [member for member in found if member is not None]
        about = {member.id: _about(member, members) for member in members}
        new = Proposal(0, tuple(sorted(about)), now, now + PATIENCE, about)
        proposal = pairs.add_proposal(connection, new)
        desk = Desk(connection, now, f"suggested:{proposal.id}", house)
        desk.replan(proposal.subject, proposal, members)
        desk.tell(propose(proposal))


def _about(member: Member, members: list[Member]) -> dict[str, object]:
    """What a proposal shows somebody of the others."""
    others = [other for other in members if other.id != member.id]
    profiles = [other.profile for other in others if other.profile]
    names = [other.first_name for other in others]
    mine = member.profile
    assert mine is not None
    return {
        "partner": Wording("common", member.language).label("listed", items=names),
        "many": len(others) > 1,
        "offers": [topic for profile in profiles for topic in profile.offers],
        "seeks": [topic for profile in profiles for topic in profile.seeks],
        "goal": profiles[0].goal,
        "rhythm": profiles[0].rhythm,
        "gets": [t for t in mine.seeks if any(t in profile.offers for profile in profiles)],
        "gives": [t for t in mine.offers if any(t in profile.seeks for profile in profiles)],
        "shared": [],
        "hours": 2,
    }
