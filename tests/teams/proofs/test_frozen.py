"""A week is frozen when nobody on earth can report or correct it any more, and not an hour later than that takes."""

from datetime import date, timedelta
from zoneinfo import available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checkin.report import reportable
from bot.teams.calendar import cut_off, due_week
from bot.weeks import WEEK, closes_at, monday

ZONES = sorted(available_timezones())
MONDAYS = st.dates(date(2026, 9, 1), date(2036, 1, 1)).map(monday)


@settings(max_examples=20, deadline=None)
@given(week=MONDAYS)
def test_at_the_cut_off_the_week_is_closed_in_every_zone(week: date) -> None:
    assert not any(reportable(week, cut_off(week), zone) for zone in ZONES)
    assert max(closes_at(week, zone) for zone in ZONES) == cut_off(week)


@settings(max_examples=200, deadline=None)
@given(week=MONDAYS, seconds=st.integers(0, 7 * 86400 - 1))
def test_the_week_that_is_due_is_the_newest_that_is_closed(week: date, seconds: int) -> None:
    assert due_week(cut_off(week) + timedelta(seconds=seconds)) == week
    assert due_week(cut_off(week) - timedelta(seconds=1)) == week - WEEK
