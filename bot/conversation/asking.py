"""How a form is shown: a question in the chat, or a page as a sheet.

Both read the same blocks. A page's words may use answers of earlier pages only, since a sheet
shows the whole page before any of its questions is answered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from markupsafe import Markup

from bot.conversation.fields import (
    OTHER,
    SKIPPED,
    Answer,
    Choice,
    Choices,
    Facts,
    Field,
    Moment,
    Number,
    Picked,
    Problem,
    Review,
    Text,
    Topics,
    Zone,
)
from bot.conversation.forms import Form, Page
from bot.conversation.messages import Button, Entry, Message, Option, Rows, Sheet
from bot.conversation.talk import Conversation, Press, Verb
from bot.conversation.wording import Label, Wording, Words, plain

WIDTHS = {2: 18, 3: 14}
"""How long labels may be, in characters, to stand so many to a row on a phone."""
SHORT = 28
"""What a button shows of an answer, at most."""


class Asking:
    """One conversation's questions in one language."""

    def __init__(
        self,
        form: Form,
        conversation: Conversation,
        wording: Wording,
        offered: Sequence[str] = (),
    ) -> None:
        """``offered``: topics to choose from beside those that were typed."""
        self.form = form
        self.conversation = conversation
        self.wording = wording
        self.offered = offered

    def question(self, problems: Mapping[str, Problem] | None = None) -> Message:
        """The question to ask now, after the words for what was wrong, if anything was."""
        asked = self._current()
        wrong = self._problem_words(problems or {})
        return Message(_joined(*wrong, self._progress(), self.text(asked)), self._rows(asked))

    def settled(self, asked: Field) -> Message:
        """The question once it is answered: with the answer, without buttons."""
        answer = self.shown(asked)
        words = self.wording.say("answered", answer=answer, question=self._head(asked))
        return Message(words, replaces=True)

    def _head(self, asked: Field) -> Words:
        """Of a question on topics just the question: there is nothing left to tap below it."""
        whole = self.text(asked)
        return Words(whole.partition("\n\n")[0]) if isinstance(asked, Topics) else whole

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

    def text(self, asked: Field, *, sheet: bool = False) -> Words:
        """``sheet``: it is read beside the others of its page, with nothing to tap."""
        draft = self.conversation.drafts.get(asked.name, ())
        own = self.conversation.facts.get(own_topics(asked.name), ())
        return self.wording.say(asked.name, **self._context(), draft=draft, own=own, sheet=sheet)

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
            case Number() | Topics():
                return Label(value)
            case Zone():
                return self.wording.label("zone_named", zone=value)
            case Picked() if value != OTHER:
                return Label(asked.label(value, self.conversation.facts))
            case Moment():
                return self.wording.label("slot", at=datetime.fromisoformat(value))
            case Picked():
                return self.wording.label(f"{asked.name}__other")
            case _:
                return self.wording.label(f"{asked.name}__{value}", **self.conversation.facts)

    def offer(self, asked: Field, value: str) -> Label:
        """An option as its button reads: a guess asks to be confirmed."""
        if isinstance(asked, Zone):
            return self.wording.label(f"{asked.name}__guess", guess=value)
        return self.option(asked, value)

    def _current(self) -> Field:
        asked = self.form.field(self.conversation.answers, self.conversation.facts)
        assert asked is not None, f"{self.form} is finished"
        return asked

    def _context(self) -> dict[str, object]:
        """Facts as they are, answers as they read."""
        known = {**self.conversation.drafts, **self.conversation.answers}
        asked = self.form.fields(self.conversation.answers)
        given = {f.name: self.shown(f) for f in asked if f.name in known}
        return {**self.conversation.facts, **given, "lines": self._lines()}

    def _lines(self, apart_from: Sequence[Field] = ()) -> list[tuple[Label, str]]:
        """The summary, without what was left empty."""
        reviewed = self.form.reviewed(self.conversation.answers)
        answers = self.conversation.answers
        said = [f for f in reviewed if answers.get(f.name) and f not in apart_from]
        return [(self.wording.label(f"{f.name}__title"), self.shown(f)) for f in said]

    def _progress(self) -> Words | None:
        progress = self.form.progress(self.conversation.answers, self.conversation.facts)
        if progress is None:
            return None
        return self.wording.say("progress", number=progress[0], total=progress[1])

    def _problem_words(self, problems: Mapping[str, Problem]) -> list[Words]:
        return [self._problem(name, problem) for name, problem in problems.items()]

    def _problem(self, name: str, problem: Problem) -> Words:
        own, asked = f"{name}__{problem.code}", self.form.find(name)
        limit = asked.limit if isinstance(asked, Text | Topics) else 0
        most = asked.most if isinstance(asked, Topics) else 0
        least = asked.least if isinstance(asked, Choices) else 0
        block = own if self.wording.has(own) else f"problem__{problem.code}"
        return self.wording.say(block, limit=limit, least=least, most=most)

    def _rows(self, asked: Field) -> Rows:
        return (*self._options(asked), *self._steering(asked))

    def _options(self, asked: Field) -> Iterator[tuple[Button, ...]]:
        form, draft = self.form.name, self.conversation.drafts.get(asked.name, ())
        verb = Verb.TOGGLE if isinstance(asked, Choices | Topics) else Verb.ANSWER
        subject = self.conversation.subject
        buttons = []
        for value in self._values(asked):
            label = self.offer(asked, value)
            if verb is Verb.TOGGLE and value in draft:
                label = self.wording.label("ticked", label=label)
            buttons.append(Button(label, Press(verb, form, asked.name, value, subject)))
        yield from in_rows(buttons)

    def _values(self, asked: Field) -> Iterable[str]:
        """What there is to press: of topics those listed already, then those on offer."""
        if isinstance(asked, Topics):
            return dict.fromkeys([*self.conversation.drafts.get(asked.name, ()), *self.offered])
        return asked.options(self.conversation.facts)

    def _steering(self, asked: Field) -> Iterator[tuple[Button, ...]]:
        """Done, keep, edit, skip and back, as far as they make sense here."""
        if isinstance(asked, Review):
            answers = self.conversation.answers
            yield from in_rows([self._edit(f) for f in self.form.reviewed(answers)])
        drafts = self.conversation.drafts
        if isinstance(asked, Topics) and not drafts.get(asked.name):
            yield from self._unsure(asked)
        elif isinstance(asked, Choices | Topics):
            yield (self._steer(Verb.DONE, asked, "done"),)
        elif self.conversation.drafts.get(asked.name):
            yield (self._steer(Verb.KEEP, asked, "keep", answer=self._draft(asked)),)
        row = []
        if self.form.previous(self.conversation.answers, self.conversation.facts):
            row.append(self._steer(Verb.BACK, asked, "back"))
        if asked.optional:
            row.append(self._steer(Verb.SKIP, asked, "skip"))
        if row:
            yield tuple(row)

    def _unsure(self, asked: Topics) -> Iterator[tuple[Button, ...]]:
        """Nothing to complete yet; whoever does not know what to say gets help."""
        if asked.unsure:
            label = self.wording.label(f"{asked.name}__unsure")
            yield (Button(label, Press(Verb.OPEN, asked.unsure, "chat")),)

    def _draft(self, asked: Field) -> str:
        shown = self.shown(asked)
        return shown if len(shown) <= SHORT else f"{shown[:SHORT]}…"

    def _edit(self, asked: Field) -> Button:
        label = self.wording.label("edit", title=self.wording.label(f"{asked.name}__title"))
        subject = self.conversation.subject
        return Button(label, Press(Verb.EDIT, self.form.name, asked.name, subject=subject))

    def _steer(self, verb: Verb, asked: Field, block: str, **context: object) -> Button:
        press = Press(verb, self.form.name, asked.name, subject=self.conversation.subject)
        return Button(self.wording.label(block, **context), press)

    def _entries(self, page: Page) -> Iterator[Entry]:
        for asked in page.fields:
            label, _, hint = plain(self._beside(asked, page)).partition("\n\n")
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
                optional=_optional(asked),
                limit=_limit(asked),
                other=self._other(asked),
            )

    def _beside(self, asked: Field, page: Page) -> Words:
        """A summary on the same page repeats none of the fields it stands beside."""
        if not isinstance(asked, Review):
            return self.text(asked, sheet=True)
        others = self._lines(apart_from=page.fields)
        return self.wording.say(asked.name, **{**self._context(), "lines": others}, sheet=True)

    def _value(self, asked: Field) -> Answer | None:
        answers, drafts = self.conversation.answers, self.conversation.drafts
        value = answers.get(asked.name, drafts.get(asked.name))
        return ", ".join(value or ()) if isinstance(asked, Topics) else value

    def _other(self, asked: Field) -> Label | None:
        """What can be typed beside the options has a label of its own."""
        match asked:
            case Moment():
                return self.wording.label("other_moment")
            case Zone():
                return self.wording.label("other_zone")
            case _:
                return None


