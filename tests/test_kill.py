"""The program is killed at random points while people write to it, on each platform and database:
nothing that was confirmed is lost, nothing happens twice, and little is said twice.

A few times always; with ``--soak 1000`` so often on each.
"""

import asyncio
import os
import random
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import func, select

from bot.domain.parcels import Patience
from bot.store.tables import consent, due, inbox, member, outbox, tandem, tandem_member
from tests import slack_people, telegram_people
from tests.postgres import Place, Server
from tests.slack_posting import Posting, up
from tests.slack_standin import SlackStandin
from tests.stage import plain
from tests.telegram_standin import TelegramStandin
from tests.test_telegram import GOAL
from tests.ways import PUBLIC, SECRET

ROOT = Path(__file__).parent.parent
FEW, AT_ONCE = 3, 2
SEED = 20261124
PATIENT_S = 120
WORK = {"sendMessage", "editMessageText", "answerCallbackQuery", "chat.postMessage", "chat.update"}
"""Calls about somebody; the others are made at every start."""
Standin = TelegramStandin | SlackStandin
Person = telegram_people.Person | slack_people.Person


def reached(standin: Standin) -> dict[str, str]:
    """What the program needs to know to work on it: the platform is asked for what is new."""
    if isinstance(standin, TelegramStandin):
        return {"TELEGRAM_BOT_TOKEN": standin.token, "TELEGRAM_API_URL": standin.url}
    tokens = {"SLACK_BOT_TOKEN": standin.bot_token, "SLACK_APP_TOKEN": standin.app_token}
    return {**tokens, "SLACK_API_URL": standin.url}


