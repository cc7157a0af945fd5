"""What a tandem agreed on, and what it wants to have reached."""

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection

from bot.domain import agreements as agreed
from bot.domain import tandems
from bot.domain.members import Member
from bot.engine.exported.parts import Part
from bot.store import agreements, milestones


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


def shown_versions(known: agreed.Agreement, member: Member) -> list[agreed.Version]:
    """Those that were sent to them; of what was written beside, only their own."""
    return [v for v in known.versions if v in known.chain or v.by == member.id]


def agreements_of(
    connection: Connection, member: Member, tandem: tandems.Tandem, names: Mapping[int, str]
) -> Iterator[Agreement]:
    known = agreements.get(connection, tandem)
    until = tandem.left.get(member.id)
    for version in shown_versions(known, member):
        if until is not None and version.at >= until:
            continue
        mine = version.yes.get(member.id)
        others = [(number, yes.goal) for number, yes in version.yes.items() if number != member.id]
        yield Agreement(
            number=version.number,
            at=version.at,
            by_me=version.by == member.id,
            suggested=version.by == agreed.BOT,
            in_force=version == known.in_force,
            agreed_by_me=mine is not None,
            lines=dict(version.content),
            my_goal=mine.goal if mine else "",
            goals=[Goal(name=names[n] or None, goal=goal) for n, goal in others if goal],
        )


def milestones_of(
    connection: Connection, member: Member, tandem: tandems.Tandem
) -> Iterator[Milestone]:
    known = milestones.get(connection, tandem.id)
    for step in filter(lambda step: step.title, known.every):
        yield Milestone(
            number=step.number,
            title=step.title,
            due=step.due,
            reached_at=step.done_at,
            by_me=step.by == member.id,
        )
