"""What many members cost: ``python -m benchmarks.members``. Each size in a process of its own; also
draws ``docs/runtime-growth.svg``.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from benchmarks.crowd import NOW, Crowd
from benchmarks.measuring import Row, share, table
from bot.domain.members import Address
from bot.engine.engine import Engine
from bot.engine.events import Event, Pressed, Sender
from bot.store.database import connect
from tests.stage import HOUSE

SIZES = (1_000, 10_000, 100_000)
PEOPLE, EVENTS = 16, 640


@dataclass(frozen=True, slots=True)
class Cost:
    """Of the start and of turns, at one size. Times in milliseconds, memory in MiB."""

    members: int
    start_ms: float
    half_ms: float
    most_ms: float
    memory: float
    file: float


def costs(url: str, members: int) -> Cost:
    """Of a database that is full already. People press a button, one after the other."""
    start = time.perf_counter()
    engine = Engine(connect(url), HOUSE)
    engine.recover(NOW)
    engine.tick(NOW)
    started = time.perf_counter() - start
    people = json.loads(_people(url).read_text("utf-8"))
    numbers, times = count(1), []
    for _ in range(EVENTS // PEOPLE):
        for user, chip in people:
            sender = Sender(Address("telegram", "123", user, user), "Ana", "ana", "de")
            key = ("telegram", "123", f"then {next(numbers)}")
            start = time.perf_counter()
            engine.receive([(key, {})], NOW)
            engine.turn(key, Event(sender, Pressed(chip, "1")), NOW)
            times.append(time.perf_counter() - start)
    kept = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    file = Path(url.removeprefix("sqlite:///")).stat().st_size / 2**20
    half, most = share(times, 50) * 1000, share(times, 99) * 1000
    return Cost(members, started * 1000, half, most, kept, file)


def _people(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///")).with_suffix(".json")


def at(folder: str, members: int) -> Cost:
    """Fills a database, and lets another process measure."""
    url = f"sqlite:///{folder}/{members}.db"
    crowd = Crowd(url)
    people = crowd.people(str(5_000_000_000 + n) for n in range(PEOPLE))
    crowd.many(members, reminded=False)
    crowd.store.dispose()
    chips = [(person.sender.address.user, person.chip) for person in people]
    _people(url).write_text(json.dumps(chips), "utf-8")
    command = [sys.executable, "-m", "benchmarks.members", url, str(members)]
    found = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- of our own
    return Cost(**json.loads(found.stdout))


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        found = [at(folder, size) for size in SIZES]
    from benchmarks.growth import draw_members  # noqa: PLC0415 -- not where memory is measured

    draw_members([(c.members, c.half_ms, c.most_ms, c.memory, c.file) for c in found])
    small, large = found[0], found[-1]
    grown, slower = large.memory - small.memory, large.most_ms / small.most_ms
    return [
        Row(
            f"memory with {large.members:,} members",
            f"+{grown:.1f} MiB",
            "≤ 20 MiB more than with 1,000",
            grown <= 20,
            f"{small.memory:.0f} MiB",
            why="SQLite keeps pages it has read",
        ),
        Row(
            f"a press with {large.members:,} members (p50 / p99)",
            f"{large.half_ms:.1f} / {large.most_ms:.1f} ms",
            "p99 ≤ 1.5 × that of 1,000",
            slower <= 1.5,
            f"{small.half_ms:.1f} / {small.most_ms:.1f} ms",
            ratio=f"{slower:.2f} ×",
            why="the disk: both are far above their median",
        ),
        Row(
            f"start with {large.members:,} members",
            f"{large.start_ms:.0f} ms",
            "nothing is loaded: ≤ 100 ms more than with 1,000",
            large.start_ms <= small.start_ms + 100,
            f"{small.start_ms:.0f} ms",
            why="a look through a whole table",
        ),
    ]


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(asdict(costs(sys.argv[1], int(sys.argv[2])))))
    else:
        print(table(measure()))
