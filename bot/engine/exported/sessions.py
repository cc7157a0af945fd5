"""The sessions of a tandem, and the next steps agreed on in them."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from bot.domain import sessions
from bot.engine.exported.parts import LocalTime, Part, one_of


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
