"""Engine, session and the settings without which a database does not keep what it was told to keep."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session as Session  # Passed on: logic names the type without knowing where it is from.

SessionFactory = sessionmaker[Session]

_READS = "candor_reads"
MIGRATIONS = Path(__file__).parent / "migrations"

_WAIT_S = 30
_WRITE_AHEAD = "PRAGMA journal_mode=WAL"
_PRAGMAS = (
    f"PRAGMA busy_timeout={_WAIT_S * 1000}",
    "PRAGMA foreign_keys=ON",
    # NORMAL may undo a committed 'sent' at power loss: the person would get the message again.
    "PRAGMA synchronous=FULL",
    # FAST leaves deleted rows readable in the file.
    "PRAGMA secure_delete=ON",
)

# A server that is gone without a word is noticed within a minute, not within the system's two hours.
_POSTGRESQL = {
    # As long as SQLite waits: a lock that somebody keeps becomes a line in the log instead of a tick that never ends.
    "options": "-c timezone=UTC -c lock_timeout=30s",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def open_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL; statements' values never appear in errors or logs."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url)
    if parsed.drivername in ("postgres", "postgresql"):
        url = parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=_POSTGRESQL)


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _WAIT_S})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver's own transactions start too late (no BEGIN before SELECT) and lose updates.
        connection.isolation_level = None
        _write_ahead(connection)
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        # Whoever will write asks for the lock first: a read that turns into a write later would lose updates.
        reads = connection.get_execution_options().get(_READS)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """On a new file SQLite waits for nobody here, whatever its timeout: of two that start at once, one would fail."""
    if not _within(time.monotonic() + _WAIT_S, lambda: connection.execute(_WRITE_AHEAD)):
        connection.execute(_WRITE_AHEAD)


def session_factory(engine: Engine) -> SessionFactory:
    """Sessions whose objects stay readable after commit: values leave the transaction, not the connection."""
    return sessionmaker(engine, class_=Session, expire_on_commit=False)


@contextmanager
def reading(sessions: SessionFactory) -> Iterator[Session]:
    """A session that only reads: on SQLite it does not wait for a writer. What it changes is not kept."""
    with sessions() as session:
        session.connection(execution_options={_READS: True})
        yield session


@contextmanager
def quick(sessions: SessionFactory) -> Iterator[Connection]:
    """One transaction on the engine itself, for the few statements that somebody waits for."""
    engine: Engine = sessions.kw["bind"]
    with engine.begin() as connection:
        yield connection


@contextmanager
def quick_reading(sessions: SessionFactory) -> Iterator[Connection]:
    """As `quick`, but it only reads: on SQLite it does not wait for a writer."""
    engine: Engine = sessions.kw["bind"]
    with engine.connect().execution_options(**{_READS: True}) as connection:
        yield connection


def migration_config(engine: Engine) -> Config:
    """Alembic's configuration for this engine, without a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; safe to run from several processes at once."""
    command.upgrade(migration_config(engine), "head")


def schema_of(connection: Connection) -> str | None:
    """The schema that the database has; None for one that was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_schema(engine: Engine) -> str | None:
    """The schema that this version of the program works with. Does not ask the database."""
    return ScriptDirectory.from_config(migration_config(engine)).get_current_head()


def schema_state(engine: Engine) -> tuple[str | None, str | None]:
    """(schema of the database, newest one of this version); equal when nothing has to be upgraded."""
    with engine.connect() as connection:
        return schema_of(connection), newest_schema(engine)


def is_of_newer_version(engine: Engine) -> bool:
    """Whether the database has a schema that this version does not know."""
    scripts = ScriptDirectory.from_config(migration_config(engine))
    with engine.connect() as connection:
        current = schema_of(connection)
    return current is not None and current not in {script.revision for script in scripts.walk_revisions()}


def server_time(sessions: SessionFactory) -> datetime | None:
    """The database server's own time, which all replicas share; None for SQLite, which has no other than the host's."""
    engine: Engine = sessions.kw["bind"]
    if engine.dialect.name == "sqlite":
        return None
    with engine.connect() as connection:
        moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return moment


def owe_scrub(session: Session) -> None:
    """Write down, in the transaction that deletes, that the bytes of what it deletes are to be wiped by `scrub`.

    Nothing on PostgreSQL, whose files and log cannot be wiped.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection().execute(text("UPDATE workspace SET scrub_owed = scrub_owed + 1"))


def scrub(engine: Engine, *, patience: float = 30.0) -> bool:
    """Wipe what was deleted: empty the write-ahead log, and where a wiping is owed rebuild the whole file.

    `secure_delete` does not reach the copies that a page leaves behind when it splits: only VACUUM does. Returns
    False when another connection's open read or write was in the way for `patience` seconds: the deleted text may
    then still be on disk, and the debt stays for the next call. True at once on PostgreSQL.
    """
    if engine.dialect.name != "sqlite":
        return True
    deadline = time.monotonic() + patience
    with _unwaiting(engine) as connection:
        # A log that cannot be emptied now would only grow by a whole file that nobody may move into place.
        if not _within(deadline, lambda: _log_is_emptied(connection)):
            return False
        owed = connection.execute(_OWED).fetchone()[0]
        return not owed or _pay(connection, owed, deadline)


_OWED = "SELECT coalesce(sum(scrub_owed), 0) FROM workspace"


def _pay(connection: sqlite3.Connection, owed: int, deadline: float) -> bool:
    if not _within(deadline, lambda: connection.execute("VACUUM")):
        return False
    if not _within(deadline, lambda: _log_is_emptied(connection)):
        return False
    # What was deleted in the meantime was not in the VACUUM: only what it wiped is paid.
    paid = "UPDATE workspace SET scrub_owed = max(0, scrub_owed - ?)"
    _within(deadline, lambda: connection.execute(paid, (owed,)))
    _within(deadline, lambda: _log_is_emptied(connection))
    return True


@contextmanager
def _unwaiting(engine: Engine) -> Iterator[sqlite3.Connection]:
    """The driver's own connection, outside any transaction, that says at once when it cannot have a lock.

    A checkpoint that waits for a reader would keep every writer waiting with it.
    """
    with closing(engine.raw_connection()) as pooled:
        connection = pooled.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        waits = connection.execute("PRAGMA busy_timeout").fetchone()[0]
        connection.execute("PRAGMA busy_timeout=0")
        try:
            yield connection
        finally:
            connection.execute(f"PRAGMA busy_timeout={waits}")


def _within(deadline: float, attempt: Callable[[], object]) -> bool:
    """Try until it gives something true; False when others held the lock until `deadline`, or the disk is full."""
    while True:
        try:
            if attempt():
                return True
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return False
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)


def _log_is_emptied(connection: sqlite3.Connection) -> bool:
    """SQLite raises nothing when a reader keeps the log alive: it only answers busy = 1."""
    busy, _log_pages, _moved_pages = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
