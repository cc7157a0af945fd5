"""What somebody wrote for themselves, and what of it others are shown."""

from collections.abc import Iterator, Sequence

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection

from bot.domain import tandems
from bot.domain.members import Member
from bot.engine.exported.parts import Part
from bot.store import copies, diaries, shares


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


def reflections_of(
    connection: Connection, member: Member, known: Sequence[tandems.Tandem]
) -> Iterator[Reflection]:
    numbers = _numbers(known)
    for row in copies.reflections(connection, member.id):
        yield Reflection(
            at=row.at,
            tandem=numbers.get(row.tandem),
            session=row.number,
            held=row.held,
            moved=row.moved,
            useful=row.useful,
            insight=row.insight,
            next_step=row.next_step,
        )


def entries_of(connection: Connection, member: Member) -> Iterator[DiaryEntry]:
    for row in copies.entries(connection, member.id):
        yield DiaryEntry(at=row.at, text=row.text)


def shares_of(
    connection: Connection, member: Member, known: Sequence[tandems.Tandem]
) -> Iterator[SharedEntry]:
    numbers = _numbers(known)
    words = {entry.key: entry.text for entry in diaries.entries(connection, member.id)}
    for one in shares.of(connection, member.id):
        yield SharedEntry(
            at=one.at,
            tandem=numbers.get(one.tandem),
            text=words.get(one.entry, ""),
            outdated=one.outdated,
        )


def _numbers(known: Sequence[tandems.Tandem]) -> dict[int, int]:
    """What the copy calls the tandems, by what the bot calls them."""
    return {tandem.id: number for number, tandem in enumerate(known, 1)}
