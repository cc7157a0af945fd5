"""A proposal for people of a test's choice, worded as a round would word it, even where they have
no language in common."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine as Database

from bot.domain.members import Address
from bot.domain.proposals import PATIENCE, Proposal, propose
from bot.engine.describing import described
from bot.engine.desk import Desk
from bot.engine.house import House
from bot.engine.rounds import person
from bot.matching.explaining import explained
from bot.matching.meaning import meaning
from bot.matching.people import Request
from bot.matching.pool import compiled
from bot.store import people, suggestions


def suggest(store: Database, house: House, users: Sequence[Address], now: datetime) -> None:
    with store.begin() as connection:
        found = [people.by_address(connection, user) for user in users]
        members = sorted((member for member in found if member), key=lambda member: member.id)
        desk = Desk(connection, now, f"suggested:{now}", house)
        known = [replace(person(desk, m, 0), languages=(), group="any") for m in members]
        asked = Request(now, tuple(known))
        [match] = explained(compiled(asked, meaning), [range(len(members))])
        about = {member.id: described(desk, member, members, match) for member in members}
        new = Proposal(0, tuple(about), now, now + PATIENCE, about)
        proposal = suggestions.add_proposal(connection, new)
        desk.replan(proposal.subject, proposal, members)
        desk.tell(propose(proposal))
