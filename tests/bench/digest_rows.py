"""A company in its eighth week: the rows that the digest bench reads."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert

from bot.usage.catalogue import IDENTIFIERS, TOOLS
from bot.weeks import WEEK
from storage.tables import Base
from tests.candor import START

LAST = date(2026, 11, 9)
WEEKS = 8
CHUNK = 1_000
ZONES = ("Europe/Madrid", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "UTC")
ANSWERS: Sequence[tuple[str, str, list[str]]] = (
    ("2to4", "lt1", ["coding", "reviewing"]),
    ("lt1", "1to2", ["writing"]),
    ("cost", "gt4", []),
)

Row = dict[str, Any]

_TABLES = Base.metadata.tables
_KEYS = list(TOOLS)
_DAY_COLUMNS = [column.name for column in _TABLES["usage_day"].columns]


def person_id(number: int) -> str:
    return f"U1{number:07d}"


def fill(engine: Engine, people: int, days: int) -> None:
    """Fill an empty database with opted-in people and their last 8 weeks, `days` usage days a week and tool of each."""
    with engine.begin() as connection:
        _put(connection, "policy_version", [_policy()])
        _put(connection, "usage_import", [_import(number, tool) for number, tool in enumerate(TOOLS, 1)])
    for start in range(0, people, CHUNK):
        numbers = range(start, min(start + CHUNK, people))
        with engine.begin() as connection:
            for table, rows in _rows(numbers).items():
                _put(connection, table, rows)
            _put_days(connection, [row for number in numbers for row in _days(number, days)])


def _put(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    connection.execute(insert(_TABLES[table]), rows)


def _put_days(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """By the driver's own means: there are many."""
    names, cursor = ", ".join(_DAY_COLUMNS), connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        cursor.executemany(f"INSERT INTO usage_day ({names}) VALUES ({', '.join('?' for _ in _DAY_COLUMNS)})", rows)
        return
    with cursor.copy(f"COPY usage_day ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _policy() -> Row:
    return {
        "hash": "bench", "number": 1, "title": "", "contact": "", "effective": LAST, "text": "", "terms": {},
        "published_at": START,
    }  # fmt: skip


def _import(number: int, tool: str) -> Row:
    granularity = "week" if tool == "chatgpt" else "day"
    return {
        "id": number, "source": "csv", "tool": tool, "granularity": granularity, "schema_version": "1",
        "fetched_at": START, "data_from": LAST - (WEEKS - 1) * WEEK, "data_through": LAST + timedelta(days=6),
    }  # fmt: skip


def _tools(number: int) -> list[str]:
    """One to three tools; every order of them occurs."""
    return sorted(_KEYS[(number + step) % len(_KEYS)] for step in range(1 + number % 3))


def _rows(numbers: range) -> dict[str, list[Row]]:
    """The rows of these people in every table but `usage_day`, in an order that keeps foreign keys whole."""
    return {
        "person": [{"id": person_id(n), "tz": ZONES[n % 5], "is_manager": n % 10 == 0} for n in numbers],
        "consent": [_consent(n) for n in numbers],
        "consent_tool": [
            {"person_id": person_id(n), "tool": tool, "since": LAST - WEEKS * WEEK}
            for n in numbers
            for tool in _tools(n)
        ],
        "identity": [row for n in numbers for row in _identities(n)],
        "preference": [{"person_id": person_id(n), "weekday": n % 5, "hour": 9, "paused": False} for n in numbers],
        "check_in": [row for n in numbers for row in _check_ins(n)],
    }


def _consent(number: int) -> Row:
    return {
        "person_id": person_id(number), "receipt_id": str(number), "policy_hash": "bench", "granted_at": START,
        "figures_in_dm": number % 10 != 3,
    }  # fmt: skip


def _identities(number: int) -> Iterator[Row]:
    """An email address, and for most of those with Copilot a login."""
    kinds = {IDENTIFIERS[tool] for tool in _tools(number)} | {"email"}
    for kind in sorted(kinds if number % 6 else {"email"}):
        name = f"person{number}"
        yield {"person_id": person_id(number), "kind": kind, "value": name, "verified_by": "identity provider"}


def _check_ins(number: int) -> Iterator[Row]:
    """Most weeks of most people; every fourth has not reported the last one."""
    for back in range(1 if number % 4 == 0 else 0, WEEKS, 1 + number % 2):
        saved, rework, helped = ANSWERS[(number + back) % len(ANSWERS)]
        note = "A first draft & <some> tests" if number % 3 == 0 else None
        yield {
            "person_id": person_id(number), "week": LAST - back * WEEK, "saved": saved, "rework": rework,
            "helped": helped, "note": note, "reported_at": START,
        }  # fmt: skip


def _days(number: int, days: int) -> Iterator[tuple[Any, ...]]:
    """What the tools report of one person, in the order of the key."""
    for tool in _tools(number):
        key = {"person_id": person_id(number), "tool": tool, "import_id": 1 + _KEYS.index(tool)}
        row = dict(TOOLS[tool].example) | key
        for back in reversed(range(WEEKS)):
            for day in range(1 if tool == "chatgpt" else days):
                row["day"] = (LAST - back * WEEK + timedelta(days=day)).isoformat()
                yield tuple(row.get(name) for name in _DAY_COLUMNS)
