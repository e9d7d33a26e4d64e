"""Writes the rows of one import, on both databases: rows of one key add up, and stand in place of earlier ones.

The hot path of an import: plain SQL on the driver's own cursor, no object a row.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any

import psycopg
from sqlalchemy import Date, and_, delete, exists, func, select
from sqlmodel import Session

from storage import usage
from storage.tables import Base

Value = str | int | bool | None
UsageRow = tuple[Value, ...]

# Sorted by key, so many rows touch each page of the table once; SQLite's default cache holds 2 MB of them.
_SORTED = 50_000
_CACHE_KIB = 32 * 1024
_KEY = ("person_id", "tool", "surface", "day")
# With the migrations' lock, the only numbers of ours.
_LOCK = 0x43616E65
# Deleting first costs a third less than INSERT … ON CONFLICT, which looks for every key twice.
_REPLACED = (
    "DELETE FROM usage_day USING usage_staged AS new WHERE (usage_day.person_id, usage_day.tool, usage_day.surface, "
    "usage_day.day) = (new.person_id, new.tool, new.surface, new.day)"
)
_DAY = Base.metadata.tables["usage_day"]
_IMPORT = Base.metadata.tables["usage_import"]
_AMOUNTS = {column.name for column in _DAY.columns} - {*_KEY, "import_id"}


class DatabaseRefused(Exception):
    """PostgreSQL refused rows. Its own words would repeat their values; the message is its error code."""


@dataclass(frozen=True)
class Import:
    """Where the rows go: import ids by tool, what each row holds after its key, and who was let through the door."""

    ids: Mapping[str, int]
    columns: tuple[str, ...]
    granularity: str
    admitted: frozenset[tuple[str, str]]

    def __post_init__(self) -> None:
        # Both become part of SQL.
        if not set(self.columns) <= _AMOUNTS or not all(re.fullmatch("[a-z-]+", tool) for tool in self.ids):
            raise ValueError("an import names a column or a tool that cannot be")

    def id_by(self, tool: str) -> str:
        """SQL for the import id that goes with the tool that the SQL `tool` stands for."""
        cases = " ".join(f"WHEN '{name}' THEN {int(import_id)}" for name, import_id in self.ids.items())
        return f"CASE {tool} {cases} END"


def write(session: Session, into: Import, rows: Iterator[UsageRow]) -> None:
    """Write rows of (person id, tool, surface, day, *columns) in the caller's transaction.

    Rows of people who withdrew their consent since they were let through the door are not written.
    """
    if session.get_bind().dialect.name == "sqlite":
        _write_sqlite(session, into, rows)
    else:
        _write_postgresql(session, into, rows)
    _keep_one_granularity(session, into)


def _withdrawn(session: Session, into: Import) -> set[tuple[str, str]]:
    usage.hold(session, {person_id for person_id, _ in into.admitted})
    return set(into.admitted) - usage.consented(session, list(into.ids)).keys()


def _write_sqlite(session: Session, into: Import, rows: Iterator[UsageRow]) -> None:
    gone = _withdrawn(session, into)
    if gone:
        rows = (row for row in rows if (row[0], row[1]) not in gone)
    cursor = session.connection().connection.cursor()
    statement = _upsert(into)
    with _large_cache(cursor):
        while chunk := sorted(islice(rows, _SORTED), key=itemgetter(0, 1, 2, 3)):
            cursor.executemany(statement, chunk)
            chunk.clear()
    cursor.close()


def _upsert(into: Import) -> str:
    names = ", ".join((*_KEY, "import_id", *into.columns))
    places = [f"?{n}" for n in range(1, len(_KEY) + len(into.columns) + 1)]
    values = ", ".join((*places[:4], into.id_by("?2"), *places[4:]))
    same = "usage_day.import_id = excluded.import_id"
    changes = [f"{name} = CASE WHEN {same} THEN {_sum(name)} ELSE excluded.{name} END" for name in sorted(_AMOUNTS)]
    return (
        f"INSERT INTO usage_day ({names}) VALUES ({values}) "  # noqa: S608 (names that `Import` has checked)
        f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {', '.join(changes)}, import_id = excluded.import_id"
    )


def _sum(name: str) -> str:
    """Two rows of one import: None and a count is the count; "used" and "not used" is "used"."""
    both = {"active": "usage_day.active | excluded.active", "credit_unit": "NULL"}
    sum_of_both = both.get(name, f"usage_day.{name} + excluded.{name}")
    return f"coalesce({sum_of_both}, usage_day.{name}, excluded.{name})"


@contextmanager
def _large_cache(cursor: Any) -> Iterator[None]:
    before = cursor.execute("PRAGMA cache_size").fetchone()[0]
    cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA cache_size = {int(before)}")


def _write_postgresql(session: Session, into: Import, rows: Iterator[UsageRow]) -> None:
    cursor = session.connection().connection.driver_connection.cursor()  # type: ignore[union-attr]
    names = ", ".join((*_KEY, *into.columns))
    try:
        cursor.execute(_staged(names))
        with cursor.copy(f"COPY usage_staged ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.executemany(
            "DELETE FROM usage_staged WHERE person_id = %s AND tool = %s", sorted(_withdrawn(session, into))
        )
        cursor.execute("ANALYZE usage_staged")
        # One import at a time from here on: two that bring the same key would else collide.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        cursor.execute(_REPLACED)
        cursor.execute(_merge(into))
        cursor.execute("DROP TABLE usage_staged")
    except psycopg.DataError as error:
        raise DatabaseRefused(f"PostgreSQL error {error.sqlstate}") from None
    finally:
        cursor.close()


def _staged(names: str) -> str:
    rows = f"SELECT {names} FROM usage_day WITH NO DATA"  # noqa: S608 (names that `Import` has checked)
    return f"CREATE TEMPORARY TABLE usage_staged ON COMMIT DROP AS {rows}"


def _merge(into: Import) -> str:
    names = ", ".join((*_KEY, "import_id", *into.columns))
    key = ", ".join(_KEY)
    values = ", ".join((key, into.id_by("tool"), *map(_total, into.columns)))
    return (
        f"INSERT INTO usage_day ({names}) SELECT {values} "  # noqa: S608 (names that `Import` has checked)
        f"FROM usage_staged GROUP BY {key}"
    )


def _total(name: str) -> str:
    special = {"active": "bool_or(active)", "credit_unit": "max(credit_unit)", "credits": "sum(credits)"}
    return special.get(name, f"sum({name})::bigint")


def _keep_one_granularity(session: Session, into: Import) -> None:
    """Of one week there are days or a weekly total, never both: they would be counted twice. The newer file stays."""
    connection = session.connection()
    other = "day" if into.granularity == "week" else "week"
    is_older = and_(_IMPORT.c.granularity == other, _IMPORT.c.tool.in_(list(into.ids)))
    if connection.execute(select(_IMPORT.c.id).where(is_older).limit(1)).first() is None:
        return
    ours = _DAY.alias("ours")
    week, day = (ours.c.day, _DAY.c.day) if into.granularity == "week" else (_DAY.c.day, ours.c.day)
    sunday = func.date(week, "+6 days", type_=Date) if connection.dialect.name == "sqlite" else week + 6
    overlaps = and_(
        ours.c.import_id.in_(into.ids.values()),
        *(ours.c[name] == _DAY.c[name] for name in _KEY[:3]),
        day.between(week, sunday),
    )
    older = select(_IMPORT.c.id).where(is_older)
    connection.execute(delete(_DAY).where(_DAY.c.import_id.in_(older), exists().where(overlaps)))
