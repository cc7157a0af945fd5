"""What somebody wrote for themselves, and what of it others are shown."""

from pydantic import AwareDatetime, Field

from bot.engine.exported.parts import Part


class Reflection(Part):
    """What the member kept of a session, for themselves."""

    at: AwareDatetime = Field(description="When it was written")
    tandem: int | None = Field(description="Number of the tandem; null once that is deleted")
    session: int | None = Field(description="Number of the session in it")
    held: bool = Field(description="False if they said that they had not met")
    moved: bool = Field(description="Whether they said that it was moved")
    useful: int | None = Field(description="How useful it was, 1 to 5")
    insight: str = Field(description="What they take with them")
    next_step: str = Field(description="Their next step")


class DiaryEntry(Part):
    """An entry in the member's learning diary."""

    at: AwareDatetime = Field(description="When it was written")
    text: str = Field(description="The entry")


class SharedEntry(Part):
    """An entry of the diary that the others of a tandem are shown."""

    at: AwareDatetime = Field(description="When it was shared")
    tandem: int | None = Field(description="Number of the tandem")
    text: str = Field(description="The entry, or the insight of a reflection")
    outdated: bool = Field(description="Whether it was changed since; they have it as it was")
