"""Forms: what the bot asks, written down as data.

A form is a list of pages, a page is a list of fields. A chat asks field by field; a platform
with sheets shows a page at a time. Nothing here knows which. The position in a form is never
stored: it is the first page that applies and still lacks an answer. So a form may gain, lose
or reorder questions while people are in the middle of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from bot.conversation.answers import SKIPPED, Answer, Answers, Facts
from bot.conversation.fields import Field, answered, blocks
from bot.conversation.fields.choices import Choice, Review
from bot.conversation.fields.texts import Text


class FormError(Exception):
    """The form contradicts itself."""


@dataclass(frozen=True, slots=True)
class Only:
    """A page's condition: shown only if an earlier choice is among these."""

    field: str
    among: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        return answers.get(self.field) in self.among


@dataclass(frozen=True, slots=True)
class Lacks:
    """A page's condition: shown only if an earlier text has nothing the pattern finds."""

    field: str
    pattern: str

    def holds(self, answers: Answers) -> bool:
        said = answers.get(self.field)
        return bool(said) and not re.search(self.pattern, str(said), re.IGNORECASE)


Condition: TypeAlias = Only | Lacks


@dataclass(frozen=True, slots=True)
class Page:
    """Fields shown together. Conditions sit here, so that a page can always be shown whole.

    ``counted``: its questions have a number. ``listed``: a summary shows its answers.
    """

    name: str
    fields: tuple[Field, ...]
    when: tuple[Condition, ...] = ()
    counted: bool = True
    listed: bool = True

    def applies(self, answers: Answers) -> bool:
        return all(condition.holds(answers) for condition in self.when)

    @property
    def reviews(self) -> bool:
        return isinstance(self.fields[-1], Review)

    def lacks(self, answers: Answers, facts: Facts) -> Field | None:
        return next((f for f in self.fields if not answered(f, answers, facts)), None)


@dataclass(frozen=True, slots=True)
class Form:
    name: str
    pages: tuple[Page, ...]

    def __post_init__(self) -> None:
        seen: dict[str, Field] = {}
        for page in self.pages:
            self._refuse_condition_on_the_future(page, seen)
            for field in page.fields:
                if seen.setdefault(field.name, field) is not field:
                    raise FormError(f"{self.name} asks for {field.name} twice")

    def _refuse_condition_on_the_future(self, page: Page, seen: dict[str, Field]) -> None:
        for condition in page.when:
            if not _possible(condition, seen.get(condition.field)):
                raise FormError(
                    f"{self.name}.{page.name} depends on no earlier answer: {condition}"
                )

    def page(self, answers: Answers, facts: Facts) -> Page | None:
        """The page to show now, or None when all is answered."""
        return next((page for page, _ in self._open(answers, facts)), None)

    def field(self, answers: Answers, facts: Facts) -> Field | None:
        """The question to ask now, or None when all is answered."""
        return next((asked for _, asked in self._open(answers, facts)), None)

    def _open(self, answers: Answers, facts: Facts) -> Iterator[tuple[Page, Field]]:
        """The pages that still lack an answer, each with the first it lacks."""
        for page in self.pages:
            if page.applies(answers) and (asked := page.lacks(answers, facts)):
                yield page, asked

    def fields(self, answers: Answers) -> tuple[Field, ...]:
        """All questions that apply, in order."""
        return tuple(f for page in self.pages if page.applies(answers) for f in page.fields)

    def find(self, name: str) -> Field | None:
        return next((f for page in self.pages for f in page.fields if f.name == name), None)

    def previous(self, current: Field | None, answers: Answers) -> Field | None:
        """The question before the one to ask now: where "back" leads. Consent is given once,
        and from a summary it leads to the last question, not to what was assumed."""
        before = None
        for page in (page for page in self.pages if page.applies(answers)):
            for field in page.fields:
                if field is current:
                    return before
                before = field if page.listed and not page.reviews else before
        return before

    def progress(self, current: Field | None, answers: Answers) -> tuple[int, int] | None:
        """("third", "of eight"), or None where counting would not help."""
        pages = [p for p in self.pages if p.applies(answers) and p.counted]
        counted = [field for page in pages for field in page.fields]
        if current not in counted or len(counted) == 1:
            return None
        return counted.index(current) + 1, len(counted)

    def passed(self, answers: Answers, facts: Facts) -> int:
        """How many of the counted questions are answered."""
        pages = [p for p in self.pages if p.applies(answers) and p.counted]
        return sum(answered(field, answers, facts) for page in pages for field in page.fields)

    def result(self, answers: Answers) -> dict[str, Answer]:
        """The answers that count: those on pages that apply."""
        return {f.name: answers[f.name] for f in self.fields(answers) if f.name in answers}

    def reviewed(self, answers: Answers | None = None) -> tuple[Field, ...]:
        """The fields a summary lists, if the form has one: all, or those that apply."""
        if not self.pages[-1].reviews:
            return ()
        pages = [p for p in self.pages if answers is None or p.applies(answers)]
        listed = (f for page in pages if page.listed for f in page.fields)
        return tuple(field for field in listed if not isinstance(field, Review))

    def complete(self, answers: Answers, facts: Facts) -> bool:
        """Whether all is answered but the summary, which only confirms it."""
        return isinstance(self.field(answers, facts), Review | None)

    def wording(self) -> Iterator[str]:
        """Every text the form needs, for the tests that compare languages."""
        yield "title"
        for page in self.pages:
            for field in page.fields:
                yield from blocks(field)
        yield from (f"{field.name}__title" for field in self.reviewed())

    def __str__(self) -> str:
        return self.name


def _possible(condition: Condition, asked: Field | None) -> bool:
    match condition, asked:
        case Only(among=among), Choice():
            return set(among) <= {*asked.among, *([SKIPPED] if asked.optional else [])}
        case Lacks(), Text():
            return True
        case _:
            return False
