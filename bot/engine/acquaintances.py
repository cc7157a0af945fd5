"""Whom somebody got to know through the bot, by name."""

from collections import Counter

from bot.domain import tandems
from bot.domain.members import Member
from bot.domain.proposals import Proposal
from bot.domain.tandems import Tandem
from bot.engine import places
from bot.engine.desk import Desk
from bot.store import pairs, suggestions


def acquaintances(desk: Desk, member: Member) -> dict[int, str]:
    """Whom a member got to know by name: from tandems, and from open proposals."""
    known: list[Proposal | Tandem] = [
        *pairs.tandems_of(desk.connection, member.id),
        *suggestions.open_proposals(desk.connection, member.id),
    ]
    met = {
        other: _name(desk, thing, member, other)
        for thing in known
        for other in thing.members
        if other != member.id and thing.about.get(member.id, {}).get("partner")
    }
    names = Counter(met.values())
    apart = places.names(desk, met)
    return {other: apart[other] if names[n] > 1 else n for other, n in met.items() if n}


def _name(desk: Desk, thing: Proposal | Tandem, member: Member, other: int) -> str:
    """As it was read; of several each by themselves."""
    if len(thing.members) == tandems.PAIR:
        return str(thing.about[member.id]["partner"])
    return places.names(desk, thing.members)[other]
