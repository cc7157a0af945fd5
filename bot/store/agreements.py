"""Agreements by their versions, and the milestones of a tandem."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.domain.agreements import Agreement, Version, Yes
from bot.domain.milestones import Milestone
from bot.domain.tandems import Tandem
from bot.store import pairs
from bot.store.database import inserted, put
from bot.store.tables import agreement, agreement_yes, milestone, tandem_member

PERSONAL = {"place": "", "helper_name": "", "room": ""}
"""Lines that lead to somebody, or to where they are."""


def get(connection: Connection, tandem: Tandem) -> Agreement:
    """A tandem's agreement; without versions if nothing was ever suggested."""
    rows = connection.execute(
        select(agreement).where(agreement.c.tandem == tandem.id).order_by(agreement.c.number)
    ).all()
    said = connection.execute(select(agreement_yes).where(agreement_yes.c.tandem == tandem.id))
    yes: dict[int, dict[int, Yes]] = {}
    for row in said:
        yes.setdefault(row.number, {})[row.member] = Yes(row.at, row.goal)
    versions = tuple(
        Version(row.number, row.by, row.base, row.content, row.at, yes.get(row.number, {}))
        for row in rows
        if row.content  # or it was forgotten
    )
    return Agreement(tandem.id, tandem.members, tandem.about, versions)


def save(connection: Connection, before: Agreement, after: Agreement) -> None:
    """Adds what is new; a version is never written again, only a member's own goal is."""
    known = {version.number: version for version in before.versions}
    for version in after.versions:
        if version.number not in known:
            connection.execute(insert(agreement).values(**_values(after.tandem, version)))
        old = known[version.number].yes if version.number in known else {}
        for member, yes in version.yes.items():
            if old.get(member) != yes:
                there = {"tandem": after.tandem, "number": version.number, "member": member}
                put(connection, agreement_yes, {**there, "goal": yes.goal, "at": yes.at})


def _values(tandem: int, version: Version) -> Mapping[str, object]:
    return {
        "tandem": tandem,
        "number": version.number,
        "by": version.by,
        "base": version.base,
        "content": dict(version.content),
        "at": version.at,
    }


def milestones(connection: Connection, tandem: Tandem) -> list[Milestone]:
    """All of a tandem's: the open ones by their day, those without one last, then the reached."""
    rows = connection.execute(
        select(milestone).where(milestone.c.tandem == tandem.id).order_by(milestone.c.number)
    ).all()
    found = [_milestone(row, tandem) for row in rows]
    return sorted(found, key=lambda m: (m.done_at is not None, m.due or date.max, m.number))


def get_milestone(connection: Connection, number: int) -> Milestone:
    row = connection.execute(select(milestone).where(milestone.c.id == number)).one()
    return _milestone(row, pairs.get_tandem(connection, row.tandem))


def add_milestone(
    connection: Connection, tandem: Tandem, by: int, title: str, due: date | None
) -> Milestone:
    highest = select(func.coalesce(func.max(milestone.c.number), 0))
    last = connection.execute(highest.where(milestone.c.tandem == tandem.id)).scalar() or 0
    day = due.isoformat() if due else None
    values = {"tandem": tandem.id, "number": last + 1, "title": title, "due": day, "by": by}
    number = inserted(connection, milestone, values)
    return get_milestone(connection, number)


def save_milestone(connection: Connection, known: Milestone) -> None:
    values = {"due": known.due.isoformat() if known.due else None, "done_at": known.done_at}
    connection.execute(update(milestone).where(milestone.c.id == known.id).values(**values))


def _milestone(row: Row[Any], tandem: Tandem) -> Milestone:
    return Milestone(
        id=row.id,
        tandem=row.tandem,
        number=row.number,
        members=tandem.members,
        about=tandem.about,
        title=row.title,
        due=date.fromisoformat(row.due) if row.due else None,
        done_at=row.done_at,
        by=row.by,
    )


def forget_member(connection: Connection, number: int) -> None:
    """Their own goals go. What they shared stays with the others, apart from what leads to
    somebody; drafts that nobody agreed to in the end go as well."""
    theirs = agreement_yes.c.member == number
    connection.execute(update(agreement_yes).where(theirs).values(goal=""))
    shared = select(tandem_member.c.tandem).where(tandem_member.c.member == number)
    for found in connection.execute(shared).scalars().all():
        known = get(connection, pairs.get_tandem(connection, found))
        for version in known.versions:
            held = version == known.in_force
            kept = {**version.content, **PERSONAL} if held else {}
            _rewrite(connection, replace(version, content=kept), found)


def _rewrite(connection: Connection, version: Version, tandem: int) -> None:
    here = agreement.c.tandem == tandem, agreement.c.number == version.number
    connection.execute(update(agreement).where(*here).values(content=dict(version.content)))


def forget_tandem(connection: Connection, number: int) -> None:
    """Nothing of what was agreed on is left, nor what was reached."""
    for table in (agreement, agreement_yes, milestone):
        connection.execute(delete(table).where(table.c.tandem == number))