def own_topics(name: str) -> str:
    """The fact with topics to choose from that were made of somebody's own words."""
    return f"own_{name}"


def suggested(facts: Facts) -> list[str]:
    """All topics that were made of somebody's own words, whichever question they are for."""
    own = (topics for name, topics in facts.items() if name.startswith(own_topics("")))
    return [topic for topics in own for topic in topics]


def _optional(asked: Field) -> bool:
    """Whether a sheet may be sent off without it: nothing ticked can be an answer, too."""
    return asked.optional or (isinstance(asked, Choices) and not asked.least)


def _limit(asked: Field) -> int:
    """Characters; 0 where nothing is typed. Topics are typed one after the other."""
    match asked:
        case Text(limit=limit):
            return limit
        case Topics(limit=limit, most=most):
            return most * (limit + 2)
        case _:
            return 0


def _kind(asked: Field) -> str:
    match asked:
        case Text():
            return "lines" if asked.lines else "text"
        case Topics():
            return "lines"
        case Choice() | Number() | Picked():
            return "choice"
        case Choices():
            return "choices"
        case Moment() | Zone():
            return "moment"
        case Review():
            return "shown"


def _joined(*words: Words | None) -> Words:
    return Words(Markup("\n\n").join(said for said in words if said))


def in_rows(buttons: Iterable[Button]) -> Iterator[tuple[Button, ...]]:
    """Digits in one row, short labels two or three to a row, a long one alone."""
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
    return longest == 1 or longest <= WIDTHS.get(len(row), 0)
