"""Proposals: who was suggested to whom, and what each said."""

from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from bot.domain.proposals import Proposal, released
from bot.domain.proposals import State as ProposalState
from bot.store import inquiries
from bot.store.database import inserted
from bot.store.holding import need
from bot.store.tables import proposal, proposal_member


def add_proposal(connection: Connection, new: Proposal) -> Proposal:
    values = {
        "state": new.state.value,
        "about": new.about,
        "made_at": new.made_at,
        "expires_at": new.expires_at,
    }
    number = inserted(connection, proposal, values)
    rows = [{"proposal": number, "member": m, "accepted": False} for m in new.members]
    connection.execute(insert(proposal_member), rows)
    return replace(new, id=number)


def get_proposal(connection: Connection, number: int) -> Proposal:
    row = connection.execute(select(proposal).where(proposal.c.id == number)).one()
    members = connection.execute(
        select(proposal_member)
        .where(proposal_member.c.proposal == number)
        .order_by(proposal_member.c.member)
    ).all()
    need(connection, (m.member for m in members))
    return Proposal(
        id=number,
        members=tuple(m.member for m in members),
        made_at=row.made_at,
        expires_at=row.expires_at,
        about=row.about,
        state=ProposalState(row.state),
        accepted=frozenset(m.member for m in members if m.accepted),
        asked=inquiries.asked(connection, number),
        replied=inquiries.replied(connection, number),
    )


def save_proposal(connection: Connection, known: Proposal) -> None:
    about = {} if released(known) else known.about
    values = {"state": known.state.value, "about": about}
    connection.execute(update(proposal).where(proposal.c.id == known.id).values(**values))
    inquiries.save(connection, known)
    for number in known.members:
        connection.execute(
            update(proposal_member)
            .where(proposal_member.c.proposal == known.id, proposal_member.c.member == number)
            .values(accepted=number in known.accepted)
        )


def open_proposals(connection: Connection, number: int) -> list[Proposal]:
    """The proposals a member has to answer, the first one first."""
    rows = connection.execute(
        select(proposal.c.id)
        .join(proposal_member, proposal_member.c.proposal == proposal.c.id)
        .where(proposal_member.c.member == number, proposal.c.state == ProposalState.OPEN)
        .order_by(proposal.c.id)
    )
    return [get_proposal(connection, found) for found in rows.scalars().all()]
