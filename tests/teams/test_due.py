"""When a week is released, when none is, and what is said of it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.teams.calendar import CHECK_INS_KEPT, LEAVERS_KEPT, Span, cut_off, due_week, newest_over, season_of
from bot.teams.due import Due, NotDue, whether_due
from bot.weeks import WEEK, first_kept
from storage.database import SessionFactory, reading
from tests.candor import PUBLISHED
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.teams.world import first_week, release

SECOND = timedelta(seconds=1)


def asked(company: SessionFactory, now: datetime) -> Due | NotDue:
    with reading(company) as session:
        return whether_due(session, now)


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


SHORT = [{"check_ins": 17}, {"leavers": 14}]


@pytest.mark.parametrize("short", SHORT, ids=lambda short: next(iter(short)))
def test_while_people_would_drop_out_of_a_season_by_the_policy_no_week_is_released_and_it_says_what_to_change(
    company: SessionFactory, short: dict[str, int]
) -> None:
    publish_next(company, PUBLISHED, **AS_SHIPPED, retention_weeks=short)
    found = asked(company, cut_off(first_week(company)))
    assert isinstance(found, NotDue) and found.next_at is None
    assert "retention_weeks.check_ins of 18 or more and retention_weeks.leavers of 15 or more" in found.reason
    assert release(company, first_week(company)) is None


def test_the_shortest_times_in_which_nobody_drops_out_of_a_season_are_long_enough(company: SessionFactory) -> None:
    publish_next(company, PUBLISHED, **AS_SHIPPED, retention_weeks={"check_ins": 18, "leavers": 15})
    assert isinstance(asked(company, cut_off(first_week(company))), Due)


def test_a_policy_that_is_too_short_also_one_that_is_only_announced_ends_the_releases_of_a_season(
    company: SessionFactory,
) -> None:
    """Whoever agrees to a coming version is bound by it at once; and what was deleted does not come back."""
    week = first_week(company)
    release(company, week)
    publish_next(company, cut_off(week), body="# Kept\n\nOther.\n", effective=str(week + 8 * WEEK),
                 retention_weeks={"check_ins": 4})  # fmt: skip
    said = asked(company, cut_off(week + WEEK))
    assert isinstance(said, NotDue) and "Publish retention_weeks.check_ins" in said.reason
    publish_next(company, cut_off(week) + timedelta(hours=1), effective=str(week + 8 * WEEK))
    said = asked(company, cut_off(week + WEEK))
    assert isinstance(said, NotDue) and said.next_at == cut_off(week + 12 * WEEK)
    assert release(company, week + 11 * WEEK) is None
    assert release(company, week + 12 * WEEK) is not None


def test_the_oldest_check_in_that_counts_is_kept_until_the_last_release_also_a_late_one() -> None:
    span = Span(1, PUBLISHED.date() - timedelta(days=1))
    latest = cut_off(span.last_week) + WEEK - SECOND
    assert due_week(latest) == span.last_week
    assert first_kept(CHECK_INS_KEPT, latest) <= span.counted_from < first_kept(CHECK_INS_KEPT - 1, latest)


def test_who_leaves_on_a_seasons_first_day_is_held_until_the_last_release_also_a_late_one() -> None:
    span = Span(1, PUBLISHED.date() - timedelta(days=1))
    latest, left = cut_off(span.last_week) + WEEK - SECOND, datetime.combine(span.first_week, time(0), UTC)
    assert left + (LEAVERS_KEPT - 1) * WEEK < latest < left + LEAVERS_KEPT * WEEK


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
