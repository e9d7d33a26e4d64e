"""Engine, session and the settings without which a database does not keep what it was told to keep."""

import time
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

SessionFactory = sessionmaker[Session]

MIGRATIONS = Path(__file__).parent / "migrations"

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA busy_timeout=30000",
    "PRAGMA foreign_keys=ON",
    # NORMAL may undo a committed 'sent' at power loss: the person would get the message again.
    "PRAGMA synchronous=FULL",
    # FAST leaves deleted rows readable in the file.
    "PRAGMA secure_delete=ON",
)


def open_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL; statements' values never appear in errors or logs."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url)
    if parsed.drivername in ("postgres", "postgresql"):
        url = parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args={"options": "-c timezone=UTC"})


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver's own transactions start too late (no BEGIN before SELECT) and lose updates.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def session_factory(engine: Engine) -> SessionFactory:
    """Sessions whose objects stay readable after commit: values leave the transaction, not the connection."""
    return sessionmaker(engine, class_=Session, expire_on_commit=False)


def migration_config(engine: Engine) -> Config:
    """Alembic's configuration for this engine, without a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; safe to run from several processes at once."""
    command.upgrade(migration_config(engine), "head")


def schema_state(engine: Engine) -> tuple[str | None, str | None]:
    """(revision of the database, newest revision of this version); equal when nothing has to be upgraded."""
    newest = ScriptDirectory.from_config(migration_config(engine)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision(), newest


def scrub(engine: Engine, *, patience: float = 30.0) -> bool:
    """Move the write-ahead log into the file and empty it, so that no deleted byte is left in it.

    Returns False when another connection's open read kept the log alive for `patience` seconds: SQLite then
    answers busy = 1 without an error, and the deleted text is still on disk. True at once on PostgreSQL,
    whose log cannot be scrubbed.
    """
    if engine.dialect.name != "sqlite":
        return True
    deadline = time.monotonic() + patience
    while True:
        if not _checkpoint_is_busy(engine):
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)


def _checkpoint_is_busy(engine: Engine) -> bool:
    # On the driver's own connection: a checkpoint cannot run inside a transaction.
    with closing(engine.raw_connection()) as connection:
        busy, _log_pages, _moved_pages = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return bool(busy)
