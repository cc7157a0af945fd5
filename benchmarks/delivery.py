"""Sending within what the platforms take: ``python -m benchmarks.delivery``; with ``full`` it takes
as long as ten thousand reminders do. Against the strict stand-ins, with their limits on.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import aiohttp
from aiohttp import web
from sqlalchemy import Engine as Database
from sqlalchemy import exists, select

from adapters.telegram.app import Telegram
from benchmarks.crowd import NOW, Crowd
from benchmarks.events import connected
from benchmarks.measuring import Row, ms, share, table
from bot.domain.parcels import Patience
from bot.running import LIMITS, serve
from bot.service import Adapter, Clock, Service
from bot.store import outbox
from bot.store.outbox import Parcel
from bot.store.tables import outbox as sent
from scheduler.delivery import Limits
from tests.slack_standin import SlackStandin
from tests.telegram_people import Person
from tests.telegram_standin import TelegramStandin

SHORT, FULL = {"telegram": 300, "slack": 50}, {"telegram": 10_000, "slack": 1_500}
TAKES = {"telegram": 30.0, "slack": 5.0}
"""Messages a second in all: Telegram's own word, and 300 of Slack's "several hundred a minute"."""
BARE = 1_000
WORDS = "Morgen um 18:00 Uhr trefft ihr euch."


def post(store: Database, platform: str, account: str, chats: list[str]) -> None:
    with store.begin() as connection:
        for chat in chats:
            there, body = (platform, account, chat), {"text": WORDS, "rows": []}
            reminder = Parcel(f"r {chat}", *there, "send", body, unasked=True)
            outbox.post(connection, replace(reminder, patience=Patience.NUDGE), NOW)


def is_over(store: Database) -> bool:
    with store.begin() as connection:
        waiting = exists().where(sent.c.state.in_(outbox.OPEN), sent.c.key.like("r %"))
        return not connection.execute(select(waiting)).scalar()


def running() -> Clock:
    """From the moment at which all is due: a platform may ask for a second's patience."""
    return Clock(NOW - datetime.now(UTC))


async def until_sent(service: Service, adapter: Adapter, store: Database, limits: Limits) -> float:
    """Seconds from the start of sending to the last receipt."""
    start = time.perf_counter()
    serving = asyncio.create_task(serve(adapter, service, limits))
    while not is_over(store):  # noqa: ASYNC110 -- another thread's table
        await asyncio.sleep(0.2)
    spent = time.perf_counter() - start
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    return spent


async def over_telegram(folder: str, many: int) -> list[Row]:
    async with TelegramStandin() as standin:
        standin.limits = True
        crowd = Crowd(f"sqlite:///{folder}/telegram.db", account=standin.token.partition(":")[0])
        people = [standin.person(f"P{n}", language="de") for n in range(many)]
        for person in people:
            person.state = "writing"
        post(crowd.store, "telegram", crowd.account, [str(person.id) for person in people])
        service = Service(crowd.engine, running())
        adapter = Telegram(service, standin.token, standin.url)
        waits: list[float] = []
        asking = asyncio.create_task(_asks(standin, standin.person("Ana", language="de"), waits))
        spent = await until_sent(service, adapter, crowd.store, LIMITS["telegram"])
        asking.cancel()
        posts = [call for call in standin.calls if call.method == "sendMessage"]
        rate = len(posts) / (posts[-1].at - posts[0].at)
        asked = len(posts) - many - len(waits)
        service.close()
        crowd.store.dispose()
    wanted = TAKES["telegram"]
    return [
        Row(
            f"{many:,} reminders on Telegram",
            f"{spent:.1f} s, {rate:.1f}/s",
            f"≥ 95 % of {wanted:g}/s (10,000 in 351 s)",
            rate >= 0.95 * wanted and states_fine(asked, many),
            f"{many / wanted:.1f} s",
            ratio=f"{rate / wanted:.1%}",
            why=f"{asked} sent twice after a 429",
        ),
        Row("an answer meanwhile (p50 / p99)", ms(waits), "p99 ≤ 1 s", share(waits, 99) <= 1),
    ]


