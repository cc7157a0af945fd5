"""The web server of the bot: one address for all that is reached from outside, behind a proxy.

Parts bring their own routes. What is asked for is in no log: addresses may be secrets.
"""

import asyncio
from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from aiohttp import web

from bot.errors import OperatorError


class SiteError(OperatorError):
    """Nothing can be served there; the message says what to do."""


@runtime_checkable
class Reached(Protocol):
    """A part with routes of its own."""

    def routes(self) -> list[web.RouteDef]: ...


def routes_of(parts: Iterable[object]) -> list[web.RouteDef]:
    return [route for part in parts if isinstance(part, Reached) for route in part.routes()]


def site(routes: Iterable[web.RouteDef]) -> web.Application:
    application = web.Application()
    application.add_routes(routes)
    return application


async def serve(
    routes: Iterable[web.RouteDef], host: str, port: int, setting: str = "TANDEM_LISTEN"
) -> None:
    """Until it is cancelled. ``setting`` is where the address comes from."""
    runner = web.AppRunner(site(routes), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await asyncio.Event().wait()
    except OSError as error:
        raise SiteError(
            f"{setting}: can't open {host}:{port} ({error.strerror}); "
            "choose another address, such as 127.0.0.1:8082"
        ) from None
    finally:
        await runner.cleanup()
