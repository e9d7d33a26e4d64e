"""Databases with people to whom a digest is owed on Monday: prepared once, copied for every run."""

import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Table, make_url, text

from storage import tables
from storage.database import open_engine, session_factory, upgrade
from tests.candor import running
from tests.rows import add_usage, whole_week

LAST_WEEK = date(2026, 11, 16)
MADRID = "Europe/Madrid"
Zones = Mapping[str, str]


def people(number: int, tz: str = MADRID) -> Zones:
    """So many people by id, all in one time zone."""
    return {f"U{n:03d}": tz for n in range(1, number + 1)}


class Base(Protocol):
    """A prepared database. `zones`: its people and where they are; `url`: where its copy is, while there is one."""

    kind: str
    zones: Zones
    url: str

    def copied(self) -> AbstractContextManager[None]:
        """A fresh copy at `url`, one at a time. Always there: whoever keeps an engine for it has its statements."""
        ...


def fill(url: str, zones: Zones) -> None:
    """The newest schema, the policy, and these people: opted in through the bot's own screens, with a week of usage."""
    engine = open_engine(url)
    upgrade(engine)
    sessions = session_factory(engine)
    with running(sessions) as candor:
        for who, tz in zones.items():
            candor.join(who, tz=tz)
            candor.opt_in(who, "claude-code")
            add_usage(sessions, who, "claude-code", *whole_week(LAST_WEEK), sessions=2)
    engine.dispose()


class SqliteBase:
    """A file, copied."""

    kind = "sqlite"

    def __init__(self, folder: Path, zones: Zones):
        self.zones = zones
        self._file = folder / f"{uuid.uuid4().hex}.db"
        self._copies = folder / uuid.uuid4().hex
        self.url = f"sqlite:///{self._copies / 'candor.db'}"
        fill(f"sqlite:///{self._file}", zones)

    @contextmanager
    def copied(self) -> Iterator[None]:
        self._copies.mkdir()
        try:
            shutil.copy(self._file, self._copies / "candor.db")
            yield
        finally:
            shutil.rmtree(self._copies)


class PostgresBase:
    """A database of a server, whose rows are put back: to copy all of it would take longer than a run."""

    kind = "postgresql"

    def __init__(self, server: str, zones: Zones):
        self.zones = zones
        self._server = server
        self._name = f"faults_{uuid.uuid4().hex}"
        self.url = make_url(server).set(database=self._name).render_as_string(hide_password=False)
        self._admin(f"CREATE DATABASE {self._name}")
        fill(self.url, zones)
        self._engine = open_engine(self.url)
        with self._engine.begin() as connection:
            self._prepared = {table: _rows(connection, table) for table in tables.Base.metadata.sorted_tables}

    @contextmanager
    def copied(self) -> Iterator[None]:
        with self._engine.begin() as connection:
            for table in reversed(self._prepared):
                connection.execute(table.delete())
            for table, rows in self._prepared.items():
                if rows:
                    connection.execute(table.insert(), rows)
        yield

    def remove(self) -> None:
        self._engine.dispose()
        self._admin(f"DROP DATABASE {self._name} WITH (FORCE)")

    def _admin(self, statement: str) -> None:
        engine = open_engine(self._server).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(table.select())]
