"""Fields with all that can be said as options; of a summary, only that it is right."""

from dataclasses import dataclass

from bot.conversation.answers import SKIPPED, Answer, Facts, Problem

OTHER = "0"
"""Of what is picked from, none."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several options. ``own_back``: the way back from it has words of its own."""

    name: str
    among: tuple[str, ...]
    optional: bool = False
    own_back: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return self.among

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        if raw == SKIPPED and self.optional:
            return SKIPPED
        return raw if raw in self.among else Problem("unknown")


def yes_no(name: str) -> Choice:
    return Choice(name, ("yes", "no"))


@dataclass(frozen=True, slots=True)
class Choices:
    """Several of several options, at least ``least``; kept in the order they are offered.

    ``sentences``: so long that each is read on a line of its own.
    """

    name: str
    among: tuple[str, ...]
    least: int = 1
    optional: bool = False
    sentences: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return self.among

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        chosen = [raw] if isinstance(raw, str) and raw else list(raw)
        if not set(chosen) <= set(self.among):
            return Problem("unknown")
        if len(set(chosen)) < self.least and not self.optional:
            return Problem("too_few")
        return [option for option in self.among if option in chosen]


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from ``low`` to ``high``, few enough for a button each."""

    name: str
    low: int
    high: int
    optional: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return tuple(str(n) for n in range(self.low, self.high + 1))

    def read(self, raw: Answer, facts: Facts) -> Answer | Problem:
        if raw == SKIPPED and self.optional:
            return SKIPPED
        return raw if raw in self.options(facts) else Problem("unknown")


@dataclass(frozen=True, slots=True)
class Picked:
    """One of what the form was opened with: values in ``facts[name]``, their labels beside.

    Or `OTHER`, which has words of its own.
    """

    name: str
    optional: bool = False

    def options(self, facts: Facts) -> tuple[str, ...]:
        return (*facts.get(self.name, ()), OTHER)

    def label(self, value: str, facts: Facts) -> str:
        return facts[f"{self.name}_labels"][self.options(facts).index(value)]

    def read(self, raw: Answer, facts: Facts) -> Answer | Problem:
        return raw if raw in self.options(facts) else Problem("unknown")


@dataclass(frozen=True, slots=True)
class Review:
    """Everything answered so far, to be confirmed, with a way back to each line."""

    name: str
    optional: bool = False

    def options(self, _facts: Facts) -> tuple[str, ...]:
        return ("yes",)

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        return raw if raw == "yes" else Problem("unknown")
