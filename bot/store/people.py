"""Members, their consents, and their open conversations."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.conversation.talk import Conversation
from bot.domain.members import Address, Member, Profile, Standing
from bot.store import tables
from bot.store.database import put
from bot.store.tables import conversation, member, proposal_member


def by_address(connection: Connection, address: Address) -> Member | None:
    found = connection.execute(
        select(member).where(
            member.c.platform == address.platform,
            member.c.account == address.account,
            member.c.user == address.user,
        )
    ).first()
    return _member(found) if found else None


def by_id(connection: Connection, number: int) -> Member:
    found = connection.execute(select(member).where(member.c.id == number)).one()
    return _member(found)


def seeking(connection: Connection) -> list[Member]:
    """Everyone a proposal can be made to, who has waited longest first."""
    rows = connection.execute(
        select(member)
        .where(member.c.standing == Standing.SEEKING, member.c.reachable)
        .order_by(member.c.since, member.c.id)
    )
    return [_member(row) for row in rows]


def met(connection: Connection, number: int) -> frozenset[int]:
    """Whom a proposal was made with before; nobody is proposed twice."""
    ours = select(proposal_member.c.proposal).where(proposal_member.c.member == number)
    rows = connection.execute(
        select(proposal_member.c.member).where(
            proposal_member.c.proposal.in_(ours), proposal_member.c.member != number
        )
    )
    return frozenset(rows.scalars())


def by_user(connection: Connection, platform: str, user: str) -> list[int]:
    """The members somebody is on a platform, whichever of the bot's accounts they wrote to."""
    rows = connection.execute(
        select(member.c.id).where(member.c.platform == platform, member.c.user == user)
    )
    return list(rows.scalars())


def add(connection: Connection, new: Member, now: datetime) -> int:
    values = {**_values(new), "joined_at": now}
    key = connection.execute(insert(member).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def save(connection: Connection, known: Member) -> None:
    connection.execute(update(member).where(member.c.id == known.id).values(**_values(known)))


def add_consent(connection: Connection, values: dict[str, object]) -> None:
    connection.execute(insert(tables.consent).values(**values))


def open_conversations(connection: Connection, number: int) -> list[Conversation]:
    """What somebody is being asked, the form touched last first."""
    rows = connection.execute(
        select(conversation)
        .where(conversation.c.member == number)
        .order_by(conversation.c.touched.desc())
    )
    return [_conversation(row) for row in rows]


def keep(connection: Connection, number: int, talk: Conversation) -> None:
    newest = select(func.coalesce(func.max(conversation.c.touched), 0))
    latest = connection.execute(newest.where(conversation.c.member == number)).scalar()
    values = {**_plain(talk), "member": number, "touched": (latest or 0) + 1}
    put(connection, conversation, values)


def close(connection: Connection, number: int, talk: Conversation) -> None:
    connection.execute(
        delete(conversation).where(
            conversation.c.member == number,
            conversation.c.form == talk.form,
            conversation.c.subject == talk.subject,
        )
    )


def _plain(talk: Conversation) -> dict[str, object]:
    return {
        "form": talk.form,
        "subject": talk.subject,
        "answers": dict(talk.answers),
        "drafts": dict(talk.drafts),
        "facts": dict(talk.facts),
        "in_chat": talk.in_chat,
    }


def _conversation(row: Row[tuple[object, ...]]) -> Conversation:
    return Conversation(row.form, row.subject, row.answers, row.drafts, row.facts, row.in_chat)


def _values(known: Member) -> dict[str, object]:
    return {
        "platform": known.address.platform,
        "account": known.address.account,
        "user": known.address.user,
        "chat": known.address.chat,
        "username": known.username,
        "name": known.name,
        "language": known.language,
        "zone": known.zone,
        "standing": known.standing.value,
        "reachable": known.reachable,
        "profile": asdict(known.profile) if known.profile else None,
        "since": known.since,
    }


def _member(row: Row[tuple[object, ...]]) -> Member:
    return Member(
        id=row.id,
        address=Address(row.platform, row.account, row.user, row.chat),
        language=row.language,
        zone=row.zone,
        name=row.name,
        username=row.username,
        standing=Standing(row.standing),
        reachable=row.reachable,
        profile=_profile(row.profile) if row.profile else None,
        since=row.since,
    )


def _profile(stored: dict[str, object]) -> Profile:
    """JSON gives lists back, a profile holds tuples."""
    lists = {name: tuple(v) for name, v in stored.items() if isinstance(v, list)}
    return Profile(**{**stored, **lists})  # type: ignore[arg-type]  # as stored from a Profile
