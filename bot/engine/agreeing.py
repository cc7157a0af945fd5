"""Agreeing: a version is written, read, changed and agreed to; with the last yes it drives the
tandem's sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.conversation.cards import Tell
from bot.conversation.talk import Conversation
from bot.domain import agreements as terms
from bot.domain import members
from bot.domain.agreements import Agreement
from bot.domain.members import Member
from bot.domain.tandems import State, Tandem
from bot.engine import caring, drafting, milestones, partnering, reading
from bot.engine.desk import Desk
from bot.engine.meeting import with_skipped
from bot.store import agreements, appointments, pairs, people

OPEN = frozenset({State.AGREEING, State.ACTIVE})
"""In these there is something to agree on."""


def begin(desk: Desk, tandem: Tandem) -> None:
    """All go on: a suggestion is there to start from, and everybody may be the one to do so."""
    known = with_suggestion(desk, tandem)
    desk.tell(_read(desk, tandem, known, [terms.standing(known, m) for m in tandem.members]))


def show(desk: Desk, tandem: Tandem, member: Member) -> None:
    """What holds, and what waits for an answer."""
    desk.tell(tells(desk, tandem, with_suggestion(desk, tandem), member))


def tells(desk: Desk, tandem: Tandem, known: Agreement, member: Member) -> list[Tell]:
    held = [terms.tell(known, member.id, terms.PRESENT)] if known.in_force else []
    waits = [terms.standing(known, member.id)] if known.missing else []
    return _read(desk, tandem, known, [*held, *waits])


def status(desk: Desk, tandem: Tandem, member: Member) -> list[Tell]:
    """The lines on it where somebody stands: nothing is written down by looking."""
    known = agreements.get(desk.connection, tandem)
    if known.newest is None:
        return [terms.tell(known, member.id, terms.NONE_YET)]
    waits = [terms.standing(known, member.id)] if known.missing else []
    held = [terms.tell(known, member.id, terms.STATUS)] if known.in_force else []
    return _read(desk, tandem, known, [*held, *waits])


def whole(desk: Desk, tandem: Tandem, member: Member) -> None:
    known = agreements.get(desk.connection, tandem)
    desk.tell(_read(desk, tandem, known, [terms.tell(known, member.id, terms.WHOLE)]))


def confirm(desk: Desk, tandem: Tandem, member: Member, number: int, goal: str = "") -> None:
    """Says yes to a version; what else somebody was writing is put aside, not lost."""
    known = agreements.get(desk.connection, tandem)
    words = goal or drafting.own_goal(known, member)
    talk = people.find(desk.connection, member.id, terms.FORM, known.subject)
    if talk is not None:
        _put_aside(desk, member, known, talk)
    on_agreement(desk, tandem, terms.Confirm(member.id, number, words))


def say_goal(desk: Desk, member: Member, talk: Conversation) -> None:
    """Somebody's own goal: with it they agree, or change theirs in what they agreed to."""
    tandem, goal = open_tandem(desk, member, talk.subject), str(talk.answers["own_goal"])
    if tandem is None:
        desk.tell([Tell(member.id, members.STALE)])
        return
    known, number = agreements.get(desk.connection, tandem), int(str(talk.facts["number"]))
    if known.newest and known.newest.number != number:  # their words are kept for the newest
        facts = {**talk.facts, "number": str(known.newest.number)}
        again = Conversation("goal", talk.subject, {}, {"own_goal": goal}, facts, in_chat=False)
        people.keep(desk.connection, member.id, again, desk.now)
    confirm(desk, tandem, member, number, goal)


def submit(desk: Desk, member: Member, talk: Conversation) -> None:
    """A filled form: a new version, a yes, or one to be brought together with a newer one."""
    tandem = open_tandem(desk, member, talk.subject)
    if tandem is None:
        desk.tell([Tell(member.id, members.STALE)])
        return
    known, base = agreements.get(desk.connection, tandem), int(str(talk.facts["base"]))
    goal, content = str(talk.answers["goal"]), drafting.content_of(talk)
    newest = known.newest
    assert newest is not None, "a form is opened on a version"
    if newest.number == base or content == newest.content:
        on_agreement(desk, tandem, terms.Write(member.id, base, content, goal))
    else:
        both = catch_up(desk, tandem, member, talk)
        people.keep(desk.connection, member.id, both, desk.now)
        desk.tell([_merged(desk, tandem, member, both)])


def catch_up(desk: Desk, tandem: Tandem, member: Member, talk: Conversation) -> Conversation:
    """A form as it goes on once there is a newer version; what was in it is kept as it was."""
    known, number = agreements.get(desk.connection, tandem), int(str(talk.facts["base"]))
    base, mine = known.version(number), drafting.content_of(talk)
    if base is None or base == known.newest:
        return talk
    if mine != base.content:
        on_agreement(desk, tandem, terms.Write(member.id, number, mine, ""))
        known = agreements.get(desk.connection, tandem)
    newest, kept = known.newest, known.versions[-1].number
    assert newest is not None, "there is the one it was made of"
    fresh = drafting.opened(desk, tandem, known, member)
    return drafting.caught_up(talk, fresh, base, newest, kept)


