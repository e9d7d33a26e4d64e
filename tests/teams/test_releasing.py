"""The weekly release, on both databases."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bot.teams.calendar import cut_off
from bot.weeks import WEEK
from storage import people, releases
from storage.database import SessionFactory, reading
from storage.tables import CheckIn
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.teams.world import (
    cells,
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
MOBILE = [f"U2{number}" for number in range(3)]
DAY = timedelta(days=1)


def test_a_team_with_enough_reports_is_shown_and_a_small_one_is_not(company: SessionFactory) -> None:
    staff(company, {"Engineering / Payments": PAYMENTS, "Engineering / Mobile": MOBILE})
    week = regular(company, PAYMENTS + MOBILE, first_week(company))
    made = release(company, week)
    assert made is not None and (made.shown, made.teams) == (1, 4)
    ((path, cell),) = cells(company, week).items()
    assert path == "Engineering / Payments"
    assert (cell.saved, cell.rework, cell.helped, cell.categories, cell.half_reported) == (3, 0, 4, [], True)


def test_a_release_is_made_once(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = regular(company, PAYMENTS, first_week(company))
    assert release(company, week) is not None
    before = published(company)
    assert release(company, week) is None
    assert published(company) == before


def test_who_is_absent_or_has_left_the_company_counts_with_their_newest_check_in(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = first_week(company)
    report(company, week - 2 * WEEK, PAYMENTS, saved="0")
    report(company, week - WEEK, PAYMENTS[:2], saved="gt4")
    report(company, week, PAYMENTS[2:], saved="lt1")
    release(company, week)
    with company.begin() as session:
        people.deactivate(session, [PAYMENTS[0]], cut_off(week))
    report(company, week + WEEK, PAYMENTS[2:], saved="lt1")
    release(company, week + WEEK)
    carried = [cells(company, each)["Payments"].saved for each in (week, week + WEEK)]
    # Two of six with five hours, four with half an hour: two hours each, in half hours.
    assert carried == [4, 4]


def _correct(company: SessionFactory) -> None:
    report(company, first_week(company), PAYMENTS, saved="gt4", rework="gt4")


def _withdraw(company: SessionFactory) -> None:
    for person in PAYMENTS:
        withdraw(company, person, cut_off(first_week(company)))


def _move(company: SessionFactory) -> None:
    for person in PAYMENTS:
        put(company, person, "Engineering")


def _lose_all(company: SessionFactory) -> None:
    with company.begin() as session:
        for person in PAYMENTS:
            session.delete(session.get_one(CheckIn, (person, first_week(company))))


def _next(company: SessionFactory) -> None:
    report(company, first_week(company) + WEEK, PAYMENTS, saved="gt4")
    assert release(company, first_week(company) + WEEK) is not None


@pytest.mark.parametrize("act", [_correct, _withdraw, _move, _lose_all, _next], ids=lambda act: act.__name__[1:])
def test_nothing_that_happens_later_changes_a_stored_release(
    company: SessionFactory, act: Callable[[SessionFactory], None]
) -> None:
    staff(company, {"Engineering / Payments": PAYMENTS})
    week = regular(company, PAYMENTS, first_week(company))
    release(company, week)
    with reading(company) as session:
        before = _of(session, week)
    act(company)
    with reading(company) as session:
        assert _of(session, week) == before


def _of(session: Session, week: date) -> list[dict[str, object]]:
    rows = [releases.get(session, week), *releases.cells_in(session, week)]
    return [row.model_dump() for row in rows if row is not None]


def test_a_stricter_smallest_group_holds_at_once_and_a_looser_one_never_in_the_season(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = regular(company, PAYMENTS, first_week(company) + 8 * WEEK)
    release(company, week)
    assert set(cells(company, week)) == {"", "Payments"}
    publish_next(company, cut_off(week) + DAY, **AS_SHIPPED, smallest_group=7)
    release(company, week + WEEK)
    assert cells(company, week + WEEK) == {}
    soon = cut_off(week + WEEK) + DAY
    publish_next(company, soon, body="# Groups\n\nSmaller.\n", effective=str(soon.date() + 15 * DAY), smallest_group=4)
    release(company, week + 8 * WEEK)
    assert cells(company, week + 8 * WEEK) == {}


def test_fewer_who_may_see_hold_at_once(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = regular(company, PAYMENTS, first_week(company) + 2 * WEEK)
    release(company, week)
    publish_next(company, cut_off(week) + DAY, **AS_SHIPPED, who_sees={"team_summaries": []})
    assert release(company, week + WEEK) is None
