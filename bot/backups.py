"""``tandem backup`` and ``tandem restore``: what an operator does before and after the worst."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from bot.domain.dues import Nudge
from bot.engine.engine import Engine
from bot.engine.guarding import Guarded, guard
from bot.engine.house import House
from bot.errors import OperatorError
from bot.store import backup, restoring
from bot.store.backup import BackupError, Manifest
from bot.store.database import connect, key_beside
from bot.store.presence import alone

BACKED_UP = "backed_up_at"
AHEAD = timedelta(days=1)
HELD = (
    "DATABASE_URL: this database was restored from a backup, so nothing is sent yet; "
    "look at `tandem doctor`, then start with `tandem restore --confirm`"
)


def back_up(url: str, key: Path | None, file: Path, now: datetime) -> Iterator[str]:
    manifest = backup.write(_file(url), file, now)
    backup.mark(_file(url), BACKED_UP, now.isoformat())
    yield f"{file}: {sum(manifest.counts.values())} rows, schema {manifest.schema}, checked"
    yield f"The key is not in it: keep {key or key_beside(url)} in another place."


def restore(
    url: str, key: Path | None, house: House, file: Path, *, replace: bool
) -> Iterator[str]:
    """Made ready beside the database, and put in its place only once it is."""
    target, key = _file(url), key or key_beside(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    ready = target.with_name(f"{target.name}.restoring")
    with alone(url):
        try:
            manifest = backup.unpack(file, ready)
            if not replace:
                _refuse_newer(target, manifest)
            guarded = _prepared(f"sqlite:///{ready}", key, house)
            yield from _put_in_place(ready, target)
        finally:
            for suffix in ("", "-wal", "-shm"):
                ready.with_name(ready.name + suffix).unlink(missing_ok=True)
    yield f"{target} is as it was at {manifest.made_at}."
    yield from _told(guarded)


def hold(url: str, key: Path | None, house: House) -> Iterator[str]:
    """For a database that was restored by other means, such as pg_restore."""
    with alone(url):
        yield from _told(_prepared(url, key, house))


def confirm(url: str, key: Path | None) -> Iterator[str]:
    store = connect(url, key)
    with store.begin() as connection:
        if restoring.held_since(connection) is None:
            raise OperatorError("there is nothing to confirm: no restored backup is held back")
        coming = restoring.coming(connection, datetime.now(UTC) + AHEAD)
        restoring.release(connection)
    store.dispose()
    yield f"Until tomorrow time will bring: {listed(coming)}."
    yield "Start the bot with `tandem run`."


def listed(coming: Mapping[Nudge, int]) -> str:
    return ", ".join(f"{number} × {kind}" for kind, number in sorted(coming.items())) or "nothing"


def _prepared(url: str, key: Path | None, house: House) -> Guarded:
    store = connect(url, key)
    try:
        engine = Engine(store, house)
        return guard(engine, datetime.now(UTC) + engine.clock_ahead())
    finally:
        store.dispose()


def _refuse_newer(target: Path, manifest: Manifest) -> None:
    newest = backup.newest(target) if target.exists() else None
    if newest is not None and newest > datetime.fromisoformat(manifest.made_at):
        raise BackupError(
            f"DATABASE_URL: {target} has newer data than the backup ({newest:%Y-%m-%d %H:%M} UTC); "
            "to go back all the same: tandem restore --replace FILE, which keeps what is there now"
        )


def _put_in_place(ready: Path, target: Path) -> Iterator[str]:
    """What was there stays beside it, with its log, until the operator deletes it."""
    if target.exists():
        kept = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        for suffix in ("-wal", "-shm", ""):
            old = target.with_name(target.name + suffix)
            if old.exists():
                old.rename(kept.with_name(kept.name + suffix))
        yield f"What was there is in {kept}; delete it once all is well."
    ready.rename(target)


def _told(guarded: Guarded) -> Iterator[str]:
    if guarded.gone:
        yield f"{guarded.gone} who had deleted their data since are deleted again."
    yield f"{guarded.unsent} messages that were waiting are not sent (dropped: restored)."
    yield "Nothing is sent until you confirm: tandem doctor, then tandem restore --confirm."


def _file(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BackupError(
            "DATABASE_URL: this is for SQLite; use pg_dump and pg_restore, "
            "then tandem restore --hold"
        )
    return Path(parsed.database)
