"""A copy of somebody's data holds all of it, and of others only what they were shown."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import insert, select
from sqlmodel import SQLModel

from bot.conversation.wording import LANGUAGES, Wording
from bot.domain import consents, members, proposals, reports, sessions, tandems
from bot.domain.acquainting import Word
from bot.domain.dues import Nudge
from bot.domain.hours import Lead
from bot.domain.members import Standing
from bot.domain.reasons import REASONS
from bot.domain.searching import excerpt
from bot.domain.silence import Step
from bot.engine.browsing import ON_A_BUTTON
from bot.engine.desk import Desk
from bot.engine.exported import VERSION, Export
from bot.engine.exported.forms import Profile
from bot.engine.exported.proposals import OUTCOMES, Outcome
from bot.engine.exporting import export, schema
from bot.flows import FORMS
from bot.store import people, tables
from bot.store.sealing import Sealed, SealedJson
from tests.stage import HOUSE, Stage

pytestmark = pytest.mark.whole

DOCS = Path(__file__).parent.parent / "docs" / "export.md"
HOSTILE = "Bis Ostern <script>alert(1)</script> {{ 7*7 }} leite ich & lerne"
MINE = {
    "goal": HOSTILE,
    "expectations": 'Offene Worte und "Humor"',
    "diary": "Heute zum ersten Mal Nein gesagt.",
    "insight": "Langsamer reden",
    "next_step": "Bis Freitag üben <b>laut</b>",
    "report": "Jemand schreibt mir ständig nachts.",
    "place": "https://video.example/raum?a=1&b=2",
    "milestone": "Ein Lied <i>zu zweit</i> & laut",
    "step": "Drei Akkorde <u>täglich</u> & langsam",
    "open": "Am liebsten morgens <img src=x>",
}
THEIRS = {
    "surname": "Zorn",
    "user": "zwirbel",
    "ninth topic": "Neuntes Thema",
    "expectations": "Geheime Erwartung",
    "city": "Kleinkleckersdorf",
    "diary": "Zwirbels Tagebuch",
    "insight": "Zwirbels Erkenntnis",
    "next_step": "Zwirbels Schritt",
    "report": "Zwirbels Meldung",
    "open": "Zwirbels Entwurf",
}
"""What only the partner and the bot know."""

JOIN = """
{who} > /start
{who} > [member.welcome__begin]
{who} > [onboarding.consent__yes]
{who} > [onboarding.extras__diary]
{who} > [onboarding.done]
{who} > {offers}
{who} > [onboarding.done]
{who} > {seeks}
{who} > [onboarding.done]
{who} > {goal}
{who} > [onboarding.days__tue]
{who} > [onboarding.days__thu]{days}
{who} > [onboarding.done]
{who} > [onboarding.times__evening]
{who} > [onboarding.done]
{who} > [onboarding.zone__guess]
{who} > [edit.expectations]
{who} > {expectations}
"""
ANA = (
    JOIN.format(
        who="ana",
        offers="Präsentieren",
        seeks="Projektmanagement",
        goal=MINE["goal"],
        days="",
        expectations=MINE["expectations"],
    )
    + "ana > [onboarding.check__yes]"
)
BEN = JOIN.format(
    who="zwirbel",
    offers="Projektmanagement, T2, T3, T4, T5, T6, T7, T8, " + THEIRS["ninth topic"],
    seeks="Präsentieren",
    goal="Bis Juni halte ich einen Vortrag",
    days="\nzwirbel > [onboarding.days__sat]",
    expectations=THEIRS["expectations"],
) + (
    f"""zwirbel > [edit.name]
