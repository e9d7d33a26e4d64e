"""Planning the digests of a whole company, against copying the same rows within the same database."""

import time
from contextlib import AbstractContextManager
from statistics import median

from sqlalchemy import Engine, text

from bot.digest.jobs import plan
from storage.database import open_engine, session_factory
from tests.bench import databases, planning_rows
from tests.bench.lines import Line, at_most_times
from tests.bench.memory import peak_mb
from tests.bench.size import Size

MOST_TIMES = 5
MOST_MEMORY = 1.2


def on_sqlite(size: Size) -> list[Line]:
    return _bench("planning-sqlite", databases.sqlite(), size)


def on_postgresql(size: Size) -> list[Line]:
    return _bench("planning-postgresql", databases.postgresql(), size)


def memory(size: Size) -> list[Line]:
    """Peak MB of a process that plans for many people ("ours") and of one that does for few ("floor")."""
    many, few = (_peak_mb(people) for people in (size.many, size.few))
    return [at_most_times("planning-memory", many, few, "MB", MOST_MEMORY)]


def _peak_mb(people: int) -> float:
    with databases.sqlite() as engine:
        planning_rows.fill(engine, people)
        return peak_mb(plan_all, str(engine.url), people)


def plan_all(database_url: str, people: int) -> None:
    """Plan everybody's digest of this week; the connection is this process's own."""
    assert _plan(open_engine(database_url)) == people


def _bench(name: str, database: AbstractContextManager[Engine], size: Size) -> list[Line]:
    """Median seconds. Ours reads who is due, and writes the deliveries and everybody's next time, batch by batch; the
    floor writes the deliveries alone, in one statement. They take turns.
    """
    ours, floor = [], []
    with database as engine:
        planning_rows.fill(engine, size.many)
        for _ in range(size.repeats):
            started = time.perf_counter()
            assert _plan(engine) == size.many
            ours.append(time.perf_counter() - started)
            _keep(engine)
            planning_rows.put_back(engine, size.many)
            floor.append(_copy(engine, size.many))
            planning_rows.put_back(engine, size.many)
    return [at_most_times(name, median(ours), median(floor), "s", MOST_TIMES)]


def _plan(engine: Engine) -> int:
    return plan(session_factory(engine), planning_rows.WORKSPACE, planning_rows.NOW)


def _keep(engine: Engine) -> None:
    """What was planned, in a table without keys."""
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS planned"))
        connection.execute(text("CREATE TABLE planned AS SELECT * FROM delivery"))


def _copy(engine: Engine, people: int) -> float:
    """Seconds to write those rows as one statement and commit."""
    started = time.perf_counter()
    with engine.begin() as connection:
        assert connection.execute(text("INSERT INTO delivery SELECT * FROM planned")).rowcount == people
    return time.perf_counter() - started
