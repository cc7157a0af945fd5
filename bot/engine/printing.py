"""A document as PDF, in a font that has Latin, Greek and Cyrillic letters.

Whatever the font has no sign for, as most emoji, becomes an empty box: nothing is lost unseen.
"""

import unicodedata
from importlib.util import find_spec
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from bot.engine.documents import Document, Part

FONT = "DejaVu"
MARGIN_MM, LINE_MM = 22, 6
TITLE, HEADING, TEXT, SMALL = 20, 13, 10.5, 8.5
"""Sizes in points."""
DARK, SOFT = (30, 30, 30), (110, 110, 110)
MISSING = "□"
UNSEEN = {"Cc", "Cf", "Cs", "Mn", "Me"}
"""Joiners, variations and the like: without the sign before them they are nothing."""


def pdf(document: Document) -> bytes:
    """The same document at the same moment makes the same bytes."""
    sheet = _Sheet(document)
    sheet.title_page()
    for part in document.parts:
        sheet.part(part)
    sheet.foot()
    return bytes(sheet.output())


class _Sheet(FPDF):
    def __init__(self, document: Document) -> None:
        super().__init__(format="A4")
        self.document = document
        self.set_title(document.title)
        self.set_lang(document.language)
        self.set_creation_date(document.made_at)
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(True, margin=MARGIN_MM)
        for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            self.add_font(FONT, style, fonts() / name)
        self.set_font(FONT, size=TEXT)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-15)
        self._ink(SMALL, SOFT)
        self.cell(0, 8, f"{self.page_no()}/{{nb}}", align="C")

    def title_page(self) -> None:
        self._ink(TITLE, DARK, "B")
        self._words(self.document.title, 10)
        self.ln(2)
        self._ink(TEXT, SOFT)
        for words in self.document.lead:
            self._words(words)

    def part(self, part: Part) -> None:
        self.ln(5)
        self._ink(HEADING, DARK, "B")
        self._words(part.heading, 8)
        for term in part.terms:
            self.ln(1.5)
            if term.name:
                self._ink(SMALL, SOFT)
                self._words(term.name, 4.5)
            self._ink(TEXT, DARK)
            several = not term.name or len(term.lines) > 1
            for line in term.lines:
                self._words(f"•  {line}" if several else line)

    def foot(self) -> None:
        self.ln(7)
        self._ink(SMALL, SOFT)
        for words in self.document.foot:
            self._words(words, 4.5)

    def _ink(self, size: float, colour: tuple[int, int, int], style: str = "") -> None:
        self.set_font(FONT, style=style, size=size)
        self.set_text_color(*colour)

    def _words(self, words: str, height: float = LINE_MM) -> None:
        self.multi_cell(
            0, height, self._printable(words), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def _printable(self, words: str) -> str:
        font = self.fonts[FONT.lower()]
        known = font.cmap if isinstance(font, TTFFont) else {}
        composed = unicodedata.normalize("NFC", words).replace("\r", "")
        return "".join(
            c if c == "\n" or ord(c) in known else "" if _unseen(c) else MISSING for c in composed
        )


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN


def fonts() -> Path:
    """The folder of fonts that come with Matplotlib, without loading all of it."""
    found = find_spec("matplotlib")
    origin = found and found.origin
    assert origin, "it is one of the dependencies"
    return Path(origin).parent / "mpl-data" / "fonts" / "ttf"
