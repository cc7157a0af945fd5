"""A small web server with one page: a calendar, for whoever knows its address.

Addresses are secrets, so they are in no log, and every wrong one is answered alike.
"""

import asyncio
from hashlib import sha256

import structlog
from aiohttp import web

from bot.engine.feeding import PATH
from bot.errors import OperatorError
from bot.service import Service

HEADERS = {
    "Cache-Control": "private, max-age=300",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
STAMP = b"DTSTAMP"
"""When it was read, which changes nothing of what it says."""

log = structlog.get_logger()


class FeedError(OperatorError):
    """Calendars can't be served there; the message says what to do."""


def site(service: Service) -> web.Application:
    async def calendar(request: web.Request) -> web.StreamResponse:
        try:
            content = await service.feed(request.match_info["secret"])
        except Exception:  # the edge; aiohttp itself would log who asked
            log.exception("calendar failed")
            return web.Response(status=503)
        if content is None:
            return web.Response(status=404, headers=HEADERS)
        tag = f'"{_tag(content)}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={**HEADERS, "ETag": tag})
        return web.Response(
            body=content,
            content_type="text/calendar",
            charset="utf-8",
            headers={**HEADERS, "ETag": tag},
        )

    application = web.Application()
    application.router.add_get(f"{PATH}{{secret:[A-Za-z0-9_-]{{16,64}}}}.ics", calendar)
    return application


async def serve(service: Service, host: str, port: int) -> None:
    """Until it is cancelled."""
    runner = web.AppRunner(site(service), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await asyncio.Event().wait()
    except OSError as error:
        raise FeedError(
            f"TANDEM_LISTEN: can't open {host}:{port} ({error.strerror}); "
            "choose another address, such as 127.0.0.1:8082"
        ) from None
    finally:
        await runner.cleanup()


def _tag(content: bytes) -> str:
    lines = (line for line in content.splitlines() if not line.startswith(STAMP))
    return sha256(b"\n".join(lines)).hexdigest()[:32]
