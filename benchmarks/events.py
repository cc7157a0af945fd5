"""One event in this process: ``python -m benchmarks.events``. CPU against a handler that does
nothing, and against a bot as it is usually written. Sixteen people press a button at once.
"""

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from itertools import count
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, ExtBot, TypeHandler

from adapters.slack.app import Slack
from adapters.telegram.incoming import to_event
from benchmarks.conventional import Bot
from benchmarks.crowd import Crowd, Somebody
from benchmarks.measuring import Row, in_turn, table
from bot.service import Service
from tests.house import Fixed
from tests.postgres import Place, server
from tests.slack_standin import SlackStandin

AT_ONCE, EVENTS = 16, 320
TOKEN = "123:aa"  # noqa: S105 -- of nobody
WHY = (
    "the turn itself: 11 statements, 13 on PostgreSQL, each a way to the server and back; the "
    "question said anew in words, and all of it sealed"
)
Case = Callable[[int], Awaitable[None]]


def press(person: Somebody, number: int) -> str:
    """As it comes from Telegram."""
    user = {"id": int(person.sender.address.user), "is_bot": False, "first_name": "Ana"}
    user |= {"username": "ana", "language_code": "de"}
    bot = {"id": 123, "is_bot": True, "first_name": "T", "username": "t"}
    chat = {"id": user["id"], "type": "private", "first_name": "Ana"}
    keys = {"inline_keyboard": [[{"text": "Dienstag", "callback_data": person.chip}]]}
    message = {"message_id": 9, "date": 1_790_000_000, "chat": chat, "from": bot, "text": "Wann?"}
    message["reply_markup"] = keys
    query = {"id": str(number), "from": user, "message": message, "chat_instance": "1"}
    return json.dumps({"update_id": number, "callback_query": {**query, "data": person.chip}})


def application(handler: Any) -> Application[Any, Any, Any, Any, Any, Any]:  # PTB's own generics
    made = Application.builder().bot(ExtBot(TOKEN)).updater(None).job_queue(None).build()
    made.add_handler(handler)
    made._initialized = True  # noqa: SLF001 -- nothing is asked of Telegram here
    return made


