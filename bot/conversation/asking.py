"""How a form is shown: a question in the chat, or a page as a sheet.

Both read the same blocks. A page's words may use answers of earlier pages only, since a sheet
shows the whole page before any of its questions is answered.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from markupsafe import Markup

from bot.conversation.fields import (
    SKIPPED,
    Answer,
    Choice,
    Choices,
    Field,
    Moment,
    Number,
    Problem,
    Review,
    Text,
)
from bot.conversation.forms import Form, Page
from bot.conversation.messages import Button, Entry, Message, Option, Rows, Sheet
from bot.conversation.talk import Conversation, Press, Verb
from bot.conversation.wording import Label, Wording, Words, plain

SHORT = 14
"""Labels up to this many characters stand several to a row on a phone."""
PER_ROW = 3


class Asking:
    """One conversation's questions in one language."""

    def __init__(self, form: Form, conversation: Conversation, wording: Wording) -> None:
        self.form = form
        self.conversation = conversation
        self.wording = wording

    def question(self, problems: Mapping[str, Problem] | None = None) -> Message:
        """The question to ask now, after the words for what was wrong, if anything was."""
        asked = self._current()
        wrong = self._problem_words(problems or {})
        return Message(_joined(*wrong, self._progress(), self.text(asked)), self._rows(asked))

    def settled(self, asked: Field) -> Message:
        """The question once it is answered: with the answer, without buttons."""
        answer = self.shown(asked)
        words = self.wording.say("answered", answer=answer, question=self.text(asked))
        return Message(words, replaces=True)

    def sheet(self, problems: Mapping[str, Problem] | None = None) -> Sheet:
        page = self.form.page(self.conversation.answers, self.conversation.facts)
        assert page is not None, f"{self.form} is finished"
        found = (problems or {}).items()
        return Sheet(
            title=self.wording.label("title"),
            submit=self.wording.label("submit" if page is not self.form.pages[-1] else "finish"),
            cancel=self.wording.label("close"),
            entries=tuple(self._entries(page)),
            press=Press(Verb.SUBMIT, self.form.name, subject=self.conversation.subject),
            problems={n: plain(self._problem(n, p)) for n, p in found},
        )

    def text(self, asked: Field) -> Words:
        return self.wording.say(asked.name, **self._context())

    def shown(self, asked: Field) -> str:
        """An answer as a person reads it: labels for options, a date for a moment."""
        answers = {**self.conversation.answers, **self.conversation.drafts}
        answer = answers.get(asked.name, SKIPPED)
        if not answer:
            return self.wording.label("nothing")
        if isinstance(asked, Text):
            return str(answer)
        values = [answer] if isinstance(answer, str) else answer
        labels = [self.option(asked, value) for value in values]
        return self.wording.label("listed", items=labels)

    def option(self, asked: Field, value: str) -> Label:
        match asked:
            case Number():
                return Label(value)
            case Moment():
                return self.wording.label("slot", at=datetime.fromisoformat(value))
            case _:
                return self.wording.label(f"{asked.name}__{value}")

    def _current(self) -> Field:
        asked = self.form.field(self.conversation.answers, self.conversation.facts)
        assert asked is not None, f"{self.form} is finished"
        return asked

    def _context(self) -> dict[str, object]:
        """Facts as they are, answers as they read."""
        given = {f.name: self.shown(f) for f in self.form.fields(self.conversation.answers)}
        lines = [
            (self.wording.label(f"{f.name}__title"), self.shown(f)) for f in self.form.reviewed()
        ]
        return {**self.conversation.facts, **given, "lines": lines}

    def _progress(self) -> Words | None:
        progress = self.form.progress(self.conversation.answers, self.conversation.facts)
        if progress is None:
            return None
        return self.wording.say("progress", number=progress[0], total=progress[1])

    def _problem_words(self, problems: Mapping[str, Problem]) -> list[Words]:
        return [self._problem(name, problem) for name, problem in problems.items()]

    def _problem(self, name: str, problem: Problem) -> Words:
        own, asked = f"{name}__{problem.code}", self.form.find(name)
        limit = asked.limit if isinstance(asked, Text) else 0
        least = asked.least if isinstance(asked, Choices) else 0
        block = own if self.wording.has(own) else f"problem__{problem.code}"
        return self.wording.say(block, limit=limit, least=least)

    def _rows(self, asked: Field) -> Rows:
        return (*self._options(asked), *self._steering(asked))

    def _options(self, asked: Field) -> Iterator[tuple[Button, ...]]:
        form, draft = self.form.name, self.conversation.drafts.get(asked.name, ())
        verb = Verb.TOGGLE if isinstance(asked, Choices) else Verb.ANSWER
        subject = self.conversation.subject
        buttons = []
        for value in asked.options(self.conversation.facts):
            label = self.option(asked, value)
            if verb is Verb.TOGGLE and value in draft:
                label = self.wording.label("ticked", label=label)
            buttons.append(Button(label, Press(verb, form, asked.name, value, subject)))
        yield from in_rows(buttons)

    def _steering(self, asked: Field) -> Iterator[tuple[Button, ...]]:
        """Done, keep, edit, skip and back, as far as they make sense here."""
        if isinstance(asked, Review):
            yield from in_rows([self._edit(f) for f in self.form.reviewed()])
        if isinstance(asked, Choices):
            yield (self._steer(Verb.DONE, asked, "done"),)
        elif asked.name in self.conversation.drafts:
            yield (self._steer(Verb.KEEP, asked, "keep", answer=self._draft(asked)),)
        row = []
        if self.form.previous(self.conversation.answers, self.conversation.facts):
            row.append(self._steer(Verb.BACK, asked, "back"))
        if asked.optional:
            row.append(self._steer(Verb.SKIP, asked, "skip"))
        if row:
            yield tuple(row)

    def _draft(self, asked: Field) -> str:
        shown = self.shown(asked)
        return shown if len(shown) <= 2 * SHORT else f"{shown[: 2 * SHORT]}…"

    def _edit(self, asked: Field) -> Button:
        label = self.wording.label("edit", title=self.wording.label(f"{asked.name}__title"))
        subject = self.conversation.subject
        return Button(label, Press(Verb.EDIT, self.form.name, asked.name, subject=subject))

    def _steer(self, verb: Verb, asked: Field, block: str, **context: object) -> Button:
        press = Press(verb, self.form.name, asked.name, subject=self.conversation.subject)
        return Button(self.wording.label(block, **context), press)

    def _entries(self, page: Page) -> Iterator[Entry]:
        for asked in page.fields:
            label, _, hint = plain(self.text(asked)).partition("\n\n")
            options = tuple(
                Option(value, self.option(asked, value))
                for value in asked.options(self.conversation.facts)
            )
            yield Entry(
                name=asked.name,
                kind=_kind(asked),
                label=Label(label),
                hint=Label(hint),
                options=options,
                value=self._value(asked),
                optional=asked.optional,
                limit=asked.limit if isinstance(asked, Text) else 0,
                other=self.wording.label("other_moment") if isinstance(asked, Moment) else None,
            )

    def _value(self, asked: Field) -> Answer | None:
        answers, drafts = self.conversation.answers, self.conversation.drafts
        return answers.get(asked.name, drafts.get(asked.name))


def _kind(asked: Field) -> str:
    match asked:
        case Text():
            return "lines" if asked.lines else "text"
        case Choice() | Number():
            return "choice"
        case Choices():
            return "choices"
        case Moment():
            return "moment"
        case Review():
            return "shown"


def _joined(*words: Words | None) -> Words:
    return Words(Markup("\n\n").join(said for said in words if said))


def in_rows(buttons: Iterable[Button]) -> Iterator[tuple[Button, ...]]:
    """Digits in one row, short labels three to a row, a long one alone: readable on a phone."""
    row: list[Button] = []
    for button in buttons:
        if row and not _fits([*row, button]):
            yield tuple(row)
            row = []
        row.append(button)
    if row:
        yield tuple(row)


def _fits(row: list[Button]) -> bool:
    longest = max(len(button.label) for button in row)
    return longest <= SHORT and (len(row) <= PER_ROW or longest == 1)
