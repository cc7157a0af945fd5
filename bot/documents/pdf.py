"""A paper as a PDF: one calm A4 column, in a font that many scripts are written in.

What the font lacks, emoji for one, is shown as an empty square, and never breaks anything. The
same paper makes the same bytes.
"""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation.answers import clean
from bot.documents.paper import Paper, Section

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

FONT = "dejavu"
REGULAR, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
LACKING = "□"
INK, QUIET, ACCENT = (34, 38, 42), (105, 112, 118), (22, 92, 104)
TOP, MARGIN, FOOT, COUNT, INDENT, NAMES = 20, 25, 20, 20, 5, 40
"""Millimetres: above, beside and below what is said, for a page's number, before a point, and for
the names of facts."""
TITLE, HEADING, BODY, SMALL = 21, 12.5, 10.5, 8.5
"""Points."""
LINE, GAP = 5.3, 1.9
"""Millimetres: a line of text, and between two things said."""
NOTE = 120
"""Characters at the foot of a page, at most: more never fit."""
KEEP = 3 * LINE
"""So much below a heading at least, or it goes to the next page."""
INVISIBLE = {"\N{ZERO WIDTH JOINER}", *map(chr, range(0xFE00, 0xFE10))}


def pdf(paper: Paper) -> bytes:
    """The file. Needs fpdf2, and the fonts that come with Matplotlib."""
    with _drawn(paper, 0) as draft:
        pages = draft.pages_count
    with _drawn(paper, pages) as page:
        return bytes(page.output())


@contextmanager
def _drawn(paper: Paper, pages: int) -> Iterator["FPDF"]:
    """``pages`` is how many there will be: counted, since a mark to put it in could be typed."""
    page = _blank(paper, pages)
    try:
        page.add_page()
        _top(page, paper)
        for section in paper.chapters:
            _section(page, section)
        yield page
    finally:  # fpdf2 leaves the files of its fonts open
        for font in (FONT, f"{FONT}B"):
            _known(page, font).ttfont.close()


def _blank(paper: Paper, pages: int) -> "FPDF":
    from fpdf import FPDF, ViewerPreferences  # noqa: PLC0415 -- loads much, and few ask for one

    class Page(FPDF):
        def footer(self) -> None:
            _foot(self, paper, pages)

    page = Page(format="A4")
    page.add_font(FONT, "", _fonts() / REGULAR)
    page.add_font(FONT, "B", _fonts() / BOLD)
    page.set_margins(MARGIN, TOP)
    page.c_margin = 0
    page.alias_nb_pages("")
    page.set_auto_page_break(auto=True, margin=FOOT + LINE)
    page.set_title(clean(paper.title))
    page.set_lang(paper.language)
    page.set_creator("Tandem")
    page.set_creation_date(paper.made_at)
    page.viewer_preferences = ViewerPreferences(display_doc_title=True)
    return page


@cache
def _fonts() -> Path:
    """Where Matplotlib keeps them; found without loading it."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise LookupError("no fonts for a PDF: install matplotlib, which brings DejaVu Sans")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def _top(page: "FPDF", paper: Paper) -> None:
    _set(page, TITLE, ACCENT, "B")
    _say(page, paper.title, 9)
    _set(page, BODY + 1, QUIET)
    page.ln(1)
    _say(page, paper.subtitle, LINE + 0.5)
    page.ln(2 * GAP)
    page.set_draw_color(*ACCENT)
    page.set_line_width(0.4)
    page.line(MARGIN, page.get_y(), page.w - MARGIN, page.get_y())
    page.ln(GAP)


def _section(page: "FPDF", section: Section) -> None:
    if page.will_page_break(KEEP + 3 * GAP):
        page.add_page()
    page.ln(2 * GAP)
    page.start_section(clean(section.heading))
    _set(page, HEADING, ACCENT, "B")
    _say(page, section.heading, 7)
    page.ln(0.6)
    for paragraph in filter(None, section.text):
        _set(page, BODY, INK)
        _say(page, paragraph, LINE)
        page.ln(GAP)
    for name, value in section.facts:
        if value:
            _fact(page, name, value)
    for point in filter(None, section.points):
        _point(page, point)


def _fact(page: "FPDF", name: str, value: str) -> None:
    """The name beside the value, or above it if that has no room there."""
    _set(page, BODY, QUIET)
    if page.will_page_break(LINE):
        page.add_page()
    top = page.get_y()
    _say(page, name, LINE, width=NAMES - 3)
    below, beside = page.get_y(), page.page_no()
    page.set_xy(MARGIN + NAMES, top)
    _set(page, BODY, INK)
    _say(page, value, LINE, left=MARGIN + NAMES)
    if page.page_no() == beside:
        page.set_y(max(below, page.get_y()))
    page.ln(0.8)


def _point(page: "FPDF", point: str) -> None:
    _set(page, BODY, ACCENT)
    if page.will_page_break(LINE):
        page.add_page()
    page.cell(INDENT, LINE, "•")
    _set(page, BODY, INK)
    _say(page, point, LINE, left=MARGIN + INDENT)
    page.ln(0.8)


def _foot(page: "FPDF", paper: Paper, pages: int) -> None:
    page.set_xy(MARGIN, -FOOT + 4)
    _set(page, SMALL, QUIET)
    note = _shown(page, paper.note)[:NOTE]
    width = page.w - 2 * MARGIN - COUNT
    while page.get_string_width(note) > width:
        note = f"{note[:-2].rstrip()}…"
    page.cell(width, LINE, note)
    page.cell(COUNT, LINE, f"{page.page_no()} / {pages}", align="R")


def _set(page: "FPDF", size: float, colour: tuple[int, int, int], style: str = "") -> None:
    page.set_font(FONT, "B" if style else "", size)
    page.set_text_color(*colour)


def _say(page: "FPDF", said: str, line: float, left: int = MARGIN, width: int = 0) -> None:
    """A text from where the page stands, further lines from ``left`` on, also overleaf."""
    page.set_left_margin(left)
    page.multi_cell(width, line, _shown(page, said), align="L", new_x="LMARGIN", new_y="NEXT")
    page.set_left_margin(MARGIN)
    page.set_x(MARGIN)


def _known(page: "FPDF", name: str) -> "TTFFont":
    from fpdf.fonts import TTFFont  # noqa: PLC0415 -- as above

    font = page.fonts[name]
    assert isinstance(font, TTFFont), f"{name} is no file"
    return font


def _shown(page: "FPDF", said: str) -> str:
    """A text with what the current font has; the rest is seen to be lacking."""
    font = _known(page, f"{page.font_family}{page.font_style}")
    composed = unicodedata.normalize("NFC", clean(said))
    return "".join(
        c if c == "\n" or ord(c) in font.cmap else LACKING for c in composed if c not in INVISIBLE
    )
