"""Deleting somebody's data: what is theirs goes, what belongs to others as well stays nameless."""

from typing import Any

from bot.conversation.cards import Tell
from bot.domain import data, proposals, tandems
from bot.domain.members import Address, Member
from bot.engine import consenting, leaving, partnering, proposing, sharing
from bot.engine.desk import LAST_WORDS, Desk
from bot.store import accounts, cases, forgetting, gone, pairs, shares, suggestions
from bot.store.holding import need_everybody
from bot.store.outbox import Parcel


def erase(desk: Desk, member: Member, knew_by: Tell | None = None) -> None:
    """Everything goes in this transaction. The last word is said to an address kept nowhere.

    ``knew_by``: in which words they read of it, if they were not asked.
    """
    need_everybody(desk.connection)  # before anything is noted that no rollback takes back
    desk.erased = True
    words = desk.worded(knew_by or Tell(member.id, data.CONFIRM), member).text
    consenting.record(desk, member, "tandem", given=False, words=words)
    cleared = member.address.platform in desk.house.screens
    goodbye = desk.worded(Tell(member.id, data.ERASED, {"cleared": cleared}), member)
    _leave_groups(desk, member)
    shared = pairs.subjects_of(desk.connection, member.id)
    told, named = cases.subjects_of(desk.connection, member.id)
    shown = shares.of(desk.connection, member.id)
    desk.unsay((one.subject for one in shown), apart_from={member.id})
    sharing.take_back(desk, shown)
    for reader in cases.open_about(desk.connection, member.id):
        sharing.settled(desk, reader)
    asked = [f"report:{other}" for other in forgetting.acquaintances(desk.connection, member.id)]
    desk.unsay([*shared, *told, *asked], apart_from={member.id})
    for subject in shared:
        desk.forget_plans(subject)
    _part(desk, member)
    subjects = [*shared, *told, *named, *asked, *(one.subject for one in shown)]
    known = accounts.all_of(desk.connection, member.id)
    reached = [address for address, reachable in known if reachable]
    gone.note(desk.connection, desk.house.gone, [address for address, _ in known], desk.now)
    forgetting.forget(desk.connection, member.id, subjects)
    desk.touched.discard(member.id)
    for address in reached:
        if address.platform in desk.house.screens:
            _last(desk, address, address.chat, "clear")
        if address.platform in desk.house.homes:
            _last(desk, address, f"home:{address.user}", "home")
    if member.address in reached:
        said = {"text": str(goodbye.text), "rows": []}
        _last(desk, member.address, member.address.chat, "send", said)


def _last(
    desk: Desk, address: Address, chat: str, method: str, body: dict[str, Any] | None = None
) -> None:
    """To somebody who is no member any more."""
    there = address.platform, address.account, chat
    desk.post(Parcel(desk.next_key(), *there, method, body or {}, subject=LAST_WORDS))


def _leave_groups(desk: Desk, member: Member) -> None:
    """They go on, and lose nothing but the name."""
    for tandem in pairs.running_tandems(desk.connection, member.id):
        if tandem.goes_on:
            partnering.on_tandem(desk, tandem, tandems.Leave(member.id))
    leaving.forget_words(desk, member)


def _part(desk: Desk, member: Member) -> None:
    """Running tandems end, open proposals are given back; the others read it without a name."""
    proposed = suggestions.open_proposals(desk.connection, member.id)
    for tandem in pairs.running_tandems(desk.connection, member.id):
        partnering.on_tandem(desk, tandem, tandems.Leave(member.id))
    for proposal in proposed:
        proposing.on_proposal(desk, proposal, proposals.Leave(member.id))
