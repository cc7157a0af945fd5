"""The format of somebody's own copy of their data. It is a promise: programs read it.

Every field says what it is, and so does the JSON Schema that comes with each copy. What
changes the meaning of a field, or takes one away, raises ``VERSION``. Each part stands beside what
gathers it: somebody's own data, and of others only what the member was shown of them.

Left out on purpose: what others said of the member in private, whom they must not meet, and
whether somebody said yes to them. `tests/test_export.py` knows where each table goes.
"""

from dataclasses import asdict

from pydantic import AwareDatetime, Field

from bot.domain.members import Member
from bot.engine.desk import Desk
from bot.engine.exported.diary import (
    DiaryEntry,
    Reflection,
    SharedEntry,
    entries_of,
    reflections_of,
    shares_of,
)
from bot.engine.exported.forms import OpenQuestion, Profile, question_of
from bot.engine.exported.messages import (
    Message,
    Planned,
    Report,
    messages_of,
    planned_for,
    reports_of,
)
from bot.engine.exported.oneself import (
    Account,
    Consent,
    Master,
    accounts_of,
    consents_of,
    master_of,
)
from bot.engine.exported.parts import Part
from bot.engine.exported.proposals import Proposal, proposals_of
from bot.engine.exported.tandems import Tandem, tandem_of
from bot.store import pairs, people

VERSION = 1


class Export(Part):
    """Everything stored about one member. Times are UTC where no zone stands beside them."""

    version: int = Field(description="Version of this format")
    made_at: AwareDatetime = Field(description="When this copy was made")
    member: Master = Field(description="Who the member is to the bot")
    accounts: list[Account] = Field(description="Where they are known")
    profile: Profile | None = Field(description="What they told of themselves; null without one")
    consents: list[Consent] = Field(description="Every consent given, refused or taken back")
    open_questions: list[OpenQuestion] = Field(description="Forms they have not finished")
    proposals: list[Proposal] = Field(description="Tandems suggested to them")
    tandems: list[Tandem] = Field(description="Tandems they were or are in")
    reflections: list[Reflection] = Field(description="What they kept of sessions")
    diary: list[DiaryEntry] = Field(description="Their learning diary")
    shares: list[SharedEntry] = Field(description="What others are shown of the diary")
    messages: list[Message] = Field(description="What the bot sent them and still keeps")
    reports: list[Report] = Field(description="What they told the organizers in private")
    planned: list[Planned] = Field(description="What the bot is going to say to them by itself")


def gather(desk: Desk, member: Member) -> Export:
    connection = desk.connection
    known = pairs.tandems_of(connection, member.id)[::-1]
    return Export(
        version=VERSION,
        made_at=desk.now,
        member=master_of(connection, member),
        accounts=list(accounts_of(connection, member)),
        profile=Profile.model_validate(asdict(member.profile)) if member.profile else None,
        consents=list(consents_of(connection, member)),
        open_questions=[question_of(t) for t in people.open_conversations(connection, member.id)],
        proposals=list(proposals_of(connection, member)),
        tandems=[tandem_of(connection, member, n, pair) for n, pair in enumerate(known, 1)],
        reflections=list(reflections_of(connection, member, known)),
        diary=list(entries_of(connection, member)),
        shares=list(shares_of(connection, member, known)),
        messages=list(messages_of(connection, member, known)),
        reports=list(reports_of(desk, member)),
        planned=list(planned_for(connection, member)),
    )
