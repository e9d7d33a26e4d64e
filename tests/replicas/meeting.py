"""Two who meet in the database: one is held in the middle of a transaction until the other one waits for it."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Engine, text
from sqlmodel import Session

T = TypeVar("T")
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def meanwhile(engine: Engine, held: Session, other: Callable[[], T]) -> T:
    """What `other` gives when it runs into the open transaction of `held`, which commits once `other` waits for it.

    On SQLite nobody can see who waits: there, `other` may also come after the commit.
    """
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(other)
        if engine.dialect.name == "postgresql":
            _until_it_waits(engine, found)
        held.commit()
        return found.result(60)


def _until_it_waits(engine: Engine, found: Future[Any]) -> None:
    with engine.connect() as watcher:
        while not found.done() and watcher.execute(WAITING).scalar_one() == 0:
            watcher.rollback()
            time.sleep(0.01)
    assert not found.done()
