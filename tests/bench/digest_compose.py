"""Reading, composing and rendering the digests of a whole company, on both databases."""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from statistics import median
from typing import Any

from sqlalchemy import Engine

from storage.database import SessionFactory, session_factory
from tests.bench import databases, digest_rows, digest_work
from tests.bench.digest_work import Batch, Recorded
from tests.bench.lines import Line, at_most_times
from tests.bench.size import Size
from tests.bench.statements import listening

DAYS_A_WEEK = 5
MOST_TIMES = 3
# Ours and the floor take turns after so many batches.
TURN = 50


def on_sqlite(size: Size) -> list[Line]:
    return _bench("digest-compose-sqlite", databases.sqlite(), size)


def on_postgresql(size: Size) -> list[Line]:
    return _bench("digest-compose-postgresql", databases.postgresql(), size)


def _bench(name: str, database: AbstractContextManager[Engine], size: Size) -> list[Line]:
    """Seconds for all the digests."""
    with database as engine:
        digest_rows.fill(engine, size.digests, DAYS_A_WEEK)
        sessions, batches = session_factory(engine), list(digest_work.batches(size.digests))
        with _cursor(engine) as cursor:
            turns = [batches[start : start + TURN] for start in range(0, len(batches), TURN)]
            times = [_turn(engine, sessions, cursor, turn, size.repeats) for turn in turns]
    ours, floor = (sum(seconds) for seconds in zip(*times, strict=True))
    return [at_most_times(name, ours, floor, "s", MOST_TIMES)]


def _turn(
    engine: Engine, sessions: SessionFactory, cursor: Any, batches: Sequence[Batch], repeats: int
) -> tuple[float, float]:
    """Median seconds of ours and of the floor for these batches."""
    recorded = [_record(engine, sessions, batch) for batch in batches]
    ours, floor = [], []
    for _ in range(repeats):
        started = time.perf_counter()
        rendered = sum(digest_work.ours(sessions, batch) for batch in batches)
        between = time.perf_counter()
        assert sum(digest_work.floor(cursor, each) for each in recorded) == rendered
        ours.append(between - started)
        floor.append(time.perf_counter() - between)
    return median(ours), median(floor)


def _record(engine: Engine, sessions: SessionFactory, batch: Batch) -> Recorded:
    with listening(engine) as steps:
        messages = digest_work.compose(sessions, batch)
    return Recorded(steps, [digest_work.payload(one) for one in messages])


@contextmanager
def _cursor(engine: Engine) -> Iterator[Any]:
    """The driver's own cursor; BEGIN and COMMIT are among the statements that it is given."""
    with closing(engine.raw_connection()) as connection:
        driver = connection.driver_connection
        assert driver is not None
        if engine.dialect.name == "postgresql":
            driver.autocommit = True
        with closing(driver.cursor()) as cursor:
            yield cursor
        if engine.dialect.name == "postgresql":
            driver.autocommit = False
