"""Organisations that nobody planned for, and a directory of 100,000 people with three bad rows."""

import io

from bot.people.directory import import_directory
from bot.people.directory_file import Refusal
from bot.teams.calendar import cut_off
from bot.weeks import WEEK
from storage import directory, people
from storage.database import SessionFactory, reading
from storage.people import RosterRow
from storage.tables import Team
from tests.teams.world import (
    cells,
    counting,
    everything,
    first_week,
    published,
    put,
    regular,
    release,
    report,
    staff,
    withdraw,
)

PAYMENTS = [f"U1{number}" for number in range(6)]
SALES = [f"U2{number}" for number in range(6)]


def test_in_a_hierarchy_of_one_level_teams_and_company_are_shown(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS, "Sales": SALES})
    week = regular(company, PAYMENTS + SALES, first_week(company))
    release(company, week)
    assert set(cells(company, week)) == {"", "Payments", "Sales"}


def test_without_any_team_a_season_opens_with_the_company_alone_and_shows_nothing(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    with company.begin() as session:
        for person in PAYMENTS:
            people.get(session, person).team_id = None  # type: ignore[union-attr]
        session.flush()
        for team in directory.team_ids(session).values():
            session.delete(session.get_one(Team, team))
    week = regular(company, PAYMENTS, first_week(company))
    made = release(company, week)
    assert made is not None and (made.shown, made.teams) == (0, 1)
    assert counting(company) == {}


def test_a_manager_of_nobody_and_one_without_a_team_change_nothing(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS, "Empty": []})
    put(company, "U1BOSS", "Empty", manager=True)
    put(company, "U2BOSS", None, manager=True)
    week = regular(company, PAYMENTS, first_week(company))
    made = release(company, week)
    assert made is not None and (made.shown, made.teams) == (2, 3)
    assert set(cells(company, week)) == {"", "Payments"}
    assert [row[0] for row in everything(company, ["summary_viewer"])["summary_viewer"]] == ["U1BOSS"]


def test_a_team_in_which_nobody_opted_in_has_a_row_and_is_never_shown(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS, "Legal": []})
    for person in SALES:
        put(company, person, "Legal")
    week = regular(company, PAYMENTS, first_week(company))
    release(company, week)
    assert set(cells(company, week)) == {"", "Payments"}


def test_a_cohort_that_shrinks_below_the_gate_is_not_shown_again_and_takes_what_is_above_it_along(
    company: SessionFactory,
) -> None:
    staff(company, {"Engineering / Payments": PAYMENTS, "Engineering / Sales": SALES})
    week = first_week(company)
    regular(company, PAYMENTS + SALES, week + 3 * WEEK)
    release(company, week)
    assert set(cells(company, week)) == {"", "Engineering", "Engineering / Payments", "Engineering / Sales"}
    for person in PAYMENTS[:3]:
        withdraw(company, person, cut_off(week))
    for later in (week + WEEK, week + 2 * WEEK):
        release(company, later)
        assert set(cells(company, later)) == {"Engineering / Sales"}


def test_weeks_in_which_nobody_reports_are_released_with_nothing_in_them(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = regular(company, PAYMENTS, first_week(company))
    shown = []
    for number in range(4):
        made = release(company, week + number * WEEK)
        assert made is not None
        shown.append(made.shown)
    assert shown == [2, 0, 0, 0]
    report(company, week + 4 * WEEK, PAYMENTS)
    release(company, week + 4 * WEEK)
    assert set(cells(company, week + 4 * WEEK)) == {"", "Payments"}


def test_a_company_in_which_nobody_takes_part_is_released_with_nothing_in_it(company: SessionFactory) -> None:
    made = release(company, first_week(company))
    assert made is not None and (made.shown, made.teams) == (0, 1)
    assert published(company)["release_cell"] == []


PEOPLE = 100_000


def directory_of(people_: int, bad: dict[int, str]) -> io.BytesIO:
    """A file with so many lines, of which those with these numbers are others."""
    lines = (f"U{number:06d},Division {number % 50} / Team {number % 5000},no" for number in range(people_))
    rows = (bad.get(line, text) for line, text in enumerate(lines, start=2))
    return io.BytesIO("\n".join(["slack_id,team,manager", *rows]).encode())


def test_a_directory_of_100_000_people_with_three_bad_rows_changes_nothing_and_says_which(
    company: SessionFactory,
) -> None:
    with company.begin() as session:
        people.upsert_roster(session, [RosterRow(f"U{number:06d}", "UTC") for number in range(PEOPLE)])
    week = first_week(company)
    bad = {9: "U000007,Division 7 / Team 7,maybe", 50_000: "U049998,=Division,no", 99_999: "U000001,Elsewhere,no"}
    refused = import_directory(company, directory_of(PEOPLE, bad), {}, now=cut_off(week), apply=True)
    assert refused.refusals == (
        Refusal(9, "manager", "is neither yes nor no"),
        Refusal(50_000, "team", "begins like a formula (=, +, - or @)"),
        Refusal(99_999, "team", "is not what line 3 says of the same person"),
    )
    assert not refused.applied and _teams(company) == 0
    done = import_directory(company, directory_of(PEOPLE, {}), {}, now=cut_off(week), apply=True)
    assert (done.people, done.applied, _teams(company)) == (PEOPLE, True, 5050)
    made = release(company, week)
    assert made is not None and (made.shown, made.teams) == (0, 5051)


def _teams(company: SessionFactory) -> int:
    with reading(company) as session:
        return len(directory.team_ids(session))
