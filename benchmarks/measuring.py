"""What the benchmarks of the running bot share: rows of their table, and how time is taken."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

TITLE = "| what | floor | peer | ours | ratio | goal | reached |\n|---|---|---|---|---|---|---|"
ROUNDS = 3
"""Each case in turn, so that what else the machine does meets all of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """``why``: what explains a goal that is not reached."""

    what: str
    ours: str
    goal: str
    reached: bool
    floor: str = ""
    peer: str = ""
    ratio: str = ""
    why: str = ""

    def __str__(self) -> str:
        word = "yes" if self.reached else f"no: {self.why}"
        cells = (self.what, self.floor, self.peer, self.ours, self.ratio, self.goal, word)
        return f"| {' | '.join(cells)} |"


def table(rows: Iterable[Row]) -> str:
    return "\n".join([TITLE, *map(str, rows)])


def share(times: Sequence[float], of: float) -> float:
    """The time within which so many of a hundred were done."""
    return sorted(times)[min(len(times) - 1, int(len(times) * of / 100))]


def ms(times: Sequence[float]) -> str:
    return f"{share(times, 50) * 1000:.1f} / {share(times, 99) * 1000:.1f} ms"


async def cpu_us(each: Callable[[int], Awaitable[None]], count: int, at_once: int = 1) -> float:
    """CPU of this process for each call, in microseconds; calls get a number that is new."""
    before = time.process_time()
    for _ in range(count // at_once):
        await each(at_once)
    return (time.process_time() - before) / count * 1e6


async def in_turn(
    cases: dict[str, Callable[[int], Awaitable[None]]], count: int, at_once: int
) -> dict[str, float]:
    """The median of some rounds, after one that only warms up."""
    found: dict[str, list[float]] = {name: [] for name in cases}
    for round_ in range(ROUNDS + 1):
        for name, each in cases.items():
            spent = await cpu_us(each, count if round_ else at_once * 4, at_once)
            found[name] += [spent] if round_ else []
    return {name: median(times) for name, times in found.items()}
