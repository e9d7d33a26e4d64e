"""The weekly release, on both databases."""

from bot.weeks import WEEK
from storage import releases
from storage.database import reading
from tests.candor import Candor
from tests.teams.world import first_week, release, report, staff

PAYMENTS = [f"U1{number}" for number in range(6)]
MOBILE = [f"U2{number}" for number in range(3)]


def test_a_team_with_enough_reports_is_shown_and_a_small_one_is_not(candor: Candor) -> None:
    staff(candor.sessions, {"Engineering / Payments": PAYMENTS, "Engineering / Mobile": MOBILE})
    week = first_week(candor.sessions)
    report(candor.sessions, week - WEEK, PAYMENTS + MOBILE)
    report(candor.sessions, week, PAYMENTS + MOBILE)
    made = release(candor.sessions, week)
    assert made is not None and made.shown == 1
    with reading(candor.sessions) as session:
        (cell,) = releases.cells_in(session, week)
    assert (cell.saved, cell.rework, cell.helped, cell.categories, cell.half_reported) == (3, 0, 4, [], True)


def test_a_release_is_made_once(candor: Candor) -> None:
    staff(candor.sessions, {"Payments": PAYMENTS})
    week = first_week(candor.sessions)
    report(candor.sessions, week - WEEK, PAYMENTS)
    report(candor.sessions, week, PAYMENTS)
    assert release(candor.sessions, week) is not None
    assert release(candor.sessions, week) is None
