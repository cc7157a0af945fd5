"""Puts the parts together: ``tandem run``, ``tandem doctor``. The only file where all meet."""

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import Engine as Database

from bot import backups, logs
from bot.conversation.pages import pages as web_pages
from bot.domain.retention import Retention
from bot.domain.rounds import Calendar
from bot.engine.engine import Engine
from bot.engine.house import House
from bot.errors import OperatorError
from bot.matching.people import Request
from bot.matching.weights import Weights
from bot.service import Adapter, Clock, Service
from bot.settings import Settings, database_at, read_settings
from bot.store import gone
from bot.store.database import connect, key_beside, open_engine
from bot.store.presence import alone, at_work
from bot.store.sealing import rotate
from scheduler.delivery import Delivery
from scheduler.due import plan
from scheduler.ticking import ticking

RATES = {"telegram": 25.0, "slack": 5.0, "playground": 1000.0}
"""Sends a second: below Telegram's 30 in all, and Slack's "several hundred a minute"."""


class Form(StrEnum):
    """What a file of results is written as."""

    JSON = "json"
    CSV = "csv"


class Language(StrEnum):
    """What somebody is told in."""

    DE = "de"
    EN = "en"


cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Mutual mentoring in a chat.",
    pretty_exceptions_enable=False,  # what is uncaught is logged without anybody's words
)


@cli.command()
def run() -> None:
    """Start the bot; Ctrl-C stops it."""
    with _one_line():
        settings = read_settings()
        logs.configure(settings.secrets, settings.tandem_log)
        asyncio.run(_run(settings))


@cli.command()
def doctor() -> None:
    """Check settings, database, tokens and what the platforms answer."""
    from bot.doctor import examine  # noqa: PLC0415 -- it loads every platform's library

    with _one_line():
        settings = read_settings()
        logs.configure(settings.secrets, settings.tandem_log)
        findings = asyncio.run(examine(settings))
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.fine else 'FIX '}{finding.what}: {finding.words}")
    raise typer.Exit(0 if all(finding.fine for finding in findings) else 1)


@cli.command()
def pages(folder: Path) -> None:
    """Write the privacy notice and the page of professional help as web pages."""
    with _one_line():
        known = house(read_settings())
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in web_pages(known.texts, {"keep": known.retention, **known.about}):
            (folder / name).write_text(content, encoding="utf-8")
            typer.echo(folder / name)


@cli.command("new-key")
def new_key() -> None:
    """Seal everything with a new key; stop the bot first."""
    with _one_line():
        settings = read_settings()
        path = settings.tandem_key_file or key_beside(settings.database_url)
        connect(settings.database_url, path).dispose()
        assert path is not None, "settings ask for one where there is no place beside it"
        with alone(settings.database_url):
            count = rotate(open_engine(settings.database_url, path), path)
    typer.echo(
        f"{count} values are sealed with the new key in {path}. Back it up, apart from the data."
    )


@cli.command()
def move(url: str) -> None:
    """Copy everything into an empty PostgreSQL database, such as postgresql://tandem@localhost/tandem.

    Stop the bot first. The database of before stays as it is.
    """
    from adapters.playground.board import METADATA  # noqa: PLC0415 -- the bot's other tables
    from bot.store.moving import move as carry_over  # noqa: PLC0415 -- used once at most

    with _one_line():
        settings = read_settings()
        key = settings.tandem_key_file or key_beside(settings.database_url)
        if key is None or not settings.database_url.startswith("sqlite"):
            raise OperatorError(
                "DATABASE_URL: only a SQLite file can be moved; name the one to move"
            )
        moved = carry_over(settings.database_url, _on_postgresql(url), key, METADATA)
    typer.echo(
        f"{sum(moved.values())} rows in {len(moved)} tables are there, and the same. "
        f"Now set DATABASE_URL to it, and TANDEM_KEY_FILE={key}"
    )


def _on_postgresql(url: str) -> str:
    try:
        known = database_at(url)
    except ValueError:
        known = ""
    if not known.startswith("postgresql"):
        raise OperatorError(
            "tandem move: name a PostgreSQL database such as "
            "postgresql://tandem:password@localhost/tandem"
        )
    return known


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A new file, such as tandem.backup.")],
) -> None:
    """Write a backup, while the bot runs or not. The key is not in it."""
    with _one_line():
        settings = read_settings()
        url, key = settings.database_url, settings.tandem_key_file
        for line in backups.back_up(url, key, file, datetime.now(UTC)):
            typer.echo(line)


