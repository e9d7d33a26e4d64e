"""The sample company's releases are made by the product itself, week after week, and show what it shows."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.demo.company import WEEKS
from bot.demo.seasons import release_past
from bot.sandbox.company import COMPANY
from bot.teams.calendar import cut_off
from bot.teams.hours import CAP
from bot.weeks import WEEK, monday
from storage import ledger, releases, seasons
from storage.database import reading
from tests.candor import PUBLISHED, Candor
from tests.teams.world import cells, counting, report, staff

BEGAN = monday(PUBLISHED.date())
NOW = datetime.combine(BEGAN + WEEKS * WEEK, time(0), UTC)


@pytest.fixture
def town(candor: Candor) -> Candor:
    """Those of the sample company who opted in, with their check-ins, where the policy began twelve weeks ago."""
    teams: dict[str, list[str]] = {}
    inside = {choice.person_id for choice in COMPANY.optins()}
    for person in COMPANY.employees:
        if person.id in inside:
            teams.setdefault(person.team, []).append(person.id)
    staff(candor.sessions, teams, managers=[person.id for person in COMPANY.employees if person.is_manager])
    for each in COMPANY.check_ins(BEGAN + (WEEKS - 1) * WEEK, WEEKS):
        report(candor.sessions, each.week, [each.person_id], each.saved, each.rework, each.helped)
    candor.clock.now = NOW
    return candor


def _weeks(town: Candor) -> list[date]:
    with reading(town.sessions) as session:
        return [release.week for release in releases.of_season(session, 1)]


def test_every_week_that_was_due_is_released_in_order_and_once(town: Candor) -> None:
    made = release_past(town.services, BEGAN)
    assert [release.week for release in made] == _weeks(town) == [BEGAN + (4 + number) * WEEK for number in range(6)]
    assert release_past(town.services, BEGAN) == []
    assert cut_off(made[-1].week) <= NOW < cut_off(made[-1].week + WEEK)


def test_the_ledger_tells_of_the_season_at_the_time_of_its_first_release(town: Candor) -> None:
    release_past(town.services, BEGAN)
    with reading(town.sessions) as session:
        told = {entry.what: entry for entry in ledger.entries(session)}
    assert told["season"].at == cut_off(BEGAN + 4 * WEEK)


def test_nobody_who_manages_a_team_or_is_hr_counts(town: Candor) -> None:
    release_past(town.services, BEGAN)
    counted = counting(town.sessions)
    assert len(counted) > 20
    assert counted.keys().isdisjoint(person.id for person in COMPANY.employees if person.is_manager or person.is_hr)


def test_the_newest_week_shows_single_teams_departments_and_the_whole_company(town: Candor) -> None:
    made = release_past(town.services, BEGAN)
    shown = cells(town.sessions, made[-1].week)
    with reading(town.sessions) as session:
        company = seasons.team(session, 1, seasons.COMPANY)
    assert company is not None and company.size > 20
    assert {"", "Engineering", "Customers", "Customers / Support"} <= shown.keys()
    # What a team saves is neither nothing nor beyond what is published: there is something to talk about.
    assert all(0 < cell.saved < CAP for path, cell in shown.items() if " / " not in path)


def test_the_next_release_is_due_while_the_demo_runs(town: Candor) -> None:
    made = release_past(town.services, BEGAN)
    town.clock.now = NOW + timedelta(hours=12)
    assert release_past(town.services, BEGAN)[0].week == made[-1].week + WEEK
