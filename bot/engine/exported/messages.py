"""What the bot said to somebody and is going to say, and what they told the organizers."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection

from bot.conversation.wording import markup, plain
from bot.domain import reports, tandems
from bot.domain.dues import Nudge
from bot.domain.members import Member
from bot.engine.acquaintances import acquaintances
from bot.engine.desk import Desk
from bot.engine.exported.parts import Part, one_of
from bot.store import copies, pairs


class Message(Part):
    """Something the bot said to the member."""

    at: AwareDatetime = Field(description="When it was sent")
    text: str = Field(description="Its words, without markup and buttons")


class Report(Part):
    """Something the member told the organizers in private."""

    number: int = Field(description="The number they were told")
    at: AwareDatetime = Field(description="When")
    about: str | None = Field(description="First name of whom it is about, as the member knows it")
    text: str = Field(description="Their words")
    state: Annotated[reports.State, one_of(reports.State)] = Field(description="open or closed")


class Planned(Part):
    """Something the bot is going to say, or to do, when its time has come."""

    kind: Annotated[Nudge, one_of(Nudge)] = Field(
        description="resume: an unfinished sign-up; search: looks for somebody again; unpause; "
        "diary_halfway and diary_end: a look back into the diary; "
        "diary_notice and diary_over: of a diary without a tandem; "
        "halfway and expire: of a proposal; "
        "day_before, soon, cue, after, reflect, repeat: of a session; "
        "undated, ask_again, run_out: of getting to know each other; "
        "nobody_wrote, confirm, unagreed, check_in: of an agreement; "
        "silent: of what waits for them; quieter: that nothing more is asked for now; "
        "uninstalled, reinstalled: of a workspace that took the bot out"
    )
    at: AwareDatetime = Field(description="When")


def messages_of(
    connection: Connection, member: Member, known: Sequence[tandems.Tandem]
) -> Iterator[Message]:
    for row in copies.messages(connection, member.id, [tandem.subject for tandem in known]):
        if text := row.body.get("text"):
            yield Message(at=row.sent_at, text=plain(markup(text)))


def reports_of(desk: Desk, member: Member) -> Iterator[Report]:
    names = acquaintances(desk, member)
    for row in copies.reports(desk.connection, member.id):
        yield Report(
            number=row.id,
            at=row.at,
            about=names.get(row.about),
            text=row.text,
            state=reports.State(row.state),
        )


def planned_for(connection: Connection, member: Member) -> Iterator[Planned]:
    subjects = pairs.subjects_of(connection, member.id)
    for row in copies.planned(connection, member.id, subjects):
        yield Planned(kind=Nudge(row.nudge), at=row.at)
