"""The command line: ``tandem run``, ``tandem doctor``. A command loads what it needs when it is
called, so that ``tandem --help`` answers at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.matching.people import Request


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
    rich_markup_mode=None,  # the help is there sooner without Rich
    pretty_exceptions_enable=False,  # what is uncaught is logged without anybody's words
)


@cli.command()
def run() -> None:
    """Start the bot; Ctrl-C stops it."""
    import asyncio

    from bot import logs, running
    from bot.settings import read_settings

    with _one_line():
        settings = read_settings()
        logs.configure(settings.secrets, settings.tandem_log)
        asyncio.run(running.run(settings))


@cli.command()
def doctor() -> None:
    """Check settings, database, tokens and what the platforms answer."""
    import asyncio

    from bot import logs
    from bot.doctor import examine
    from bot.settings import read_settings

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
    from bot.conversation.pages import pages as web_pages
    from bot.running import house
    from bot.settings import read_settings

    with _one_line():
        known = house(read_settings())
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in web_pages(known.texts, {"keep": known.retention, **known.about}):
            (folder / name).write_text(content, encoding="utf-8")
            typer.echo(folder / name)


@cli.command("new-key")
def new_key() -> None:
    """Seal everything with a new key; stop the bot first."""
    from bot.settings import read_settings
    from bot.store.database import connect, key_beside, open_engine
    from bot.store.presence import alone
    from bot.store.sealing import rotate

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
    from adapters.playground.board import METADATA
    from bot.settings import read_settings
    from bot.store.database import key_beside
    from bot.store.moving import move as carry_over

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
    from bot.checks import database_at

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
    from datetime import UTC, datetime

    from bot import backups
    from bot.settings import read_settings

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
    from bot import backups, logs
    from bot.running import house
    from bot.settings import read_settings

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
    from functools import partial

    from bot.matching import command

    with _one_line():
        if (file is None) != preview:
            raise OperatorError("tandem match: name a file, or use --round")
        order = command.Order(file or Path("--round"), output, form, explain, language)
        sheet = command.preview(order, _looking()) if preview else command.sheet(order)
        from bot.matching.rounds import computed

        command.carry_out(order, sheet, partial(computed, semantic=semantic))


def _looking() -> "Request":
    from bot.running import looking
    from bot.settings import read_settings

    return looking(read_settings())


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
