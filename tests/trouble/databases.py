"""What can be wrong with a database, each as a block that a test begins and ends.

A disk cannot be filled here. SQLite meets the real error: triggers ask for more pages than its connections may have.
PostgreSQL has no limit of its own on a database's size, so that a trigger raises the error that the server raises when
the file system is full: same code, same class, same moment in the statement.
"""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, text

from storage.database import open_engine

WRITTEN = ("delivery", "job")
SHORT_MS = 50


class Trouble(Protocol):
    """`words`: what the log has to say of it."""

    words: str

    def begin(self) -> None: ...

    def end(self) -> None: ...


class SqliteFull:
    """The disk takes not one page more."""

    words = "its disk is full"

    def __init__(self, engine: Engine) -> None:
        self._engine, self._full = engine, False
        event.listen(engine, "connect", self._limit)

    def _limit(self, connection: sqlite3.Connection, _record: object) -> None:
        if self._full:
            # It cannot be made less than what is there: not one page more.
            connection.execute("PRAGMA max_page_count=1")

    def begin(self) -> None:
        self._run("CREATE TABLE filling (bytes)")
        for table in WRITTEN:
            for what in ("INSERT", "UPDATE"):
                self._run(
                    f"CREATE TRIGGER fill_{table}_{what} AFTER {what} ON {table} "
                    "BEGIN INSERT INTO filling VALUES (zeroblob(9000000)); END"
                )
        self._full = True
        self._engine.dispose()

    def end(self) -> None:
        if not self._full:
            return
        self._full = False
        self._engine.dispose()
        for table in WRITTEN:
            for what in ("INSERT", "UPDATE"):
                self._run(f"DROP TRIGGER fill_{table}_{what}")
        self._run("DROP TABLE filling")

    def _run(self, statement: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(text(statement))


class SqliteLocked:
    """Another process writes, and does not come to an end."""

    words = "another process keeps it locked"

    def __init__(self, engine: Engine) -> None:
        self._engine, self._other = engine, None
        event.listen(engine, "connect", _waits_shortly)
        engine.dispose()

    _other: sqlite3.Connection | None

    def begin(self) -> None:
        self._other = sqlite3.connect(str(self._engine.url.database), isolation_level=None, check_same_thread=False)
        self._other.execute("BEGIN IMMEDIATE")

    def end(self) -> None:
        if self._other:
            self._other.close()
            self._other = None


def _waits_shortly(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout={SHORT_MS}")


class _PostgresTrigger:
    """Something happens to whatever is written."""

    words = ""
    does = ""

    def __init__(self, engine: Engine) -> None:
        self._admin = create_engine(engine.url)

    def begin(self) -> None:
        function = f"CREATE OR REPLACE FUNCTION trouble() RETURNS trigger AS $$ BEGIN {self.does} RETURN NEW; END $$"
        self._run(f"{function} LANGUAGE plpgsql")
        for table in WRITTEN:
            when = f"BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW"
            self._run(f"CREATE TRIGGER trouble {when} EXECUTE FUNCTION trouble()")

    def end(self) -> None:
        self._run("DROP FUNCTION IF EXISTS trouble() CASCADE")
        self._admin.dispose()

    def _run(self, statement: str) -> None:
        with self._admin.begin() as connection:
            connection.execute(text(statement))


class PostgresFull(_PostgresTrigger):
    words = "its disk is full"
    does = "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100';"


class PostgresSlow(_PostgresTrigger):
    """Statements take longer than the administrator allows."""

    words = "a statement took longer than it may"
    does = "PERFORM pg_sleep(30);"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        _at_connect(engine, f"SET statement_timeout = {SHORT_MS}")

    # The timeout is that of the bot's sessions, not of who makes the trouble.


class PostgresLocked:
    """Somebody holds the table, and waits for nobody knows what."""

    words = "another process keeps it locked"

    def __init__(self, engine: Engine) -> None:
        self._admin = create_engine(engine.url)
        self._other: Connection | None = None
        _at_connect(engine, f"SET lock_timeout = {SHORT_MS}")

    def begin(self) -> None:
        self._other = self._admin.connect()
        self._other.execute(text("LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE"))

    def end(self) -> None:
        if self._other:
            self._other.close()
            self._other = None
        self._admin.dispose()


class Gone:
    """The server is stopped at once, as by a power cut; the end of the block starts it."""

    words = "it cannot be reached, or refuses the connection"

    def __init__(self, stopped: Callable[[], AbstractContextManager[None]]) -> None:
        self._stopped = stopped
        self._now: AbstractContextManager[None] | None = None

    def begin(self) -> None:
        self._now = self._stopped()
        self._now.__enter__()

    def end(self) -> None:
        if self._now:
            self._now.__exit__(None, None, None)
            self._now = None


def _at_connect(engine: Engine, statement: str) -> None:
    def on_connect(connection: Any, _record: object) -> None:
        connection.execute(statement)
        connection.commit()

    event.listen(engine, "connect", on_connect)
    engine.dispose()


def own_engine(engine: Engine) -> Engine:
    """Another engine on the same database, to which a test may do what it likes."""
    return open_engine(engine.url.render_as_string(hide_password=False))
