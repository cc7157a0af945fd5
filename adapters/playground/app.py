"""The playground's adapter: a small web server whose page is a messenger for several people.

It has no login, so it only answers to its own address and to its own page.
"""

import asyncio
import contextlib
import socket
import sys
from types import TracebackType
from typing import Any, Self

import uvicorn
from sqlalchemy import Engine

from adapters.playground.board import Board
from adapters.playground.incoming import ACCOUNT, PLATFORM
from adapters.playground.intake import Intake
from adapters.playground.web import Page, site
from bot.domain.parcels import Receipt, Refused, Sent
from bot.errors import OperatorError
from bot.service import Service
from bot.store.outbox import Parcel

__all__ = ["ACCOUNT", "Playground"]

GRACE_S = 1
"""How long stopping waits for requests that don't come to an end."""


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
        self._socket = self._bound()
        self._address = self._address[0], self._socket.getsockname()[1]
        try:
            self._board = await asyncio.to_thread(Board, self._store)
        except BaseException:  # also when stopped while waiting
            self._socket.close()
            raise
        self._intake = Intake(self._service, self._board, self._page.changed)
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
        application = site(self._page, self._service, self._board, self._intake, self._address)
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=GRACE_S,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[self._socket]))
        try:
            await self._service.drain(self.platform, self._intake.handle)
        finally:
            self._page.close()
            server.should_exit = True
            await serving

    async def deliver(self, parcel: Parcel) -> Receipt:
        now = self._service.clock.now()
        match parcel.method:
            case "send" | "file":
                shown = await asyncio.to_thread(
                    self._board.show, parcel.chat, parcel.key, "bot", _shown(parcel), now
                )
            case "edit":
                shown = int(parcel.ref)
                await asyncio.to_thread(self._board.change, parcel.chat, shown, parcel.body)
            case "delete":
                written = parcel.ref.split(",")
                await asyncio.to_thread(self._board.remove, parcel.chat, written)
                self._page.changed()
                return Sent()
            case "clear":
                await asyncio.to_thread(self._board.clear, parcel.chat, parcel.key)
                self._page.changed()
                return Sent()
            case method:
                return Refused(f"the playground has no {method}")
        self._page.changed()
        return Sent(str(shown))

    def _bound(self) -> socket.socket:
        host, port = self._address
        bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, port))
            bound.listen()
        except OSError as error:
            bound.close()
            raise PlaygroundError(
                f"TANDEM_PLAYGROUND: can't open {host}:{port} ({error.strerror}); "
                "choose another address, such as 127.0.0.1:8090"
            ) from None
        return bound


def _shown(parcel: Parcel) -> dict[str, Any]:
    """A body for the board. A file is only named: it is made anew whenever it is downloaded."""
    if parcel.method != "file":
        return parcel.body
    about = {"member": parcel.member, "subject": parcel.subject}
    return {**parcel.body, "file": {"name": parcel.body["name"], **about}}
