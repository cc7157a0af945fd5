"""Contacts in the house: offered as far as they work, shown back, shown to the others, taken back.

What is shown of somebody stands in messages of its own, so that it alone can be taken back.
"""

from collections.abc import Sequence

from bot.conversation.cards import Card, Tell
from bot.conversation.wording import Words
from bot.domain import contacts, tandems
from bot.domain.members import Member
from bot.domain.tandems import Contact, Tandem
from bot.engine import places
from bot.engine.desk import Desk
from bot.store import groups, people

UNSHOWN = {"slack", "group"}
"""Nothing of these is sent: the group they have together is the way."""

ASKED = ("contact", "email", "link", "phone")
"""Forms in which a contact is asked for."""


def choice(
    desk: Desk,
    tandem: Tandem,
    member: Member,
    card: Card | None = None,
    without: frozenset[str] = frozenset(),
) -> Tell:
    """What somebody can let the others see, as far as it leads to them; the first or another."""
    members = [desk.member(number) for number in tandem.members]
    known = tandem.contacts.get(member.id)
    about = {
        **tandem.about[member.id],
        "username": member.username,
        "seen": seen(desk, known, member) if known else "",
        "kind": known.kind if known else "",
        "mixed": mixed(members),
        "hint": not member.username and member.address.platform in desk.house.usernames,
    }
    asked = card or (contacts.CHANGE if tandem.state in tandems.MEETING else contacts.CHOOSE)
    lacking = without | _lacking(desk, member, members) | (frozenset() if known else {"keep"})
    return Tell(member.id, asked, about, tandem.subject, without=lacking)


def mixed(members: Sequence[Member]) -> bool:
    return len({member.address.platform for member in members}) > 1


def founded_by_members(desk: Desk, members: Sequence[Member]) -> bool:
    """Whether they need a group, on a platform where only they can open it."""
    platforms = {member.address.platform for member in members}
    return len(members) > tandems.PAIR and platforms <= desk.house.groups


def _lacking(desk: Desk, member: Member, members: Sequence[Member]) -> frozenset[str]:
    platforms, house = {m.address.platform for m in members}, desk.house
    works = {
        "username": bool(member.username),
        "profile": not mixed(members) and platforms <= house.profiles,
        "phone": member.address.platform in house.phones,
        "group": founded_by_members(desk, members),
    }
    return frozenset(name for name, offered in works.items() if not offered)


def given(member: Member, kind: str, value: str = "") -> Contact:
    values = {"username": member.username, "profile": member.address.user}
    return Contact(kind, values.get(kind, value))


def seen(desk: Desk, contact: Contact, reader: Member, owner: Member | None = None) -> Words:
    """How a contact reads to somebody, in their language."""
    platform = (owner or reader).address.platform
    address = desk.house.usernames.get(platform, "")
    wording = desk.wording(contacts.SEEN.file, reader)
    about = {"kind": contact.kind, "value": contact.value, "address": address}
    return wording.say(contacts.SEEN.name, **about)


def put_aside(desk: Desk, tandem: Tandem, member: Member) -> None:
    """Who chose has no need of the questions that were opened on the way."""
    for form in ASKED:
        talk = people.find(desk.connection, member.id, form, tandem.subject)
        if talk is not None:
            people.close(desk.connection, member.id, talk)
            if form == "phone":
                desk.tell([Tell(member.id, contacts.SKIPPED, lettered=True)])


def shared(desk: Desk, before: Tandem, after: Tandem, member: Member) -> None:
    """Somebody chose: they see what the others see; those who saw another one see this."""
    contact = after.contacts.get(member.id)
    if contact is None or after.state not in {tandems.State.CONTACTS, *tandems.MEETING}:
        return
    if before.state in tandems.MEETING and contact != before.contacts.get(member.id):
        _change(desk, before, after, member)
    waiting = after.state is tandems.State.CONTACTS
    desk.tell([shown(desk, after, member, contacts.NOTED if waiting else contacts.SHOWN)])


def _change(desk: Desk, before: Tandem, after: Tandem, member: Member) -> None:
    desk.unsay([after.contact_subject(member.id)], apart_from={member.id})
    card = contacts.CHANGED if member.id in before.contacts else contacts.REACH
    for number in after.others(member.id):
        desk.tell(reach(desk, after, member, desk.member(number), card))


def shown(desk: Desk, tandem: Tandem, member: Member, card: Card = contacts.SHOWN) -> Tell:
    """What the others see of somebody, to themselves."""
    contact = tandem.contacts.get(member.id)
    about = {
        **tandem.about[member.id],
        "kind": contact.kind if contact else "",
        "seen": seen(desk, contact, member) if contact else "",
        "profile_url": _profile(desk, contact, member) if contact else "",
    }
    without = frozenset() if _lacks_a_group(desk, tandem) else frozenset({"found"})
    return Tell(member.id, card, about, tandem.contact_subject(member.id), without=without)


def _lacks_a_group(desk: Desk, tandem: Tandem) -> bool:
    members = [desk.member(number) for number in tandem.members]
    known = groups.of(desk.connection, tandem.id)
    return founded_by_members(desk, members) and not (known and known.chat)


def chosen(tandem: Tandem, member: Member) -> bool:
    """Whether somebody lets the others see a contact of their choice, or is still to choose one."""
    contact = tandem.contacts.get(member.id)
    return contact is None or contact.kind != "slack"


def reach(
    desk: Desk, tandem: Tandem, owner: Member, reader: Member, card: Card = contacts.REACH
) -> list[Tell]:
    """How somebody reaches another, as that one chose; nothing where their group is the way."""
    contact = tandem.contacts.get(owner.id)
    if contact is None or contact.kind in UNSHOWN - {"group" if card is contacts.CHANGED else ""}:
        return []
    about = {
        "who": places.names(desk, tandem.members)[owner.id],
        "kind": contact.kind,
        "seen": seen(desk, contact, reader, owner),
        "profile_url": _profile(desk, contact, reader),
    }
    return [Tell(reader.id, card, about, tandem.contact_subject(owner.id))]


def _profile(desk: Desk, contact: Contact, reader: Member) -> str:
    linked = contact.kind == "profile" and reader.address.platform in desk.house.profiles
    return f"tg://user?id={contact.value}" if linked else ""


def refused(desk: Desk, tandem: Tandem, owner: Member) -> None:
    """The platform does not show their profile: they choose anew, the others are told to wait."""
    desk.tell([choice(desk, tandem, owner, contacts.REFUSED, frozenset({"profile"}))])
    waiting = tandem.others(owner.id) if tandem.state in tandems.MEETING else ()
    about = {"who": places.names(desk, tandem.members)[owner.id]}
    subject = tandem.contact_subject(owner.id)
    desk.tell([Tell(number, contacts.LATER, about, subject) for number in waiting])
