"""Members, their consents, and their open conversations."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from bot.conversation.talk import Conversation
from bot.domain.hours import Lead, Quiet
from bot.domain.members import NOWHERE, Address, Member, Profile, Standing
from bot.store import accounts, tables
from bot.store.database import inserted, put
from bot.store.holding import need
from bot.store.tables import account, conversation, member, proposal_member

_KNOWN = select(member, *[column.label(f"its_{column.name}") for column in account.c]).outerjoin(
    account, account.c.id == member.c.account
)
"""Members with the account that messages go to."""
_BY_ID = _KNOWN.where(member.c.id == bindparam("number"))
_BY_ADDRESS = _KNOWN.where(
    member.c.id == select(account.c.member).where(accounts.HERE).scalar_subquery()
)
_THIS_MEMBER = update(member).where(member.c.id == bindparam("number"))


def by_address(connection: Connection, address: Address) -> Member | None:
    """Whoever has an account there, whichever of their accounts messages go to."""
    found = connection.execute(_BY_ADDRESS, accounts.here(address)).first()
    if found is None:
        return None
    need(connection, [found.id])
    return _member(found)


def by_id(connection: Connection, number: int) -> Member:
    """Somebody who is gone has no address and no words."""
    need(connection, [number])
    return _member(connection.execute(_BY_ID, {"number": number}).one())


def seeking(connection: Connection, now: datetime) -> list[Member]:
    """Everyone a proposal can be made to, who has waited longest first."""
    rows = connection.execute(
        _KNOWN.where(member.c.standing == Standing.SEEKING, account.c.reachable)
        .where(or_(member.c.paused_until.is_(None), member.c.paused_until <= now))
        .order_by(member.c.since, member.c.id)
    )
    return [_member(row) for row in rows]


def couples(connection: Connection) -> list[tuple[int, int]]:
    """All who were proposed to each other before."""
    one, other = proposal_member.alias(), proposal_member.alias()
    both = select(one.c.member, other.c.member.label("other")).join(
        other, (one.c.proposal == other.c.proposal) & (one.c.member < other.c.member)
    )
    return [(row.member, row.other) for row in connection.execute(both)]


def by_user(connection: Connection, platform: str, user: str) -> list[int]:
    """The members somebody is on a platform, whichever of the bot's accounts they wrote to."""
    rows = connection.execute(
        select(account.c.member).where(account.c.platform == platform, account.c.user == user)
    )
    return list(rows.scalars())


def add(connection: Connection, new: Member, now: datetime) -> int:
    values = {**_values(new), "joined_at": now, "seen_at": now}
    number = inserted(connection, member, values)
    accounts.join(connection, number, new.address, new.username)
    return number


def save(connection: Connection, known: Member) -> None:
    connection.execute(_THIS_MEMBER, {"number": known.id, **_values(known)})


def seen(connection: Connection, number: int, now: datetime) -> None:
    """Notes a sign of life."""
    connection.execute(_THIS_MEMBER, {"number": number, "seen_at": now})


def add_consent(connection: Connection, values: dict[str, object]) -> None:
    connection.execute(insert(tables.consent).values(**values))


def consents(connection: Connection, number: int) -> dict[str, bool]:
    """By purpose, the newest word of a member."""
    rows = connection.execute(
        select(tables.consent.c.purpose, tables.consent.c.given)
        .where(tables.consent.c.member == number)
        .order_by(tables.consent.c.id)
    )
    return {row.purpose: row.given for row in rows}


def open_conversations(connection: Connection, number: int) -> list[Conversation]:
    """What somebody is being asked, the form touched last first."""
    return [_conversation(row) for row in connection.execute(_OPEN, {"whose": number})]


_OPEN = (
    select(conversation)
    .where(conversation.c.member == bindparam("whose"))
    .order_by(conversation.c.touched.desc())
)


def find(connection: Connection, number: int, form: str, subject: str) -> Conversation | None:
    """An open conversation of a member, by its form and what it is about."""
    talks = open_conversations(connection, number)
    return next((t for t in talks if (t.form, t.subject) == (form, subject)), None)


def keep(connection: Connection, number: int, talk: Conversation, now: datetime) -> None:
    """As the one touched last."""
    values = {**_plain(talk), "member": number, "whose": number, "at": now}
    put(connection, conversation, values, touched=_NEXT)


_NEXT = (
    select(func.coalesce(func.max(conversation.c.touched), 0) + 1)
    .where(conversation.c.member == bindparam("whose"))
    .scalar_subquery()
)


def close(connection: Connection, number: int, talk: Conversation) -> None:
    connection.execute(
        delete(conversation).where(
            conversation.c.member == number,
            conversation.c.form == talk.form,
            conversation.c.subject == talk.subject,
        )
    )


def close_all(connection: Connection, number: int) -> None:
    connection.execute(delete(conversation).where(conversation.c.member == number))


def _plain(talk: Conversation) -> dict[str, object]:
    return {
        "form": talk.form,
        "subject": talk.subject,
        "answers": dict(talk.answers),
        "drafts": dict(talk.drafts),
        "facts": dict(talk.facts),
        "in_chat": talk.in_chat,
    }


def _conversation(row: Row[Any]) -> Conversation:
    said = row.answers, row.drafts, row.facts
    return Conversation(row.form, row.subject, *said, row.in_chat, row.at)


def _values(known: Member) -> dict[str, object]:
    return {
        "name": known.name,
        "language": known.language,
        "zone": known.zone,
        "standing": known.standing.value,
        "profile": asdict(known.profile) if known.profile else None,
        "since": known.since,
        "paused_until": known.paused_until,
        "lead": known.lead.value,
        "quiet_hours": known.quiet.hours,
        "quiet_sundays": known.quiet.sundays,
    }


def _member(row: Row[Any]) -> Member:
    there = (row.its_platform, row.its_account, row.its_user, row.its_chat)
    return Member(
        id=row.id,
        address=Address(*there) if row.its_id else NOWHERE,
        language=row.language,
        zone=row.zone,
        name=row.name,
        username=row.its_username or "",
        standing=Standing(row.standing),
        reachable=bool(row.its_reachable),
        profile=_profile(row.profile) if row.profile else None,
        since=row.since,
        paused_until=row.paused_until,
        seen_at=row.seen_at,
        lead=Lead(row.lead),
        quiet=Quiet(row.quiet_hours, row.quiet_sundays),
    )


def _profile(stored: dict[str, object]) -> Profile:
    """JSON gives lists back, a profile holds tuples."""
    lists = {name: tuple(v) for name, v in stored.items() if isinstance(v, list)}
    return Profile(**{**stored, **lists})  # type: ignore[arg-type]  # as stored from a Profile
