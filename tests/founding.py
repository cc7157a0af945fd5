"""A tandem of a test's choice, introduced already, as it is before its members agree."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from bot.conversation.wording import Wording
from bot.domain.members import Address, Member, Standing, called
from bot.domain.proposals import State as Accepted
from bot.domain.sessions import Session
from bot.domain.tandems import Contact, State, Tandem
from bot.store import appointments, dues, pairs, people, suggestions


def found(store: Database, users: Sequence[Address], now: datetime) -> int:
    """The number of the new tandem; its next session has no time yet."""
    with store.begin() as connection:
        known = [people.by_address(connection, user) for user in users]
        members = sorted((m for m in known if m is not None), key=lambda m: m.id)
        about = {member.id: _about(member, members) for member in members}
        contacts = {m.id: Contact("username", m.username or "x") for m in members}
        numbers = tuple(about)
        new = Tandem(0, numbers, "weekly", members[0].zone, now, about, State.ACTIVE)
        tandem = pairs.add_tandem(
            connection, replace(new, contacts=contacts), _places(connection, members)
        )
        pairs.save_tandem(connection, replace(tandem, contacts=contacts))
        appointments.add_session(
            connection, Session(0, tandem.id, 1, numbers, members[0].zone, tandem.about)
        )
        for member in members:
            _close_proposal(connection, member)
            people.save(connection, replace(member, standing=Standing.RESTING, since=None))
        return tandem.id


def _places(connection: Connection, members: Sequence[Member]) -> dict[int, int]:
    return {m.id: max(pairs.places(connection, m.id), default=0) + 1 for m in members}


def _about(member: Member, members: Sequence[Member]) -> dict[str, object]:
    known = called(members)
    names = [known[other.id] for other in members if other.id != member.id]
    partner = Wording("common", member.language).label("listed", items=names)
    return {"partner": partner, "many": len(names) > 1}


def _close_proposal(connection: Connection, member: Member) -> None:
    for proposal in suggestions.open_proposals(connection, member.id):
        suggestions.save_proposal(connection, replace(proposal, state=Accepted.ACCEPTED))
        dues.plan(connection, proposal.subject, ())
