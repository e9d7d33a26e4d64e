"""The tick makes the release when it is due, and the command makes the same one."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from bot.people.hr import Hr
from bot.sandbox.faults import Fault
from bot.schedule import tick
from bot.teams.calendar import cut_off
from bot.teams.jobs import release as run
from bot.weeks import WEEK
from storage import releases
from storage.database import SessionFactory, reading
from tests.candor import HR, Candor, running
from tests.database import statements
from tests.teams.world import cells, counting, first_week, published, regular, report, staff

PAYMENTS = [f"U1{number}" for number in range(6)]
SECOND = timedelta(seconds=1)


@pytest.fixture
def teams(candor: Candor) -> Candor:
    staffed(candor)
    return candor


def staffed(candor: Candor) -> None:
    staff(candor.sessions, {"Engineering / Payments": PAYMENTS, "Engineering": ["U01", HR]}, managers=["U01"])
    week = first_week(candor.sessions)
    regular(candor.sessions, [*PAYMENTS, "U01", HR], week + WEEK)


def weeks(candor: Candor) -> list[str]:
    with reading(candor.sessions) as session:
        return [release.week.isoformat() for release in releases.every(session)]


def test_the_tick_releases_a_week_at_its_cut_off_and_not_a_second_before(teams: Candor) -> None:
    week = first_week(teams.sessions)
    teams.tick_at(cut_off(week) - timedelta(minutes=2))
    assert weeks(teams) == []
    teams.tick_at(cut_off(week))
    assert weeks(teams) == ["2026-09-28"]
    assert set(cells(teams.sessions, week)) == {"", "Engineering", "Engineering / Payments"}
    teams.tick_at(cut_off(week) + timedelta(minutes=1))
    assert weeks(teams) == ["2026-09-28"]
    teams.tick_at(cut_off(week) + WEEK)
    assert weeks(teams) == ["2026-09-28", "2026-10-05"]


def test_nobody_of_hr_and_no_manager_counts(teams: Candor) -> None:
    teams.tick_at(cut_off(first_week(teams.sessions)))
    assert set(counting(teams.sessions)) == set(PAYMENTS)


def test_while_slack_does_not_say_who_is_hr_nothing_is_released_and_the_next_tick_tries_again(
    sessions: SessionFactory,
) -> None:
    with running(sessions, hr=frozenset({"S0HR"})) as candor:
        candor.sandbox.workspace.add_usergroup(id="S0HR", handle="hr", users=[HR])
        staffed(candor)
        moment = cut_off(first_week(candor.sessions))
        candor.sandbox.faults.add(Fault(method="usergroups.users.list", kind="error_500_before"))
        candor.tick_at(moment)
        assert (weeks(candor), counting(candor.sessions)) == ([], {})
        candor.sandbox.faults.clear()
        candor.tick_at(moment + timedelta(minutes=1))
        assert len(weeks(candor)) == 1
        assert HR not in counting(candor.sessions)


def test_while_nothing_is_due_the_job_reads_one_row_and_does_not_ask_slack(teams: Candor) -> None:
    week = first_week(teams.sessions)
    teams.tick_at(cut_off(week))
    # Not there to be asked.
    nobody = Hr(["S0HR"], teams.client, teams.clock)
    with statements(teams.sessions) as said:
        assert run(teams.sessions, nobody, cut_off(week) + WEEK - SECOND) is None
    (asked,) = [statement for statement, _ in said if not statement.startswith("BEGIN")]
    assert "FROM release" in asked


def test_a_tick_that_fails_in_the_release_goes_on_with_the_rest_and_makes_it_the_next_time(teams: Candor) -> None:
    week = first_week(teams.sessions)
    engine: Engine = teams.sessions.kw["bind"]

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO release_cell"):
            raise OSError("the disk is full")

    event.listen(engine, "before_cursor_execute", fail)
    teams.clock.now = cut_off(week)
    done = tick(teams.services, teams.client, teams.outbox, teams.clock())
    event.remove(engine, "before_cursor_execute", fail)
    assert set(done.troubles) == {"release teams"}
    assert (weeks(teams), counting(teams.sessions)) == ([], {})
    teams.clock.pass_by(minutes=1)
    teams.tick()
    assert weeks(teams) == ["2026-09-28"]


def test_what_is_stored_is_the_same_on_a_second_run_over_the_same_data(teams: Candor) -> None:
    week = first_week(teams.sessions)
    teams.tick_at(cut_off(week))
    before = published(teams.sessions)
    report(teams.sessions, week, PAYMENTS, saved="gt4")
    for minutes in range(1, 4):
        teams.tick_at(cut_off(week) + timedelta(minutes=minutes))
    assert published(teams.sessions) == before
