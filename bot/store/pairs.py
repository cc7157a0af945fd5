"""Tandems: who is in which, and what each knows of the others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.domain.proposals import State as ProposalState
from bot.domain.tandems import Contact, Tandem
from bot.domain.tandems import State as TandemState
from bot.store import inquiries, talks
from bot.store.database import inserted
from bot.store.holding import need
from bot.store.tables import (
    group_chat,
    milestone,
    proposal,
    proposal_member,
    session,
    tandem,
    tandem_member,
)

NO_CONTACT = Contact("", "")
NAMELESS: Mapping[str, object] = {"partner": ""}
"""What is left of somebody who is gone; the words for it are in the templates."""


def add_tandem(connection: Connection, new: Tandem, places: Mapping[int, int]) -> Tandem:
    """``places``: by member, which of their places it takes.

    Raises sqlalchemy.exc.IntegrityError if another tandem has it.
    """
    values = {
        "state": new.state.value,
        "resumes": new.resumes.value,
        "rhythm": new.rhythm,
        "zone": new.zone,
        "about": new.about,
        "made_at": new.made_at,
        "openers": list(new.openers),
    }
    number = inserted(connection, tandem, values)
    rows = [{"tandem": number, "member": m, "place": places[m]} for m in new.members]
    connection.execute(insert(tandem_member), rows)
    return replace(new, id=number)


def get_tandem(connection: Connection, number: int) -> Tandem:
    row = connection.execute(select(tandem).where(tandem.c.id == number)).one()
    members = connection.execute(
        select(tandem_member)
        .where(tandem_member.c.tandem == number)
        .order_by(tandem_member.c.member)
    ).all()
    need(connection, (m.member for m in members))
    return Tandem(
        id=number,
        members=tuple(m.member for m in members if m.left_at is None),
        left={m.member: m.left_at for m in members if m.left_at is not None},
        rhythm=row.rhythm,
        zone=row.zone,
        made_at=row.made_at,
        about=row.about,
        state=TandemState(row.state),
        resumes=TandemState(row.resumes),
        ended_at=row.ended_at,
        openers=tuple(row.openers),
        contacts={m.member: Contact(m.contact_kind, m.contact) for m in members if m.contact_kind},
    )


def save_tandem(connection: Connection, known: Tandem) -> None:
    values = {
        "state": known.state.value,
        "resumes": known.resumes.value,
        "ended_at": known.ended_at,
        "openers": list(known.openers),
    }
    connection.execute(update(tandem).where(tandem.c.id == known.id).values(**values))
    if known.state is TandemState.ENDED:
        here = tandem_member.c.tandem == known.id
        connection.execute(update(tandem_member).where(here).values(place=None))
    for number in known.members:
        contact = known.contacts.get(number, NO_CONTACT)
        connection.execute(
            update(tandem_member)
            .where(tandem_member.c.tandem == known.id, tandem_member.c.member == number)
            .values(contact_kind=contact.kind, contact=contact.value)
        )


def leave(connection: Connection, number: int, member: int, now: datetime) -> None:
    """Somebody is in a tandem no longer; that they were stays known."""
    here = tandem_member.c.tandem == number, tandem_member.c.member == member
    gone = {"left_at": now, "place": None, "contact_kind": "", "contact": ""}
    connection.execute(update(tandem_member).where(*here).values(**gone))


def going_on(connection: Connection, number: int) -> list[Tandem]:
    """Groups that a member left and that go on without them."""
    rows = connection.execute(
        select(tandem_member.c.tandem)
        .join(tandem, tandem.c.id == tandem_member.c.tandem)
        .where(tandem_member.c.member == number, tandem_member.c.left_at.is_not(None))
        .where(tandem.c.state != TandemState.ENDED)
    )
    return [get_tandem(connection, found) for found in rows.scalars().all()]


def running_tandems(connection: Connection, number: int) -> list[Tandem]:
    """The tandems a member is in that have not ended, the first one first."""
    rows = connection.execute(
        select(tandem_member.c.tandem)
        .where(tandem_member.c.member == number, tandem_member.c.place.is_not(None))
        .order_by(tandem_member.c.tandem)
    )
    return [get_tandem(connection, found) for found in rows.scalars().all()]


def places(connection: Connection, number: int) -> set[int]:
    """Which of a member's places are taken by tandems."""
    rows = connection.execute(
        select(tandem_member.c.place).where(
            tandem_member.c.member == number, tandem_member.c.place.is_not(None)
        )
    )
    return set(rows.scalars())


