"""When a week is released, when none is, and what is said of it."""

from datetime import datetime, timedelta

import pytest

from bot.teams.calendar import Span, cut_off, newest_over, season_of
from bot.teams.due import Due, NotDue, look
from bot.weeks import WEEK
from storage.database import SessionFactory, reading
from tests.candor import PUBLISHED
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.teams.world import first_week, release

SECOND = timedelta(seconds=1)


def asked(company: SessionFactory, now: datetime) -> Due | NotDue:
    with reading(company) as session:
        return look(session, now)


def test_the_first_release_comes_when_nobody_can_correct_the_first_seasons_first_week(company: SessionFactory) -> None:
    begins = cut_off(first_week(company))
    assert begins.isoformat() == "2026-10-12T12:00:00+00:00"
    early = asked(company, begins - SECOND)
    assert early == NotDue("The first season's first week cannot be released yet.", begins)
    due = asked(company, begins)
    assert isinstance(due, Due) and due.week == first_week(company) and due.span.number == 1


def test_before_any_policy_is_in_force_nothing_is_due(sessions: SessionFactory) -> None:
    assert asked(sessions, PUBLISHED) == NotDue("No policy is in force yet.", None)


def test_after_a_release_the_next_one_comes_a_week_later(company: SessionFactory) -> None:
    week = first_week(company)
    release(company, week)
    for later in (timedelta(0), WEEK - SECOND):
        found = asked(company, cut_off(week) + later)
        assert found == NotDue("The week that began on Mon 28 Sep 2026 is released already.", cut_off(week + WEEK))
    assert isinstance(asked(company, cut_off(week) + WEEK), Due)


def test_a_week_that_was_missed_stays_without_a_release(company: SessionFactory) -> None:
    week = first_week(company)
    made = release(company, week + 2 * WEEK)
    assert made is not None and made.week == week + 2 * WEEK
    assert release(company, week) is None and release(company, week + WEEK) is None


def test_a_policy_that_lets_nobody_see_summaries_releases_nothing(company: SessionFactory) -> None:
    publish_next(company, PUBLISHED, **AS_SHIPPED, who_sees={"team_summaries": []})
    found = asked(company, cut_off(first_week(company)))
    assert found == NotDue("The policy in force lets nobody see team summaries.", None)
    assert release(company, first_week(company)) is None


def test_where_other_people_may_see_summaries_than_a_season_allows_nothing_is_released_until_the_next(
    company: SessionFactory,
) -> None:
    week = first_week(company)
    publish_next(company, PUBLISHED, **AS_SHIPPED, who_sees={"team_summaries": ["managers"]})
    release(company, week)
    publish_next(
        company, cut_off(week), body="# Who sees\n\nHR.\n", effective=str(week + 6 * WEEK),
        who_sees={"team_summaries": ["hr"]},
    )  # fmt: skip
    found = asked(company, cut_off(week + 6 * WEEK))
    assert isinstance(found, NotDue) and found.next_at == cut_off(week + 12 * WEEK)
    assert release(company, week + 11 * WEEK) is None
    assert release(company, week + 12 * WEEK) is not None


@pytest.mark.parametrize(("weeks", "number"), [(-1, None), (0, 1), (11, 1), (12, 2), (24, 3), (519, 44)])
def test_seasons_follow_each_other_every_twelve_weeks(weeks: int, number: int | None) -> None:
    first = Span(1, PUBLISHED.date() - timedelta(days=1) + 4 * WEEK)
    found = season_of(first.first_week + weeks * WEEK, PUBLISHED.date())
    assert (found.number if found else None) == number
    if found:
        assert found.first_week <= first.first_week + weeks * WEEK <= found.last_week
        assert (found.last_day - found.first_week).days == 83
        assert season_of(found.last_week + WEEK, PUBLISHED.date()) == found.next


def test_a_season_is_over_when_the_next_ones_first_release_is_out() -> None:
    span = Span(1, PUBLISHED.date() - timedelta(days=1))
    out = cut_off(span.next.first_week).date()
    assert newest_over(out) >= span.first_week > newest_over(out - timedelta(days=1))
