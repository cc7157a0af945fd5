"""What holds between the members of a tandem, as a document: made when it is sent, kept nowhere.

A part is a heading with its terms; of each term there are one or more lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.conversation.wording import Wording
from bot.domain.agreements import Agreement, Version
from bot.domain.members import Member
from bot.domain.tandems import Tandem
from bot.engine import reading
from bot.engine.desk import Desk
from bot.store import agreements, pairs


@dataclass(frozen=True, slots=True)
class Term:
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    heading: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]
    foot: tuple[str, ...]
    language: str
    made_at: datetime


def send(desk: Desk, tandem: Tandem, member: Member, kind: str) -> None:
    """``kind``: the ending of the file's name."""
    known = agreements.get(desk.connection, tandem)
    words = desk.wording("agreeing", member).say("file", kind=kind)
    name = desk.wording("document", member).label("name")
    desk.post_file(member, words, f"{name}.{kind}", known.subject)


def document(desk: Desk, member: Member, subject: str, name: str) -> bytes:
    """The bytes of a file by that name; `LookupError` where there is none for this member."""
    from bot.engine import markdown, printing  # noqa: PLC0415 -- the printer takes a while to load

    tandem = pairs.get_tandem(desk.connection, int(subject.partition(":")[2]))
    known = agreements.get(desk.connection, tandem)
    if member.id not in tandem.members or known.in_force is None:
        raise LookupError(f"{subject} has no document for {member.id}")
    whole = written(desk, tandem, known, known.in_force, member)
    return printing.pdf(whole) if name.endswith(".pdf") else markdown.text(whole).encode()


def written(
    desk: Desk, tandem: Tandem, known: Agreement, version: Version, member: Member
) -> Document:
    words = desk.wording("document", member)
    names = {number: reading.name(desk, number, member) for number in tandem.members}
    signed = [(names[n], version.yes[n].at) for n in tandem.members]
    zone = {"zone": tandem.zone}
    agreed = reading.terms(desk, tandem, member, version.content)
    goals = [(whose, known.goal(number)) for number, whose in names.items()]
    parts = (
        Part(words.label("goals"), tuple(Term(whose, (goal,)) for whose, goal in goals if goal)),
        Part(words.label("milestones"), tuple(_milestones(desk, tandem, words))),
        Part(words.label("agreed"), tuple(Term(title, lines) for title, lines in agreed)),
    )
    return Document(
        title=words.label("title"),
        lead=(
            words.label("between", names=list(names.values())),
            words.label("term", number=version.number, until=version.until, signed=signed, **zone),
        ),
        parts=tuple(part for part in parts if part.terms),
        foot=(words.label("limits"), words.label("ends")),
        language=member.language,
        made_at=desk.now,
    )


def _milestones(desk: Desk, tandem: Tandem, words: Wording) -> Iterator[Term]:
    """All of them in one, as a list, if there are any."""
    known = agreements.milestones(desk.connection, tandem)
    told = [
        {"title": step.title, "due": step.due, "done_at": step.done_at, "zone": tandem.zone}
        for step in known
    ]
    if told:
        yield Term("", tuple(words.label("milestone", **about) for about in told))
