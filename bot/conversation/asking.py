"""How a question is asked in a chat: its words, with buttons for whatever can be answered."""

from collections.abc import Iterable, Iterator, Mapping

from markupsafe import Markup

from bot.conversation.answers import Problem
from bot.conversation.fields import Field
from bot.conversation.fields.choices import Choice, Choices, Review
from bot.conversation.fields.texts import Phone, Topics
from bot.conversation.messages import Button, Message, Rows
from bot.conversation.talk import Press, Verb
from bot.conversation.voice import Voice
from bot.conversation.wording import Label, Words

WIDTHS = {2: 18, 3: 14}
"""How long labels may be, in characters, to stand so many to a row on a phone."""
SHORT = 28
"""What a button shows of an answer, at most."""


class Asking(Voice):
    """One conversation's questions in one language, each as a message of its own."""

    def question(self, problems: Mapping[str, Problem] | None = None) -> Message:
        """The question to ask now, after the words for what was wrong, if anything was."""
        asked = self.current
        wrong = self._problem_words(problems or {})
        words = _joined(*wrong, self._progress(), self.text(asked))
        if isinstance(asked, Phone):
            return Message(words, keyboard=self._keyboard(asked))
        return Message(words, self._rows(asked))

    def settled(self, asked: Field) -> Message:
        """The question once it is answered: with the answer, without buttons."""
        answer = self.shown(asked)
        words = self.wording.say("answered", answer=answer, question=self._head(asked))
        return Message(words, replaces=True)

    def _keyboard(self, asked: Phone) -> tuple[Label, ...]:
        return self.wording.label(f"{asked.name}__share"), self.wording.label("skip")

    def _head(self, asked: Field) -> Words:
        """Of a question on topics just the question: there is nothing left to tap below it."""
        whole = self.text(asked)
        return Words(whole.partition("\n\n")[0]) if isinstance(asked, Topics) else whole

    def _progress(self) -> Words | None:
        progress = self.form.progress(self.current, self.conversation.answers)
        if progress is None:
            return None
        return self.wording.say("progress", number=progress[0], total=progress[1])

    def _problem_words(self, problems: Mapping[str, Problem]) -> list[Words]:
        return [self.problem(name, problem) for name, problem in problems.items()]

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
        if self.form.previous(asked, self.conversation.answers):
            own = isinstance(asked, Choice) and asked.own_back
            row.append(self._steer(Verb.BACK, asked, f"{asked.name}__back" if own else "back"))
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
