"""Whoever manages a team and counts in it is not shown the weeks that hold what they reported, also once they left."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, delete

from bot.teams.belonging.leaving import leave_summaries
from bot.teams.words import NOT_SHOWN
from bot.weeks import WEEK
from storage import releases, seasons
from storage.database import SessionFactory, reading
from storage.tables import CheckIn, SummaryViewer
from tests.candor import Candor, running
from tests.teams.viewing.stage import BOSS, MOBILE, OTHER_BOSS, PAYMENTS, home_of, release_of, shown_home, staged
from tests.teams.world import change, first_week, report, withdraw

NEW = PAYMENTS[0]


def promoted(candor: Candor) -> None:
    """Somebody who counts in Payments manages it from its second week on; that one is released."""
    week = staged(candor)
    candor.opt_in(NEW)
    change(candor.sessions, NEW, is_manager=True)
    change(candor.sessions, BOSS, is_manager=False)
    release_of(candor, week + WEEK)
    home_of(candor, NEW)
    candor.sandbox.user(NEW).press("summary.home")
    shown = shown_home(candor, NEW)
    assert NOT_SHOWN in shown and "1.5 h" not in shown


def leave(candor: Candor, way: str) -> None:
    """Out of the summaries, out of everything, or with no check-in left when a week is released."""
    if way == "summaries":
        home_of(candor, NEW)
        candor.sandbox.user(NEW).press("belonging.leave")
    elif way == "everything":
        candor.sandbox.user(NEW).say("stop")
        candor.sandbox.user(NEW).press("held.erase_now")
    else:
        with candor.sessions.begin() as session:
            session.exec(delete(CheckIn).where(col(CheckIn.person_id) == NEW))


@pytest.mark.parametrize("way", ["summaries", "everything"])
def test_whoever_leaves_is_shown_no_week_that_holds_what_they_reported(candor: Candor, way: str) -> None:
    promoted(candor)
    home_of(candor, NEW)
    before = candor.sandbox.workspace.home(NEW)
    leave(candor, way)
    candor.sandbox.user(NEW).press("summary.home", view=before)
    assert "1.5 h" not in shown_home(candor, NEW) and "not yours to open" in str(candor.top_modal(NEW))
    assert "no summary for you to open now" in home_of(candor, NEW)


@pytest.mark.parametrize("way", ["summaries", "everything", "no check-ins"])
def test_from_the_next_release_on_it_is_theirs_again_without_the_weeks_before(candor: Candor, way: str) -> None:
    promoted(candor)
    leave(candor, way)
    third = first_week(candor.sessions) + 2 * WEEK
    release_of(candor, third, [*PAYMENTS[1:], *MOBILE])
    with reading(candor.sessions) as session:
        assert releases.viewing(session, NEW) == SummaryViewer(
            viewer=NEW, season=1, team=payments(session), since=third
        )
        assert seasons.place_of(session, NEW, 1) is None
    home_of(candor, NEW)
    candor.sandbox.user(NEW).press("summary.home")
    shown = shown_home(candor, NEW)
    assert NOT_SHOWN in shown and "1.5 h" not in shown and "5–11 Oct" not in shown


@pytest.mark.parametrize(("who", "team"), [(OTHER_BOSS, "Engineering / Mobile"), (NEW, "Engineering / Mobile")])
def test_whoever_counts_in_no_team_that_they_manage_keeps_what_is_theirs(candor: Candor, who: str, team: str) -> None:
    week = staged(candor)
    change(candor.sessions, who, team=team, is_manager=True)
    release_of(candor, week + WEEK)
    withdraw(candor.sessions, who, candor.clock())
    assert "summary.home" in home_of(candor, who)


def test_a_manager_who_leaves_while_a_week_is_released_waits_for_it(sessions: SessionFactory) -> None:
    """Else the release, which has read their check-in, would make them a viewer of the week that it is in."""
    with running(sessions) as candor:
        week = staged(candor)
        change(candor.sessions, NEW, is_manager=True)
        report(candor.sessions, week + WEEK, [*PAYMENTS, *MOBILE])
        with ThreadPoolExecutor(1) as thread:
            with candor.sessions.begin() as session:
                releases.hold(session)
                viewer = SummaryViewer(viewer=NEW, season=1, team=payments(session), since=week + WEEK)
                session.add(viewer)
                session.flush()
                leaving = thread.submit(leave_summaries, candor.sessions, NEW)
                with pytest.raises(TimeoutError):
                    leaving.result(timeout=0.5)
            leaving.result(timeout=10)
        with reading(candor.sessions) as session:
            assert releases.viewing(session, NEW) is None and seasons.place_of(session, NEW, 1) is None


def payments(session: Session) -> int:
    paths: dict[str, int] = {team.path: team.number for team in seasons.teams(session, 1)}
    return paths["Engineering / Payments"]
