"""The weekly release of a whole company's teams, against one plain GROUP BY of the same check-ins."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from statistics import median

from sqlalchemy import Engine, text

from bot.teams.calendar import cut_off
from bot.teams.releasing import release_due
from storage.database import open_engine, reading, session_factory
from tests.bench import databases, release_rows
from tests.bench.lines import Line, at_most_times
from tests.bench.memory import peak_mb
from tests.bench.size import Size

WEEKS = 12
MOST_TIMES = 5
MOST_MEMORY = 1.1

_HOURS = "CASE {} WHEN 'lt1' THEN 0.5 WHEN '1to2' THEN 1.5 WHEN '2to4' THEN 3 WHEN 'gt4' THEN 5 ELSE 0 END"
# What the naive summary would be: everything that each team ever reported, averaged, without a gate.
PLAIN = f"""
    SELECT person.team_id, avg({_HOURS.format("saved")}), avg({_HOURS.format("rework")})
    FROM check_in JOIN person ON person.id = check_in.person_id GROUP BY person.team_id
"""

Database = Callable[[], AbstractContextManager[Engine]]


def on_sqlite(size: Size) -> list[Line]:
    return _bench("release-sqlite", databases.sqlite, size)


def on_postgresql(size: Size) -> list[Line]:
    return _bench("release-postgresql", databases.postgresql, size)


def memory_on_sqlite(size: Size) -> list[Line]:
    return _memory("release-memory-sqlite", databases.sqlite, size)


def memory_on_postgresql(size: Size) -> list[Line]:
    return _memory("release-memory-postgresql", databases.postgresql, size)


def _bench(name: str, database: Database, size: Size) -> list[Line]:
    """Median seconds. Ours reads, counts, checks and stores, and writes down who sees what; the floor reads. They take
    turns. The second line, for information, has a week of usage to read besides."""
    ours, floor = _seconds(database, size, usage=False)
    with_usage, _ = _seconds(database, size, usage=True)
    return [at_most_times(name, ours, floor, "s", MOST_TIMES), Line(f"{name}-with-usage", with_usage, floor, "s")]


def _seconds(database: Database, size: Size, *, usage: bool) -> tuple[float, float]:
    ours, floor = [], []
    with database() as engine:
        release_rows.fill(engine, size.many, WEEKS, usage=usage)
        release_rows.begin_season(engine)
        for _ in range(size.repeats):
            started = time.perf_counter()
            release(engine, size.many)
            ours.append(time.perf_counter() - started)
            release_rows.take_back(engine)
            floor.append(_group(engine, size.many))
    return median(ours), median(floor)


def release(engine: Engine, people: int) -> None:
    """The release of the season's eighth week: every team is shown."""
    made = release_due(session_factory(engine), cut_off(release_rows.RELEASED), hr=())
    assert made is not None and made.week == release_rows.RELEASED
    # With their departments and the whole company.
    assert made.shown == made.teams > release_rows.teams_of(people)


def _group(engine: Engine, people: int) -> float:
    """Seconds of the plain statement, up to its last row."""
    with reading(session_factory(engine)) as session:
        started = time.perf_counter()
        rows = session.connection().execute(text(PLAIN)).all()
        seconds = time.perf_counter() - started
    assert len(rows) == release_rows.teams_of(people)
    return seconds


def _memory(name: str, database: Database, size: Size) -> list[Line]:
    """Peak MB of a process that releases with twice as many weeks of check-ins stored ("ours") and of one that does
    with these ("floor")."""
    many, few = (_peak_mb(database, size, weeks) for weeks in (2 * WEEKS, WEEKS))
    return [at_most_times(name, many, few, "MB", MOST_MEMORY)]


def _peak_mb(database: Database, size: Size, weeks: int) -> float:
    with database() as engine:
        release_rows.fill(engine, size.many, weeks)
        release_rows.begin_season(engine)
        return peak_mb(release_at, engine.url.render_as_string(hide_password=False), size.many)


def release_at(database_url: str, people: int) -> None:
    """The release; the connection is this process's own."""
    release(open_engine(database_url), people)
