"""Which statements ours sends to a database, so that a floor can send the same without anything in between."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event


@dataclass(frozen=True)
class Step:
    """One statement with its values in the driver's own form; `at` is the `perf_counter` of its start."""

    sql: str
    values: Any
    at: float


@contextmanager
def listening(engine: Engine) -> Iterator[list[Step]]:
    """Every statement that the engine sends, in order, with those that begin and end transactions."""
    heard: list[Step] = []

    def hear(sql: str, values: Any = ()) -> None:
        heard.append(Step(sql, values, time.perf_counter()))

    def statement(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        hear(sql, values)

    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": statement,
        "commit": lambda _connection: hear("COMMIT"),
        "rollback": lambda _connection: hear("ROLLBACK"),
    }
    # On SQLite, BEGIN is a statement like any other; PostgreSQL's driver sends it unseen.
    if engine.dialect.name != "sqlite":
        listeners["begin"] = lambda _connection: hear("BEGIN")
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield heard
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)
