"""The format of somebody's own copy of their data. It is a promise: programs read it.

Every field says what it is, and so does the JSON Schema that comes with each copy. What
changes the meaning of a field, or takes one away, raises ``VERSION``.
"""

from pydantic import AwareDatetime, Field

from bot.engine.exported.diary import DiaryEntry, Reflection, SharedEntry
from bot.engine.exported.forms import OpenQuestion, Profile
from bot.engine.exported.messages import Message, Planned, Report
from bot.engine.exported.oneself import Account, Consent, Master
from bot.engine.exported.parts import Part
from bot.engine.exported.proposals import Proposal
from bot.engine.exported.tandems import Tandem

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
