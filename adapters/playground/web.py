"""The playground's web pages: the page itself, its state, and what is done on it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.playground.board import Board
from adapters.playground.guard import Guard
from adapters.playground.incoming import Body, to_event, to_key
from bot.engine.events import Key, Reply
from bot.service import Service

STATIC = Path(__file__).parent / "static"
NAME = 40
LANGUAGES = ("de", "en")
HEARTBEAT_S = 15.0

Turn = Callable[[Key, Body], Awaitable[Reply]]


class Page:
    """What the open pages share: whether the clock may move, and that something changed."""

    def __init__(self, *, clock_moves: bool, language: str) -> None:
        self.clock_moves = clock_moves
        self.language = language
        self._open = True
        self._listeners: set[asyncio.Event] = set()

    def changed(self) -> None:
        for listener in self._listeners:
            listener.set()

    def close(self) -> None:
        self._open = False
        self.changed()

    async def changes(self) -> AsyncIterator[str]:
        """Server-sent events: one for any number of changes since the last."""
        news = asyncio.Event()
        self._listeners.add(news)
        try:
            while self._open:
                news.clear()
                yield "data: changed\n\n"
                try:
                    async with asyncio.timeout(HEARTBEAT_S):
                        await news.wait()
                except TimeoutError:
                    pass
        finally:
            self._listeners.discard(news)


class Site:
    def __init__(self, page: Page, service: Service, board: Board, turn: Turn) -> None:
        self._page, self._service, self._board, self._turn = page, service, board, turn

    async def index(self, _request: Request) -> Response:
        return FileResponse(STATIC / "index.html")

    async def events(self, _request: Request) -> Response:
        return StreamingResponse(self._page.changes(), media_type="text/event-stream")

    async def state(self, _request: Request) -> Response:
        moment = await self._service.next_moment()
        return JSONResponse(
            {
                "now": self._service.clock.now().isoformat(),
                "zone": self._service.zone,
                "language": self._page.language,
                "clock_moves": self._page.clock_moves,
                "next_moment": moment.isoformat() if moment else None,
                "people": await asyncio.to_thread(self._board.people),
            }
        )

    async def people(self, request: Request) -> Response:
        body = await request.json()
        key, name, language = to_key(body), body.get("name"), body.get("language")
        named = isinstance(name, str) and 0 < len(name.strip()) <= NAME
        if key is None or not named or language not in LANGUAGES:
            return _refused("a person has an action, a name and a language")
        person = await asyncio.to_thread(self._board.add, key[2], name.strip(), language)
        hello = {"kind": "say", "person": person, "text": "/start"}
        await self._take(key, hello)
        return JSONResponse({"id": person})

    async def act(self, request: Request) -> Response:
        """Saying, pressing, submitting, blocking: committed first, then given its effect."""
        body = {**await request.json(), "kind": request.path_params["kind"]}
        person = await asyncio.to_thread(self._board.person, str(body.get("person")))
        key = to_key(body)
        if key is None or person is None or to_event(body, person) is None:
            return _refused("this page did not send that")
        await asyncio.to_thread(self._write_down, key, body)
        reply = await self._take(key, body)
        return JSONResponse({"sheet": _sheet(reply)})

    async def clock(self, request: Request) -> Response:
        if not self._page.clock_moves:
            return _refused("the clock stands still beside real messengers", 409)
        match await request.json():
            case {"to": "next"}:
                ahead = await self._until_next()
            case {"hours": int(hours)} if 0 < hours <= 24:  # noqa: PLR2004 -- a day
                ahead = timedelta(hours=hours)
            case {"days": int(days)} if 0 < days <= 31:  # noqa: PLR2004 -- a month
                ahead = timedelta(days=days)
            case _:
                return _refused("move it by hours, by days or to the next message")
        if ahead is None:
            return _refused("nothing is planned", 409)
        await self._move(ahead)
        return JSONResponse({})

    async def _until_next(self) -> timedelta | None:
        moment = await self._service.next_moment()
        if moment is None:
            return None
        return max(moment - self._service.clock.now(), timedelta()) + timedelta(seconds=1)

    async def _move(self, ahead: timedelta) -> None:
        """Everything due on the way happens at its own moment, as it would have."""
        until = self._service.clock.now() + ahead
        while (moment := await self._service.next_moment()) and moment < until:
            await self._service.move_clock(_forwards(moment, self._service.clock.now()))
        await self._service.move_clock(_forwards(until, self._service.clock.now()))
        self._page.changed()

    async def _take(self, key: Key, body: Body) -> Reply:
        await self._service.receive([(key, body)], by_hand=True)
        return await self._turn(key, body)

    def _write_down(self, key: Key, body: Body) -> None:
        """What somebody does is on their own screen, too."""
        person, now = str(body["person"]), self._service.clock.now()
        match body["kind"]:
            case "say":
                text = str(body["text"])
            case "press":
                text = str(body.get("label", ""))
            case "block":
                self._board.block(person, blocked=body["blocked"])
                return
            case _:
                return
        self._board.show(person, f"action:{key[2]}", "member", {"text": text}, now)


def site(
    page: Page, service: Service, board: Board, turn: Turn, address: tuple[str, int]
) -> Starlette:
    pages = Site(page, service, board, turn)
    routes = [
        Route("/", pages.index),
        Route("/api/state", pages.state),
        Route("/api/events", pages.events),
        Route("/api/people", pages.people, methods=["POST"]),
        Route("/api/clock", pages.clock, methods=["POST"]),
        Route("/api/{kind}", pages.act, methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    malformed = {
        json.JSONDecodeError: _malformed,
        AttributeError: _malformed,
        TypeError: _malformed,
    }
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, address=address)],
        exception_handlers=malformed,
    )


def _forwards(moment: datetime, now: datetime) -> timedelta:
    return max(moment - now, timedelta())


def _sheet(reply: Reply) -> Body | None:
    if reply.sheet is None:
        return None
    shown = asdict(reply.sheet)
    del shown["press"]  # what submitting means stays here
    return {**shown, "handle": reply.handle}


async def _malformed(_request: Request, _error: Exception) -> Response:
    return _refused("this page did not send that")


def _refused(reason: str, status: int = 400) -> JSONResponse:
    return JSONResponse({"error": reason}, status)
