"""How long an import takes beside the least that could do it, in the same run, on disk, equally durable.

The floor on SQLite is `csv.reader` and one `executemany` of the kept rows into the same table by raw sqlite3; on
PostgreSQL it is `csv.reader` and one COPY of them into the same table. Every function works in a folder it is given.
"""

import csv
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, ParamSpec

import psycopg
from sqlalchemy import text

from bot.usage.importing import import_usage
from storage.database import open_engine, scrub, session_factory, upgrade
from storage.tables import Consent, ConsentTool, Identity, Person, PolicyVersion

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOOL = "claude-code"
PEOPLE = 10_000
COLUMNS = (
    "sessions",
    "tokens_in_uncached",
    "tokens_cache_read",
    "tokens_cache_write",
    "tokens_out",
    "suggestions_accepted",
    "suggestions_rejected",
)
_LARGEST = (12, 200_000, 4_000_000, 300_000, 90_000, 120, 40)
_INSERTED = ("person_id", "tool", "surface", "day", *COLUMNS, "import_id")

People = Mapping[str, str]
P = ParamSpec("P")


@dataclass(frozen=True)
class Measure:
    """Medians in seconds."""

    ours: float
    floor: float

    @property
    def ratio(self) -> float:
        return self.ours / self.floor


def write_file(path: Path, rows: int) -> None:
    """A file of `rows` rows as an export gives them: day by day, of each day everybody."""
    people, chance = _people(rows), random.Random(20261120)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(("email", "tool", "surface", "day", *COLUMNS)) + "\n")
        for n in range(rows):
            day = (date(2026, 8, 1) + timedelta(days=n // people)).isoformat()
            counts = (str(chance.randrange(most)) if chance.random() < 0.95 else "" for most in _LARGEST)
            file.write(f"person{n % people}@haldenlabs.example,{TOOL},cli,{day},{','.join(counts)}\n")


def consenting(rows: int, percent: int) -> dict[str, str]:
    """email → person id of those who consented, spread evenly over the file."""
    people = (n for n in range(_people(rows)) if n % 100 < percent)
    return {f"person{n}@haldenlabs.example": f"U{n:08d}" for n in people}


def _people(rows: int) -> int:
    return min(PEOPLE, max(1, rows // 10))


def sqlite(folder: Path, rows: int, percent: int, rounds: int = 3) -> Measure:
    """The import against raw sqlite3, in turns, each time into a fresh copy of the same database."""
    people, source = consenting(rows, percent), folder / "usage.csv"
    write_file(source, rows)
    empty = folder / "empty.db"
    empty.unlink(missing_ok=True)
    prepare(f"sqlite:///{empty}", people)

    floors, ours = [], []
    for _ in range(rounds):
        raw = _fresh(empty)
        floors.append(_timed(import_floor_sqlite, raw, source, people))
        with_door = _fresh(empty)
        ours.append(_timed(import_sqlite, with_door, source, people))
    return Measure(median(ours), median(floors))


def postgresql(url: str, folder: Path, rows: int, percent: int, rounds: int = 3) -> Measure:
    """The import against COPY, in turns. `url` is a database that this may fill and empty."""
    people, source = consenting(rows, percent), folder / "usage.csv"
    write_file(source, rows)
    prepare(url, people)
    floors, ours = [], []
    for _ in range(rounds):
        _empty(url)
        floors.append(_timed(_postgresql_floor, url, source, people))
        _empty(url)
        ours.append(_timed(_import, url, source))
    _empty(url)
    return Measure(median(ours), median(floors))


def sqlite_utils_insert(folder: Path, rows: int) -> float:
    """Seconds that `sqlite-utils insert --csv` takes for the whole file; it has no door and no checks."""
    source, target = folder / "usage.csv", folder / "utils.db"
    write_file(source, rows)
    target.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sqlite_utils", "insert", str(target), "usage", str(source), "--csv", "--silent"]
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def _fresh(empty: Path) -> Path:
    run = empty.with_name("run.db")
    for old in run.parent.glob("run.db*"):
        old.unlink()
    shutil.copy(empty, run)
    return run


def _timed(work: Callable[P, object], *given: P.args, **named: P.kwargs) -> float:
    started = time.perf_counter()
    work(*given, **named)
    return time.perf_counter() - started


def prepare(url: str, people: People) -> None:
    """A database at the newest schema in which these people consented and nothing was imported yet."""
    engine = open_engine(url)
    upgrade(engine)
    with session_factory(engine).begin() as session:
        if engine.dialect.name == "postgresql":
            session.execute(text("TRUNCATE person, policy_version, usage_import CASCADE"))
        policy = PolicyVersion(
            hash="bench",
            number=1,
            title="",
            contact="",
            effective=NOW.date(),
            text="",
            terms={"tools": [TOOL], "retention_weeks": 52},
            published_at=NOW,
            in_force_from=NOW,
        )
        session.add(policy)
        session.add_all(Person(id=person, tz="UTC") for person in people.values())
        session.flush()
        for email, person in people.items():
            session.add(Consent(person_id=person, receipt_id=person, policy_hash="bench", granted_at=NOW))
            session.add(ConsentTool(person_id=person, tool=TOOL, since=date(2020, 1, 1)))
            session.add(Identity(person_id=person, kind="email", value=email, verified_by="Slack profile"))
    scrub(engine)
    engine.dispose()


def _empty(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE usage_day, usage_import")
        connection.execute("CHECKPOINT")


def _import(url: str, source: Path) -> None:
    engine = open_engine(url)
    with source.open("rb") as stream:
        summary = import_usage(session_factory(engine), stream, "csv", now=NOW)
    engine.dispose()
    if summary.outcome != "kept" or summary.rejected_total or not summary.kept:
        raise RuntimeError(f"the import of the bench went wrong: {summary.outcome}")


def import_sqlite(target: Path, source: Path, _people: People) -> None:
    """The same by the import itself, which finds out on its own who consented."""
    _import(f"sqlite:///{target}", source)


def _kept(source: Path, people: People) -> Iterator[list[Any]]:
    with source.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for row in reader:
            if row[0] in people:
                yield [people[row[0]], *row[1:], 1]


def import_floor_sqlite(target: Path, source: Path, people: People) -> None:
    """The kept rows by raw sqlite3, into a prepared database."""
    places = ",".join("?" * len(_INSERTED))
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("BEGIN")
        connection.execute(
            "INSERT INTO usage_import (id, source, tool, granularity, schema_version, fetched_at) "
            "VALUES (1, 'csv', 'claude-code', 'day', '1', '2026-11-20 12:00:00')"
        )
        connection.executemany(
            f"INSERT INTO usage_day ({', '.join(_INSERTED)}) VALUES ({places})", _kept(source, people)
        )
        connection.execute("COMMIT")


def _postgresql_floor(url: str, source: Path, people: People) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO usage_import (id, source, tool, granularity, schema_version, fetched_at) "
            "VALUES (1, 'csv', 'claude-code', 'day', '1', now())"
        )
        rows = (",".join(map(str, row)) for row in _kept(source, people))
        with cursor.copy(f"COPY usage_day ({', '.join(_INSERTED)}) FROM STDIN WITH (FORMAT csv)") as copy:
            while lines := list(islice(rows, 1000)):
                copy.write("\n".join(lines) + "\n")
