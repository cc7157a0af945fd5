"""From a request to its answer: the token, the faults on the way, the method, the limits."""

from __future__ import annotations

import inspect
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

from aiohttp import web

from tests import telegram_methods, telegram_profile
from tests.telegram_faults import (
    DropBefore,
    Fault,
    HoldAnswer,
    Limits,
    LoseAnswer,
    Script,
    ServerError,
    TooMany,
)
from tests.telegram_wire import ApiError, Json, Params, read_params

if TYPE_CHECKING:
    from tests.telegram_messages import World
    from tests.telegram_reading import Method

_METHODS: Final = telegram_methods.METHODS | telegram_profile.METHODS


class Call(NamedTuple):
    """A call of the bot, written down before it is answered."""

    method: str
    params: Json
    at: float


class Server:
    """Answers one bot; all it remembers is for the test to read."""

    def __init__(self, token: str, world: World) -> None:
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.scripts: list[Script] = []
        self.limits = Limits(world.clock, self.problems)
        self._token = token
        self._world = world
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """The base URL, at a free port."""
        app = web.Application(client_max_size=60 * 1024**2)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Ends a long poll and answers that are held, so that this takes no time."""
        self._world.updates.close()
        for script in self.scripts:
            if isinstance(script.fault, HoldAnswer):
                script.fault.until.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._answer(request)
        except ApiError as error:
            return error.response()
        except Exception as error:
            self.problems.append(f"the stand-in itself failed: {error!r}")
            raise
        finally:
            self._world.bell.ring()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        name = self._method_name(request.path)
        params = await read_params(request)
        method = self._written_down(name, params)
        chat = self._chat(params)
        self.limits.check_patience(method.name, chat)
        fault = self._fault(method.name, chat)
        match fault:
            case DropBefore():
                return _drop(request)
            case TooMany(retry_after):
                self.limits.ask_to_wait(method.name, chat, retry_after)
            case ServerError(code):
                return _server_error(code)
            case _:
                pass
        self.limits.check_rate(method.name, chat)
        response = await self._work(method, params)
        if isinstance(fault, HoldAnswer):
            await fault.until.wait()
        return _drop(request) if isinstance(fault, LoseAnswer) else response

    def _written_down(self, name: str, params: Params) -> Method:
        """The method called; one that doesn't exist is a problem, and 404."""
        known = _METHODS.get(name.lower())
        method = known.name if known else name
        self.calls.append(Call(method, params.readable(), self._world.clock.now()))
        self._world.bell.ring()
        if known is None:
            self.problems.append(f"{name}: no such method")
            raise ApiError(HTTPStatus.NOT_FOUND, "Not Found")
        return known

    async def _work(self, method: Method, params: Params) -> web.Response:
        for name in sorted(params.names() - method.parameters):
            self.problems.append(f"{method.name}: the stand-in knows no parameter {name!r}")
        try:
            result = method.answer(self._world, params)
            found = await result if inspect.isawaitable(result) else result
        except ApiError as error:
            return error.response()
        return web.json_response({"ok": True, "result": found})

    def _method_name(self, path: str) -> str:
        """From ``/bot<token>/<method>``; raises 401 for another token."""
        if not path.startswith("/bot") or path.count("/") < 2:
            raise ApiError(HTTPStatus.NOT_FOUND, "Not Found")
        token, _, method = path.removeprefix("/bot").partition("/")
        if token != self._token:
            raise ApiError(HTTPStatus.UNAUTHORIZED, "Unauthorized")
        return method

    def _chat(self, params: Params) -> int | None:
        press = self._world.presses.get(params.text("callback_query_id"))
        if press is not None:
            return press.message.chat.id
        chat_id = params.text("chat_id")
        return int(chat_id) if chat_id.removeprefix("-").isdecimal() else None

    def _fault(self, method: str, chat: int | None) -> Fault | None:
        for script in self.scripts:
            if script.take(method, chat):
                return script.fault
        return None


def _drop(request: web.Request) -> web.Response:
    """Cut the connection; what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _server_error(code: int) -> web.Response:
    """500 comes from the Bot API, with JSON; 502 and the like from a proxy before it."""
    reason = HTTPStatus(code).phrase
    if code == HTTPStatus.INTERNAL_SERVER_ERROR:
        return ApiError(code, reason).response()
    page = f"<html><head><title>{code} {reason}</title></head><body>{reason}</body></html>"
    return web.Response(status=code, text=page, content_type="text/html")