zwirbel > Ben {THEIRS["surname"]}
zwirbel > [edit.city]
zwirbel > {THEIRS["city"]}
zwirbel > [onboarding.check__yes]"""
)
YES = """
ana > [proposal.proposed__accept]
zwirbel > [proposal.proposed__accept]
"""
CONTACTS = """
ana > [contacts.choose__username]
zwirbel > [contacts.choose__email]
zwirbel > ben@post.example
"""
MEET = f"""
ana > [tandem.introduced__slot]
zwirbel > [session.wished__agree]
(2 days pass)
ana > [knowing.asked__go_on]
zwirbel > [knowing.asked__go_on]
ana > /session
ana > [common.slot@10]
zwirbel > [session.wished__agree]
ana > [session.planned__place]
ana > {MINE["place"]}
ana > /milestones
ana > [milestones.list__add]
ana > {MINE["milestone"]}
ana > 2027-03-12
(6 days pass)
ana > /tandem
ana > [session.overview__agenda]
ana > [guide.arrive__main]
ana > [guide.main__turn]
ana > [guide.main__steps]
ana > [guide.steps__note]
ana > {MINE["step"]}
(1 day passes)
ana > /session
ana > [common.slot@17]
zwirbel > [session.wished__agree]
ana > [session.reflect__begin]
ana > [reflection.held__yes]
ana > 4
ana > {MINE["insight"]}
ana > {MINE["next_step"]}
zwirbel > [session.reflect__begin]
zwirbel > [reflection.held__yes]
zwirbel > 2
zwirbel > {THEIRS["insight"]}
zwirbel > {THEIRS["next_step"]}
"""
ALONE = """
{who} > /diary
{who} > [diary_page.empty__write]
{who} > {diary}
{who} > /report
{who} > [report.about__other]
{who} > {report}
"""
SHARED = """
ana > /diary
ana > [diary_page.entries__open]
ana > [diary_page.entry__share]
ana > [diary_page.sharing__really_share]
"""
ASIDE = """
{who} > /profile
{who} > [edit.goal]
{who} > {open}
{who} > [edit.days]
"""


def script(text: str, language: str) -> str:
    """A script with its buttons as they read in a language: [file.block], [edit.field].

    The day of a time stands behind it.
    """
    button = r"\[(\w+)\.(\w+)(?:@(\d+))?\]"
    return re.sub(button, lambda found: _button(found, language), text)


def _button(found: re.Match[str], language: str) -> str:
    file, block, day = found.groups()
    if file == "edit":
        wording = Wording("onboarding", language)
        return f"[{wording.label('edit', title=wording.label(f'{block}__title'))}]"
    at = datetime(2026, 11, int(day or 3), 18)  # noqa: DTZ001 -- a wall time
    written = datetime(2026, 11, 11)  # noqa: DTZ001 -- a wall time
    context = {
        "guess": "Europe/Berlin",
        "username": "ana_h",
        "at": at,
        "mine": False,
        "turn": "-",
        "others": {},
        "zone": "Europe/Berlin",
        "value": "1",
        "shown": {"1": (written, excerpt(MINE["diary"], "", ON_A_BUTTON))},
        "names": {"1": "Ben"},
    }
    return f"[{Wording(file, language).label(block, **context)}]"


def played(folder: Path, *scenes: str, language: str = "de", platform: str = "telegram") -> Stage:
    stage = Stage(folder)
    for who in ("ana", "zwirbel"):
        stage.join(who, platform, f"{who}_h", language)
    stage.perform(script("\n".join(scenes), language))
    return stage


def copied(stage: Stage, who: str) -> dict[str, str]:
    """The files of somebody's copy, as they are at this moment of a play."""
    with stage.store.begin() as connection:
        desk = Desk(connection, stage.now, "copy", HOUSE)
        member = people.by_address(connection, stage.people[who].sender.address)
        assert member is not None
        packed = export(desk, member)
        assert packed == export(desk, member), "the same data, the same bytes"
    with ZipFile(BytesIO(packed)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def strings(value: Any) -> Iterator[str]:  # JSON
    """All that stands anywhere in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def read(stage: Stage, who: str = "ana") -> Any:  # JSON
    return json.loads(copied(stage, who)["daten.json"])


@dataclass(frozen=True)
class Copies:
    """Those of the two in a tandem, by file name; ``copy`` is what Ana's says to programs."""

    language: str
    ana: dict[str, str]
    partner: dict[str, str]
    copy: Any  # JSON


@pytest.fixture(scope="module", params=LANGUAGES)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """A tandem that has met once, both with a diary, a report and a question left open."""
    alone = [
        part.format(who=who, **words)
        for who, words in (("ana", MINE), ("zwirbel", THEIRS))
        for part in (ALONE, ASIDE)
    ]
    folder = tmp_path_factory.mktemp("export")
    stage = played(folder, ANA, BEN, YES, CONTACTS, MEET, *alone, SHARED, language=request.param)
    ana, partner = copied(stage, "ana"), copied(stage, "zwirbel")
    return Copies(request.param, ana, partner, json.loads(ana["daten.json"]))


def test_a_copy_has_three_files_and_the_diary_and_fits_its_schema(whole: Copies) -> None:
    files = whole.ana
    notes = [name for name in files if name.startswith("tagebuch/")]
    assert list(files) == ["daten.html", "daten.json", "schema.json", *notes]
    assert len(notes) == 2
    described = json.loads(files["schema.json"])
    Draft202012Validator.check_schema(described)
    Draft202012Validator(described).validate(json.loads(files["daten.json"]))


@pytest.mark.parametrize("text", MINE.values(), ids=MINE)
def test_everything_somebody_wrote_is_in_it(whole: Copies, text: str) -> None:
    files = whole.ana
    assert text in "\n".join(strings(json.loads(files["daten.json"])))
    assert text in Page.of(files["daten.html"]).text


def test_a_tandem_is_told_from_one_side(whole: Copies) -> None:
    copy = whole.copy
    [tandem] = copy["tandems"]
    first, second, third = tandem["sessions"]
    assert (tandem["number"], tandem["state"], tandem["partner"]) == (1, "agreeing", "Ben")
    assert tandem["my_contact"] == {"kind": "username", "value": "ana_h"}
    assert tandem["partner_contact"] == {"kind": "email", "value": "ben@post.example"}
    assert tandem["contacts"] == [{**tandem["partner_contact"], "name": "Ben"}]
    assert (first["state"], first["local_time"]) == ("past", "2026-11-03T18:00")
    assert (first["zone"], first["starts_at"]) == ("Europe/Berlin", "2026-11-03T17:00:00Z")
    assert (second["state"], second["local_time"]) == ("past", "2026-11-10T18:00")
    assert (third["state"], third["local_time"]) == ("open", "2026-11-17T18:00")
    step = {"name": "Ana", "by_me": True, "text": MINE["step"]}
    assert (second["topic_of"], second["steps"]) == ("Ana", [step])
    assert (third["topic_of"], third["steps"]) == (None, [])
    [reflection] = copy["reflections"]
    [milestone] = tandem["milestones"]
    assert (milestone["due"], milestone["reached_at"]) == ("2027-03-12", None)
    assert milestone["by_me"]
    assert (reflection["tandem"], reflection["session"], reflection["useful"]) == (1, 2, 4)


def test_what_was_agreed_to_is_told_with_its_proof(whole: Copies) -> None:
    copy = whole.copy
    assert [(c["purpose"], c["given"]) for c in copy["consents"]] == [
        ("tandem", True),
        ("diary", True),
    ]
    assert all(len(c["text_hash"]) == 64 for c in copy["consents"])
    [account] = copy["accounts"]
    assert (account["platform"], account["user_id"]) == ("telegram", "ana")
    assert account["preferred"]


@pytest.mark.parametrize("text", THEIRS.values(), ids=THEIRS)
def test_nothing_of_the_partner_beyond_what_was_shown(whole: Copies, text: str) -> None:
    files = whole.ana
    assert text not in "".join(files.values())
    assert text in "".join(whole.partner.values()), "it is stored, and theirs"


def test_when_the_partner_has_time_is_not_told(whole: Copies) -> None:
    files = whole.ana
    saturday = Wording("onboarding", whole.language).label("days__sat")
    assert '"sat"' not in files["daten.json"]
    assert saturday not in files["daten.html"]


# Who said what to a proposal ----------------------------------------------------------------


def test_a_yes_of_the_other_is_not_told(tmp_path: Path) -> None:
    """Their words are the same, whether or not the other has said yes already."""
    (tmp_path / "a").mkdir()
    before = played(tmp_path / "a", ANA, BEN)
    (tmp_path / "b").mkdir()
    after = played(tmp_path / "b", ANA, BEN, "zwirbel > [proposal.proposed__accept]")
    assert copied(before, "ana") == copied(after, "ana")
    [proposal] = read(after)["proposals"]
    assert (proposal["state"], proposal["accepted"]) == ("open", False)
    assert proposal["shown"]["offers"][-1] == "T8"


def test_who_said_no_is_not_told(tmp_path: Path) -> None:
    """Said no to, or not answered: what is over reads the same."""
    states: list[Any] = []  # JSON
    for how in ("zwirbel > [proposal.proposed__decline]", "(8 days pass)"):
        folder = tmp_path / str(len(states))
        folder.mkdir()
        stage = played(folder, ANA, BEN, "ana > [proposal.proposed__accept]", how)
        states.append(read(stage)["proposals"][0])
    declined, expired = states
    assert declined == expired
    assert (declined["state"], declined["accepted"], declined["shown"]) == ("over", True, None)


# Contacts -----------------------------------------------------------------------------------


def test_a_contact_is_told_once_both_have_shown_theirs(tmp_path: Path) -> None:
    their_part = CONTACTS.partition("\n")[2].partition("\n")[2]
    stage = played(tmp_path, ANA, BEN, YES, their_part)
    assert "ben@post.example" not in "".join(copied(stage, "ana").values())


def test_after_a_report_a_contact_is_not_to_be_had_as_a_file(tmp_path: Path) -> None:
    stage = played(
        tmp_path, ANA, BEN, YES, CONTACTS, "zwirbel > /report", "zwirbel > Ana", "zwirbel > Böse"
    )
    files = copied(stage, "ana")
    assert "ben@post.example" not in "".join(files.values())
    assert "Böse" not in "".join(files.values())
    assert "block" not in files["daten.json"]
    copy = json.loads(files["daten.json"])
    assert (copy["tandems"][0]["state"], copy["reports"]) == ("paused", [])
    [report] = read(stage, "zwirbel")["reports"]
    assert (report["about"], report["text"], report["state"]) == ("Ana", "Böse", "open")


def test_who_is_gone_has_no_name(tmp_path: Path) -> None:
    gone = (
        "zwirbel > /data\nzwirbel > [data.overview__ask_to_erase]\nzwirbel > [data.confirm__erase]"
    )
    stage = played(tmp_path, ANA, BEN, YES, CONTACTS, MEET, gone)
    files = copied(stage, "ana")
    copy = json.loads(files["daten.json"])
    [tandem] = copy["tandems"]
    assert (tandem["partner"], tandem["partner_contact"], tandem["state"]) == (None, None, "ended")
    assert tandem["sessions"][0]["local_time"] == "2026-11-03T18:00"
    assert copy["proposals"][0]["shown"] is None
    assert Wording("common", "de").label("former") in files["daten.html"]
    for trace in (r"\bBen\b", "ben@", "zwirbel", "halte ich einen Vortrag"):
        assert not re.search(trace, "".join(files.values()))


def test_a_group_message_is_among_those_of_both(tmp_path: Path) -> None:
    stage = played(tmp_path, ANA, BEN, YES, platform="slack")
    for who in ("ana", "zwirbel"):
        texts = [message["text"] for message in read(stage, who)["messages"]]
        assert any("Ana" in text and "Ben" in text and "ende" in text for text in texts)
    contact = read(stage)["tandems"][0]["partner_contact"]
    assert contact == {"kind": "slack", "value": "zwirbel"}


def test_an_organizer_takes_no_cases_along(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.join("olga", "telegram")
    stage.join("ana", "telegram", "ana_h")
    report = f"ana > /report\nana > {MINE['report']}"
    stage.perform(script(f"olga > /start\n{ANA}\n{report}", "de"))
    told = [parcel for parcel in stage.sent if MINE["report"] in str(parcel.body)]
    assert "olga" in {parcel.chat for parcel in told}
    assert MINE["report"] not in "".join(copied(stage, "olga").values())


def test_only_who_is_waited_for_reads_so(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.perform(
        "(ana is on telegram as @ana)\n(ben is on telegram as @ben)\nana > /start\nben > /start\n"
        "(ana and ben are a tandem)\n(they have agreed)\n(12 hours pass)\nben > [Absagen]\n"
        "ana > /termin\nana > Fr 18:00\nana > [Zusätzlich]\n(15 days pass)\n"
    )
    ana, ben = read(stage, "ana"), read(stage, "ben")
    [hers], [his] = ana["tandems"], ben["tandems"]
    assert hers["fell_out"] == his["fell_out"] == ["2026-11-03T17:00:00Z"]
    assert (hers["waits"], his["waits"]["step"]) == (None, "reminded")  # a session was held
    assert "silent" not in [planned["kind"] for planned in ana["planned"]]
    assert "silent" in [planned["kind"] for planned in ben["planned"]]


# Somebody at the door -----------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_only_said_hello_gets_a_copy_too(tmp_path: Path, language: str) -> None:
    stage = played(tmp_path, "ana > /start", language=language)
    files = copied(stage, "ana")
    copy = json.loads(files["daten.json"])
    assert (copy["member"]["standing"], copy["profile"]) == ("new", None)
    assert "section__" not in files["daten.html"]
    wording = Wording("export", language)
    headings = Page.of(files["daten.html"]).text
    assert wording.label("section__accounts") in headings
    assert wording.label("section__tandems") not in headings.replace("\n", " ").split()


def test_an_unfinished_sign_up_is_an_open_question(tmp_path: Path) -> None:
    stage = played(tmp_path, "\n".join(ANA.splitlines()[:9]))
    [question] = read(stage)["open_questions"]
    assert question["form"] == "onboarding"
    assert question["answers"]["consent"] == "yes"
    assert question["answers"]["offers"] == ["Präsentieren"]
    assert read(stage)["planned"][0]["kind"] == "resume"


@pytest.mark.parametrize("known", [True, False])
def test_a_report_about_nobody_that_is_not_finished_is_in_it(tmp_path: Path, known: bool) -> None:
    """Where somebody is known it is pressed, and then taken back; else it is not even asked."""
    stage = Stage(tmp_path)
    stage.perform("(ana is on telegram as @ana)\n(ben is on telegram as @ben)\nana > /start")
    if known:
        stage.perform("ben > /start\n(ana and ben are a tandem)\nana > /melden")
        stage.perform("ana > [Um etwas anderes]")
    else:
        stage.perform("ana > /melden")
    questions = [q for q in read(stage)["open_questions"] if q["form"] == "report"]
    assert [question["answers"] for question in questions] == [{"about": "other"}]


# The page -----------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser makes of it, near enough."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.texts: list[str] = []

    @classmethod
    def of(cls, html: str) -> "Page":
        page = cls()
        page.feed(html)
        page.close()
        return page

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_runs_and_loads_nothing(whole: Copies) -> None:
    html = whole.ana["daten.html"]
    page = Page.of(html)
    assert HOSTILE in page.text
    assert not page.tags & {"script", "img", "iframe", "link", "object", "form", "base", "svg"}
    assert {name for name, _ in page.attributes} <= {
        *("charset", "class", "content", "datetime", "href", "http-equiv", "id", "lang", "name"),
    }
    assert all(value.startswith("#") for name, value in page.attributes if name == "href")
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_the_page_speaks_the_language_of_its_reader(whole: Copies) -> None:
    files = whole.ana
    language = whole.language
    other = next(code for code in LANGUAGES if code != language)
    assert files["daten.html"].startswith(f'<!doctype html>\n<html lang="{language}">')
    assert Wording("export", language).label("title") in files["daten.html"]
    assert Wording("export", other).label("title") not in files["daten.html"]


VALUES: list[tuple[str, type[StrEnum] | tuple[str, ...]]] = [
    ("standing", Standing),
    ("lead", Lead),
    ("outcome", Outcome),
    ("tandem", tandems.State),
    ("session", sessions.State),
    ("report", reports.State),
    ("planned", Nudge),
    ("reason", REASONS),
    ("word", Word),
    ("wait", Step),
    ("purpose", consents.PURPOSES),
    ("rhythm", tuple(sessions.RHYTHMS)),
    ("language", LANGUAGES),
]


@pytest.mark.parametrize(("kind", "values"), VALUES, ids=[kind for kind, _ in VALUES])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_a_word(
    kind: str, values: type[StrEnum] | tuple[str, ...], language: str
) -> None:
    wording = Wording("export", language)
    assert all(wording.label(f"{kind}__{value}") for value in values)


def test_every_outcome_of_a_proposal_has_a_name() -> None:
    assert set(OUTCOMES) == set(proposals.State)


# Nothing is forgotten -----------------------------------------------------------------------

EXPORTED = {
    "member": "member",
    "account": "accounts",
    "consent": "consents",
    "conversation": "open_questions",
    "proposal": "proposals",
    "proposal_member": "proposals",
    "question": "proposals",
    "reason": "proposals",
    "tandem": "tandems",
    "tandem_member": "tandems",
    "word": "tandems",
    "session": "tandems",
    "lapse": "tandems",
    "silence": "tandems",
    "agreement": "tandems",
    "agreement_yes": "tandems",
    "milestone": "tandems",
    "step": "tandems",
    "reflection": "reflections",
    "diary": "diary",
    "share": "shares",
    "outbox": "messages",
    "report": "reports",
    "due": "planned",
}
"""Where the rows of a table are found in a copy."""
LEFT_OUT = {
    "meta": "about the database, nobody is in it",
    "reply": "that a question was answered; the answer itself is passed on and not kept",
    "acquainting": "since when a first talk is being found; what somebody said is with the tandem",
    "block": "two who must not meet: whom it names would learn of it",
    "workspace": "whose token is good in a whole workspace; nobody is in it",
    "install": "the hash of what an administrator's browser brings back within ten minutes",
    "code": "the hash of a code that is good for a quarter of an hour",
    "button": "what buttons mean, made of what stands elsewhere, gone when they expire",
    "inbox": "raw input, empty once it had its effect, deleted within a day otherwise",
    "round": "what profiles said, beside those of others; emptied with the messages",
    "group_chat": "which group of a messenger is a tandem's, and the hash of a link to it",
    "cue": "which message of theirs watches the time in a session, gone when that is over",
    "feed": "the hash of a calendar address, which is said once and not kept",
    "lease": "which program does something for all of them",
    "hold": "how long a platform wants to be left alone",
}
WORDS = {
    *("member.name", "member.profile", "account.username", "report.text", "diary.text"),
    *("conversation.answers", "conversation.drafts", "conversation.facts"),
    *("proposal.about", "tandem.about", "tandem_member.contact", "session.place"),
    *("agreement.content", "agreement_yes.goal", "milestone.title", "step.text"),
    *("question.text", "reason.code", "reason.topics", "word.word"),
    *("reflection.insight", "reflection.next_step", "outbox.body"),
}
"""Columns in which people's words are; of ``facts`` only what is made of their own."""


@pytest.mark.parametrize("table", SQLModel.metadata.tables)
def test_every_table_is_exported_or_has_a_reason_not_to_be(table: str) -> None:
    assert (table in EXPORTED) != (table in LEFT_OUT)


@pytest.mark.parametrize("field", sorted(set(EXPORTED.values())))
def test_no_part_stays_empty(whole: Copies, field: str) -> None:
    assert whole.copy[field]


def test_every_column_with_words_was_thought_of() -> None:
    sealed = {
        f"{name}.{column.name}"
        for name in EXPORTED
        for column in SQLModel.metadata.tables[name].columns
        if isinstance(column.type, Sealed | SealedJson)
    }
    assert sealed == WORDS


def test_a_profile_is_exported_field_by_field() -> None:
    assert set(Profile.model_fields) == {f.name for f in fields(members.Profile)}


def test_every_answer_of_a_profile_is_on_the_page() -> None:
    asked = {field.name for field in FORMS["onboarding"].reviewed()}
    assert {f.name for f in fields(members.Profile)} <= asked


# The format ---------------------------------------------------------------------------------


def test_every_field_is_described() -> None:
    described = json.loads(schema())
    for part in [described, *described["$defs"].values()]:
        assert part["description"]
        assert all(field.get("description") for field in part["properties"].values())
        assert part["required"] == list(part["properties"]), "a field is there, if only as null"


def test_the_documentation_names_every_part() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert documented == list(Export.model_fields)


def test_the_documentation_names_the_version_and_the_files(whole: Copies) -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert f"version {VERSION}" in text
    assert all(f"`{name.partition('/')[0]}" in text for name in whole.ana)


# How much there may be ----------------------------------------------------------------------


def test_years_of_use_are_copied_whole(tmp_path: Path) -> None:
    stage = played(tmp_path, ANA, BEN, YES, CONTACTS)
    with stage.store.begin() as connection:
        known = people.by_address(connection, stage.people["ana"].sender.address)
        assert known is not None
        number, tandem = known.id, connection.execute(select(tables.tandem.c.id)).scalar_one()
        connection.execute(insert(tables.session), list(_sessions(tandem)))
        connection.execute(insert(tables.reflection), list(_reflections(number)))
        connection.execute(insert(tables.outbox), list(_messages(number)))
        packed = export(Desk(connection, stage.now, "copy", HOUSE), known)
    with ZipFile(BytesIO(packed)) as archive:
        copy = json.loads(archive.read("daten.json"))
    assert (len(copy["reflections"]), len(copy["messages"]) >= 5000) == (200, True)


def _sessions(tandem: int) -> Iterator[dict[str, object]]:
    at = datetime(2026, 11, 3, 17, tzinfo=UTC)
    for number in range(200):
        yield {
            "id": 1000 + number,
            "tandem": tandem,
            "number": 1000 + number,
            "state": "past",
            "zone": "Europe/Berlin",
            "planned": "2026-11-03T18:00",
            "uid": str(number),
            "starts_at": at + timedelta(weeks=number),
            "wished_by": 0,
            "agreed": [],
            "place": "",
        }


def _reflections(member: int) -> Iterator[dict[str, object]]:
    for number in range(200):
        yield {
            "session": 1000 + number,
            "member": member,
            "held": True,
            "useful": 4,
            "insight": "Langsamer reden. " * 20,
            "next_step": "Üben",
            "at": datetime(2026, 11, 3, 17, tzinfo=UTC) + timedelta(weeks=number),
        }


def _messages(member: int) -> Iterator[dict[str, object]]:
    for number in range(5000):
        at = datetime(2026, 11, 3, 17, tzinfo=UTC) + timedelta(hours=number)
        yield {
            "key": f"old:{number}",
            "platform": "telegram",
            "account": "bot",
            "chat": "ana",
            "member": member,
            "method": "send",
            "patience": "reply",
            "subject": "",
            "body": {"text": "<b>Morgen um 18 Uhr</b>\n\nPasst es noch? &amp; " * 5, "rows": []},
            "ref": f"old{number}",
            "state": "sent",
            "reason": "",
            "attempts": 1,
            "made_at": at,
            "not_before": at,
            "sent_at": at,
        }
