"""Papers: whatever people wrote, they can be made, are read back whole, and arrive as they are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pypdf import PdfReader

from bot.conversation.answers import clean
from bot.documents.markdown import markdown
from bot.documents.paper import Paper, Section
from bot.documents.pdf import LACKING, pdf
from bot.domain.agreements import Agreement, Version, Yes
from bot.domain.members import Address, Member
from bot.domain.milestones import Milestone, Milestones
from bot.domain.tandems import State, Tandem
from bot.engine.desk import Desk
from bot.engine.documents import document
from bot.engine.drafting import suggestion
from bot.store import agreements, milestones, pairs, people
from tests.fresh import fresh
from tests.house import living
from tests.slack_standin import SlackStandin
from tests.stage import HOUSE, MONDAY
from tests.telegram_standin import TelegramStandin
from tests.ways import slack_of, telegram_of

pytestmark = pytest.mark.whole

NOW = datetime(2026, 11, 9, 17, tzinfo=UTC)
USUAL = Paper(
    "Unsere Vereinbarung",
    "Ana und Ben, 9. November 2026 bis 30. April 2027",
    "de",
    NOW,
    (
        Section("Ziele", facts=(("Ana", "Bis Ostern ein Projekt leiten"), ("Ben", ""))),
        Section("Meilensteine", points=("Plan steht (bis Fr, 11.12.2026)", "Größe zeigen")),
        Section("Absagen", text=("Wer nicht kann, sagt 24 Stunden vorher ab.",)),
        Section("Leer", text=("",), facts=(("Ort", ""),), points=("",)),
    ),
    "Fassung 2, bestätigt am 9.11.2026",
)
NAMES = (
    "Jörg Weiß, Björk Þórsdóttir",
    "Łukasz Żółć-Śnieżyński",
    "Ğülşen Çağrı İpek",  # noqa: RUF001 -- as in Turkish
    "Σωκράτης Παπαδόπουλος",
    "Ирина Щербакова",
    "Nguyễn Thị Ánh",
)


def read(paper: Paper) -> str:
    pages = PdfReader(BytesIO(pdf(paper))).pages
    return "\n".join(page.extract_text() for page in pages)


def with_text(said: str) -> Paper:
    """The same text in every place there is for one."""
    section = Section(said, (said,), ((said, said), ("", said), (said, "")), (said, said))
    return Paper(said, said, "de", NOW, (section, section), said)


def letters(text: str) -> str:
    return "".join(text.split())


# As a PDF -----------------------------------------------------------------------------------


def test_a_usual_one_is_a_page_that_says_everything() -> None:
    text = read(USUAL)
    for said in ("Unsere Vereinbarung", "Bis Ostern ein Projekt leiten", "Größe zeigen", "1 / 1"):
        assert said in text
    assert text.index("Ziele") < text.index("Meilensteine") < text.index("Absagen")
    assert "Leer" not in text
    assert "Ben" not in text.replace("Ana und Ben", ""), "what is empty is left out"


def test_programs_are_told_what_it_is() -> None:
    known = PdfReader(BytesIO(pdf(USUAL)))
    assert known.metadata is not None
    assert known.metadata.title == USUAL.title
    assert known.metadata.creation_date == NOW
    assert str(known.root_object["/Lang"]) == "de"
    chapters = [entry.title for entry in known.outline if not isinstance(entry, list)]
    assert chapters == ["Ziele", "Meilensteine", "Absagen"]
    width, height = known.pages[0].mediabox.width, known.pages[0].mediabox.height
    assert (round(width), round(height)) == (595, 842), "A4"


@pytest.mark.parametrize("name", NAMES)
def test_names_are_written_as_they_are(name: str) -> None:
    assert letters(read(with_text(name))).count(letters(name)) >= 6


@pytest.mark.parametrize("said", ["🎉", "👩‍🚀 los", "李小龍", "a\U0010ffffb", "☃️"])
def test_what_the_font_lacks_is_seen_to_be_lacking(said: str) -> None:
    text = read(with_text(said))
    assert LACKING in text or "☃" in text or "🎉" in text


def test_long_words_and_long_texts_stay_on_the_page() -> None:
    long = replace(with_text("W" * 900), sections=with_text("Wort " * 3000).sections)
    assert letters(read(long)).count("W") >= 900 + 8 * 3000


def test_a_page_count_in_a_text_is_text() -> None:
    assert "{nb} {total} 100 %" in read(with_text("{nb} {total} 100 %"))


def test_every_page_has_its_number() -> None:
    pages = PdfReader(BytesIO(pdf(with_text("Wort " * 900)))).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page.extract_text()


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_put_on_paper(said: str) -> None:
    assert pdf(with_text(said)).startswith(b"%PDF-")


def test_the_same_paper_makes_the_same_bytes() -> None:
    assert pdf(USUAL) == pdf(USUAL)
    assert pdf(USUAL) != pdf(replace(USUAL, note="Fassung 3"))


# As Markdown --------------------------------------------------------------------------------


def test_markdown_reads_well_as_it_is() -> None:
    assert markdown(USUAL).decode() == (
        "# Unsere Vereinbarung\n\n"
        "Ana und Ben, 9. November 2026 bis 30. April 2027\n\n"
        "## Ziele\n\n- **Ana:** Bis Ostern ein Projekt leiten\n\n"
        "## Meilensteine\n\n- Plan steht (bis Fr, 11.12.2026)\n- Größe zeigen\n\n"
        "## Absagen\n\nWer nicht kann, sagt 24 Stunden vorher ab.\n\n"
        "---\n\nFassung 2, bestätigt am 9.11.2026\n"
    )


def test_what_is_said_in_several_lines_stays_in_several() -> None:
    rules = Section("Regeln", facts=(("Regeln", "Kein Handy\nPünktlich sein"),))
    paper = replace(USUAL, sections=(rules,))
    assert "- **Regeln:**\n  - Kein Handy\n  - Pünktlich sein\n" in markdown(paper).decode()
    assert "Kein Handy\n" in read(paper)


@given(st.text(alphabet=st.sampled_from("ab \n#*_`[]()<>!&;|~\\-+=1.>{}:\"'ä"), max_size=60))
def test_what_people_write_is_no_markup(said: str) -> None:
    """As one point of a list, read by another hand."""
    paper = Paper("T", "S", "de", NOW, (Section("H", points=(f"{said}ö",)),))
    parsed = MarkdownIt().parse(markdown(paper).decode())
    kinds = [token.type for token in every(parsed)]
    meant = " ".join(clean(f"{said}ö").split())
    assert "".join(t.content for t in every(parsed) if t.type == "text") == f"TSH{meant}"
    assert set(kinds) <= PLAIN
    assert kinds.count("heading_open") == 2


PLAIN = {"text", "inline", "text_special"} | {
    f"{kind}_{end}"
    for kind in ("heading", "paragraph", "bullet_list", "list_item")
    for end in ("open", "close")
}


def every(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from every(token.children or [])


# Of a tandem --------------------------------------------------------------------------------


def agreed(folder: Path) -> Tandem:
    """The first two members have agreed, with one milestone reached and one ahead."""
    store = fresh(folder / "house.db")
    with store.begin() as connection:
        about = {1: {"partner": "Ben"}, 2: {"partner": "Ana"}}
        new = Tandem(0, (1, 2), "weekly", "Europe/Berlin", MONDAY, about, State.ACTIVE)
        tandem = pairs.add_tandem(connection, new, dict.fromkeys(new.members, 1))
        done = Milestone(1, "Übung *macht* den Meister", None, MONDAY, by=2)
        ahead = Milestone(2, "Ein Lied vorsingen 🎵", date(2027, 3, 12), by=1)
        milestones.save(connection, Milestones(tandem), Milestones(tandem, (done, ahead)))
        content = suggestion(Desk(connection, MONDAY, "test", HOUSE), tandem)
        yes = {1: Yes(MONDAY, "Im Chor singen"), 2: Yes(MONDAY, "# Sechs Gerichte")}
        nothing = Agreement(tandem.id, (1, 2), about)
        version = Version(1, 1, 0, content, MONDAY, yes)
        agreements.save(connection, nothing, replace(nothing, versions=(version,)))
    store.dispose()
    return tandem


async def test_an_agreement_arrives_on_telegram_and_in_slack_in_each_ones_language(
    tmp_path: Path,
) -> None:
    async with TelegramStandin() as telegram, SlackStandin() as slack:
        ana = telegram.person("Ana", language="de")
        ben = slack.person("Ben Koch", locale="en-GB", tz="Europe/London")
        async with living(tmp_path, telegram_of(telegram), slack_of(slack)):
            await slack.connected()
            ana.says("/start")
            await ana.sees("Ich bin Tandem")
            ben.commands("/tandem", "")
            await ben.sees("I am")
            agreed(tmp_path)
            ana.says("/vereinbarung")
            await ana.sees("Eure Vereinbarung")
            ana.presses("Als PDF")
            hers = await ana.sees("zum Ausdrucken")
            ben.commands("/tandem", "agreement")
            await ben.sees("Your agreement")
            ben.presses("As a text file")
            await ben.sees("as text (Markdown)")
            await slack.settled()
        assert hers.document is not None
        expected = ("tandem-vereinbarung.pdf", "application/pdf")
        assert (hers.document.name, hers.document.mime) == expected
        text = PdfReader(BytesIO(hers.document.content)).pages[0].extract_text()
        for said in (
            "Ana und Ben, 2. November 2026 bis 2. März 2027",
            "Im Chor singen",
            f"Ein Lied vorsingen {LACKING}, bis 12. März 2027",
            "Übung *macht* den Meister, erreicht am 2. November 2026",
            "Fassung 1",
        ):
            assert said in text
        [his] = [m for m in ben.messages if m.files]
        [file] = his.files
        assert file["name"] == "tandem-agreement.md"
        written = slack.files[file["id"]]["data"].decode()
        assert written.startswith(
            "# Our tandem agreement\n\nAna and Ben, 2 November 2026 to 2 March 2027\n"
        )
        assert "- **Ben:** # Sechs Gerichte\n" in written
        assert "- Ein Lied vorsingen 🎵, by 12 March 2027\n" in written
        assert (telegram.problems, slack.problems, slack.failures) == ([], [], [])


def test_without_an_agreement_there_is_no_paper(tmp_path: Path) -> None:
    store = fresh(tmp_path / "house.db")
    with store.begin() as connection:
        for user in ("1", "2"):
            address = Address("telegram", "b", user, user)
            people.add(connection, Member(0, address, "de", "Europe/Berlin"), MONDAY)
        about = {1: {"partner": "Ben"}, 2: {"partner": "Ana"}}
        new = Tandem(0, (1, 2), "weekly", "Europe/Berlin", MONDAY, about, State.AGREEING)
        tandem = pairs.add_tandem(connection, new, dict.fromkeys(new.members, 1))
        desk = Desk(connection, MONDAY, "test", HOUSE)
        with pytest.raises(LookupError, match="no document"):
            document(desk, desk.member(1), f"agreement:{tandem.id}", "tandem-vereinbarung.pdf")
    store.dispose()
