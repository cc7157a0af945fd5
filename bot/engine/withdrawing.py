"""Taking part no longer: with the consent goes what it was given for."""

from dataclasses import replace

from bot.domain import proposals, tandems
from bot.domain.members import Member, Standing
from bot.engine import partnering, proposing, rounds
from bot.engine.desk import Desk
from bot.store import pairs, people, suggestions


def withdraw(desk: Desk, member: Member) -> None:
    """Consent is gone: so is the profile, and whatever it was used for comes to an end."""
    for tandem in pairs.running_tandems(desk.connection, member.id):
        partnering.on_tandem(desk, tandem, tandems.End(member.id))
    _step_back(desk, member)


def _step_back(desk: Desk, member: Member) -> None:
    """The profile goes, and open proposals with it, in words that read like any release."""
    proposed = suggestions.open_proposals(desk.connection, member.id)
    known = replace(desk.member(member.id), profile=None, since=None, paused_until=None)
    nobody = desk.save(replace(known, standing=Standing.NEW))
    people.close_all(desk.connection, member.id)
    rounds.forget(desk, member)
    desk.forget_plans(f"member:{nobody.id}")
    for proposal in proposed:
        proposing.on_proposal(desk, proposal, proposals.Withdraw(member.id))
