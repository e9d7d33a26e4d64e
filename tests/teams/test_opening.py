"""A season: who counts in it, in which team, and what was opened is on record."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlmodel import select

from bot.ledger.chain import SEASON
from bot.teams.calendar import cut_off
from bot.weeks import WEEK
from storage import ledger, people, seasons
from storage.database import SessionFactory, reading
from storage.tables import CheckIn, Consent, Season
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.teams.world import counting, first_week, put, release, report, staff

PAYMENTS = [f"U1{number}" for number in range(6)]


def opened(company: SessionFactory, hr: tuple[str, ...] = ()) -> dict[str, str]:
    """Open the first season; who counts in it, and where."""
    assert release(company, first_week(company), hr) is not None
    return counting(company)


def teams(company: SessionFactory, season: int = 1) -> dict[str, Row[Any]]:
    with reading(company) as session:
        return {team.path: team for team in seasons.teams(session, season)}


def test_whoever_opted_in_and_reported_in_the_four_weeks_before_counts(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = first_week(company)
    for person, weeks_before in zip(PAYMENTS, (1, 4, 5, 0, -1), strict=False):
        report(company, week - weeks_before * WEEK, [person])
    assert opened(company) == {"U10": "Payments", "U11": "Payments"}


def test_managers_hr_leavers_and_people_without_a_team_or_with_their_own_no_count_nowhere(
    company: SessionFactory,
) -> None:
    staff(company, {"Payments": PAYMENTS}, managers=["U11"])
    report(company, first_week(company) - WEEK, PAYMENTS)
    put(company, "U12", None)
    with company.begin() as session:
        people.deactivate(session, ["U13"], None)
        session.exec(select(Consent).where(Consent.person_id == "U14")).one().in_summaries = False
    assert opened(company, hr=("U15", "U0HR")) == {"U10": "Payments"}


def test_who_has_not_agreed_to_everybody_who_may_see_now_counts_from_the_season_after_they_do(
    company: SessionFactory,
) -> None:
    week = first_week(company)
    begun = cut_off(week) - timedelta(days=30)
    publish_next(company, begun, **AS_SHIPPED, who_sees={"team_summaries": ["managers"]})
    staff(company, {"Payments": PAYMENTS[:3]})
    publish_next(company, begun + timedelta(hours=1), body="# Who sees\n\nMore.\n", effective=str(week))
    staff(company, {"Payments": PAYMENTS[3:]})
    report(company, week - WEEK, PAYMENTS)
    assert set(opened(company)) == set(PAYMENTS[3:])


def test_whose_own_terms_would_let_them_drop_out_in_mid_season_counts_once_they_agree_to_longer_ones(
    company: SessionFactory,
) -> None:
    """Who agreed to a version that kept check-ins for less is still bound by it."""
    week = first_week(company)
    begun = cut_off(week) - timedelta(days=30)
    publish_next(company, begun, **AS_SHIPPED, retention_weeks={"check_ins": 17})
    staff(company, {"Payments": PAYMENTS[:2]})
    publish_next(
        company, begun + timedelta(minutes=1), title="Leavers", effective=str(week), retention_weeks={"leavers": 14}
    )
    staff(company, {"Payments": PAYMENTS[2:4]})
    publish_next(company, begun + timedelta(hours=1), title="Longer", effective=str(week))
    staff(company, {"Payments": PAYMENTS[4:]})
    report(company, week - WEEK, PAYMENTS)
    assert set(opened(company)) == set(PAYMENTS[4:])


def test_a_team_has_the_largest_smallest_group_that_anybody_in_it_agreed_to(company: SessionFactory) -> None:
    week = first_week(company)
    begun = cut_off(week) - timedelta(days=30)
    staff(company, {"Engineering / Payments": PAYMENTS[:3]})
    publish_next(company, begun, **AS_SHIPPED, smallest_group=7)
    staff(company, {"Engineering / Payments": PAYMENTS[3:]})
    publish_next(company, begun + timedelta(hours=1), body="# Groups\n\nSmaller.\n", effective=str(week))
    staff(company, {"Sales": ["U22"]})
    report(company, week - WEEK, [*PAYMENTS, "U22"])
    opened(company)
    assert {path: team.smallest_group for path, team in teams(company).items()} == {
        "": 7, "Engineering": 7, "Engineering / Payments": 7, "Sales": 5,
    }  # fmt: skip


def test_teams_are_numbered_from_above_by_name_as_the_program_sorts_them(company: SessionFactory) -> None:
    paths = ["Ärzte", "Zoo", "a b", "ab", "a / b", "Äpfel / Zoo", "A-B", "A B", "A / C", "A"]
    staff(company, dict.fromkeys(paths, ()))
    opened(company)
    found = list(teams(company).values())
    assert [team.number for team in found] == list(range(len(found)))
    assert [team.path for team in found] == [
        "", "A", "A / C", "A B", "A-B", "Zoo", "a", "a / b", "a b", "ab", "Äpfel", "Äpfel / Zoo", "Ärzte",
    ]  # fmt: skip
    above = {team.path: found[team.parent].path for team in found if team.parent is not None}
    assert above == {path: path.rpartition(" / ")[0] for path in above}


def test_the_season_is_opened_once_and_the_ledger_says_so(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = first_week(company)
    for number in range(2):
        assert release(company, week + number * WEEK) is not None
    with reading(company) as session:
        (entry,) = [each for each in ledger.entries(session) if each.what == SEASON]
        (season,) = session.exec(select(Season)).all()
    assert (entry.who, entry.what, entry.about, entry.season, entry.teams) == ("rhythm", SEASON, "season 1", 1, [])
    assert (season.first_week, season.opened_at) == (week, cut_off(week))
    assert season.viewers == ["managers", "leaders", "hr"]


def test_joining_in_mid_season_waits_for_the_next_one(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = first_week(company)
    report(company, week - WEEK, PAYMENTS)
    opened(company)
    staff(company, {"Payments": ["U19"], "Mobile": ["U29"]})
    next_season = week + 12 * WEEK
    for person_week in (week, next_season - WEEK):
        report(company, person_week, [*PAYMENTS, "U19", "U29"])
    release(company, week + WEEK)
    assert (set(counting(company)), "Mobile" in teams(company)) == (set(PAYMENTS), False)
    release(company, next_season)
    assert counting(company, 2) == dict.fromkeys([*PAYMENTS, "U19"], "Payments") | {"U29": "Mobile"}
    assert set(counting(company)) == set(PAYMENTS)


def test_a_bot_that_was_down_when_the_season_began_opens_it_late_with_those_who_reported_before_it(
    company: SessionFactory,
) -> None:
    staff(company, {"Payments": [*PAYMENTS, "U19"]})
    week = first_week(company)
    report(company, week - WEEK, PAYMENTS)
    report(company, week + WEEK, ["U19"])
    made = release(company, week + 3 * WEEK)
    assert made is not None and made.week == week + 3 * WEEK
    assert set(counting(company)) == set(PAYMENTS)


def test_check_ins_stay_who_reported_them(company: SessionFactory) -> None:
    """Opening and releasing read; they change nothing of anybody's own."""
    staff(company, {"Payments": PAYMENTS})
    report(company, first_week(company) - WEEK, PAYMENTS)
    with reading(company) as session:
        before = [each.model_dump() for each in session.exec(select(CheckIn)).all()]
    opened(company)
    with reading(company) as session:
        assert [each.model_dump() for each in session.exec(select(CheckIn)).all()] == before
