"""A database without anything between a bench's floor and its driver, as durable as ours."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine

from tests.bench.checkin_floor import PRAGMAS

Commit = Callable[[str, Sequence[Any]], object]


def committing(engine: Engine) -> AbstractContextManager[Commit]:
    """Runs one statement, its values marked by "?", and commits it: on a connection of its own to the same database."""
    return _sqlite(engine) if engine.dialect.name == "sqlite" else _postgresql(engine)


@contextmanager
def _sqlite(engine: Engine) -> Iterator[Commit]:
    with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        # Outside of a transaction each statement is one.
        yield connection.execute


@contextmanager
def _postgresql(engine: Engine) -> Iterator[Commit]:
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        yield lambda sql, values: connection.execute(sql.replace("?", "%s"), values)
