"""Puts the parts together. The only file where all of them meet."""

import asyncio
import gc
import signal
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy.engine import Engine as Database

from bot import backups, logs
from bot.domain.retention import Retention
from bot.domain.rounds import Calendar
from bot.engine.engine import Engine
from bot.engine.house import House
from bot.errors import OperatorError
from bot.matching.people import Request
from bot.matching.weights import Weights
from bot.service import Adapter, Clock, Service
from bot.settings import Settings
from bot.store import gone
from bot.store.database import connect, key_beside
from bot.store.presence import at_work
from scheduler.delivery import Delivery, Limits
from scheduler.due import plan
from scheduler.ticking import ticking

LIMITS = {"telegram": Limits(28.8), "slack": Limits(5.0), "playground": Limits(1000.0, 1000)}
"""Just below Telegram's 30 a second, and 300 of Slack's "several hundred a minute"; in a chat both
allow one a second, and short bursts."""


def looking(settings: Settings) -> Request:
    """Who is looking for somebody in the bot's own database, which may be running."""
    store = connect(settings.database_url, settings.tandem_key_file)
    try:
        return Engine(store, house(settings)).preview_round(datetime.now(UTC))
    finally:
        store.dispose()


def house(settings: Settings) -> House:
    """What the engine has to know of settings and of what platforms can do."""
    return House(
        plan=plan,
        language=settings.tandem_default_language,
        zone=settings.tandem_default_timezone,
        texts=settings.tandem_texts,
        organizers=settings.organizers,
        sheets=frozenset({"slack", "playground"}),
        slashes={"slack": "/tandem "},
        usernames={"telegram": "https://t.me/"},
        profiles=frozenset({"telegram"}),
        phones=frozenset({"telegram"}),
        groups=frozenset({"telegram"}),
        erasable=frozenset({"telegram", "playground"}),
        homes=frozenset({"slack"}),
        screens=frozenset({"playground"}),
        about={"operator": settings.tandem_operator, "contact": settings.tandem_contact},
        calendar=Calendar(**settings.rounds),
        weights=Weights(**settings.weights),
        holidays=settings.holidays,
        proposal=timedelta(days=settings.tandem_proposal_days),
        first_talk=timedelta(days=settings.tandem_first_talk_days),
        silent=settings.silent,
        retention=Retention(**settings.retention),
        feed=settings.tandem_public_url,
        gone=gone.beside(settings.tandem_key_file or key_beside(settings.database_url)),
    )


async def run(settings: Settings) -> None:
    """The bot, until it is stopped."""
    store = connect(settings.database_url, settings.tandem_key_file)
    with at_work(settings.database_url):
        engine = Engine(store, house(settings))
        if engine.held():
            raise OperatorError(backups.HELD)
        clock = Clock(_ahead(engine, settings))
        engine.recover(clock.now())
        service = Service(engine, clock, semantic=settings.tandem_semantic == "on")
        try:
            adapters = list(_adapters(settings, service, store))
            keep_what_is_loaded()
            await _until_stopped(adapters, service, _sites(settings, service, adapters))
        finally:
            service.close()
            store.dispose()


def keep_what_is_loaded() -> None:
    """What the start has loaded stays. To look through it for garbage again and again would stop
    everything, the event loop too, for a tenth of a second each time."""
    gc.collect()
    gc.freeze()


def _ahead(engine: Engine, settings: Settings) -> timedelta:
    """How far the playground's clock was moved; real members must never live by such a clock."""
    ahead = engine.clock_ahead()
    if ahead and (settings.telegram or settings.slack):
        raise OperatorError(
            "DATABASE_URL: the playground's clock was moved in this database; "
            "choose another file for the real bot"
        )
    return ahead


def _adapters(settings: Settings, service: Service, store: Database) -> Iterator[Adapter]:
    """One for each platform that is configured; only their libraries are loaded."""
    if settings.telegram:
        from adapters.telegram.app import Telegram  # noqa: PLC0415 -- 0.3 s to load

        token = settings.telegram_bot_token.get_secret_value()
        language = settings.tandem_default_language
        brought = settings.telegram_mode == "webhook"
        public_url = settings.tandem_public_url if brought else ""
        yield Telegram(service, token, settings.telegram_api_url, language, public_url)
    if settings.slack:
        yield _slack(settings, service)
    if settings.playground:
        from adapters.playground.app import Playground  # noqa: PLC0415 -- as above

        host, port = settings.playground
        yield Playground(
            service,
            store,
            host,
            port,
            clock_moves=not (settings.telegram or settings.slack),
            language=settings.tandem_default_language,
        )


def _slack(settings: Settings, service: Service) -> Adapter:
    from adapters.slack.app import App, Slack  # noqa: PLC0415 -- 0.4 s to load

    ids, secret = settings.slack_client_id, settings.slack_client_secret.get_secret_value()
    app = App(ids, secret, settings.slack_api_url, settings.workspaces) if ids else None
    posted = settings.slack_mode == "http"
    return Slack(
        service,
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token="" if posted else settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        installed=app,
        public_url=settings.tandem_public_url,
        api_url=settings.slack_api_url,
    )


def _sites(
    settings: Settings, service: Service, adapters: list[Adapter]
) -> Iterator[Coroutine[None, None, None]]:
    """What is served: to the public where the operator said under which address, and to a probe."""
    if settings.tandem_public_url:
        from adapters.web import feed, health, site  # noqa: PLC0415 -- only where it is wanted

        public = [*feed.routes(service), *health.probes(service), *site.routes_of(adapters)]
        yield site.serve(public, *settings.listen)
    if settings.metrics:
        from adapters.web import health, site  # noqa: PLC0415 -- as above

        routes = [*health.probes(service), *health.figures(service)]
        yield site.serve(routes, *settings.metrics, "TANDEM_METRICS")


async def _until_stopped(
    adapters: list[Adapter],
    service: Service,
    sites: Iterator[Coroutine[None, None, None]],
) -> None:
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.set_exception_handler(logs.of_the_loop)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    scheduler = ticking(service)
    scheduler.start()
    try:
        async with asyncio.TaskGroup() as house_tasks:
            running = [
                house_tasks.create_task(serve(a, service, LIMITS[a.platform])) for a in adapters
            ]
            running.append(house_tasks.create_task(service.tick()))
            running.append(house_tasks.create_task(service.tidy()))
            running.append(house_tasks.create_task(service.rounds.run()))
            running += [house_tasks.create_task(site) for site in sites]
            await stopped.wait()
            for task in running:
                task.cancel()
    finally:
        scheduler.shutdown(wait=False)


async def serve(adapter: Adapter, service: Service, limits: Limits) -> None:
    """A platform takes in and gives out on its own: one that is down holds up no other."""
    service.links[adapter.platform] = False
    async with adapter, asyncio.TaskGroup() as loops:
        service.links[adapter.platform] = True
        loops.create_task(adapter.run())
        loops.create_task(Delivery(service, adapter.platform, adapter.deliver, limits).run())