def brought(standin: Standin) -> dict[str, str]:
    """The same where the platform brings what is new, to an address that is there again after
    every start."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    there = {"TANDEM_LISTEN": listen, "TANDEM_PUBLIC_URL": PUBLIC}
    if isinstance(standin, TelegramStandin):
        standin.hook.upstreams[PUBLIC], standin.hook.again_s = [f"http://{listen}"], 0.5
        return {**reached(standin), **there, "TELEGRAM_MODE": "webhook"}
    posting = Posting(standin, SECRET, [f"http://{listen}"])
    # Slack comes four times in six minutes; here the program is back within seconds.
    posting.again_s, posting.patience, standin.socket = 8.0, standin.patience, posting
    tokens = {"SLACK_BOT_TOKEN": standin.bot_token, "SLACK_SIGNING_SECRET": SECRET}
    return {**tokens, **there, "SLACK_API_URL": standin.url, "SLACK_MODE": "http"}


@dataclass(frozen=True)
class Program:
    """``known``: what it is told of the platform it works on."""

    folder: Path
    known: dict[str, str]
    place: Place

    async def start(self) -> asyncio.subprocess.Process:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": self.place.url,
            "TANDEM_POOL": "1",
            "TANDEM_KEY_FILE": str(self.place.key or self.folder / "t.key"),
            **self.known,
        }
        command = (sys.executable, "-m", "bot", "run")
        with (self.folder / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *command, cwd=self.folder, env=environment, stderr=log
            )


class Killer:
    """Starts the program, lets it work for a random moment, kills it, and so on until stopped."""

    def __init__(self, program: Program, standin: Standin, wanted: int) -> None:
        self._program, self._standin = program, standin
        self._dice = random.Random(SEED)  # noqa: S311 -- to be repeatable, not to be secret
        self._wanted = wanted
        self._stop = asyncio.Event()
        self.kills = 0

    @property
    def enough(self) -> bool:
        return self.kills >= self._wanted

    async def run(self) -> None:
        while not self._stop.is_set():
            bot = await self._program.start()
            await self._busy(self._worked() + self._dice.randint(1, 28))
            with suppress(ProcessLookupError):
                bot.send_signal(signal.SIGKILL)
            await bot.wait()
            self.kills += 1

    def stop(self) -> None:
        self._stop.set()

    def _worked(self) -> int:
        return sum(call.method in WORK for call in self._standin.calls)

    async def _busy(self, calls: int) -> None:
        """Waits until the program has made so many calls, or is to stop."""
        working = asyncio.create_task(self._until(calls))
        stopping = asyncio.create_task(self._stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        stopping.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)

    async def _until(self, calls: int) -> None:
        await self._standin.until(lambda: self._worked() >= calls, timeout=60)


async def insists(person: Person, label: str) -> None:
    """Presses until the platform says that it came there, or the button is gone by then."""
    if isinstance(person, telegram_people.Person):
        person.presses(label)
        return
    if await person.presses(label).done:
        return
    with suppress(AssertionError):  # it counted, and nobody heard of that
        while not await person.presses(label).done:
            await back(person)


async def back(person: slack_people.Person) -> None:
    """The program can be reached again."""
    posting = person.slack.socket
    if not isinstance(posting, Posting):
        await person.slack.look(lambda: bool(posting.lines), PATIENT_S)
        return
    async with asyncio.timeout(PATIENT_S):
        while True:
            with suppress(aiohttp.ClientError, asyncio.IncompleteReadError):
                await up(posting.urls[0], SECRET)
                return


async def meets(person: Person, number: int) -> None:
    """From the first hello to an introduction."""
    offers, seeks = (f"Thema{(number + swap) % 2}" for swap in (0, 1))
    shares = "@p" if isinstance(person, telegram_people.Person) else ""
    for says, then in (
        ("/start" if shares else "hallo", "Ich bin Tandem"),
        ("[Los geht’s]", "Einwilligung"),
        ("[Ja, einverstanden]", "Zwei Dinge sind freiwillig"),
        ("[Weiter]", "Was kannst du gut"),
        (offers, "Notiert"),
        ("[Weiter]", "Wobei wünschst"),
        (seeks, "Notiert"),
        ("[Weiter]", "erreichen"),
        (GOAL, "An welchen Tagen"),
        ("di do", "Tageszeiten"),
        ("abends", "Nach welcher Uhr"),
        ("[Berlin stimmt]", "Stimmt alles so"),
        ("[Stimmt so]", "Dein Profil ist gespeichert"),
    ):
        await does(person, says)
        await person.sees(then, timeout=PATIENT_S)
    await seen(person, "Ein Vorschlag für dich")
    await insists(person, "Kennenlernen")
    if shares:
        await seen(person, "Womit darf")
        await insists(person, f"@p{number} zeigen")
    await introduced(person)


async def does(person: Person, says: str) -> None:
    if says.startswith("["):
        await insists(person, says.strip("[]"))
    else:
        person.says(says)


async def seen(person: Person, what: str) -> None:
    """Also where it came before what they looked at last."""
    if isinstance(person, slack_people.Person):
        await person.sees(what, timeout=PATIENT_S, anywhere=True)
    else:
        await person.sees(what, timeout=PATIENT_S)


async def introduced(person: Person) -> None:
    """Or told that they may have missed it: it is sent once only."""
    if isinstance(person, slack_people.Person):
        await person.sees(lambda shown: _introduces(shown.plain), PATIENT_S, anywhere=True)
    else:
        await person.sees(lambda shown: _introduces(shown.text), timeout=PATIENT_S, anywhere=True)


def _introduces(text: str) -> bool:
    return "Zeit zum Kennenlernen" in text or "vielleicht nicht erreicht" in text


def said_twice(people: list[Person], texts: set[str] | None = None) -> int:
    """How many messages of the bot came again, of these texts or of all."""
    said: Counter[tuple[int | str, str]] = Counter()
    for person in people:
        if isinstance(person, slack_people.Person):
            said.update((person.id, m.plain) for m in person.messages if m.author != person.id)
        else:
            said.update((person.id, m.text) for m in person.messages if m.from_bot)
    return sum(
        times - 1 for (_, text), times in said.items() if texts is None or text.strip() in texts
    )


def check_the_database(place: Place, people: int) -> set[str]:
    """Every input had its effect once, and every message has an end. Returns what was to be said
    once and never again."""
    with place.open().begin() as connection:

        def count(*where: object) -> int:
            rows = select(func.count()).where(*where)  # type: ignore[arg-type]  # conditions
            return int(connection.execute(rows).scalar_one())

        assert count(inbox.c.done_at.is_(None)) == 0, "an input was confirmed and lost"
        assert count(inbox.c.attempts > 0) == 0, "an input failed"
        assert count(due.c.attempts > 0) == 0, "a due failed"
        unsent = outbox.c.state.not_in(["sent", "due"]), outbox.c.reason == ""
        assert count(*unsent) == 0, "a message was lost in silence"
        assert count(member.c.id > 0) == people
        given = select(consent.c.member, consent.c.purpose, func.count()).group_by(
            consent.c.member, consent.c.purpose
        )
        assert {times for *_, times in connection.execute(given)} == {1}
        assert count(tandem.c.id > 0) == people // 2
        assert count(tandem_member.c.place.is_not(None)) == people
        once = select(outbox.c.body).where(outbox.c.patience == Patience.ONCE)
        return {plain(body["text"]) for body in connection.execute(once).scalars()}


Arrive = Callable[[int], Person]


async def killed_and_killed(program: Program, standin: Standin, arrive: Arrive, kills: int) -> None:
    people: list[Person] = []
    killer = Killer(program, standin, kills)
    killing = asyncio.create_task(killer.run())
    try:
        while not killer.enough:
            arrived = [arrive(len(people) + n) for n in range(AT_ONCE)]
            people += arrived
            async with asyncio.timeout(2 * PATIENT_S):
                await asyncio.gather(*(meets(p, people.index(p)) for p in arrived))
    finally:
        killer.stop()
        await killing
    await in_peace(program, standin)
    once = check_the_database(program.place, len(people))
    assert said_twice(people) <= killer.kills
    assert said_twice(people, once) == 0
    assert standin.problems == []


async def in_peace(program: Program, standin: Standin) -> None:
    """Not killed any more, but told to stop, until nothing is left to be said."""
    store = program.place.open()
    while waiting(store):
        bot = await program.start()
        with suppress(AssertionError):  # what came last may be settled, and nothing tells of that
            await standin.until(lambda: not waiting(store), timeout=10)
        bot.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await bot.wait() == 0


def waiting(store: Database) -> bool:
    """Whether something came in or is to go out, and has not yet."""
    with store.connect() as connection:
        soon = datetime.now(UTC) + timedelta(minutes=1)  # later is somebody's morning
        late = outbox.c.state.in_(["due", "sending"]), outbox.c.not_before < soon
        undone = select(inbox.c.id).where(inbox.c.done_at.is_(None))
        queues = select(outbox.c.id).where(*late), undone
        return any(connection.execute(queue).first() for queue in queues)


WAYS = {"asked": reached, "brought": brought}
ALWAYS = {"telegram": ("asked", "sqlite"), "slack": ("asked", "postgresql")}
"""Each platform and each database once; in the long form all of them, on each way in."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "where" in metafunc.fixturenames:
        platform = metafunc.function.__name__.rpartition("_")[2]
        all_of_them = list(product(WAYS, ["sqlite", "postgresql"]))
        long = metafunc.config.getoption("--soak")
        metafunc.parametrize(("way", "where"), all_of_them if long else [ALWAYS[platform]])


@pytest.fixture
def there(where: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if where == "sqlite":
        yield Place(f"sqlite:///{tmp_path}/t.db")
    else:
        running: Server = request.getfixturevalue("postgres")
        with running.place() as made:
            yield made


@pytest.mark.kill
async def test_killed_again_and_again_on_telegram(
    tmp_path: Path, there: Place, way: str, request: pytest.FixtureRequest
) -> None:
    kills = request.config.getoption("--soak") or FEW
    async with TelegramStandin() as telegram:
        await killed_and_killed(
            Program(tmp_path, WAYS[way](telegram), there),
            telegram,
            lambda n: telegram.person(f"P{n}", language="de", username=f"p{n}"),
            kills,
        )


@pytest.mark.kill
async def test_killed_again_and_again_on_slack(
    tmp_path: Path, there: Place, way: str, request: pytest.FixtureRequest
) -> None:
    kills = request.config.getoption("--soak") or FEW
    async with SlackStandin() as slack:
        slack.patience = 5
        await killed_and_killed(
            Program(tmp_path, WAYS[way](slack), there),
            slack,
            lambda n: slack.person(f"P{n}", locale="de-DE", tz="Europe/Berlin"),
            kills,
        )
