"""What is added up of a team: by the database, team by team, and the same however people come together."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkin.bands import HELPED, REWORK, SAVED
from bot.teams.counting import Counted, Reported, by_team
from bot.weeks import WEEK
from storage import seasons
from storage.database import SessionFactory, reading
from storage.seasons import Answers, Codes
from tests.teams.world import first_week, release, report, staff

CODES = Codes(tuple(SAVED), tuple(REWORK), tuple(HELPED))
PAYMENTS = [f"U1{number}" for number in range(4)]
MOBILE = [f"U2{number}" for number in range(5)]

hours = st.lists(st.integers(0, 20), min_size=1, max_size=12)


def _one(saved: int) -> Reported:
    return Reported(1, 1, 1, {saved: 1}, {0: 1}, {"coding": 1})


def _together(saved: Sequence[int]) -> Reported:
    people = len(saved)
    return Reported(1, people, people, {each: saved.count(each) for each in saved}, {0: people}, {"coding": people})


@given(hours, hours)
def test_a_team_adds_up_to_the_same_however_its_people_come_together(some: list[int], others: list[int]) -> None:
    one_by_one = by_team(map(_one, some + others))
    assert one_by_one == by_team([_together(some + others)]) == by_team([_together(some), _together(others)])
    saved = one_by_one[1].saved
    assert [saved.largest, saved.second] == sorted(some + others, reverse=True)[:2]
    assert (saved.total, one_by_one[1].helped) == (sum(some + others), sum(each > 0 for each in some + others))


def test_an_answer_that_has_no_number_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="none of those that are counted"):
        Counted().take(Reported(1, 2, 2, {3: 1}, {0: 2}, {}))


def _read(company: SessionFactory, week: date) -> dict[int, Answers]:
    with reading(company) as session:
        return {answers.team: answers for answers in seasons.newest_reports(session, 1, week, CODES)}


def test_the_database_counts_everybodys_newest_check_in_up_to_the_week(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS, "Mobile": MOBILE})
    week = first_week(company)
    report(company, week - WEEK, PAYMENTS + MOBILE, "2to4", "lt1", ["coding", "other"])
    report(company, week, PAYMENTS[:3], "cost", "gt4", [])
    report(company, week + WEEK, PAYMENTS + MOBILE, "0", "0", ["writing"])
    release(company, week)
    mobile, payments = (_read(company, week)[team] for team in (1, 2))
    assert (payments.people, payments.fresh, mobile.people, mobile.fresh) == (4, 3, 5, 0)
    assert _given(payments) == ({"cost": 3, "2to4": 1}, {"gt4": 3, "lt1": 1}, {"coding": 1, "other": 1})
    assert _given(mobile) == ({"2to4": 5}, {"lt1": 5}, {"coding": 5, "other": 5})


def _given(answers: Answers) -> tuple[dict[str, int], ...]:
    every = (answers.saved, answers.rework, answers.helped)
    return tuple({code: people for code, people in each.items() if people} for each in every)


def test_whoever_has_no_check_in_up_to_the_week_is_not_among_those_read(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = first_week(company)
    report(company, week - WEEK, PAYMENTS)
    release(company, week)
    assert _read(company, week - 2 * WEEK) == {}
