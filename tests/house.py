"""The whole house in a test: the real engine, service, delivery and adapters, in this loop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp.test_utils import TestServer

from adapters.web.site import routes_of, site
from bot.engine.engine import Engine
from bot.engine.house import House
from bot.running import serve
from bot.service import Adapter, Clock, Service
from scheduler.delivery import Limits
from tests.postgres import Place
from tests.stage import HOUSE, MONDAY

FAST = Limits(1000.0, 1000)
"""Sends a second: the pace for real platforms has tests of its own, and is not waited for here."""

Build = Callable[[Service], Adapter]


class Fixed(Clock):
    """A clock that stands still at a Monday morning until the test moves it."""

    def now(self) -> datetime:
        return MONDAY + self.ahead


@asynccontextmanager
async def living(
    where: Path | Place,
    *builds: Build,
    ahead: timedelta = timedelta(),
    house: House = HOUSE,
    clock: Clock | None = None,
) -> AsyncIterator[Service]:
    """Adapters, up and running on the database in a folder, or elsewhere; stopped as by Ctrl-C."""
    there = Place(f"sqlite:///{where}/house.db") if isinstance(where, Path) else where
    store = there.open()
    engine = Engine(store, house)
    service = Service(engine, clock or Fixed(ahead))
    engine.recover(service.clock.now())
    tasks = [asyncio.create_task(serve(build(service), service, FAST)) for build in builds]
    tasks.append(asyncio.create_task(service.rounds.run()))
    try:
        yield service
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        service.close()
        store.dispose()
        for outcome in ended:
            if isinstance(outcome, Exception):
                raise outcome


@asynccontextmanager
async def replica(where: Path | Place, *builds: Build) -> AsyncIterator[tuple[Service, str]]:
    """One of several houses on one database, with the address of its web server."""
    adapters: list[Adapter] = []

    def keeping(build: Build) -> Build:
        def built(service: Service) -> Adapter:
            adapters.append(build(service))
            return adapters[-1]

        return built

    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(living(where, *map(keeping, builds)))
        server = TestServer(site(routes_of(adapters)))
        await server.start_server(access_log=None)
        stack.push_async_callback(server.close)
        yield service, str(server.make_url("")).rstrip("/")
