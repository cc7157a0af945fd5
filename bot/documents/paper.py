"""A paper as data: its words are final, and how it looks is for `pdf` and `markdown` to say."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

Fact: TypeAlias = tuple[str, str]
"""A name and what is said for it, in one line or in several: ("Since", "2 November 2026")."""


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter. What is empty of it is left out, and all of it if nothing is left."""

    heading: str
    text: tuple[str, ...] = ()
    """Paragraphs."""
    facts: tuple[Fact, ...] = ()
    points: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (any(self.text) or any(value for _, value in self.facts) or any(self.points))


@dataclass(frozen=True, slots=True)
class Paper:
    """``note`` stands at the foot of each page, ``language`` is what programs read it aloud in."""

    title: str
    subtitle: str
    language: str
    made_at: datetime
    sections: tuple[Section, ...]
    note: str = ""

    @property
    def chapters(self) -> list[Section]:
        return [section for section in self.sections if not section.empty]
