"""People who are owed a message, few or many."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, text

from storage.tables import Base
from tests.bench import databases
from tests.bench.delivery_work import DUE, add_workspace, plan

LAST_WEEK = "2026-W46"
CHUNK = 5_000

_TABLES = Base.metadata.tables


def log_settled(engine: Engine) -> AbstractContextManager[None]:
    """SQLite's write-ahead log has the length that it has after long use; nothing on PostgreSQL."""
    return databases.settled(Path(str(engine.url.database))) if engine.dialect.name == "sqlite" else nullcontext()


def fill(engine: Engine, people: Sequence[str], *, finished: bool) -> None:
    """A workspace whose people all opted in and are owed this week's message; if `finished`, they had last week's."""
    add_workspace(engine)
    policy = {
        "hash": "bench", "number": 1, "title": "", "contact": "", "effective": DUE.date(), "text": "", "terms": {},
        "published_at": DUE,
    }  # fmt: skip
    _put(engine, "policy_version", [policy])
    _put(engine, "person", [{"id": person, "tz": "UTC"} for person in people])
    consent = {"policy_hash": "bench", "granted_at": DUE}
    _put(engine, "consent", [{"person_id": person, "receipt_id": person} | consent for person in people])
    if finished:
        plan(engine, people, week=LAST_WEEK)
        _finish(engine)
    plan(engine, people)
    _look_after(engine)


def _put(engine: Engine, table: str, rows: Sequence[dict[str, Any]]) -> None:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        with engine.begin() as connection:
            connection.execute(insert(_TABLES[table]), chunk)


def _finish(engine: Engine) -> None:
    """Every delivery so far was sent when it was due."""
    values = "state = 'sent', finished_at = due, channel = 'D' || person_id, ts = id"
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE delivery SET {values}"))


def _look_after(engine: Engine) -> None:
    """What PostgreSQL does by itself within a minute, and SQLite never: statistics for its plans."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
