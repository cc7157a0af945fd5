"""A new SQLite database with the newest schema, in the time a file takes to be copied.

It has a key as well: each process makes one schema and one key for all its tests.
"""

import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from bot.store.database import connect

INSTEAD: list[Callable[[Path], Engine]] = []
"""With --postgres: opens what stands for a file there."""


def fresh(path: Path) -> Engine:
    """What is there already stays as it is."""
    if INSTEAD:
        return INSTEAD[0](path)
    if not path.exists() and not path.with_suffix(".key").exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        for suffix in (".db", ".key"):
            shutil.copy(_template() / f"t{suffix}", path.with_suffix(suffix))
    return connect(f"sqlite:///{path}")


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="fresh")


@cache
def _template() -> Path:
    folder = Path(_folder().name)
    connect(f"sqlite:///{folder}/t.db").dispose()
    return folder
