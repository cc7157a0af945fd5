"""What ``tandem match`` does: reads a file, has its people matched, and writes who fits whom."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeAlias

import typer

from bot.errors import OperatorError
from bot.matching.asked import asked
from bot.matching.people import Outcome, Request
from bot.matching.reading import Sheet, read
from bot.matching.telling import explained, unexplained
from bot.matching.writing import as_csv, as_json, names, save

MANY = 5_000
"""People from whom on it takes so long that one wants to see how far it is."""
WRITERS = {"json": as_json, "csv": as_csv}
Progress: TypeAlias = Callable[[int, int], None]


class Round(Protocol):
    def __call__(self, request: Request, *, progress: Progress | None) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted; without ``output`` it goes to the terminal."""

    file: Path
    output: Path | None = None
    form: str | None = None
    explain: str = ""
    language: str = "de"


def preview(order: Order, request: Request) -> Sheet:
    """A community's own people, as if they had come from a file."""
    found = read(str(order.file), json.dumps(asked(request)).encode(), request.now)
    return _checked(order, replace(found, request=replace(found.request, weights=request.weights)))


def sheet(order: Order) -> Sheet:
    """The file, and everything that can be wrong with the order before any work is done."""
    return _checked(order, read(str(order.file), _content(order.file), datetime.now(UTC)))


def _checked(order: Order, found: Sheet) -> Sheet:
    if order.explain and order.explain not in names(found):
        raise OperatorError(f"--explain {order.explain}: nobody in {order.file} has this id")
    if order.output and order.output.resolve() == order.file.resolve():
        raise OperatorError(f"--output {order.output}: is the file of the people; choose another")
    if order.output and not order.output.resolve().parent.is_dir():
        raise OperatorError(f"--output {order.output}: make its folder first")
    return found


def carry_out(order: Order, found: Sheet, run: Round) -> None:
    with _bar(len(found.request.people)) as progress:
        outcome = run(found.request, progress=progress)
    content = WRITERS[_form(order)](found, outcome)
    if order.output:
        save(order.output, content)
    if order.explain:
        typer.echo("\n".join(_explanation(order, found, outcome)))
    elif not order.output:
        typer.echo(content, nl=False)


def _content(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise OperatorError(f"{file}: can't be read: {error.strerror}") from None


def _form(order: Order) -> str:
    ending = order.output.suffix.casefold() if order.output else ""
    return order.form or ("csv" if ending == ".csv" else "json")


def _explanation(order: Order, found: Sheet, outcome: Outcome) -> Iterator[str]:
    """Everything about one person: each tandem, or the wait."""
    asked, called = order.explain, names(found)
    for match in outcome.matches:
        if asked in match.members:
            yield from explained(match, asked, called, order.language)
    for left in outcome.left:
        if asked == left.id:
            yield from unexplained(left, called, order.language)


@contextmanager
def _bar(people: int) -> Iterator[Progress | None]:
    """A bar for whoever sits in front of it."""
    if people < MANY or not sys.stderr.isatty():
        yield None
        return
    with typer.progressbar(length=100, label="Matching", file=sys.stderr) as bar:
        yield lambda done, total: bar.update(done * 100 // max(1, total) - bar.pos)
