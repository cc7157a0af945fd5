"""All who said yes are introduced: what they have in common, a question to begin with, when to
meet, and how each reaches the others. Said again only with another question."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from markupsafe import Markup

from bot.conversation.cards import Tell
from bot.conversation.wording import Words, markup
from bot.domain import openers, sessions, tandems
from bot.domain.acquainting import Acquainting
from bot.domain.members import Member
from bot.domain.parcels import Patience
from bot.domain.sessions import Session
from bot.domain.tandems import Tandem
from bot.engine.contacting import founded_by_members, mixed, reach
from bot.engine.desk import Desk
from bot.engine.meeting import minutes, slots, starts
from bot.matching import topics
from bot.store import appointments, pairs, talks
from bot.store.outbox import Parcel

NAMED = 3
"""Topics of each that a group reads: enough to begin with."""


def share_a_workspace(desk: Desk, members: Sequence[Member]) -> bool:
    """Whether the platform can open a group for them: the ones with home pages can."""
    accounts = {(m.address.platform, m.address.account) for m in members}
    return len(accounts) == 1 and members[0].address.platform in desk.house.homes


def introduce(desk: Desk, tandem: Tandem, members: Sequence[Member]) -> None:
    length = minutes(members)
    new = Session(0, tandem.id, 1, tandem.members, tandem.zone, tandem.about, minutes=length)
    appointments.add_session(desk.connection, new)
    until = desk.now + desk.house.first_talk
    known = Acquainting(tandem.id, tandem.members, tandem.about, desk.now, until)
    talks.save(desk.connection, known)
    desk.replan(known.subject, known, members)
    introduced = _with_opener(desk, tandem)
    pairs.save_tandem(desk.connection, introduced)
    if share_a_workspace(desk, members):
        _open_group(desk, members, group_text(desk, introduced, members), tandem.subject)
    for member in members:
        desk.tell([_introduction(desk, introduced, member, members)], Patience.ONCE)
        for other in members:
            if other.id != member.id:
                desk.tell(reach(desk, introduced, other, member))


def _open_group(desk: Desk, members: Sequence[Member], text: str, subject: str) -> None:
    """A group of its own for members of one workspace, with something said in it."""
    address = members[0].address
    users = [member.address.user for member in members]
    desk.post(
        Parcel(
            key=desk.next_key(),
            platform=address.platform,
            account=address.account,
            chat="group:" + ",".join(users),
            method="group",
            body={"users": users, "text": text, "rows": []},
            patience=Patience.ONCE,
            subject=subject,
        )
    )


def another_opener(desk: Desk, tandem: Tandem, member: Member) -> None:
    """The introduction with another question, in the place of the one that was pressed."""
    if tandem.state not in tandems.MEETING:
        paused = tandem.state is tandems.State.PAUSED
        desk.tell([tandems.tell(tandem, member.id, tandems.PAUSED if paused else tandems.ALREADY)])
        return
    more = _with_opener(desk, tandem)
    if more == tandem:
        desk.tell([tandems.tell(tandem, member.id, tandems.NO_MORE)])
        return
    pairs.save_tandem(desk.connection, more)
    members = [desk.member(number) for number in tandem.members]
    desk.tell([replace(_introduction(desk, more, member, members), replaces=True)])


def _with_opener(desk: Desk, tandem: Tandem) -> Tandem:
    """With one more, none that two of them were shown before; as it is if none is left."""
    used = {*tandem.openers, *pairs.used_openers(desk.connection, tandem.members)}
    found = openers.pick(areas(common(tandem)), used, f"{tandem.id}")
    return replace(tandem, openers=(*tandem.openers, found)) if found else tandem


def areas(named: Iterable[str]) -> list[str]:
    """Of the catalogue, those that topics belong to, one for each that is known."""
    known = (topics.recognise(topic) for topic in named)
    return [topic.area for topic in known if topic]


def common(tandem: Tandem) -> list[str]:
    """What brought them together, from what each one's proposal said; each topic once."""
    found: dict[str, str] = {}
    for name in ("gets", "gives", "shared"):
        for said in tandem.about.values():
            theirs = said.get(name, ())
            assert isinstance(theirs, list | tuple), f"{name} is a list of topics"
            for topic in map(str, theirs):
                found.setdefault(topics.key(topic), topic)
    return list(found.values())


def _introduction(desk: Desk, tandem: Tandem, member: Member, members: Sequence[Member]) -> Tell:
    others = [m for m in members if m.id != member.id]
    at = tuple(slots(desk, members, member.zone))
    grouped, founded = share_a_workspace(desk, members), founded_by_members(desk, members)
    about = {
        **tandem.about[member.id],
        "grouped": grouped,
        "mixed": mixed(members),
        "people": [_mentioned(desk, other) for other in others] if grouped else [],
        "common": common(tandem)[:NAMED],
        "opener": opener(desk, tandem, member),
        "times": bool(at),
        "many": tandem.many,
        "founded": founded,
    }
    without = frozenset() if founded else frozenset({"found"})
    return Tell(member.id, tandems.INTRODUCED, about, tandem.subject, {"slot": at}, without)


def opener(desk: Desk, tandem: Tandem, reader: Member) -> Words:
    """The newest question to begin with; "" if there was none left."""
    wording = desk.wording("openers", reader)
    return wording.say(tandem.openers[-1]) if tandem.openers else markup("")


def group_text(desk: Desk, tandem: Tandem, members: Sequence[Member]) -> str:
    """The one message of the bot in their group: once in each language spoken there."""
    begins = starts(desk, members)
    zones = list(dict.fromkeys(member.zone for member in members))
    speakers = {member.language: member for member in members}.values()
    said = []
    for speaker in speakers:
        about: dict[str, object] = {
            "people": [_mentioned(desk, member) for member in members],
            "many": tandem.many,
            "common": common(tandem)[:NAMED],
            "opener": opener(desk, tandem, speaker),
            "times": begins,
            "zones": zones,
        }
        said.append(desk.wording(tandems.GROUP.file, speaker).say(tandems.GROUP.name, **about))
    return str(Markup("\n\n").join(said))


def _mentioned(desk: Desk, member: Member) -> dict[str, object]:
    """Somebody as their group reads of them: what a proposal showed, and who it is."""
    profile, there = member.profile, member.address
    return {
        "user": there.user if there.platform in desk.house.homes else "",
        "name": member.first_name,
        "offers": list(profile.offers[:NAMED]) if profile else [],
        "seeks": list(profile.seeks[:NAMED]) if profile else [],
    }


def no_group(desk: Desk, tandem: Tandem, members: Sequence[Member]) -> list[Tell]:
    """The platform did not open a group: each reads how to go on without it."""
    return [
        Tell(
            member.id,
            tandems.NO_GROUP,
            {
                **tandem.about[member.id],
                "people": [_mentioned(desk, other) for other in members if other.id != member.id],
                "many": tandem.many,
            },
            tandem.subject,
        )
        for member in members
    ]


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
