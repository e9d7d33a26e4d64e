"""People who count and use a tool, for the tests of organisation health."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.weeks import WEEK
from storage.database import SessionFactory
from storage.tables import ConsentTool, UsageDay, UsageImport
from tests.candor import PUBLISHED, Candor
from tests.teams.world import first_week, release, report, staff

PEOPLE = [f"U{number:03d}" for number in range(20)]
TOOL = "claude-code"


def company(candor: Candor, people: Sequence[str] = PEOPLE, tools: Sequence[str] = (TOOL,)) -> date:
    """Opted-in people of one team, who have reported the week before the first season; returns its first week."""
    staff(candor.sessions, {"Engineering": people})
    with candor.sessions.begin() as session:
        session.add_all(
            ConsentTool(person_id=person, tool=tool, since=PUBLISHED.date()) for person in people for tool in tools
        )
    week = first_week(candor.sessions)
    report(candor.sessions, week - WEEK, people)
    return week


def use(
    sessions: SessionFactory,
    people: Sequence[str],
    days: Sequence[date],
    *,
    tool: str = TOOL,
    surface: str = "cli",
    granularity: str = "day",
    counts: Mapping[str, Any] | None = None,
) -> None:
    """One row for each of these people and days, by default of one session each."""
    with sessions.begin() as session:
        brought = UsageImport(
            source="csv", tool=tool, granularity=granularity, schema_version="1", fetched_at=PUBLISHED
        )
        session.add(brought)
        session.flush()
        found = {"sessions": 1} if counts is None else counts
        session.add_all(
            UsageDay(person_id=person, tool=tool, surface=surface, day=day, import_id=brought.id or 0, **found)
            for person in people
            for day in days
        )


def days_of(week: date, number: int) -> list[date]:
    return [week + timedelta(days=each) for each in range(number)]


def live(candor: Candor, week: date, days: int, saved: str = "1to2", people: Sequence[str] = PEOPLE) -> None:
    """A week in which these people used the tool on so many days and saved so much, and its release."""
    report(candor.sessions, week, people, saved)
    use(candor.sessions, people, days_of(week, days))
    assert release(candor.sessions, week) is not None
