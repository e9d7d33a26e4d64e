"""Who is simulated: where they are, and when they want their digest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Engine, insert

from bot.policy.versions import ensure_published
from bot.settings import Settings
from bot.weeks import WEEK, next_slot, week_slot
from storage import people, policies
from storage.database import session_factory
from storage.tables import Base
from tests.candor import START

MONDAY = date(2026, 11, 23)
CHUNK = 5_000
WORKSPACE = "T0SANDBOX1"

# Percent of a company that is at home everywhere.
WORLD = {
    "America/New_York": 21, "America/Los_Angeles": 13, "Asia/Kolkata": 13, "Europe/London": 10, "Europe/Berlin": 9,
    "America/Chicago": 8, "Europe/Madrid": 5, "Europe/Warsaw": 4, "America/Sao_Paulo": 4, "America/Denver": 3,
    "Asia/Singapore": 3, "Asia/Tokyo": 3, "Australia/Sydney": 2, "Asia/Kathmandu": 1, "Pacific/Auckland": 1,
}  # fmt: skip
# Of one that is nearly all in one place: no rate brings so many in three hours.
ONE_PLACE = {"Europe/Berlin": 90, "America/New_York": 10}
# One of ten has chosen another day or hour.
OTHER_TIMES = ((0, 8), (1, 9), (0, 14), (4, 15), (3, 10))


@dataclass(frozen=True)
class Someone:
    """One person: `weekday` 0 is Monday, `hour` is local."""

    id: str
    tz: str
    weekday: int
    hour: int

    @property
    def slot(self) -> datetime:
        """When this person's digest of the simulated week is due, in UTC."""
        return week_slot(MONDAY, self.weekday, time(self.hour), self.tz)


def crowd(number: int, shares: dict[str, int]) -> list[Someone]:
    """So many people, spread over the zones by these shares in percent."""
    zones = [tz for tz, share in shares.items() for _ in range(share)]
    return [_someone(n, zones[n * 37 % len(zones)]) for n in range(number)]


def _someone(number: int, tz: str) -> Someone:
    weekday, hour = (0, 9) if number // 100 % 10 else OTHER_TIMES[number % len(OTHER_TIMES)]
    return Someone(f"U1{number:07d}", tz, weekday, hour)


def fill(engine: Engine, everybody: Sequence[Someone], settings: Settings) -> None:
    """An empty database, filled: all have opted in, and reported the week that the digest tells of."""
    sessions = session_factory(engine)
    with sessions.begin() as session:
        people.ensure_workspace(session, WORKSPACE, "Halden Labs")
    ensure_published(sessions, settings.policy, START)
    with sessions.begin() as session:
        policy = policies.newest(session)
    assert policy is not None
    for chunk in (everybody[start : start + CHUNK] for start in range(0, len(everybody), CHUNK)):
        with engine.begin() as connection:
            for table, rows in _rows(chunk, policy.hash):
                _put(connection, table, rows)


def _put(connection: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    connection.execute(insert(Base.metadata.tables[table]), rows)


def _rows(chunk: Sequence[Someone], policy: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield "person", [{"id": each.id, "tz": each.tz, "is_manager": False} for each in chunk]
    granted = {"policy_hash": policy, "granted_at": START - WEEK, "figures_in_dm": True}
    yield "consent", [{"person_id": each.id, "receipt_id": each.id, **granted} for each in chunk]
    yield "preference", [_preference(each) for each in chunk]
    said = {"week": MONDAY - WEEK, "saved": "2to4", "rework": "lt1", "helped": ["coding"], "reported_at": START}
    yield "check_in", [{"person_id": each.id, **said} for each in chunk]


def _preference(someone: Someone) -> dict[str, Any]:
    first = next_slot(START, someone.weekday, time(someone.hour), someone.tz)
    # Whoever's hour of this week is still to come has been told to begin with the next one.
    due = max(first, someone.slot)
    wish = {"weekday": someone.weekday, "hour": someone.hour, "paused": False}
    return {"person_id": someone.id, **wish, "next_due": due}
