"""What the doctor sees in the database and on its machine."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import TZPATH

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from bot.backups import AHEAD, BACKED_UP, listed
from bot.domain.gauges import Gauge
from bot.store import gauges, integrity, restoring
from bot.store.database import get_meta
from bot.store.tables import member

LATE = timedelta(minutes=5)
OLD = timedelta(days=7)
MEGA = 1 << 20
LEAST = 200 * MEGA
LOOK = "SELECT id, platform, received_at, error FROM inbox WHERE done_at IS NULL AND attempts > 2"


@dataclass(frozen=True, slots=True)
class Finding:
    """``words`` say what was found or, if it is not fine, what to do."""

    what: str
    fine: bool
    words: str


def examine(store: Engine, *, real: bool) -> Iterator[Finding]:
    """``real``: whether there are members, and not just somebody trying the playground."""
    now = datetime.now(UTC)
    path = _path(store)
    yield _whole(store, path)
    with store.begin() as connection:
        yield _held(connection, now)
        found = list(gauges.read(connection, now))
        yield _queues(found)
        yield _parked(found)
        if path is not None:
            yield _backup(connection, now, real=real)
    if path is not None:
        yield _disk(path)


def _path(store: Engine) -> Path | None:
    return Path(store.url.database or "") if store.dialect.name == "sqlite" else None


def _whole(store: Engine, path: Path | None) -> Finding:
    shown = store.url.render_as_string(hide_password=True)
    try:
        damages = integrity.examine(store)
    except DBAPIError as error:
        damages = {"file": str(error.orig)}
    if damages:
        told = ", ".join(f"{where}: {what}" for where, what in damages.items())
        cure = "stop the bot and restore a backup" if "file" in damages else "a bug: report it"
        return Finding("database", False, f"{shown}: {told}; {cure}")
    size = f", {path.stat().st_size / MEGA:.1f} MB" if path else ""
    return Finding("database", True, f"{shown}, schema up to date, whole{size}")


def _held(connection: Connection, now: datetime) -> Finding:
    if restoring.held_since(connection) is None:
        return Finding("restored", True, "nothing is held back")
    coming = listed(restoring.coming(connection, now + AHEAD))
    words = f"nothing is sent yet; until tomorrow time will bring: {coming}; if that is right: "
    return Finding("restored", False, f"{words}tandem restore --confirm")


def _queues(found: list[Gauge]) -> Finding:
    """Somebody waits for an answer: then the bot does not run, or a platform is out of reach."""
    late = {
        " ".join((one.name.partition("_")[0], *one.labels.values())): one.value
        for one in found
        if one.name.endswith(("oldest_seconds", "lag_seconds")) and one.value > LATE.total_seconds()
    }
    if late:
        told = ", ".join(f"{name} for {value / 60:.0f} min" for name, value in late.items())
        return Finding("queues", False, f"waiting: {told}; is the bot running? Look at its log")
    return Finding("queues", True, "nothing waits for long")


def _parked(found: list[Gauge]) -> Finding:
    parked = {one.labels["what"]: int(one.value) for one in found if one.name == "parked"}
    if any(parked.values()):
        told = ", ".join(f"{number} {what}s" for what, number in parked.items() if number)
        return Finding("parked", False, f"{told} failed three times; look at the log, and: {LOOK}")
    return Finding("parked", True, "nothing was set aside")


def _backup(connection: Connection, now: datetime, *, real: bool) -> Finding:
    at = get_meta(connection, BACKED_UP)
    if at is None:
        first = connection.execute(select(func.min(member.c.joined_at))).scalar()
        fine = not real or first is None or now - first < OLD
        return Finding("backup", fine, "none yet; tandem backup FILE, every day")
    age = now - datetime.fromisoformat(at)
    words = f"{at[:16]} UTC"
    return Finding("backup", age < OLD, words if age < OLD else f"{words}; tandem backup FILE")


def _disk(path: Path) -> Finding:
    """To rewrite the file after a deletion takes as much room again."""
    free, needed = shutil.disk_usage(path.parent).free, max(LEAST, 2 * path.stat().st_size)
    words = f"{free / MEGA:,.0f} MB free"
    if free < needed:
        return Finding("disk", False, f"{words} beside {path}; make room for {needed / MEGA:,.0f}")
    return Finding("disk", True, words)


def deletions(path: Path | None) -> Finding:
    """See `bot.store.gone`."""
    if path is None:
        return Finding("deletions", True, "not noted for a database in memory")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        words = f"{path} can't be written; without it a restored backup brings people back"
        return Finding("deletions", False, words)
    return Finding("deletions", True, f"noted in {path}; keep it beside the key, out of backups")


def zones() -> Finding:
    """Where the rules of time zones come from, and how old they are."""
    for folder in map(Path, TZPATH):
        if (folder / "tzdata.zi").exists():
            with (folder / "tzdata.zi").open(encoding="utf-8") as rules:
                return Finding("time zones", True, f"{rules.readline()[2:].strip()} in {folder}")
        if (folder / "Europe" / "Berlin").exists():
            return Finding("time zones", True, f"of the system, in {folder}")
    return Finding("time zones", True, f"of the package tzdata, {version('tzdata')}")