def taken(connection: Connection, number: int | None = None) -> Counter[int]:
    """How many places a member, or everybody, gave away: to tandems, and to open proposals."""
    running = select(tandem_member.c.member).where(tandem_member.c.place.is_not(None))
    asked = (
        select(proposal_member.c.member)
        .join(proposal, proposal.c.id == proposal_member.c.proposal)
        .where(proposal.c.state == ProposalState.OPEN)
    )
    if number is not None:
        running = running.where(tandem_member.c.member == number)
        asked = asked.where(proposal_member.c.member == number)
    return Counter([*connection.execute(running).scalars(), *connection.execute(asked).scalars()])


def used_openers(connection: Connection, members: Sequence[int]) -> set[str]:
    """The questions to begin with that two of these people were shown, in whichever tandem."""
    theirs = (
        select(tandem_member.c.tandem)
        .where(tandem_member.c.member.in_(list(members)))
        .group_by(tandem_member.c.tandem)
        .having(func.count() > 1)
    )
    rows = connection.execute(select(tandem.c.openers).where(tandem.c.id.in_(theirs)))
    return {name for names in rows.scalars() for name in names}


def describe(connection: Connection, known: Tandem) -> None:
    """What each of its members reads of the others is as the tandem says now."""
    values = {"about": known.about}
    connection.execute(update(tandem).where(tandem.c.id == known.id).values(**values))


def tandems_of(connection: Connection, number: int) -> list[Tandem]:
    """All tandems a member was or is in, the newest first, as they are for them: one that they
    left is over."""
    rows = connection.execute(
        select(tandem_member.c.tandem)
        .where(tandem_member.c.member == number)
        .order_by(tandem_member.c.tandem.desc())
    )
    return [get_tandem(connection, found).to(number) for found in rows.scalars().all()]


def subjects_of(connection: Connection, number: int) -> list[str]:
    """All that a member had a part in, by the names under which it was spoken of."""
    found = []
    for table, kind in ((proposal_member, "proposal"), (tandem_member, "tandem")):
        rows = connection.execute(select(table.c[kind]).where(table.c.member == number))
        found += [(kind, row) for row in rows.scalars()]
    others = {f"tandem:{known.id}" for known in going_on(connection, number)}
    found = [(kind, row) for kind, row in found if f"{kind}:{row}" not in others]
    theirs = [row for kind, row in found if kind == "tandem"]
    found += [(kind, row) for row in theirs for kind in ("agreement", "silence")]
    held = connection.execute(select(session.c.id).where(session.c.tandem.in_(theirs))).scalars()
    steps = select(milestone.c.tandem, milestone.c.number).where(milestone.c.tandem.in_(theirs))
    named = [f"{kind}:{row}" for kind, row in [*found, *(("session", row) for row in held)]]
    named += [f"milestone:{row.tandem}.{row.number}" for row in connection.execute(steps)]
    named += [f"proposal:{row}:{asker}" for row, asker in _askers(connection, number)]
    shown = (get_tandem(connection, row).subjects for row in theirs)
    return list(dict.fromkeys([*named, *(subject for several in shown for subject in several)]))


def _askers(connection: Connection, number: int) -> list[tuple[int, int]]:
    """Whoever may have asked something in a proposal that a member had a part in."""
    ours = select(proposal_member.c.proposal).where(proposal_member.c.member == number)
    here = proposal_member.c.proposal.in_(ours)
    rows = connection.execute(select(proposal_member).where(here))
    return [(row.proposal, row.member) for row in rows]


def make_nameless(connection: Connection, number: int) -> None:
    """What each of a tandem was told of the others goes, and the contacts they showed."""
    known = get_tandem(connection, number)
    about = dict.fromkeys(known.members, NAMELESS)
    connection.execute(update(tandem).where(tandem.c.id == number).values(about=about))
    nothing = {"contact_kind": "", "contact": ""}
    here = tandem_member.c.tandem == number
    connection.execute(update(tandem_member).where(here).values(**nothing))
    connection.execute(delete(group_chat).where(group_chat.c.tandem == number))
    words = {"place": "", "wish": None}
    connection.execute(update(session).where(session.c.tandem == number).values(**words))


def forget(connection: Connection, number: int) -> None:
    """What was said of a member, and by them, goes; that a tandem was, and when it met, stays."""
    goes_on = {known.id: known for known in going_on(connection, number)}
    for known in tandems_of(connection, number):
        if known.id in goes_on:
            about = {m: said for m, said in known.about.items() if m != number}
            describe(connection, replace(known, about=about))
        else:
            make_nameless(connection, known.id)
            talks.forget(connection, known.id)
    inquiries.forget(connection, number)
    theirs = select(proposal_member.c.proposal).where(proposal_member.c.member == number)
    connection.execute(update(proposal).where(proposal.c.id.in_(theirs)).values(about={}))
