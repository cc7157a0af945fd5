"""The sessions of a tandem, and the next steps agreed on in them."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection

from bot.domain import sessions, tandems
from bot.domain.members import Member
from bot.engine.exported.parts import LocalTime, Part, one_of
from bot.store import copies, steps


class Step(Part):
    """What a member of a tandem wanted to do after a session, as all of them read it."""

    name: str = Field(description="First name of whose it is")
    by_me: bool = Field(description="Whether it is the member's own")
    text: str = Field(description="Their words")


class Session(Part):
    """One meeting of a tandem."""

    number: int = Field(description="Counts the tandem's sessions")
    state: Annotated[sessions.State, one_of(sessions.State)] = Field(
        description="open: the next one, or one besides; past; off: called off, or ended"
    )
    local_time: LocalTime | None = Field(description="Agreed wall time in its zone")
    zone: str = Field(description="IANA time zone")
    minutes: int = Field(description="How long it is to be")
    starts_at: AwareDatetime | None = Field(description="The same as an instant, UTC")
    place: str = Field(description="Place or link, as noted by either of them")
    suggested_time: LocalTime | None = Field(description="A wall time that waits for an answer")
    suggested_by_me: bool = Field(description="Whether the member suggested it")
    topic_of: str | None = Field(
        description="First name of whose topic had the main part; null where nobody noted it"
    )
    steps: list[Step] = Field(description="The next steps that were agreed on in it")


def sessions_of(
    connection: Connection, member: Member, tandem: tandems.Tandem, names: Mapping[int, str]
) -> Iterator[Session]:
    until = tandem.left.get(member.id)
    for row in copies.sessions(connection, tandem.id):
        if until is not None and (row.starts_at is None or row.starts_at >= until):
            continue
        yield Session(
            number=row.number,
            state=sessions.State(row.state),
            local_time=row.planned,
            zone=row.zone,
            minutes=row.minutes,
            starts_at=row.starts_at,
            place=row.place,
            suggested_time=row.wish,
            suggested_by_me=bool(row.wish) and row.wished_by == member.id,
            topic_of=names.get(row.turn),
            steps=[
                Step(name=names[step.member], by_me=step.member == member.id, text=step.text)
                for step in steps.of(connection, row.id)
            ],
        )
