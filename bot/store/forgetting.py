"""Forgetting: what is deleted with a member, table by table, and what is deleted by age.

`tests/test_erasure.py` fails when a table is new and nothing is said of it here.
"""

import json
import secrets
from collections.abc import Collection

from sqlalchemy import Connection, delete, or_, select, update

from bot.domain.hours import USUAL, Lead
from bot.domain.members import Address, Standing
from bot.store import accounts, agreements, buttons, milestones, pairs, rounds, steps
from bot.store.holding import need_everybody
from bot.store.outbox import FORGOTTEN
from bot.store.tables import (
    account,
    block,
    button,
    code,
    consent,
    conversation,
    cue,
    diary,
    due,
    feed,
    hold,
    inbox,
    member,
    outbox,
    proposal_member,
    reflection,
    report,
    share,
    silence,
    tandem_member,
    word,
)

THEIRS = (conversation, button, diary, reflection, share, code, word, silence, feed, cue)
"""Tables whose rows belong to one member alone."""


def forget(connection: Connection, number: int, subjects: Collection[str]) -> None:
    """Nothing that a member wrote, or that leads to them, is left.

    Their number stays for those who knew them; the proof of consent gets a pseudonym.
    """
    need_everybody(connection)
    known = acquaintances(connection, number)
    users = _users(connection, number)
    for table in THEIRS:
        connection.execute(delete(table).where(table.c.member == number))
    connection.execute(delete(block).where(or_(block.c.member == number, block.c.other == number)))
    connection.execute(update(report).where(report.c.member == number).values(member=0, text=""))
    _forget_what_was_said(connection, number, subjects, known)
    _forget_inputs(connection, users)
    _forget_plans(connection, number)
    agreements.forget_member(connection, number)
    pairs.forget(connection, number)
    milestones.make_nameless(connection, number)
    steps.forget_member(connection, number)
    rounds.forget_member(connection, number)
    # The newest entry tells when they left: from then on the proof is kept for its time.
    proof = {"member": 0, "pseudonym": secrets.token_hex(16)}
    connection.execute(update(consent).where(consent.c.member == number).values(**proof))
    connection.execute(delete(account).where(account.c.member == number))
    connection.execute(update(member).where(member.c.id == number).values(**_nobody()))


def forget_account(connection: Connection, number: int, address: Address) -> None:
    """One of several: what was said there goes with it, and messages go to another."""
    left = [one for one, _ in accounts.all_of(connection, number) if one != address]
    if accounts.preferred(connection, number) == address:
        accounts.prefer(connection, number, left[0])
    there = outbox.c.platform == address.platform, outbox.c.account == address.account
    connection.execute(delete(outbox).where(outbox.c.member == number, *there))
    connection.execute(delete(account).where(accounts.HERE), accounts.here(address))


def _nobody() -> dict[str, object]:
    return {
        "account": None,
        "name": "",
        "language": "",
        "zone": "UTC",
        "standing": Standing.GONE.value,
        "profile": None,
        "since": None,
        "paused_until": None,
        "seen_at": None,
        "lead": Lead.EVE.value,
        "quiet_hours": USUAL.hours,
        "quiet_sundays": USUAL.sundays,
    }


def acquaintances(connection: Connection, number: int) -> set[int]:
    """Everybody who was shown something of a member."""
    found: set[int] = set()
    for table, key in ((proposal_member, "proposal"), (tandem_member, "tandem")):
        ours = select(table.c[key]).where(table.c.member == number)
        rows = connection.execute(select(table.c.member).where(table.c[key].in_(ours)))
        found |= set(rows.scalars())
    return found - {number}


def _users(connection: Connection, number: int) -> list[tuple[str, str]]:
    rows = connection.execute(
        select(account.c.platform, account.c.user).where(account.c.member == number)
    )
    return [(row.platform, row.user) for row in rows]


def _forget_what_was_said(
    connection: Connection, number: int, subjects: Collection[str], known: Collection[int]
) -> None:
    """Messages to them, and what stands in the open questions and buttons of others."""
    connection.execute(delete(outbox).where(outbox.c.member == number))
    about_them = outbox.c.subject.in_(subjects), outbox.c.state != "due"
    connection.execute(update(outbox).where(*about_them).values(body=FORGOTTEN))
    about = conversation.c.subject.in_(subjects)
    connection.execute(delete(conversation).where(about))
    buttons.forget_about(connection, known, subjects)


def _forget_inputs(connection: Connection, users: Collection[tuple[str, str]]) -> None:
    """What waits for another try, or was set aside, is theirs if it names them."""
    rows = connection.execute(select(inbox).where(inbox.c.payload.is_not(None))).all()
    for row in rows:
        written = json.dumps(row.payload)
        if any(platform == row.platform and user in written for platform, user in users):
            connection.execute(update(inbox).where(inbox.c.id == row.id).values(payload=None))


def _forget_plans(connection: Connection, number: int) -> None:
    here = or_(due.c.member == number, due.c.subject == f"member:{number}")
    connection.execute(delete(due).where(here))
    chats = select(account.c.chat).where(account.c.member == number)
    connection.execute(delete(hold).where(hold.c.chat.in_(chats)))