def take_mine(desk: Desk, member: Member, subject: str, field: str) -> None:
    """Of a line that two changed, the member's own after all."""
    tandem = open_tandem(desk, member, subject)
    talk = people.find(desk.connection, member.id, terms.FORM, subject)
    if tandem is None or talk is None or field not in talk.facts.get("conflicts", ()):
        desk.tell([Tell(member.id, members.STALE)])
        return
    known = agreements.get(desk.connection, tandem)
    kept = known.version(int(str(talk.facts["mine"])))
    assert kept is not None, "no version is ever deleted"
    both = drafting.with_mine(talk, field, kept.content)
    people.keep(desk.connection, member.id, both, desk.now)
    desk.tell([replace(_merged(desk, tandem, member, both), replaces=True)])


def on_agreement(desk: Desk, tandem: Tandem, event: terms.Event) -> None:
    before = agreements.get(desk.connection, tandem)
    after, told = terms.decide(before, event, desk.now)
    agreements.save(desk.connection, before, after)
    if after != before:
        everybody = [desk.member(number) for number in tandem.members]
        desk.replan(after.subject, after, everybody)
    new, old = after.in_force, before.in_force
    effect: Mapping[str, object] = {}
    if new is not None and (old is None or new.number != old.number):
        effect = partnering.take_effect(desk, tandem, new, old)
    desk.tell(_read(desk, tandem, after, told, effect))
    if after != before:
        caring.watch(desk, pairs.get_tandem(desk.connection, tandem.id))


def open_tandem(desk: Desk, member: Member, subject: str) -> Tandem | None:
    """The tandem a member may agree in now; None where it is none of theirs, rests or is over."""
    tandem = pairs.get_tandem(desk.connection, int(subject.partition(":")[2]))
    return tandem if member.id in tandem.members and tandem.state in OPEN else None


def with_suggestion(desk: Desk, tandem: Tandem) -> Agreement:
    """The agreement, with a suggestion to start from where nothing was written yet."""
    if agreements.get(desk.connection, tandem).newest is None:
        on_agreement(desk, tandem, terms.Suggest(drafting.suggestion(desk, tandem)))
    return agreements.get(desk.connection, tandem)


def _put_aside(desk: Desk, member: Member, known: Agreement, talk: Conversation) -> None:
    """What was changed in an open form waits for another time; an unchanged one is closed."""
    base = known.version(int(str(talk.facts["base"])))
    if base is not None and drafting.content_of(talk) == base.content:
        people.close(desk.connection, member.id, talk)
    else:
        people.keep(desk.connection, member.id, replace(talk, in_chat=False), desk.now)


def _read(
    desk: Desk,
    tandem: Tandem,
    known: Agreement,
    told: Sequence[Tell],
    more: Mapping[str, object] | None = None,
) -> list[Tell]:
    ahead, coming = (
        _ahead(desk, tandem, more),
        appointments.open_session(desk.connection, tandem.id),
    )
    found = (reading.complete(desk, tandem, known, t, _named(desk, tandem, t, ahead)) for t in told)
    return [with_skipped(desk, tell, coming) for tell in found]


def _ahead(desk: Desk, tandem: Tandem, more: Mapping[str, object] | None) -> Mapping[str, object]:
    """The next session and milestone, which a summary ends with."""
    session = appointments.open_session(desk.connection, tandem.id)
    coming = milestones.waiting(desk, tandem.id)
    return {
        "next_at": session.starts_at if session else None,
        "kept": False,
        "milestones": [(step.title, step.due) for step in coming],
        **(more or {}),
    }


def _named(
    desk: Desk, tandem: Tandem, told: Tell, more: Mapping[str, object]
) -> Mapping[str, object]:
    """Whoever changed something, by name."""
    reader = desk.member(told.member)
    who = told.about.get("who")
    if not isinstance(who, int):
        return more
    known = "" if who == reader.id else reading.name(desk, who, reader, tandem.members)
    return {**more, "who": known}


def _merged(desk: Desk, tandem: Tandem, member: Member, talk: Conversation) -> Tell:
    """What two wrote at the same time, in one; where both changed a line, theirs to be chosen."""
    known = agreements.get(desk.connection, tandem)
    newest, mine = known.newest, known.version(int(str(talk.facts["mine"])))
    assert newest is not None, "both are kept"
    assert mine is not None, "both are kept"
    fields = list(talk.facts["conflicts"])
    ours = newest.content, mine.content
    lines = reading.conflicts(desk, tandem, member, fields, ours)
    told = terms.tell(known, member.id, terms.MERGED)
    choices = {"mine": tuple(fields)}
    about = {
        **told.about,
        "by": reading.name(desk, newest.by, member, tandem.members),
        "lines": lines,
        "labels": dict(zip(fields, lines, strict=True)),
    }
    without = frozenset() if fields else frozenset({"mine"})
    return Tell(member.id, terms.MERGED, about, told.subject, choices, without)
