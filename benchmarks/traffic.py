"""From end to end over HTTP: ``python -m benchmarks.traffic``. People press buttons at a rate, on
the Telegram of the tests; the bot is a process of its own, its file as safe as it always is.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measuring import Row, ms, share, table
from bot import running as running_bot
from bot.__main__ import cli
from scheduler.delivery import Limits
from tests.telegram_people import Person
from tests.telegram_standin import TelegramStandin

ROOT = Path(__file__).parent.parent
PEOPLE, SECONDS = 50, 4.0
MOST = 800.0
"""More than any of them can."""
BOT = (sys.executable, "-m", "benchmarks.traffic", "bot")
PEER = (sys.executable, "-m", "benchmarks.conventional")
WHY = "the stand-in, this generator and the bot share two processors"


@dataclass(slots=True)
class Times:
    """In seconds: until it was confirmed, and until something came to the platform."""

    acks: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    done: float = 0.0
    """Answers a second, from the first press to the last answer."""


@asynccontextmanager
async def running(
    folder: str, telegram: TelegramStandin, command: tuple[str, ...]
) -> AsyncIterator[None]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DATABASE": f"{folder}/peer.db",
        "DATABASE_URL": f"sqlite:///{folder}/ours.db",
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
    }
    with Path(folder, "log").open("ab") as log:  # noqa: ASYNC230 -- nothing runs yet
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def ready(person: Person, *, ours: bool) -> None:
    """Is being asked for days."""
    person.says("/start")
    if not ours:
        await person.sees("An welchen Tagen")
        return
    await person.sees("Ich bin Tandem")
    person.presses("Los geht’s")
    await person.sees("Einwilligung")
    for said, then in (
        ("ja, einverstanden", "freiwillig"),
        ("weiter", "Was kannst du gut"),
        ("Singen", "Notiert"),
        ("weiter", "Wobei"),
        ("Kochen", "Notiert"),
        ("weiter", "erreichen"),
        ("Bis März einen Vortrag vor zehn Leuten halten", "An welchen Tagen"),
    ):
        person.says(said)
        await person.sees(then)


async def at(telegram: TelegramStandin, people: list[Person], rate: float) -> Times:
    """Everybody presses in turn; the next change of a message in their chat is the answer."""
    found, pressed = Times(), defaultdict[int, deque[float]](deque)
    confirmed, calls, presses = len(telegram.confirmed), len(telegram.calls), 0
    came: list[float] = []
    start = time.monotonic()
    watching = asyncio.create_task(_confirmations(telegram, confirmed, came, found.acks))
    while time.monotonic() - start < SECONDS:
        await asyncio.sleep(max(0.0, start + presses / rate - time.monotonic()))
        person = people[presses % len(people)]
        _press(person)
        came.append(time.monotonic())
        pressed[person.id].append(came[-1])
        presses += 1
    edits = [telegram.calls[0]] * 0
    while len(edits) < presses and time.monotonic() - start < 5 * SECONDS:
        await asyncio.sleep(0.05)
        edits = [one for one in telegram.calls[calls:] if one.method == "editMessageText"]
    watching.cancel()
    for call in edits[:presses]:
        found.answers.append(call.at - pressed[int(call.params["chat_id"])].popleft())
    found.done = len(edits) / (edits[-1].at - start)
    return found


def _press(person: Person) -> None:
    message = next(one for one in reversed(person.messages) if any(map(_is_day, one.labels)))
    person.presses(next(filter(_is_day, message.labels)), message)


def _is_day(label: str) -> bool:
    return "Dienstag" in label


async def _confirmations(
    telegram: TelegramStandin, before: int, came: list[float], acks: list[float]
) -> None:
    """An update is confirmed by the poll after it."""
    while True:
        await asyncio.sleep(0.001)
        while before + len(acks) < len(telegram.confirmed) and len(acks) < len(came):
            acks.append(time.monotonic() - came[len(acks)])


async def measured(folder: str, rates: list[float], *, ours: bool) -> dict[float, Times]:
    async with (
        TelegramStandin() as telegram,
        running(folder, telegram, BOT if ours else PEER),
    ):
        people = [telegram.person(f"P{n}", language="de") for n in range(PEOPLE)]
        for person in people:
            await ready(person, ours=ours)
        return {rate: await at(telegram, people, rate) for rate in rates}


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        usual = await measured(folder, [50, MOST], ours=False)
        here = await measured(folder, [50, 200, MOST], ours=True)
    faster = here[MOST].done / usual[MOST].done
    return [
        _row("confirmed, at 200 events/s", here[200].acks, 10, 50),
        _row(
            "from a press to the platform, at 50 events/s",
            here[50].answers,
            10,
            40,
            ms(usual[50].answers),
        ),
        Row(
            "as many as there can be, end to end",
            f"{here[MOST].done:.0f}/s",
            "≥ 2.5 × the peer",
            faster >= 2.5,
            peer=f"{usual[MOST].done:.0f}/s",
            ratio=f"{faster:.1f} ×",
            why=f"{WHY}; a press of ours says the question anew, sealed, with a secret a button",
        ),
    ]


def _row(what: str, times: list[float], half: float, most: float, peer: str = "") -> Row:
    reached = share(times, 50) * 1000 <= half and share(times, 99) * 1000 <= most
    goal = f"p50 ≤ {half:g} ms, p99 ≤ {most:g} ms"
    return Row(f"{what} (p50 / p99)", ms(times), goal, reached, peer=peer, why=WHY)


def bot() -> None:
    """Ours, as ``tandem run`` starts it, but as fast as this platform lets it be."""
    running_bot.LIMITS["telegram"] = Limits(1000.0, 1000)
    sys.argv = ["tandem", "run"]
    cli()


if __name__ == "__main__":
    if "bot" in sys.argv:
        bot()
    else:
        print(table(asyncio.run(measure())))
