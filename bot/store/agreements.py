"""Agreements by their versions."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from bot.domain.agreements import Agreement, Version, Yes
from bot.domain.tandems import State, Tandem
from bot.store import pairs
from bot.store.database import put
from bot.store.tables import agreement, agreement_yes, tandem_member

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


def forget_member(connection: Connection, number: int) -> None:
    """Their own goals go. What they shared stays with the others, apart from what leads to
    somebody; drafts that nobody agreed to in the end go as well."""
    theirs = agreement_yes.c.member == number
    connection.execute(update(agreement_yes).where(theirs).values(goal=""))
    shared = select(tandem_member.c.tandem).where(tandem_member.c.member == number)
    for found in connection.execute(shared).scalars().all():
        tandem = pairs.get_tandem(connection, found)
        known = get(connection, tandem)
        if number in tandem.left and tandem.state is not State.ENDED:
            _forget_beside(connection, known, number)
            continue
        for version in known.versions:
            held = version == known.in_force
            kept = {**version.content, **PERSONAL} if held else {}
            _rewrite(connection, replace(version, content=kept), found)


def _forget_beside(connection: Connection, known: Agreement, number: int) -> None:
    """The others go on with what they agreed on; only what somebody wrote beside it goes."""
    for version in known.versions:
        if version.by == number and version not in known.chain:
            _rewrite(connection, replace(version, content={}), known.tandem)


def _rewrite(connection: Connection, version: Version, tandem: int) -> None:
    here = agreement.c.tandem == tandem, agreement.c.number == version.number
    connection.execute(update(agreement).where(*here).values(content=dict(version.content)))


def forget_tandem(connection: Connection, number: int) -> None:
    """Nothing of what was agreed on is left."""
    for table in (agreement, agreement_yes):
        connection.execute(delete(table).where(table.c.tandem == number))
