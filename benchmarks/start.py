"""What the start costs: ``python -m benchmarks.start``. Each in a process of its own."""

import subprocess
import sys
import time
from statistics import median

from benchmarks.measuring import ROUNDS, Row, table

BOTH = "import bot.running, adapters.telegram.app, adapters.slack.app"
USUAL = (
    "import telegram.ext, slack_bolt.async_app, sqlmodel, sqlalchemy.ext.asyncio, jinja2, "
    "apscheduler.schedulers.asyncio"
)
MEMORY = "; print(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0])"
"""The most it took, in KiB. What getrusage tells of a process begins with its parent's size."""


def seconds(*command: str) -> float:
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)  # noqa: S603 -- of our own
        found.append(time.perf_counter() - start)
    return median(found)


def memory(code: str) -> float:
    command = [sys.executable, "-c", code + MEMORY]
    return float(subprocess.run(command, check=True, capture_output=True).stdout) / 1024  # noqa: S603 -- of our own


def measure() -> list[Row]:
    floor, imports = seconds("-c", USUAL), seconds("-c", BOTH)
    usual, both = memory(USUAL), memory(BOTH)
    empty, spoken = seconds("-c", "import typer"), seconds("-m", "bot", "--help")
    return [
        Row(
            "import with both platforms",
            f"{imports:.2f} s",
            "≤ 1.3 s",
            imports <= 1.3,
            f"{floor:.2f} s (its libraries)",
            ratio=f"{imports / floor:.1f} ×",
            why="its libraries come first; then the words that wishes are understood by",
        ),
        Row(
            "memory with both platforms",
            f"{both:.0f} MiB",
            "≤ 120 MiB",
            both <= 120,
            f"{usual:.0f} MiB (its libraries)",
            ratio=f"{both / usual:.1f} ×",
            why="SQLAlchemy 17, our own 240 modules 13, Telegram 8, cryptography 7, aiohttp 7 MiB",
        ),
        Row(
            "`tandem --help`",
            f"{spoken:.2f} s",
            "≤ 0.3 s",
            spoken <= 0.3,
            f"{empty:.2f} s (Typer)",
            ratio=f"{spoken / empty:.1f} ×",
            why="Typer lays its help out with Rich",
        ),
    ]


if __name__ == "__main__":
    print(table(measure()))
