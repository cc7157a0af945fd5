"""Two who said yes are introduced: which contact each shows, how to begin, when to meet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from bot.conversation.cards import Tell
from bot.domain import sessions, tandems
from bot.domain.acquainting import Acquainting
from bot.domain.availability import Week, local, suggestions
from bot.domain.members import Member
from bot.domain.parcels import Patience
from bot.domain.sessions import Session
from bot.domain.tandems import Tandem
from bot.engine.desk import Desk
from bot.store import pairs, talks

SLOTS = 3
"""Times on offer at once."""


def share_a_workspace(desk: Desk, pair: Sequence[Member]) -> bool:
    """Whether the platform can open a group for them: the ones with home pages can."""
    accounts = {(m.address.platform, m.address.account) for m in pair}
    return len(accounts) == 1 and pair[0].address.platform in desk.house.homes


def contact_choice(desk: Desk, tandem: Tandem, member: Member, pair: Sequence[Member]) -> Tell:
    platforms, profiles = {m.address.platform for m in pair}, desk.house.profiles
    without = set() if member.username else {"username"}
    if len(platforms) > 1 or not platforms <= profiles:
        without.add("profile")
    about = {**tandem.about[member.id], "username": member.username}
    return Tell(member.id, tandems.CONTACT, about, tandem.subject, without=frozenset(without))


def introduce(desk: Desk, tandem: Tandem, pair: Sequence[Member]) -> None:
    pairs.save_tandem(desk.connection, tandem)
    new = Session(0, tandem.id, 1, tandem.members, tandem.zone, tandem.about)
    pairs.add_session(desk.connection, new)
    until = desk.now + desk.house.first_talk
    known = Acquainting(tandem.id, tandem.members, tandem.about, desk.now, until)
    talks.save(desk.connection, known)
    desk.replan(known.subject, known, pair)
    grouped = share_a_workspace(desk, pair)
    if grouped:
        desk.post_group(list(pair), _group_text(desk, tandem, pair), tandem.subject)
    for member in pair:
        desk.tell([_introduction(desk, tandem, member, pair, grouped)], Patience.ONCE)


def _introduction(
    desk: Desk, tandem: Tandem, member: Member, pair: Sequence[Member], grouped: bool
) -> Tell:
    [other] = [m for m in pair if m.id != member.id]
    contact = tandem.contacts[other.id]
    about = {
        **tandem.about[member.id],
        "kind": contact.kind,
        "contact": contact.value,
        "address": desk.house.usernames.get(other.address.platform, ""),
        "grouped": grouped,
    }
    at = tuple(slots(desk, pair, member.zone))
    return Tell(member.id, tandems.INTRODUCED, about, tandem.subject, {"slot": at})


def _group_text(desk: Desk, tandem: Tandem, pair: Sequence[Member]) -> str:
    """The one message of the bot in the group: once in each language spoken there."""
    mentions = {m.id: {"user": m.address.user, "name": m.first_name} for m in pair}
    about = {"people": list(mentions.values()), "zone": tandem.zone, **tandem.about[pair[0].id]}
    about["at"] = [datetime.fromisoformat(at) for at in slots(desk, pair, tandem.zone)]
    speakers = {member.language: member for member in pair}.values()
    wordings = [desk.wording("tandem", member) for member in speakers]
    return str(Markup("\n\n").join(wording.say("group", **about) for wording in wordings))


def may_meet_in_person(people: Sequence[Member]) -> bool:
    """Whether one of them would: then all of them read how to do that safely."""
    return any(m.profile is not None and m.profile.format != "video" for m in people)


def with_guide(tandem: Tandem, people: Sequence[Member], tells: Sequence[Tell]) -> list[Tell]:
    """Before a first talk its reminders offer a guide, and after that no more."""
    first = tandem.state is tandems.State.ACQUAINTING
    about = {"first": first, "in_person": may_meet_in_person(people)}
    without = frozenset() if first else frozenset({"guide"})
    return [
        replace(told, about={**told.about, **about}, without=told.without | without)
        if told.card in {sessions.DAY_BEFORE, sessions.SOON}
        else told
        for told in tells
    ]


def slots(desk: Desk, pair: Sequence[Member], zone: str) -> list[str]:
    """Suggestions from the common times, as local wall times in a zone."""
    weeks: list[Week] = [(m.profile.days, m.profile.times, m.zone) for m in pair if m.profile]
    found = suggestions(weeks, desk.now, SLOTS)
    return [local(at, zone).isoformat(timespec="minutes") for at in found]
