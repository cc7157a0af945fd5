"""Sealing: what people write lies in the database as ciphertext only.

A sealed column is written and read like any other; the key is a file outside the database. A
copy of the database alone, a backup or a lost disk image, tells nobody's words.
"""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection, Engine, MetaData, String, Table, Text, select, update
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.errors import OperatorError
from bot.store.vault import Vault

__all__ = ["InvalidToken", "KeyFileError", "Sealed", "SealedJson", "rotate", "seal", "unlock"]

_plain = json.JSONEncoder(ensure_ascii=False).encode

_VAULTS: WeakKeyDictionary[Dialect, Vault] = WeakKeyDictionary()
"""By the database in use: a column's type is the same for all of them."""


class KeyFileError(OperatorError):
    """The key can't be used; the message says what to do."""


class Sealed(TypeDecorator[str]):
    """Text that is ciphertext at rest."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(dialect, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else unsealed(dialect, value)


class SealedJson(TypeDecorator[Any]):  # JSON
    """A JSON value that is ciphertext at rest."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # JSON
        return None if value is None else seal(dialect, _plain(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # JSON
        return None if value is None else json.loads(unsealed(dialect, value))


def seal(dialect: Dialect, text: str) -> str:
    return _VAULTS[dialect].seal(text)


def unsealed(dialect: Dialect, token: str) -> str:
    return _VAULTS[dialect].open(token)


def unlock(engine: Engine, path: Path | None) -> None:
    """Lets an engine read and write sealed columns; the first time, a key is made.

    Without a path the key lives as long as the engine, as does a database in memory.
    """
    keys = _keys(path) if path else [Fernet.generate_key()]
    _VAULTS[engine.dialect] = _vault(keys, path)


def _vault(keys: Sequence[bytes], path: Path | None) -> Vault:
    try:
        return Vault(keys)
    except ValueError:
        raise KeyFileError(
            f"TANDEM_KEY_FILE: {path} holds no key; put the right file back"
        ) from None


def _keys(path: Path) -> list[bytes]:
    """One a line, the one to seal with first."""
    if not path.exists():
        _write(path, [Fernet.generate_key()])
    return path.read_bytes().split()


def _write(path: Path, keys: Iterable[bytes]) -> None:
    """Whole or not at all, and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(b"\n".join([*keys, b""]))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def rotate(engine: Engine, path: Path) -> int:
    """A new key for everything sealed. Returns how many values were sealed anew.

    Both keys stand in the file until all is done, so it may be cut off at any point.
    """
    keys = [Fernet.generate_key(), *_keys(path)]
    _write(path, keys)
    unlock(engine, path)
    with engine.begin() as connection:
        count = _reseal(connection)
    _write(path, keys[:1])
    unlock(engine, path)
    return count


def _reseal(connection: Connection) -> int:
    """Every table there is, so that none can be forgotten: a token is known by our keys."""
    found = MetaData()
    found.reflect(connection)
    return sum(_reseal_table(connection, table) for table in found.sorted_tables)


def _reseal_table(connection: Connection, table: Table) -> int:
    vault, count = _VAULTS[connection.dialect], 0
    keys, texts = list(table.primary_key), [c for c in table.c if isinstance(c.type, String)]
    for row in connection.execute(select(table)).all() if keys and texts else ():
        old = row._mapping  # noqa: SLF001 -- SQLAlchemy's public name for it
        new = {c.name: token for c in texts if (token := _rotated(vault, old[c.name]))}
        if new:
            here = [key == old[key.name] for key in keys]
            connection.execute(update(table).where(*here).values(**new))
            count += len(new)
    return count


def _rotated(vault: Vault, value: str | None) -> str | None:
    try:
        return vault.seal(vault.open(value)) if value else None
    except InvalidToken:
        return None
