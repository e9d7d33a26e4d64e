"""Moves the staged rows of one import into their table, on both databases: rows of one key add up.

What a file says of a person, tool and day stands in place of all that its source said of them before. The hot path of
an import: plain SQL, no object a row.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Date, and_, delete, exists, func, select, text
from sqlalchemy.exc import DataError
from sqlmodel import Session

from storage.tables import Base
from storage.usage_staging import KEY, DatabaseRefused

# SQLite's own 2 MB make a sort of a million rows read and write them several times.
_CACHE_KIB = 32 * 1024
# Deleting first costs PostgreSQL a third less than INSERT … ON CONFLICT, which looks for every key twice.
_REPLACED = (
    "DELETE FROM usage_day USING usage_staged AS new WHERE (usage_day.person_id, usage_day.tool, usage_day.surface, "
    "usage_day.day) = (new.person_id, new.tool, new.surface, new.day)"
)
_DAY = Base.metadata.tables["usage_day"]
_IMPORT = Base.metadata.tables["usage_import"]
_AMOUNTS = {column.name for column in _DAY.columns} - {*KEY, "import_id"}


@dataclass(frozen=True)
class Import:
    """Where the rows go: import ids by tool, what each row holds after its key, and every surface there is."""

    ids: Mapping[str, int]
    columns: tuple[str, ...]
    granularity: str
    surfaces: tuple[str, ...]

    def __post_init__(self) -> None:
        # All of them become part of SQL.
        plain = all(re.fullmatch("[a-z-]+", name) for name in (*self.ids, *self.surfaces))
        if not plain or not set(self.columns) <= _AMOUNTS:
            raise ValueError("an import names a column, a tool or a surface that cannot be")

    def id_by(self, tool: str) -> str:
        """SQL for the import id that goes with the tool that the SQL `tool` stands for."""
        cases = " ".join(f"WHEN '{name}' THEN {int(import_id)}" for name, import_id in self.ids.items())
        return f"CASE {tool} {cases} END"


def write(session: Session, into: Import) -> None:
    """Write the staged rows in the caller's transaction, which holds one import at a time (`usage.hold`).

    Raises `DatabaseRefused` for amounts that together are too large for PostgreSQL.
    """
    if not into.ids:
        return
    connection = session.connection()
    try:
        if connection.dialect.name == "sqlite":
            with _large_cache(connection):
                connection.execute(text(f"INSERT OR REPLACE {_merge(into, 'max')}"))
        else:
            connection.execute(text(_REPLACED))
            connection.execute(text(f"INSERT {_merge(into, 'bool_or')}"))
    except DataError as error:
        raise DatabaseRefused(f"PostgreSQL error {getattr(error.orig, 'sqlstate', '')}") from None
    _forget_other_surfaces(connection, into)
    _keep_one_granularity(connection, into)


@contextmanager
def _large_cache(connection: Connection) -> Iterator[None]:
    before = connection.execute(text("PRAGMA cache_size")).scalar_one()
    connection.execute(text(f"PRAGMA cache_size = -{_CACHE_KIB}"))
    try:
        yield
    finally:
        connection.execute(text(f"PRAGMA cache_size = {int(before)}"))


def _merge(into: Import, used_once: str) -> str:
    """`used_once` is the database's own function for: true when any of them is."""
    special = {"active": f"{used_once}(active)", "credit_unit": "max(credit_unit)", "credits": "sum(credits)"}
    totals = (special.get(name, f"CAST(sum({name}) AS BIGINT)") for name in into.columns)
    names = ", ".join((*KEY, "import_id", *into.columns))
    key = ", ".join(KEY)
    values = ", ".join((key, into.id_by("tool"), *totals))
    # In the order of the key: each page of the table is then written once.
    return (
        f"INTO usage_day ({names}) SELECT {values} "  # noqa: S608 (names that `Import` has checked)
        f"FROM usage_staged GROUP BY {key} ORDER BY {key}"
    )


def _forget_other_surfaces(connection: Connection, into: Import) -> None:
    """Of the days that the file tells of, rows that the same source brought before and now no longer names."""
    older = _older(connection, into)
    if not older:
        return
    surfaces = ", ".join(f"('{surface}')" for surface in into.surfaces)
    ids = ", ".join(map(str, older))
    key = ", ".join(KEY)
    old_key = ", ".join(f"old.{name}" for name in KEY)
    # CROSS JOIN is an order to SQLite: from the new rows to the old ones by their key, not through the whole table.
    stale = (
        f"SELECT {old_key} FROM usage_staged AS new CROSS JOIN (VALUES {surfaces}) AS other "  # noqa: S608
        "CROSS JOIN usage_day AS old WHERE (old.person_id, old.tool, old.surface, old.day) "
        f"= (new.person_id, new.tool, other.column1, new.day) AND old.import_id IN ({ids})"
    )
    connection.execute(text(f"DELETE FROM usage_day WHERE ({key}) IN ({stale})"))  # noqa: S608


def _older(connection: Connection, into: Import) -> list[int]:
    """Earlier imports of the same source and tools, by the day or by the week as this one, with days in common."""
    new, old = _IMPORT.alias("new"), _IMPORT.alias("old")
    alike = and_(*(old.c[name] == new.c[name] for name in ("source", "tool", "granularity")))
    meet = and_(old.c.data_from <= new.c.data_through, old.c.data_through >= new.c.data_from)
    ours = list(into.ids.values())
    statement = select(old.c.id).join_from(new, old, and_(alike, meet))
    return list(connection.scalars(statement.where(new.c.id.in_(ours), old.c.id.not_in(ours))))


def _keep_one_granularity(connection: Connection, into: Import) -> None:
    """Of one week there are days or a weekly total, never both: they would be counted twice. The newer file stays."""
    other = "day" if into.granularity == "week" else "week"
    is_older = and_(_IMPORT.c.granularity == other, _IMPORT.c.tool.in_(list(into.ids)))
    if connection.execute(select(_IMPORT.c.id).where(is_older).limit(1)).first() is None:
        return
    ours = _DAY.alias("ours")
    week, day = (ours.c.day, _DAY.c.day) if into.granularity == "week" else (_DAY.c.day, ours.c.day)
    sunday: Any = func.date(week, "+6 days", type_=Date) if connection.dialect.name == "sqlite" else week + 6
    overlaps = and_(
        ours.c.import_id.in_(into.ids.values()),
        *(ours.c[name] == _DAY.c[name] for name in KEY[:3]),
        day.between(week, sunday),
    )
    older = select(_IMPORT.c.id).where(is_older)
    connection.execute(delete(_DAY).where(_DAY.c.import_id.in_(older), exists().where(overlaps)))
