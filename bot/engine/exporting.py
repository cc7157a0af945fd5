"""Somebody's own data as a file: for programs with a schema, and as a page to read.

Made when it is sent, so nothing of it is kept. The same data at the same moment make the same
bytes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from io import BytesIO
from typing import TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pydantic.json_schema import GenerateJsonSchema

from bot.conversation.asking import Asking
from bot.conversation.fields import Field
from bot.conversation.talk import Conversation
from bot.conversation.voice import suggested
from bot.conversation.wording import Label, plain
from bot.domain.availability import local
from bot.domain.members import Member
from bot.domain.tandems import Tandem
from bot.engine import journal
from bot.engine.desk import Desk
from bot.engine.exported import Export, gather
from bot.engine.exported.agreements import shown_versions
from bot.engine.reading import lines, name
from bot.flows import FORMS
from bot.store import agreements, pairs, people

PRIVATE = 0o600 << 16
"""Unpacked, only its owner can read it."""
Text: TypeAlias = tuple[Label, list[tuple[Label, str]]]
"""A heading with its lines."""
Line: TypeAlias = tuple[Label, str]
Question: TypeAlias = tuple[Label, list[Line], list[str]]
"""A form's title, what was answered, and the topics suggested for it."""


def export(desk: Desk, member: Member) -> bytes:
    """A zip file: ``daten.html`` to read, ``daten.json``, its ``schema.json``, and the diary."""
    copy = gather(desk, member)
    files = {
        "daten.html": _page(desk, member, copy),
        "daten.json": copy.model_dump_json(indent=2) + "\n",
        "schema.json": schema(),
        **journal.notes(desk, member, copy),
    }
    return _packed(files, local(desk.now, member.zone))


def diary(desk: Desk, member: Member) -> bytes:
    """The diary alone: its notes, and ``tagebuch.json``."""
    copy = gather(desk, member)
    files = {"tagebuch.json": journal.data(copy), **journal.notes(desk, member, copy)}
    return _packed(files, local(desk.now, member.zone))


def schema() -> str:
    """The JSON Schema of every copy there is."""
    found = Export.model_json_schema(mode="serialization")
    named = {"$schema": GenerateJsonSchema.schema_dialect, **found}
    return json.dumps(named, ensure_ascii=False, indent=2) + "\n"


def _packed(files: Mapping[str, str], at: datetime) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = ZipInfo(name, at.timetuple()[:6])
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, PRIVATE
            archive.writestr(entry, text)
    return packed.getvalue()


def _page(desk: Desk, member: Member, copy: Export) -> str:
    notice = desk.wording("consent", member).say(
        "notice", keep=desk.house.retention, **desk.house.about
    )
    return desk.wording("export", member).document(
        "page",
        copy=copy,
        language=member.language,
        zone=member.zone,
        profile=_profile(desk, member),
        agreements=_agreements(desk, member),
        questions=[_question(desk, member, talk) for talk in _open(desk, member)],
        messages=[(message.at, message.text) for message in copy.messages],
        notice=notice,
    )


def _profile(desk: Desk, member: Member) -> list[Line]:
    """The lines of the summary that ends the sign-up, without what was left empty."""
    if member.profile is None:
        return []
    stored = asdict(member.profile).items()
    answers = {n: list(v) if isinstance(v, tuple) else v for n, v in stored}
    talk = Conversation("onboarding", answers={**answers, "zone": member.zone})
    return _lines(desk, member, talk, FORMS[talk.form].reviewed())


def _agreements(desk: Desk, member: Member) -> Mapping[int, list[Text]]:
    """The versions of each tandem's agreement, by the number the copy gives the tandem."""
    known = pairs.tandems_of(desk.connection, member.id)[::-1]
    return {n: list(_versions(desk, member, tandem)) for n, tandem in enumerate(known, 1)}


def _versions(desk: Desk, member: Member, tandem: Tandem) -> Iterator[Text]:
    """The words of each; a goal is part of what its owner agreed to."""
    known, words = agreements.get(desk.connection, tandem), desk.wording("export", member)
    for version in shown_versions(known, member):
        heading = words.label("agreement", number=version.number, held=version == known.in_force)
        agreed = lines(desk, tandem, member, version.content, begun=False)
        goals = [(name(desk, n, member), yes.goal) for n, yes in version.yes.items() if yes.goal]
        yield heading, [*agreed, *((words.label("goal_of", name=who), goal) for who, goal in goals)]


def _open(desk: Desk, member: Member) -> list[Conversation]:
    return people.open_conversations(desk.connection, member.id)


def _question(desk: Desk, member: Member, talk: Conversation) -> Question:
    """A form by its title, and what was answered so far. Answers count more than drafts."""
    said = replace(talk, answers={**talk.drafts, **talk.answers}, drafts={})
    asked = [f for page in FORMS[talk.form].pages for f in page.fields]
    title = desk.wording(talk.form, member).label("title")
    return title, _lines(desk, member, said, asked), suggested(talk.facts)


def _lines(desk: Desk, member: Member, talk: Conversation, asked: Iterable[Field]) -> list[Line]:
    asking = Asking(FORMS[talk.form], talk, desk.wording(talk.form, member))
    given = [field for field in asked if talk.answers.get(field.name)]
    return [(_title(asking, field), asking.shown(field)) for field in given]


def _title(asking: Asking, asked: Field) -> Label:
    """What a summary calls an answer; else the question itself, without what explains it."""
    named = f"{asked.name}__title"
    if asking.wording.has(named):
        return asking.wording.label(named)
    return Label(plain(asking.text(asked)).partition("\n")[0])
