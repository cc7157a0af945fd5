"""Somebody's diary to take along: a folder for each tandem, a note for each entry, and the same for
programs."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.conversation.wording import Wording
from bot.documents.notes import Note, files
from bot.domain.availability import local
from bot.domain.members import Member
from bot.engine.desk import Desk
from bot.engine.exported import Export
from bot.engine.exported.diary import DiaryEntry, Reflection
from bot.engine.exported.tandems import Tandem

FOLDER = "tagebuch"


def notes(desk: Desk, member: Member, copy: Export) -> dict[str, str]:
    """Notes by the paths of their files."""
    words = desk.wording("journal", member)
    found = [*_insights(words, member, copy), *_entries(words, member, copy)]
    return dict(files(sorted(found, key=lambda note: (note.folder, note.at))))


def data(copy: Export) -> str:
    """What of a copy has to do with the diary, as JSON."""
    return copy.model_dump_json(
        indent=2,
        include={
            "version": True,
            "made_at": True,
            "tandems": {"__all__": {"number", "partner", "made_at", "ended_at"}},
            "reflections": True,
            "diary": True,
            "shares": True,
        },
    )


def _insights(words: Wording, member: Member, copy: Export) -> Iterator[Note]:
    known = {tandem.number: tandem for tandem in copy.tandems}
    for one in copy.reflections:
        if one.insight or one.next_step:
            yield _insight(words, member, one, known.get(one.tandem or 0))


def _insight(words: Wording, member: Member, one: Reflection, tandem: Tandem | None) -> Note:
    partner = tandem.partner or words.label("former") if tandem else ""
    parts = (("", one.insight), (words.label("next_step"), one.next_step))
    return Note(
        folder=_folder(words, tandem),
        at=_here(one.at, member),
        title=words.label("reflection", number=one.session, partner=partner),
        tags=("tandem", words.label("tag")),
        facts={"tandem": partner, "session": one.session or 0, "useful": one.useful or 0},
        parts=tuple((title, text) for title, text in parts if text),
    )


def _entries(words: Wording, member: Member, copy: Export) -> Iterator[Note]:
    for one in copy.diary:
        tandem = _running(copy.tandems, one)
        yield Note(
            folder=_folder(words, tandem),
            at=_here(one.at, member),
            title=words.label("entry"),
            tags=("tandem",),
            facts={"tandem": tandem.partner or words.label("former")} if tandem else {},
            parts=(("", one.text),),
        )


def _running(tandems: Sequence[Tandem], entry: DiaryEntry) -> Tandem | None:
    """The tandem of that time, if there was one and no other."""
    ran = [
        t for t in tandems if t.made_at <= entry.at and (not t.ended_at or entry.at <= t.ended_at)
    ]
    return ran[0] if len(ran) == 1 else None


def _folder(words: Wording, tandem: Tandem | None) -> tuple[str, ...]:
    """With the number the copy gives the tandem: two may be with somebody of one name."""
    if tandem is None:
        return (FOLDER,)
    return FOLDER, f"{tandem.number} {tandem.partner or words.label('former')}"


def _here(at: datetime, member: Member) -> datetime:
    return local(at, member.zone).replace(tzinfo=None)
