"""What a tandem wants to reach, as a file to keep. Made when it is sent, in its reader's words."""

from datetime import datetime

from bot.conversation.wording import Wording
from bot.documents.markdown import markdown
from bot.documents.paper import Paper, Section
from bot.documents.pdf import pdf
from bot.domain import tandems
from bot.domain.availability import local
from bot.domain.members import Member
from bot.domain.milestones import Milestone, Milestones
from bot.engine.desk import Desk
from bot.store import milestones, pairs

KINDS = {"pdf": pdf, "md": markdown}
"""How a paper is written, by the ending of its file's name."""


def send(desk: Desk, member: Member, tandem: int, kind: str) -> None:
    """A file for a member; of a tandem that rests they learn just that."""
    known = pairs.get_tandem(desk.connection, tandem)
    if known.state is tandems.State.PAUSED:
        desk.tell([tandems.tell(known, member.id, tandems.PAUSED)])
        return
    wording = desk.wording("paper", member)
    name = f"{wording.label('name')}.{kind}"
    desk.post_file(member, wording.say("file"), name, known.subject)


def made(desk: Desk, member: Member, subject: str, name: str) -> bytes:
    """The bytes of a file that `send` announced, as things are at this moment."""
    known = milestones.get(desk.connection, int(subject.partition(":")[2]))
    return KINDS[name.rpartition(".")[2]](_paper(desk, member, known))


def _paper(desk: Desk, member: Member, known: Milestones) -> Paper:
    wording, tandem = desk.wording("paper", member), known.tandem
    about = dict(tandem.about[member.id])
    about["partner"] = about.get("partner") or wording.label("former")
    return Paper(
        title=wording.label("title"),
        subtitle=wording.label("names", me=member.first_name, **about),
        language=member.language,
        made_at=desk.now,
        sections=(
            Section(wording.label("tandem"), facts=_facts(wording, tandem, member.zone)),
            Section(wording.label("open"), points=_points(wording, known.open, member.zone)),
            Section(wording.label("reached"), points=_points(wording, known.done, member.zone)),
        ),
        note=wording.label("note", day=local(desk.now, member.zone).date()),
    )


def _facts(wording: Wording, tandem: tandems.Tandem, zone: str) -> tuple[tuple[str, str], ...]:
    days = (("since", tandem.made_at), ("until", tandem.ended_at))
    rhythm = wording.label("rhythm"), wording.label(f"rhythm__{tandem.rhythm}")
    return (*((wording.label(name), _day(wording, at, zone)) for name, at in days), rhythm)


def _points(wording: Wording, found: list[Milestone], zone: str) -> tuple[str, ...]:
    return tuple(
        wording.label("point", one=one, done=_day(wording, one.done_at, zone)) for one in found
    )


def _day(wording: Wording, at: datetime | None, zone: str) -> str:
    return wording.label("on_day", day=local(at, zone).date()) if at else ""
