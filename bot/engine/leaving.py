"""Somebody leaves a group that goes on: what was theirs in it goes with them, and the others keep
all that is theirs."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.members import Member
from bot.domain.tandems import Tandem
from bot.engine import places, sharing
from bot.engine.desk import Desk
from bot.store import (
    agreements,
    appointments,
    cares,
    cues,
    dues,
    messages,
    milestones,
    pairs,
    people,
    shares,
    steps,
)

Said = Mapping[str, object]


def leave(desk: Desk, tandem: Tandem, member: Member) -> Mapping[int, Said]:
    """Returns what the others read of each other from now on."""
    subjects = subjects_of(desk, tandem)
    pairs.leave(desk.connection, tandem.id, member.id, desk.now)
    steps.forget_in(desk.connection, tandem.id, member.id)
    cares.no_longer(desk.connection, tandem.id, member.id)
    dues.forget_for(desk.connection, member.id, subjects)
    _stop_watching(desk, tandem, member)
    _take_shares(desk, tandem, member)
    desk.unsay([tandem.contact_subject(member.id)], apart_from={member.id})
    for talk in people.open_conversations(desk.connection, member.id):
        if talk.subject in subjects:
            people.close(desk.connection, member.id, talk)
    about = _described(desk, tandem, member)
    _plan_anew(desk, tandem)
    return about


def subjects_of(desk: Desk, tandem: Tandem) -> set[str]:
    """What is about a tandem, by the names under which it is spoken of."""
    held = appointments.numbers_of_sessions(desk.connection, tandem.id)
    kinds = {f"{kind}:{tandem.id}" for kind in ("agreement", "silence")}
    every = milestones.get(desk.connection, tandem.id).every
    kinds |= {f"milestone:{tandem.id}.{one.number}" for one in every}
    of_each = {f"{kind}:{number}" for number in held for kind in ("session", "cue")}
    return {*tandem.subjects, *kinds, *of_each}


def over(desk: Desk, member: Member, subject: str) -> bool:
    """Whether a button or form is about a group that its owner has left."""
    kind, _, rest = subject.partition(":")
    number = rest.partition(":")[0].partition(".")[0]
    if kind not in {"tandem", "session", "agreement", "group", "contact", "milestone"}:
        return False
    if not number.isdecimal():
        return False
    about = f"session:{number}" if kind == "session" else f"tandem:{number}"
    return member.id in appointments.tandem_of(desk.connection, about).left


def _stop_watching(desk: Desk, tandem: Tandem, member: Member) -> None:
    for number in appointments.numbers_of_sessions(desk.connection, tandem.id):
        known = cues.of(desk.connection, number)
        if member.id in known:
            cues.save(desk.connection, number, [c for c in known.values() if c.member != member.id])


def _take_shares(desk: Desk, tandem: Tandem, member: Member) -> None:
    """What they showed is taken back, and what they were shown."""
    for one in shares.of_tandem(desk.connection, tandem.id):
        if one.member == member.id:
            sharing.take_back(desk, [one])
        else:
            desk.unsay([one.subject], apart_from=set(tandem.others(member.id)))


def _described(desk: Desk, tandem: Tandem, member: Member) -> dict[int, Said]:
    """The others are called by who is left, also where a question is open."""
    left = replace(tandem, members=tandem.others(member.id))
    people_left = [desk.member(number) for number in left.members]
    about: dict[int, Said] = {member.id: tandem.about[member.id]}
    for reader in people_left:
        known = {k: said for k, said in tandem.about[reader.id].items() if k != "people"}
        partner = places.partner(desk, reader, people_left)
        about[reader.id] = {**known, "partner": partner, "many": left.many}
        for talk in people.open_conversations(desk.connection, reader.id):
            if talk.subject in subjects_of(desk, tandem) and "partner" in talk.facts:
                facts = {**talk.facts, "partner": partner}
                named = replace(talk, facts=facts)
                people.keep(desk.connection, reader.id, named, desk.now)
    pairs.describe(desk.connection, replace(left, about=about))
    return about


def _plan_anew(desk: Desk, tandem: Tandem) -> None:
    left = pairs.get_tandem(desk.connection, tandem.id)
    known = agreements.get(desk.connection, left)
    desk.replan(known.subject, known, [desk.member(number) for number in left.members])


def forget_words(desk: Desk, member: Member) -> None:
    """In groups that go on without them nobody's messages are known any more that name them."""
    for tandem in pairs.going_on(desk.connection, member.id):
        messages.forget_said(desk.connection, subjects_of(desk, tandem))
