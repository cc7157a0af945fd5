"""Who somebody is to the bot, where they are known, and what they consented to."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection

from bot.domain.hours import Lead
from bot.domain.members import Member, Standing
from bot.engine.exported.parts import Part, one_of
from bot.store import copies


class Master(Part):
    """Who the member is to the bot."""

    name: str = Field(description="The name the messenger told")
    language: str = Field(description="The language the bot writes in")
    zone: str = Field(description="IANA time zone")
    joined_at: AwareDatetime = Field(description="When they first wrote to the bot")
    standing: Annotated[Standing, one_of(Standing)] = Field(
        description="new: no profile yet; seeking: looked for; as far as there is room for "
        "one more tandem; resting: has a profile, is not looked for"
    )
    seeking_since: AwareDatetime | None = Field(description="Since when they have been looked for")
    paused_until: AwareDatetime | None = Field(description="The end of a pause they asked for")
    seen_at: AwareDatetime | None = Field(
        description="When they last wrote or pressed something, to the hour"
    )
    lead: Annotated[Lead, one_of(Lead)] = Field(
        description="How long before a session they are reminded: eve, at 17:00 on the day before "
        "and shortly before; morning; hours, two before; soon, half an hour before; none"
    )
    quiet_hours: str = Field(description="From which hour to which they are not written to")
    quiet_sundays: bool = Field(description="Whether not on Sundays, either")


class Account(Part):
    """Where the member is known."""

    platform: str = Field(description="telegram, slack or playground")
    workspace: str = Field(description="The bot's own account there, or the workspace")
    user_id: str = Field(description="The member's id there")
    chat_id: str = Field(description="The id of their chat with the bot")
    username: str = Field(description="Their username there, empty if they have none")
    reachable: bool = Field(description="Whether messages arrive there")
    preferred: bool = Field(description="Whether messages go there")


class Consent(Part):
    """One word of the member on one purpose; the newest of a purpose counts."""

    purpose: str = Field(description="tandem, diary or statistics")
    given: bool = Field(description="true: agreed; false: refused or taken back")
    at: AwareDatetime = Field(description="When")
    version: str = Field(description="Version of the text that was agreed to")
    text_hash: str = Field(description="SHA-256 of that text as it was shown, in hexadecimal")
    language: str = Field(description="Language of that text")
    channel: str = Field(description="Platform on which the word was given")


def master_of(connection: Connection, member: Member) -> Master:
    row = copies.master(connection, member.id)
    return Master(
        name=row.name,
        language=row.language,
        zone=row.zone,
        joined_at=row.joined_at,
        standing=Standing(row.standing),
        seeking_since=row.since,
        paused_until=row.paused_until,
        seen_at=row.seen_at,
        lead=Lead(row.lead),
        quiet_hours=row.quiet_hours,
        quiet_sundays=row.quiet_sundays,
    )


def accounts_of(connection: Connection, member: Member) -> Iterator[Account]:
    preferred = copies.master(connection, member.id).account
    for row in copies.accounts(connection, member.id):
        yield Account(
            platform=row.platform,
            workspace=row.account,
            user_id=row.user,
            chat_id=row.chat,
            username=row.username,
            reachable=row.reachable,
            preferred=row.id == preferred,
        )


def consents_of(connection: Connection, member: Member) -> Iterator[Consent]:
    for row in copies.consents(connection, member.id):
        yield Consent(
            purpose=row.purpose,
            given=row.given,
            at=row.at,
            version=row.version,
            text_hash=row.text_hash,
            language=row.language,
            channel=row.channel,
        )
