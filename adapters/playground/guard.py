"""Who may talk to the playground: its own page, under its own name.

Without this, any web site open in the same browser could play along.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY = 64 * 1024
LOCAL = {"localhost", "127.0.0.1", "[::1]"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class TooLong(Exception):  # noqa: N818 -- never leaves this module
    pass


class Guard:
    def __init__(self, app: ASGIApp, address: tuple[str, int]) -> None:
        self._app = app
        self._hosts = LOCAL | {address[0], f"[{address[0]}]"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        reason = self._objection(scope["method"], headers)
        if reason:
            await JSONResponse({"error": reason}, 403)(scope, receive, send)
            return
        try:
            await self._app(scope, _limited(receive), _with_policy(send))
        except TooLong:
            await JSONResponse({"error": "too long"}, 413)(scope, receive, send)

    def _objection(self, method: str, headers: Headers) -> str:
        host = headers.get("host", "")
        if host.rpartition(":")[0] not in self._hosts and host not in self._hosts:
            return "unknown host"
        if method != "POST":
            return ""
        if headers.get("content-type", "").partition(";")[0] != "application/json":
            return "send JSON"
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return "another site's page"
        origin = headers.get("origin")
        return "" if origin is None or origin.partition("://")[2] == host else "another origin"


def _limited(receive: Receive) -> Receive:
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > BODY:
            raise TooLong
        return message

    return limited


def _with_policy(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = POLICY
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            headers["Cache-Control"] = "no-store"
        await send(message)

    return guarded
