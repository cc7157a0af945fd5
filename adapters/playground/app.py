"""The playground's adapter: a small web server whose page is a messenger for several people.

It has no login, so it only answers to its own address and to its own page.
"""

import asyncio
import contextlib
import socket
import sys
from types import TracebackType
from typing import Self

import uvicorn
from sqlalchemy import Engine

from adapters.playground.board import Board
from adapters.playground.incoming import ACCOUNT, PLATFORM, Body, to_event
from adapters.playground.web import Page, site
from bot.domain.parcels import Receipt, Refused, Sent
from bot.engine.events import Key, Reply
from bot.errors import OperatorError
from bot.service import Service
from bot.store.outbox import Parcel
from bot.store.queues import Payload

__all__ = ["ACCOUNT", "Playground"]


class PlaygroundError(OperatorError):
    """The playground can't be opened there; the message says what to do."""


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: stopping is the program's business."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # as uvicorn has it
        yield


class Playground:
    platform = PLATFORM

    def __init__(  # noqa: PLR0913 -- an address, two switches, and what it works on
        self,
        service: Service,
        store: Engine,
        host: str,
        port: int,
        *,
        clock_moves: bool,
        language: str,
    ) -> None:
        self._service = service
        self._store = store
        self._address = host, port
        self._page = Page(clock_moves=clock_moves, language=language)

    @property
    def url(self) -> str:
        host, port = self._address
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def __aenter__(self) -> Self:
        """Takes the address, or says that it is taken."""
        host, port = self._address
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
            self._socket.listen()
        except OSError as error:
            self._socket.close()
            raise PlaygroundError(
                f"TANDEM_PLAYGROUND: can't open {host}:{port} ({error.strerror}); "
                "choose another address, such as 127.0.0.1:8090"
            ) from None
        self._address = host, self._socket.getsockname()[1]
        self._board = await asyncio.to_thread(Board, self._store)
        sys.stdout.write(f"Tandem's playground: {self.url}\n")
        sys.stdout.flush()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    async def run(self) -> None:
        """Serves the page, and gives what was received before a crash its effect."""
        application = site(self._page, self._service, self._board, self.turn, self._address)
        config = uvicorn.Config(
            application, log_config=None, access_log=False, lifespan="off", ws="none"
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[self._socket]))
        try:
            await self._service.drain(self.platform, self._handle)
        finally:
            self._page.close()
            server.should_exit = True
            await serving

    async def deliver(self, parcel: Parcel) -> Receipt:
        now = self._service.clock.now()
        match parcel.method:
            case "send":
                shown = await asyncio.to_thread(
                    self._board.show, parcel.chat, parcel.key, "bot", parcel.body, now
                )
            case "edit":
                shown = int(parcel.ref)
                await asyncio.to_thread(self._board.change, shown, parcel.body)
            case method:
                return Refused(f"the playground has no {method}")
        self._page.changed()
        return Sent(str(shown))

    async def turn(self, key: Key, body: Body) -> Reply:
        """Gives an input its effect; what answers it at once goes back to the page."""
        person = await asyncio.to_thread(self._board.person, str(body.get("person")))
        event = to_event(body, person) if person else None
        reply = await self._service.turn(key, event)
        self._page.changed()
        return reply

    async def _handle(self, key: Key, payload: Payload) -> None:
        await self.turn(key, payload)