def telegram(crowd: Crowd, service: Service, peer: Bot) -> dict[str, Case]:
    people = crowd.people(str(5_000_000_000 + n) for n in range(AT_ONCE))
    numbers = count(1)

    async def nothing(_update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None: ...

    async def ours(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        key = "telegram", crowd.account, str(update.update_id)
        await service.turn(key, to_event(update, crowd.account))

    async def conventional(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None, "only those are sent"
        await peer.answer(str(update.update_id), query.from_user.id, "Dienstag")

    floor, here, usual = (
        application(handler)
        for handler in (
            CallbackQueryHandler(nothing),
            TypeHandler(Update, ours),
            CallbackQueryHandler(conventional),
        )
    )

    def some(where: Any) -> list[Update]:
        raw = (press(person, next(numbers)) for person in people)
        return [Update.de_json(json.loads(one), where.bot) for one in raw]

    async def plain(_: int) -> None:
        await asyncio.gather(*map(floor.process_update, some(floor)))

    async def kept(_: int) -> None:
        updates = some(here)
        raw = [(("telegram", crowd.account, str(u.update_id)), u.to_dict()) for u in updates]
        await service.receive(raw)
        await asyncio.gather(*map(here.process_update, updates))

    async def theirs(_: int) -> None:
        await asyncio.gather(*map(usual.process_update, some(usual)))

    return {"floor": plain, "ours": kept, "peer": theirs}


async def slack(standin: SlackStandin, crowd: Crowd, slack: Slack, peer: Bot) -> dict[str, Case]:
    people = crowd.people((standin.person("Ana").id for _ in range(AT_ONCE)), "slack")
    numbers = count(1)
    known = AuthorizeResult(
        enterprise_id=None,
        team_id=standin.team,
        bot_user_id="U0",
        bot_id="B0",
        bot_token="xoxb-1",  # noqa: S106 -- of nobody
    )

    async def authorize() -> AuthorizeResult:
        return known

    def bolt(*, waits: bool) -> AsyncApp:
        return AsyncApp(
            authorize=authorize, request_verification_enabled=False, process_before_response=waits
        )

    floor, usual = bolt(waits=True), bolt(waits=False)
    users = {person.sender.address.user: number for number, person in enumerate(people)}
    over: asyncio.Queue[None] = asyncio.Queue()

    async def nothing(ack: AsyncAck) -> None:
        await ack()

    async def conventional(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await peer.answer(body["trigger_id"], users[body["user"]["id"]], "Dienstag")
        over.put_nowait(None)

    floor.action("chip")(nothing)
    usual.action("chip")(conventional)

    def body(person: Somebody) -> dict[str, Any]:
        action = {"action_id": "chip", "block_id": "b", "type": "button", "value": person.chip}
        return {
            "type": "block_actions",
            "user": {"id": person.sender.address.user, "team_id": standin.team},
            "team": {"id": standin.team},
            "trigger_id": f"{next(numbers)}.2.3",
            "container": {"type": "message", "message_ts": "1.2", "channel_id": "D1"},
            "channel": {"id": "D1"},
            "actions": [{**action, "action_ts": "1.3"}],
        }

    def pressing(app: AsyncApp) -> Case:
        async def each(_: int) -> None:
            bodies = [body(person) for person in people]
            requests = [AsyncBoltRequest(body=one, mode="socket_mode") for one in bodies]
            for answer in await asyncio.gather(*map(app.async_dispatch, requests)):
                assert answer.status == HTTPStatus.OK, "it was taken"

        return each

    async def theirs(some: int) -> None:
        """Bolt acknowledges before all is done."""
        await pressing(usual)(some)
        for _ in people:
            await over.get()

    return {"floor": pressing(floor), "ours": pressing(slack.app), "peer": theirs}


def connected(service: Service, standin: SlackStandin) -> Slack:
    return Slack(
        service, bot_token=standin.bot_token, app_token=standin.app_token, api_url=standin.url
    )


def row(what: str, found: dict[str, float], most: float) -> list[Row]:
    ratio, faster = found["ours"] / found["floor"], found["peer"] / found["ours"]
    shown = {name: f"{us:,.0f} µs" for name, us in found.items()}
    cpu = Row(
        f"{what}, CPU of a press",
        shown["ours"],
        f"≤ {most:g} × the floor",
        ratio <= most,
        shown["floor"],
        shown["peer"],
        f"{ratio:.1f} ×",
        WHY,
    )
    against = Row(
        f"{what}, against the usual way",
        f"{1e6 / found['ours']:,.0f}/s",
        "≥ 4 × the peer",
        faster >= 4,
        peer=f"{1e6 / found['peer']:,.0f}/s",
        ratio=f"{faster:.1f} ×",
        why=f"{WHY}; the peer does none of that",
    )
    return [cpu, against]


async def on(place: Place, peer_url: str, name: str, most: float) -> list[Row]:
    crowd = Crowd(place.url, place.key)
    service, peer = Service(crowd.engine, Fixed()), Bot(peer_url)
    await peer.begin()
    found = await in_turn(telegram(crowd, service, peer), EVENTS, AT_ONCE)
    rows = row(f"Telegram, {name}", found, most)
    async with SlackStandin() as standin:
        crowd.account = standin.team
        async with connected(service, standin) as adapter:
            cases = await slack(standin, crowd, adapter, peer)
            rows += row(f"Slack, {name}", await in_turn(cases, EVENTS, AT_ONCE), most)
    service.close()
    crowd.store.dispose()
    await peer.engine.dispose()
    return rows


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        here = Place(f"sqlite:///{folder}/ours.db")
        rows = await on(here, f"sqlite+aiosqlite:///{folder}/peer.db", "SQLite", 4)
    with server() as running, running.place() as place, running.bare() as other:
        peer = other.url.replace("postgresql+psycopg:", "postgresql+psycopg_async:")
        return [*rows, *await on(place, peer, "PostgreSQL", 8)]


if __name__ == "__main__":
    print(table(asyncio.run(measure())))