def states_fine(again: int, many: int) -> bool:
    """At most one of a thousand was refused for coming too fast."""
    return again <= max(1, many // 1000)


def _more(person: Person, than: int) -> bool:
    return len(person.messages) > than


async def _asks(telegram: TelegramStandin, person: Person, waits: list[float]) -> None:
    """Somebody writes every other second, and waits for the answer."""
    person.says("/start")
    await person.sees("Ich bin")
    while True:
        await asyncio.sleep(1.5)
        before = len(person.messages)
        start = time.perf_counter()
        person.says("/hilfe")
        await telegram.until(partial(_more, person, before))
        waits.append(time.perf_counter() - start)


async def over_slack(folder: str, many: int) -> Row:
    async with SlackStandin() as standin:
        standin.limits = True
        crowd = Crowd(f"sqlite:///{folder}/slack.db", account=standin.team)
        people = [standin.person(f"P{n}") for n in range(many)]
        post(crowd.store, "slack", crowd.account, [person.id for person in people])
        service = Service(crowd.engine, running())
        adapter = connected(service, standin)
        spent = await until_sent(service, adapter, crowd.store, LIMITS["slack"])
        service.close()
        crowd.store.dispose()
    floor = many / TAKES["slack"]
    return Row(
        f"{many:,} reminders on Slack",
        f"{spent:.1f} s",
        "≤ 1.1 × what the rates allow",
        spent <= 1.1 * floor + 1,
        f"{floor:.1f} s",
        ratio=f"{spent / floor:.2f} ×",
        why="the start of the adapter counts, which is more of a short run",
    )


async def sender(folder: str) -> Row:
    """CPU of a parcel from the outbox to its receipt, against the bare request of a client."""
    command = (sys.executable, "-m", "benchmarks.delivery", "sink")
    sink = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert sink.stdout is not None
    url = (await sink.stdout.readline()).decode().strip()
    crowd = Crowd(f"sqlite:///{folder}/sender.db", account="123")
    post(crowd.store, "telegram", "123", [str(n) for n in range(BARE)])
    service = Service(crowd.engine, running())
    adapter = Telegram(service, "123:aa", url)
    floor = await _cpu(lambda: _bare(url))
    ours = await _cpu(lambda: until_sent(service, adapter, crowd.store, Limits(1e6, BARE)))
    sink.terminate()
    await sink.wait()
    service.close()
    crowd.store.dispose()
    return Row(
        "sending, CPU of a message",
        f"{ours:,.0f} µs",
        "≤ 5 × a bare POST",
        ours <= 5 * floor,
        f"{floor:,.0f} µs",
        ratio=f"{ours / floor:.1f} ×",
        why="claimed, unsealed, paced and settled, each with its own checks and statements",
    )


async def _cpu(do: Callable[[], Awaitable[object]]) -> float:
    before = time.process_time()
    await do()
    return (time.process_time() - before) / BARE * 1e6


async def _bare(url: str) -> None:
    async with aiohttp.ClientSession() as session:

        async def one(number: int) -> None:
            fields = {"chat_id": str(number), "text": WORDS}
            async with session.post(f"{url}/bot123:aa/sendMessage", data=fields) as answer:
                await answer.read()

        for start in range(0, BARE, 16):
            await asyncio.gather(*(one(n) for n in range(start, min(start + 16, BARE))))


async def sink() -> None:
    """A Telegram that says yes to everything."""
    chat = {"id": 1, "type": "private", "first_name": "Ana"}
    message = {"message_id": 1, "date": 1_790_000_000, "chat": chat, "text": WORDS}
    bot = {"id": 123, "is_bot": True, "first_name": "T", "username": "t"}
    never = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        method = request.path.rpartition("/")[2]
        if method == "getUpdates":
            await never.wait()
        found = {"sendMessage": message, "getMe": bot}.get(method, True)
        return web.json_response({"ok": True, "result": found})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await never.wait()


async def measure(many: dict[str, int]) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        rows = await over_telegram(folder, many["telegram"])
        return [*rows, await over_slack(folder, many["slack"]), await sender(folder)]


if __name__ == "__main__":
    if "sink" in sys.argv:
        asyncio.run(sink())
    else:
        print(table(asyncio.run(measure(FULL if "full" in sys.argv else SHORT))))
