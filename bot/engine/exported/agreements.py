"""What a tandem agreed on, and what it wants to have reached."""

from datetime import date

from pydantic import AwareDatetime, Field

from bot.engine.exported.parts import Part


class Goal(Part):
    """What a member of a tandem wants to achieve."""

    name: str | None = Field(description="First name; null for somebody whose data are deleted")
    goal: str = Field(description="Their words")


class Agreement(Part):
    """A version of what a tandem agrees on."""

    number: int = Field(description="Counts its versions")
    at: AwareDatetime = Field(description="When it was written")
    by_me: bool = Field(description="Whether the member wrote it")
    suggested: bool = Field(description="Whether it is the bot's own suggestion")
    in_force: bool = Field(description="Whether it holds: all have agreed to it, and to none since")
    agreed_by_me: bool = Field(description="Whether the member agreed to it")
    lines: dict[str, str | list[str]] = Field(
        description="What stands in it, by question; a weekday counts from 0, Monday"
    )
    my_goal: str = Field(description="The member's own goal, as they agreed to it")
    goals: list[Goal] = Field(description="Those of the others, as they agreed to it")


class Milestone(Part):
    """What a tandem wants to have reached."""

    number: int = Field(description="Counts the tandem's milestones")
    title: str = Field(description="What it is")
    due: date | None = Field(description="By when")
    reached_at: AwareDatetime | None = Field(description="When it was reached")
    by_me: bool = Field(description="Whether the member added it")