@cli.command()
def restore(
    file: Annotated[Path | None, typer.Argument(help="What tandem backup wrote.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Also over newer data.")] = False,
    hold: Annotated[
        bool, typer.Option("--hold", help="Hold back a database restored by other means.")
    ] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Let a restored database send again.")
    ] = False,
) -> None:
    """Go back to a backup; stop the bot first. Nothing is sent until it is confirmed."""
    with _one_line():
        settings = read_settings()
        logs.configure(settings.secrets, settings.tandem_log)
        url, key = settings.database_url, settings.tandem_key_file
        match file, hold, confirm:
            case Path(), False, False:
                told = backups.restore(url, key, house(settings), file, replace=replace)
            case None, True, False:
                told = backups.hold(url, key, house(settings))
            case None, False, True:
                told = backups.confirm(url, key)
            case _:
                raise OperatorError("tandem restore: name a file, or use --hold or --confirm")
        for line in told:
            typer.echo(line)


@cli.command()
def match(  # noqa: PLR0913, PLR0917 -- a command's options
    file: Annotated[
        Path | None, typer.Argument(help="People, as JSON or CSV; - is standard input.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="A file for the results, .json or .csv.")
    ] = None,
    form: Annotated[
        Form | None, typer.Option("--format", help="Of results; else by the file, else JSON.")
    ] = None,
    explain: Annotated[str, typer.Option(help="Tell of one person, by id, in words.")] = "",
    language: Annotated[Language, typer.Option(help="Of that telling.")] = Language.DE,
    semantic: Annotated[
        bool, typer.Option("--semantic", help="Understand more, with the optional language model.")
    ] = False,
    preview: Annotated[
        bool, typer.Option("--round", help="Instead of a file: who is looking in the bot now.")
    ] = False,
) -> None:
    """Match the people in a file, or see what a round would bring. Nothing else is touched."""
    from bot.matching import command  # noqa: PLC0415 -- the bot itself needs none of it

    with _one_line():
        if (file is None) != preview:
            raise OperatorError("tandem match: name a file, or use --round")
        order = command.Order(file or Path("--round"), output, form, explain, language)
        sheet = command.preview(order, _looking()) if preview else command.sheet(order)
        from bot.matching.rounds import computed  # noqa: PLC0415 -- it loads numpy

        command.carry_out(order, sheet, partial(computed, semantic=semantic))


def _looking() -> Request:
    """Who is looking for somebody in the bot's own database, which may be running."""
    settings = read_settings()
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


async def _run(settings: Settings) -> None:
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
            await _until_stopped(adapters, service, _sites(settings, service, adapters))
        finally:
            service.close()
            store.dispose()


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
                house_tasks.create_task(serve(a, service, RATES[a.platform])) for a in adapters
            ]
            running.append(house_tasks.create_task(service.tick()))
            running.append(house_tasks.create_task(service.tidy()))
            running.append(house_tasks.create_task(service.matching()))
            running += [house_tasks.create_task(site) for site in sites]
            await stopped.wait()
            for task in running:
                task.cancel()
    finally:
        scheduler.shutdown(wait=False)


async def serve(adapter: Adapter, service: Service, rate: float) -> None:
    """A platform takes in and gives out on its own: one that is down holds up no other."""
    service.links[adapter.platform] = False
    async with adapter, asyncio.TaskGroup() as loops:
        service.links[adapter.platform] = True
        loops.create_task(adapter.run())
        loops.create_task(Delivery(service, adapter.platform, adapter.deliver, rate).run())


@contextmanager
def _one_line() -> Iterator[None]:
    """The operator's mistakes end the start with a line that names the cure, and nothing else."""
    try:
        yield
    except OperatorError as error:
        raise _told(error) from None
    except BaseExceptionGroup as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        if not isinstance(first, OperatorError):
            raise
        raise _told(first) from None


def _told(error: BaseException) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(2)


def main() -> None:
    """The console script."""
    cli()


if __name__ == "__main__":
    main()
