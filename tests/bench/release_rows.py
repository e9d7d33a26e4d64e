"""A company in mid-season: small teams under departments, with check-ins of many weeks and usage of the newest one."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, text

from bot.policy.versions import ensure_published
from bot.settings import Settings
from bot.teams.calendar import cut_off, first_week_after
from bot.teams.releasing import release_due
from bot.usage.catalogue import TOOLS
from bot.weeks import WEEK
from storage import people
from storage.database import session_factory
from storage.tables import Base
from tests.bench.digest_rows import CHUNK, person_id
from tests.candor import PUBLISHED, START

FIRST = first_week_after(PUBLISHED.date())
# The week that is measured: its season is seven weeks old, and four weeks before it counted people in.
RELEASED = FIRST + 7 * WEEK
TEAM, DEPARTMENT = 10, 100
ANSWERS: Sequence[tuple[str, str, list[str]]] = (
    ("2to4", "lt1", ["coding", "reviewing"]),
    ("lt1", "1to2", ["writing"]),
    ("1to2", "0", ["coding", "research", "writing"]),
    ("cost", "gt4", []),
    ("gt4", "lt1", ["analysis"]),
)
TOOL, DAYS = "claude-code", 3

Row = dict[str, Any]

_TABLES = Base.metadata.tables
_CHECK_IN = [column.name for column in _TABLES["check_in"].columns]
_DAY = [column.name for column in _TABLES["usage_day"].columns]


def teams_of(number: int) -> int:
    """How many teams so many people stand in, departments not counted."""
    return -(-number // TEAM)


def begin_season(engine: Engine) -> None:
    """Open the season, with its first release."""
    made = release_due(session_factory(engine), cut_off(FIRST), hr=())
    assert made is not None and made.week == FIRST
    look_after(engine)


def take_back(engine: Engine) -> None:
    """As before the release of `RELEASED`."""
    with engine.begin() as connection:
        for name in ("release_cell", "release"):
            table = _TABLES[name]
            connection.execute(table.delete().where(table.c.week == RELEASED))
    look_after(engine)


def fill(engine: Engine, number: int, weeks: int, *, usage: bool = False) -> None:
    """Fill an empty database with so many people who opted in, and their check-ins of so many weeks up to `RELEASED`.

    `usage`: also what one tool reports of each of them for that week.
    """
    sessions = session_factory(engine)
    with sessions.begin() as session:
        people.ensure_workspace(session, "T1", "Bench")
    ensure_published(sessions, Path(Settings.model_fields["policy"].default), PUBLISHED)
    with engine.begin() as connection:
        policy = connection.execute(text("SELECT hash FROM policy_version")).scalar_one()
    _put(engine, "usage_import", [_import()])
    _put(engine, "team", _teams(number))
    _put(engine, "person", (_person(n) for n in range(number)))
    _put(engine, "consent", (_consent(n, policy) for n in range(number)))
    _put(engine, "consent_tool", ({"person_id": person_id(n), "tool": TOOL, "since": FIRST} for n in range(number)))
    _pour(engine, "check_in", _CHECK_IN, (row for n in range(number) for row in _check_ins(n, weeks)))
    if usage:
        _pour(engine, "usage_day", _DAY, (row for n in range(number) for row in _days(n)))
    look_after(engine)


def look_after(engine: Engine) -> None:
    """What PostgreSQL does by itself within a minute: forget dead rows, and count those that live."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _put(engine: Engine, table: str, rows: Iterator[Row] | Sequence[Row]) -> None:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        with engine.begin() as connection:
            connection.execute(insert(_TABLES[table]), chunk)


def _pour(engine: Engine, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    """By the driver's own means: there are many."""
    names, marks = ", ".join(columns), ", ".join("?" for _ in columns)
    with engine.begin() as connection:
        cursor: Any = connection.connection.cursor()
        if engine.dialect.name == "sqlite":
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
            return
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _teams(number: int) -> Iterator[Row]:
    """Departments first, each with its teams right after it."""
    above = 0
    for team in range(teams_of(number)):
        if team % DEPARTMENT == 0:
            above, path = _id_of(team) - 1, f"D{team // DEPARTMENT:04d}"
            yield {"id": above, "parent_id": None, "name": path, "path": path}
        name = f"T{team:05d}"
        yield {"id": _id_of(team), "parent_id": above, "name": name, "path": f"{path} / {name}"}


def _id_of(team: int) -> int:
    return team + team // DEPARTMENT + 2


def _person(number: int) -> Row:
    return {"id": person_id(number), "tz": "UTC", "team_id": _id_of(number // TEAM), "is_manager": False}


def _consent(number: int, policy: str) -> Row:
    return {
        "person_id": person_id(number), "receipt_id": str(number), "policy_hash": policy, "granted_at": PUBLISHED,
    }  # fmt: skip


def _check_ins(number: int, weeks: int) -> Iterator[tuple[Any, ...]]:
    """One week in eight is left out, by each at another time: their newest report is a week old then."""
    for back in reversed(range(weeks)):
        if (number + back) % 8:
            saved, rework, helped = ANSWERS[(number * 7 + back) % len(ANSWERS)]
            week = RELEASED - back * WEEK
            row = {
                "person_id": person_id(number), "week": week.isoformat(), "saved": saved, "rework": rework,
                "helped": str(helped).replace("'", '"'), "note": None, "reported_at": _at(week),
            }  # fmt: skip
            yield tuple(row[name] for name in _CHECK_IN)


def _at(week: date) -> str:
    # As SQLAlchemy writes a moment for SQLite; PostgreSQL reads it too.
    return datetime.combine(week + timedelta(days=8), time(12)).isoformat(" ", "microseconds")


def _import() -> Row:
    return {
        "id": 1, "source": TOOL, "tool": TOOL, "granularity": "day", "schema_version": "1", "fetched_at": START,
        "data_from": RELEASED, "data_through": RELEASED + timedelta(days=6),
    }  # fmt: skip


def _days(number: int) -> Iterator[tuple[Any, ...]]:
    row = dict(TOOLS[TOOL].example) | {"person_id": person_id(number), "tool": TOOL, "import_id": 1}
    for day in range(DAYS):
        row["day"] = (RELEASED + timedelta(days=day)).isoformat()
        yield tuple(row.get(name) for name in _DAY)
