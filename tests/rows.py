"""Usage days put straight into the database, for tests that are not about importing."""

from datetime import date, timedelta
from typing import Any

from storage.database import SessionFactory
from storage.tables import UsageDay, UsageImport
from tests.candor import START


def add_usage(
    database: SessionFactory,
    person_id: str,
    tool: str,
    *days: date,
    surface: str = "cli",
    through: date | None = None,
    granularity: str = "day",
    **counts: Any,
) -> None:
    """One row a day with these counts, from one import whose data reaches `through` (default: the last of the days)."""
    with database.begin() as session:
        brought = UsageImport(
            source="csv",
            tool=tool,
            granularity=granularity,
            schema_version="1",
            fetched_at=START,
            data_from=min(days, default=None),
            data_through=through or max(days, default=None),
        )
        session.add(brought)
        session.flush()
        assert brought.id is not None
        session.add_all(
            UsageDay(person_id=person_id, tool=tool, surface=surface, day=day, import_id=brought.id, **counts)
            for day in days
        )


def whole_week(monday: date) -> list[date]:
    return [monday + timedelta(days=n) for n in range(7)]
