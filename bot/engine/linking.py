"""Linking: one member, several accounts. A code shown on one is typed on the other, once."""

from bot.conversation.cards import Tell
from bot.domain import accounts as cards
from bot.domain.members import Address, Member, Standing
from bot.engine.desk import Desk
from bot.store import accounts, diaries, forgetting, pairs


def link(desk: Desk, member: Member, typed: str) -> None:
    """Without a code, one is made; with one, this account joins the member it was made for."""
    if not typed:
        desk.tell([overview(desk, member)])
        return
    other = accounts.redeem(desk.connection, "".join(typed.split()), desk.now)
    if other is None:
        desk.tell([Tell(member.id, cards.UNKNOWN_CODE)])
    elif other == member.id or _has_something_to_lose(desk, member):
        desk.tell([Tell(member.id, cards.OTHER_PROFILE)])
    else:
        _join(desk, member, other)


def _has_something_to_lose(desk: Desk, member: Member) -> bool:
    """A profile, or what is left after stepping back: none of it goes by a code."""
    if member.standing is not Standing.NEW or pairs.tandems_of(desk.connection, member.id):
        return True
    return bool(diaries.entries(desk.connection, member.id))


def _join(desk: Desk, newcomer: Member, number: int) -> None:
    """Who was only at the door here is the other member from now on."""
    here = newcomer.address
    accounts.hand_over(desk.connection, here, number)
    forgetting.forget(desk.connection, newcomer.id, [])
    desk.touched.discard(newcomer.id)
    desk.here = number, here
    desk.tell([Tell(number, cards.LINKED, {"platform": here.platform})])


def overview(desk: Desk, member: Member) -> Tell:
    """Where somebody is known, where messages go, and a fresh code for one more."""
    known = [address for address, _ in accounts.all_of(desk.connection, member.id)]
    return Tell(
        member.id,
        cards.OVERVIEW,
        {
            "platforms": [address.platform for address in known],
            "preferred": accounts.preferred(desk.connection, member.id).platform,
            "code": accounts.issue_code(desk.connection, member.id, desk.now),
        },
        without=frozenset() if len(known) > 1 else frozenset({"here"}),
    )


def prefer_here(desk: Desk, member: Member) -> None:
    accounts.prefer(desk.connection, member.id, member.address)
    desk.tell([Tell(member.id, cards.HERE, {"platform": member.address.platform})])


def keep_there(desk: Desk, member: Member) -> None:
    there = accounts.preferred(desk.connection, member.id)
    desk.tell([Tell(member.id, cards.THERE, {"platform": there.platform})])


def lost(desk: Desk, member: Member, address: Address) -> None:
    """Nothing reaches somebody there. If they have another account, messages go to that one."""
    accounts.lost(desk.connection, member.id, address.platform, address.account)
    if accounts.preferred(desk.connection, member.id) != address:
        return
    left = [there for there, reachable in accounts.all_of(desk.connection, member.id) if reachable]
    if left:
        accounts.prefer(desk.connection, member.id, left[0])
        desk.tell([Tell(member.id, cards.MOVED, {"platform": address.platform})])


def back(desk: Desk, member: Member, here: Address) -> None:
    """Who could not be reached, and writes again, learns that nothing is lost."""
    there = accounts.preferred(desk.connection, member.id)
    if not accounts.reachable(desk.connection, there):
        accounts.prefer(desk.connection, member.id, here)
    desk.tell([Tell(member.id, cards.BACK)])
