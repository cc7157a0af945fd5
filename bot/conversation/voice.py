"""What a form's questions and answers read like, in one language, whoever shows them how.

A page's words may use answers of earlier pages only, since a sheet shows the whole page before
any of its questions is answered.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cached_property

from bot.conversation.answers import SKIPPED, Facts, Problem
from bot.conversation.fields import Field
from bot.conversation.fields.choices import OTHER, Choices, Number, Picked
from bot.conversation.fields.texts import Phone, Steps, Text, Topics, step_of
from bot.conversation.fields.times import Day, Moment, Weekly, Zone
from bot.conversation.forms import Form
from bot.conversation.talk import Conversation
from bot.conversation.wording import Label, Wording, Words


class Voice:
    """One conversation in one language."""

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

    def text(self, asked: Field, *, sheet: bool = False) -> Words:
        """``sheet``: it is read beside the others of its page, with nothing to tap."""
        draft = self.conversation.drafts.get(asked.name, ())
        own = self.conversation.facts.get(own_topics(asked.name), ())
        known = self.context(self.wording.needs(asked.name))
        return self.wording.say(asked.name, **known, draft=draft, own=own, sheet=sheet)

    def shown(self, asked: Field) -> str:
        """An answer as a person reads it: labels for options, a date for a moment."""
        answers = {**self.conversation.answers, **self.conversation.drafts}
        answer = answers.get(asked.name, SKIPPED)
        if not answer:
            return self.wording.label("nothing")
        if isinstance(asked, Text | Phone):
            return str(answer)
        values = [answer] if isinstance(answer, str) else answer
        labels = [self.option(asked, value) for value in values]
        if isinstance(asked, Choices) and asked.sentences:
            return "".join(f"\n• {label}" for label in labels)
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
            case Weekly():
                return self.wording.label("weekly", at=value)
            case Day():
                return self.wording.label("day", at=date.fromisoformat(value))
            case Steps():
                at, title = step_of(value)
                return self.wording.label("step", at=at, title=title)
            case Picked():
                return self.wording.label(f"{asked.name}__other")
            case _:
                return self.wording.label(f"{asked.name}__{value}", **self.conversation.facts)

    def offer(self, asked: Field, value: str) -> Label:
        """An option as its button reads: a guess asks to be confirmed."""
        if isinstance(asked, Zone):
            return self.wording.label(f"{asked.name}__guess", guess=value)
        return self.option(asked, value)

    @cached_property
    def current(self) -> Field:
        asked = self.form.field(self.conversation.answers, self.conversation.facts)
        assert asked is not None, f"{self.form} is finished"
        return asked

    def context(self, needed: Collection[str]) -> dict[str, object]:
        """Facts as they are, answers as they read; of those only what is needed."""
        known = {**self.conversation.drafts, **self.conversation.answers}.keys() & needed
        asked = self.form.fields(self.conversation.answers) if known else []
        given = {f.name: self.shown(f) for f in asked if f.name in known}
        lines = self.lines() if "lines" in needed else []
        return {**self.conversation.facts, **given, "lines": lines}

    def lines(self, apart_from: Sequence[Field] = ()) -> list[tuple[Label, str]]:
        """The summary, without what was left empty."""
        reviewed = self.form.reviewed(self.conversation.answers)
        answers = self.conversation.answers
        said = [f for f in reviewed if answers.get(f.name) and f not in apart_from]
        return [(self.wording.label(f"{f.name}__title"), self.shown(f)) for f in said]

    def problem(self, name: str, problem: Problem, *, sheet: bool = False) -> Words:
        own, asked = f"{name}__{problem.code}", self.form.find(name)
        limit = asked.limit if isinstance(asked, Text | Topics | Steps) else 0
        most = asked.most if isinstance(asked, Topics | Steps) else 0
        least = asked.least if isinstance(asked, Choices) else 0
        block = own if self.wording.has(own) else f"problem__{problem.code}"
        zone, at = self.conversation.facts.get("zone", ""), problem.at
        counts = {"limit": limit, "least": least, "most": most}
        return self.wording.say(block, **counts, sheet=sheet, at=at, zone=zone)


def own_topics(name: str) -> str:
    """The fact with topics to choose from that were made of somebody's own words."""
    return f"own_{name}"


def suggested(facts: Facts) -> list[str]:
    """All topics that were made of somebody's own words, whichever question they are for."""
    own = (topics for name, topics in facts.items() if name.startswith(own_topics("")))
    return [topic for topics in own for topic in topics]
