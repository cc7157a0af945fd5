"""Consent: each purpose on its own, recorded with the words that were agreed to, append-only."""

import hashlib
from dataclasses import replace

from bot.conversation.cards import Tell
from bot.conversation.wording import Words
from bot.domain import consents
from bot.domain.members import Member
from bot.engine import keeping, withdrawing
from bot.engine.desk import Desk
from bot.store import people

VERSION = "4"
"""Rises with the meaning of the consent texts and of the notice they lead to, not with their
spelling: that has a hash. It is proof of what was agreed to; nothing is asked or told by it."""


def record(desk: Desk, member: Member, purpose: str, *, given: bool, words: Words) -> None:
    """Notes a consent or its withdrawal; the same word twice is noted once."""
    if people.consents(desk.connection, member.id).get(purpose, False) == given:
        return
    values: dict[str, object] = {
        "member": member.id,
        "pseudonym": "",
        "purpose": purpose,
        "version": VERSION,
        "text_hash": hashlib.sha256(words.encode()).hexdigest(),
        "language": member.language,
        "channel": member.address.platform,
        "given": given,
        "at": desk.now,
    }
    people.add_consent(desk.connection, values)
    if purpose == "diary" and not given:
        _no_diary(desk, member)


def _no_diary(desk: Desk, member: Member) -> None:
    """Entries go, and what was being written; an open look back goes on without an insight."""
    keeping.forget(desk, member)
    for talk in people.open_conversations(desk.connection, member.id):
        if talk.form in {"diary", "diary_search"}:
            people.close(desk.connection, member.id, talk)
        if talk.form == "reflection":
            drafts = {n: draft for n, draft in talk.drafts.items() if n != "insight"}
            without = replace(talk, answers={**talk.answers, "insight": ""}, drafts=drafts)
            people.keep(desk.connection, member.id, without, desk.now)


def overview(desk: Desk, member: Member, *, replaces: bool = False) -> Tell:
    """What somebody agreed to, with a button to give or to take back each."""
    given = people.consents(desk.connection, member.id)
    return consents.overview(member.id, given, replaces=replaces)


def change(desk: Desk, member: Member, purpose: str, *, given: bool) -> None:
    """Effective at once, in the place where it was given."""
    words = desk.worded(overview(desk, member), member).text
    record(desk, member, purpose, given=given, words=words)
    desk.tell([overview(desk, member, replaces=True)])


def withdraw(desk: Desk, member: Member) -> None:
    """Whoever takes back the first consent takes part no longer; nothing is asked about it."""
    words = desk.worded(overview(desk, member), member).text
    record(desk, member, "tandem", given=False, words=words)
    withdrawing.withdraw(desk, member)
    desk.tell([overview(desk, desk.member(member.id), replaces=True)])
    desk.tell([Tell(member.id, consents.WITHDRAWN)])
