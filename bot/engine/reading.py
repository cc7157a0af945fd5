"""An agreement as one of its members reads it: in their language, with what is new for them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from bot.conversation.cards import Tell
from bot.conversation.fields import Field
from bot.conversation.talk import Conversation
from bot.conversation.voice import Voice
from bot.conversation.wording import Label
from bot.domain import agreements
from bot.domain.agreements import BOT, Agreement, Content, Version
from bot.domain.members import Member
from bot.domain.tandems import Tandem
from bot.engine import places
from bot.engine.desk import Desk
from bot.engine.drafting import facts_of, own_goal
from bot.flows.agreement import AGREEMENT

Line: TypeAlias = tuple[Label, str]
Change: TypeAlias = tuple[Label, str, str]
"""A line's title, what it was, and what it is now."""

HELD = {agreements.PRESENT, agreements.HOLDS, agreements.STATUS}
"""Cards about what holds, whatever was written since."""
IN_FULL = {agreements.WHOLE, *HELD}


def complete(
    desk: Desk,
    tandem: Tandem,
    agreement: Agreement,
    told: Tell,
    more: Mapping[str, object] | None = None,
) -> Tell:
    """A tell of an agreement with all that its words need, and its buttons."""
    member = desk.member(told.member)
    version = agreement.in_force if told.card in HELD else agreement.newest
    if version is None:
        return told
    seen = agreement.seen(member.id)
    changes = changed(desk, tandem, member, seen.content, version.content) if seen else []
    in_full = told.card in IN_FULL or not changes
    about = {
        **told.about,
        **people(desk, agreement, version, member),
        "many": tandem.many,
        "changing": agreement.in_force is not None,
        "held": version == agreement.in_force,
        "again": _again(agreement, version),
        "lines": lines(desk, tandem, member, version.content, begun=bool(agreement.in_force)),
        "changes": [] if in_full else changes,
        "until": version.until,
        **(more or {}),
    }
    number = (str(version.number),)
    choices = {**told.choices, "confirm": number, "whole": number}
    without = told.without | _without(agreement, told, member, in_full=in_full)
    return replace(told, about=about, choices=choices, without=without)


def _again(agreement: Agreement, version: Version) -> bool:
    """Whether it was made of what another member wrote."""
    base = agreement.version(version.base)
    return base is not None and base.by not in {BOT, version.by}


def people(desk: Desk, agreement: Agreement, version: Version, member: Member) -> dict[str, object]:
    """Who wrote, who agreed, who is waited for, and what each wants to achieve."""
    names = {n: name(desk, n, member, agreement.members) for n in agreement.members}
    others = [number for number in agreement.members if number != member.id]
    goals = [(names[number], agreement.goal(number)) for number in others]
    return {
        "by": names.get(version.by, ""),
        "mine": version.by == member.id,
        "agreed": [names[n] for n in agreement.members if n in version.yes and n != member.id],
        "said_yes": member.id in version.yes,
        "missing": [names[number] for number in agreement.missing if number != member.id],
        "goals": [(whose, goal) for whose, goal in goals if goal],
        "own_goal": own_goal(agreement, member),
    }


def name(desk: Desk, number: int, reader: Member, among: Sequence[int] = ()) -> str:
    """What a member is called among others; who is gone has no name."""
    known = places.names(desk, {*among, number})[number]
    return known or desk.wording("common", reader).label("former")


def _without(agreement: Agreement, told: Tell, member: Member, *, in_full: bool) -> frozenset[str]:
    said_yes = member.id not in agreement.missing
    gone = {"whole"} if in_full and told.card is agreements.DRAFT else set()
    if said_yes or not own_goal(agreement, member):
        gone.add("confirm")
    if said_yes and told.card is agreements.STUCK:
        gone |= {"write", "sheet"}
    return frozenset(gone)


def lines(
    desk: Desk, tandem: Tandem, member: Member, content: Content, *, begun: bool
) -> list[Line]:
    """The whole of a version, without what was left empty."""
    return _voice(desk, tandem, member, content, begun=begun).lines()


def terms(
    desk: Desk, tandem: Tandem, member: Member, content: Content
) -> list[tuple[Label, tuple[str, ...]]]:
    """The same, each thing that was chosen on a line of its own; without the milestones."""
    voice = _voice(desk, tandem, member, content, begun=True)
    found = []
    for field in AGREEMENT.reviewed(voice.conversation.answers):
        answer = content.get(field.name)
        chosen = answer if isinstance(answer, list) else []
        shown: list[str] = [voice.option(field, value) for value in chosen] or [voice.shown(field)]
        if answer:
            found.append((voice.wording.label(f"{field.name}__title"), tuple(shown)))
    return found


def changed(
    desk: Desk, tandem: Tandem, member: Member, before: Content, after: Content
) -> list[Change]:
    """Line by line what reads differently; of a list what came, and what went."""
    old, new = (_voice(desk, tandem, member, content) for content in (before, after))
    names = agreements.changed(before, after)
    asked = (field for page in AGREEMENT.pages for field in page.fields)
    return [_change(old, new, field) for field in asked if field.name in names]


def _change(old: Voice, new: Voice, field: Field) -> Change:
    title = new.wording.label(f"{field.name}__title")
    was, now = (voice.conversation.answers.get(field.name, ()) for voice in (old, new))
    if not isinstance(was, list) or not isinstance(now, list):
        return title, old.shown(field), new.shown(field)
    came = [f"\n+ {new.option(field, value)}" for value in now if value not in was]
    went = [f"\n– {old.option(field, value)}" for value in was if value not in now]
    return title, "", "".join([*came, *went])


def _voice(
    desk: Desk, tandem: Tandem, member: Member, content: Content, *, begun: bool = False
) -> Voice:
    answers = {**content, "begun": "yes" if begun else "no"}
    facts = facts_of(tandem, member, content)
    talk = Conversation("agreement", answers=answers, facts=facts)
    return Voice(AGREEMENT, talk, desk.wording("agreement", member))


def conflicts(
    desk: Desk, tandem: Tandem, member: Member, fields: Sequence[str], ours: tuple[Content, Content]
) -> list[Change]:
    """Lines that two changed: what the other wrote, and what the member did."""
    theirs, mine = (_voice(desk, tandem, member, content) for content in ours)
    found = [AGREEMENT.find(field) for field in fields]
    return [
        (mine.wording.label(f"{field.name}__title"), theirs.shown(field), mine.shown(field))
        for field in found
        if field is not None
    ]
