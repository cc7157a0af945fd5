"""One page: a calendar, for whoever knows its address.

Addresses are secrets, so they are in no log, and every wrong one is answered alike.
"""

from hashlib import sha256

import structlog
from aiohttp import web

from bot.engine.feeding import PATH
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


def routes(service: Service) -> list[web.RouteDef]:
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

    return [web.get(f"{PATH}{{secret:[A-Za-z0-9_-]{{16,64}}}}.ics", calendar)]


def _tag(content: bytes) -> str:
    lines = (line for line in content.splitlines() if not line.startswith(STAMP))
    return sha256(b"\n".join(lines)).hexdigest()[:32]
