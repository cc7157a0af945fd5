"""What holds between the members of a tandem, as a file: made when it is sent, kept nowhere."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.conversation.wording import Wording
from bot.documents.markdown import markdown
from bot.documents.paper import Fact, Paper, Section
from bot.documents.pdf import pdf
from bot.domain.agreements import Agreement, Version
from bot.domain.availability import local
from bot.domain.members import Member
from bot.domain.milestones import Milestone
from bot.domain.tandems import Tandem
from bot.engine import reading
from bot.engine.desk import Desk
from bot.store import agreements, milestones, pairs

KINDS = {"pdf": pdf, "md": markdown}
"""How a paper is written, by the ending of its file's name."""


def send(desk: Desk, tandem: Tandem, member: Member, kind: str) -> None:
    """``kind``: the ending of the file's name."""
    known = agreements.get(desk.connection, tandem)
    words = desk.wording("agreeing", member).say("file", kind=kind)
    name = desk.wording("document", member).label("name")
    desk.post_file(member, words, f"{name}.{kind}", known.subject)


def document(desk: Desk, member: Member, subject: str, name: str) -> bytes:
    """The bytes of a file by that name; `LookupError` where there is none for this member."""
    tandem = pairs.get_tandem(desk.connection, int(subject.partition(":")[2]))
    known = agreements.get(desk.connection, tandem)
    if member.id not in tandem.members or known.in_force is None:
        raise LookupError(f"{subject} has no document for {member.id}")
    return KINDS[name.rpartition(".")[2]](paper(desk, tandem, known, known.in_force, member))


def paper(desk: Desk, tandem: Tandem, known: Agreement, version: Version, member: Member) -> Paper:
    words = desk.wording("document", member)
    names = {n: reading.name(desk, n, member, tandem.members) for n in tandem.members}
    agreed = reading.terms(desk, tandem, member, version.content)
    signed = [(names[n], _day(words, version.yes[n].at, tandem.zone)) for n in names]
    steps = milestones.get(desk.connection, tandem.id)
    return Paper(
        title=words.label("title"),
        subtitle=words.label(
            "names",
            names=list(names.values()),
            since=version.content["since"],
            until=version.until,
        ),
        language=member.language,
        made_at=desk.now,
        sections=(
            Section(words.label("goals"), facts=tuple(_goals(known, names))),
            Section(
                words.label("milestones"),
                points=tuple(_point(words, m, tandem.zone) for m in (*steps.done, *steps.open)),
            ),
            Section(words.label("agreed"), facts=tuple((t, "\n".join(said)) for t, said in agreed)),
            Section(words.label("limits__title"), text=(words.label("limits"),)),
            Section(words.label("ends__title"), text=(words.label("ends"),)),
            Section(words.label("signed"), facts=tuple(signed)),
        ),
        note=words.label("note", number=version.number, zone=tandem.zone),
    )


def _goals(known: Agreement, names: Mapping[int, str]) -> Iterator[Fact]:
    """Each member's own, whatever version they said it with."""
    yield from ((whose, known.goal(number)) for number, whose in names.items())


def _point(words: Wording, step: Milestone, zone: str) -> str:
    done = _day(words, step.done_at, zone) if step.done_at else ""
    return words.label("milestone", title=step.title, due=step.due, done=done)


def _day(words: Wording, at: datetime, zone: str) -> str:
    return words.label("day", at=local(at, zone).date())
