"""A company whose digests of this Monday are all due: the rows that the planning bench reads, and puts back."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Engine, insert, text, update

from bot.weeks import week_slot
from storage.tables import Base
from tests.bench.digest_rows import CHUNK, ZONES, person_id
from tests.candor import START

MONDAY = date(2026, 11, 23)
# Monday evening in New York, the last of the zones.
NOW = datetime.fromisoformat("2026-11-24T00:00:00+00:00")
WORKSPACE = "T1"
HOURS = (9, 9, 9, 9, 9, 9, 9, 8, 10, 14)

Row = dict[str, Any]

_TABLES = Base.metadata.tables


def fill(engine: Engine, people: int) -> None:
    """Fill an empty database with people in five zones who opted in; most of them want their digest at 9:00."""
    with engine.begin() as connection:
        _put(connection, "workspace", [{"id": WORKSPACE, "name": "Bench", "scrub_owed": 0}])
        _put(connection, "policy_version", [_policy()])
    for start in range(0, people, CHUNK):
        numbers = range(start, min(start + CHUNK, people))
        with engine.begin() as connection:
            _put(connection, "person", [{"id": person_id(n), "tz": _tz(n), "is_manager": False} for n in numbers])
            _put(connection, "consent", [_consent(n) for n in numbers])
            _put(connection, "preference", [_preference(n) for n in numbers])
    _analyse(engine)


def _put(connection: Connection, table: str, rows: list[Row]) -> None:
    connection.execute(insert(_TABLES[table]), rows)


def _tz(number: int) -> str:
    return ZONES[number % len(ZONES)]


def _policy() -> Row:
    return {
        "hash": "bench", "number": 1, "title": "", "contact": "", "effective": MONDAY, "text": "", "terms": {},
        "published_at": START,
    }  # fmt: skip


def _consent(number: int) -> Row:
    return {
        "person_id": person_id(number), "receipt_id": str(number), "policy_hash": "bench", "granted_at": START,
        "figures_in_dm": True,
    }  # fmt: skip


def _preference(number: int) -> Row:
    hour = HOURS[number % len(HOURS)]
    due = week_slot(MONDAY, 0, time(hour), _tz(number))
    return {"person_id": person_id(number), "weekday": 0, "hour": hour, "paused": False, "next_due": due}


def put_back(engine: Engine, people: int) -> None:
    """As before planning: no deliveries, and everybody due."""
    with engine.begin() as connection:
        connection.execute(_TABLES["delivery"].delete())
        preference = _TABLES["preference"]
        for rest in range(len(ZONES) * len(HOURS)):
            numbers = range(rest, people, len(ZONES) * len(HOURS))
            for start in range(0, len(numbers), CHUNK):
                ids = [person_id(n) for n in numbers[start : start + CHUNK]]
                due = _preference(rest)["next_due"]
                connection.execute(update(preference).where(preference.c.person_id.in_(ids)).values(next_due=due))
    _analyse(engine)


def _analyse(engine: Engine) -> None:
    """What PostgreSQL does by itself within a minute: forget dead rows, and count those that live."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))
