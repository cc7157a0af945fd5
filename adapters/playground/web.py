"""The playground's web pages: the page itself, its state, and what is done on it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.playground.board import Board
from adapters.playground.downloads import Downloads
from adapters.playground.guard import Guard
from adapters.playground.incoming import Body, to_body, to_event, to_key
from adapters.playground.intake import Intake
from adapters.playground.moving import Hand
from bot.engine.events import Reply
from bot.service import Service

STATIC = Path(__file__).parent / "static"
NAME = 40
HEARTBEAT_S = 15.0
SOMEBODY: Body = {"id": "", "name": "", "language": ""}
"""Whose action it is does not matter for the page of professional contacts."""
NEVER_SENT = "this page did not send that"


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
    def __init__(self, page: Page, service: Service, board: Board, intake: Intake) -> None:
        self._page, self._service, self._board, self._intake = page, service, board, intake
        self._hand = Hand(service)

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
        """Adds somebody, who says hello to the bot."""
        body = await _read(request)
        key, introduced = to_key(body), _introduced(body)
        if key is None or introduced is None:
            raise HTTPException(400, "a person has an action, a name and a language")
        person = await asyncio.to_thread(self._board.add, key[2], *introduced)
        hello = {"kind": "say", "person": person, "text": "/start", "hidden": True}
        await self._intake.take(key, hello)
        return JSONResponse({"id": person})

    async def act(self, request: Request) -> Response:
        """Saying, pressing, submitting, blocking."""
        kind = request.path_params["kind"]
        body = {**await _read(request), "kind": kind, "hidden": False}
        if page := self._service.crisis(to_event(body, SOMEBODY)):
            return JSONResponse({"sheet": None, "crisis": page})  # before anything is looked up
        person = await asyncio.to_thread(self._board.person, str(body.get("person")))
        key = to_key(body)
        if key is None or person is None or to_event(body, person) is None:
            raise HTTPException(400, NEVER_SENT)
        if person["blocked"] and kind != "block":
            raise HTTPException(409, "who has blocked the bot can't write to it")
        return JSONResponse({"sheet": _sheet(await self._intake.take(key, body))})

    async def clock(self, request: Request) -> Response:
        if not self._page.clock_moves:
            raise HTTPException(409, "the clock stands still beside real messengers")
        match await _read(request):
            case {"to": "next"}:
                if not await self._hand.to_next():
                    raise HTTPException(409, "nothing is planned")
            case {"hours": int(hours)} if 0 < hours <= 24:  # noqa: PLR2004 -- a day
                await self._hand.by(timedelta(hours=hours))
            case {"days": int(days)} if 0 < days <= 31:  # noqa: PLR2004 -- a month
                await self._hand.by(timedelta(days=days))
            case _:
                raise HTTPException(400, "move it by hours, by days or to the next message")
        self._page.changed()
        return JSONResponse({})


def site(
    page: Page, service: Service, board: Board, intake: Intake, address: tuple[str, int]
) -> Starlette:
    pages = Site(page, service, board, intake)
    routes = [
        Route("/", pages.index),
        Route("/files/{message:int}", Downloads(service, board).get),
        Route("/api/state", pages.state),
        Route("/api/events", pages.events),
        Route("/api/people", pages.people, methods=["POST"]),
        Route("/api/clock", pages.clock, methods=["POST"]),
        Route("/api/{kind}", pages.act, methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    guard = Middleware(Guard, address=address)
    return Starlette(routes=routes, middleware=[guard], exception_handlers={HTTPException: _said})


async def _read(request: Request) -> Body:
    body = to_body(await request.body())
    if body is None:
        raise HTTPException(400, NEVER_SENT)
    return body


def _introduced(body: Body) -> tuple[str, str] | None:
    match body:
        case {"name": str(name), "language": "de" | "en" as language}:
            return (name.strip(), language) if 0 < len(name.strip()) <= NAME else None
        case _:
            return None


async def _said(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code)


def _sheet(reply: Reply) -> Body | None:
    if reply.sheet is None:
        return None
    shown = asdict(reply.sheet)
    del shown["press"]  # what submitting means stays here
    return {**shown, "handle": reply.handle}
