"""What is foretold of a week's digests, and how the operator is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.forecast import MOST_PER_MINUTE, Group, forecast, warning
from bot.digest.ahead import next_week, openings
from bot.weeks import DIGEST_WINDOW, WEEK, next_decent_time
from storage.database import SessionFactory
from storage.tables import Consent, Person, Preference
from tests.candor import START
from tests.database import statements
from tests.delivery.world import install

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
IN_A_WINDOW = 3 * 60 * 300


def group(number: int, start: datetime = MONDAY, days: int = 7) -> Group:
    """Decent hours from `start` on until eleven hours later, on so many days."""
    return Group(tuple((start + n * 24 * HOUR, start + (n * 24 + 11) * HOUR) for n in range(days)), number)


def test_a_window_holds_exactly_what_the_rate_brings_in_three_hours() -> None:
    [full] = forecast([group(IN_A_WINDOW)], 300).windows
    assert (full.last, full.lateness, full.holds) == (MONDAY + 3 * HOUR, timedelta(0), True)
    [over] = forecast([group(IN_A_WINDOW + 300)], 300).windows
    assert (over.lateness, over.too_late, over.holds) == (MINUTE, 0, False)


def test_the_earliest_due_go_first_and_those_after_them_wait() -> None:
    windows = forecast([group(30_000, MONDAY + HOUR), group(30_000), group(18_000, MONDAY + HOUR)], 300).windows
    assert [(window.start, window.number) for window in windows] == [(MONDAY, 30_000), (MONDAY + HOUR, 48_000)]
    assert [window.last for window in windows] == [MONDAY + 100 * MINUTE, MONDAY + 260 * MINUTE]
    assert [window.lateness for window in windows] == [timedelta(0), 20 * MINUTE]


def test_a_quiet_hour_between_two_windows_is_not_saved_up() -> None:
    windows = forecast([group(300), group(IN_A_WINDOW, MONDAY + 5 * HOUR)], 300).windows
    assert windows[1].last == MONDAY + 8 * HOUR


def test_what_no_decent_hour_holds_comes_the_next_day_and_after_the_last_one_not_at_all() -> None:
    in_a_day = 11 * 60 * 10
    [two_days] = forecast([group(in_a_day + 600)], 10).windows
    assert two_days.last == MONDAY + 25 * HOUR
    assert two_days.too_late == 0
    [one_day] = forecast([group(in_a_day + 600, days=1)], 10).windows
    assert (one_day.last, one_day.too_late) == (MONDAY + 11 * HOUR, 600)


def test_with_nobody_to_write_to_there_is_nothing_to_say() -> None:
    assert forecast([], 300).number == 0
    assert forecast([group(0)], 300).windows == []
    assert warning(forecast([], 300)) is None


groups = st.lists(
    st.builds(group, st.integers(0, 3_000), st.integers(0, 40).map(lambda n: MONDAY + n * 30 * MINUTE)), max_size=8
)


@given(groups, st.integers(1, 60))
def test_nobody_is_forgotten_and_the_rate_is_never_passed(these: list[Group], per_minute: int) -> None:
    told = forecast(these, per_minute)
    assert told.number == sum(each.number for each in these)
    sent = sum(window.number - window.too_late for window in told.windows)
    if sent:
        first, last = told.windows[0].start, max(window.last for window in told.windows)
        # The wait between two is kept to the microsecond.
        assert sent <= per_minute * ((last - first) / MINUTE) + 0.1
    for window in told.windows:
        assert window.last >= window.start


@given(groups, st.integers(1, 60))
def test_the_rate_said_to_be_enough_is_enough_and_the_least(these: list[Group], per_minute: int) -> None:
    told = forecast(these, per_minute)
    if told.enough is None:
        assert forecast(these, MOST_PER_MINUTE).late
        return
    assert forecast(these, told.enough).late == []
    assert told.enough == per_minute or forecast(these, told.enough - 1).late


def test_a_week_that_holds_brings_no_warning() -> None:
    assert warning(forecast([group(IN_A_WINDOW)], 300)) is None


def test_the_operator_is_told_how_many_how_late_and_what_helps() -> None:
    told = forecast([group(61_000, MONDAY - 8 * HOUR), group(24_000)], 300)
    assert warning(told) == (
        "Next week 85,000 digests are due, more than 300 a minute can bring in time. Mon 23 Nov, from 01:00 UTC: "
        "61,000 people; 3 hours hold 54,000, and the last one arrives 23 min late. Set CANDOR_MESSAGES_PER_MINUTE to "
        "339 (Slack allows up to 525), or ask people to choose other days or hours in their settings."
    )


def test_when_slack_itself_is_too_slow_the_operator_is_not_told_to_raise_the_rate() -> None:
    told = forecast([group(200_000), group(200_000, MONDAY + HOUR)], 300)
    said = warning(told) or ""
    assert "Not even the 525 a minute that Slack is known to allow are enough: ask people" in said
    assert "CANDOR_MESSAGES_PER_MINUTE" not in said
    assert "1 other window is late too." in said


def test_those_who_get_none_are_named_as_a_number() -> None:
    said = warning(forecast([group(15_000, days=1)], 20)) or ""
    assert "and the last one arrives 8 h 0 min late, and 1,800 get none that week." in said


# From the database


def populate(sessions: SessionFactory, *people: tuple[str, int, int, dict[str, Any]]) -> None:
    install(sessions)
    with sessions.begin() as session:
        for number, (tz, weekday, hour, more) in enumerate(people):
            person_id = f"U{number}"
            session.add(Person(id=person_id, tz=tz, active=bool(more.get("active", True))))
            session.flush()
            session.add(Consent(person_id=person_id, receipt_id=person_id, policy_hash="p", granted_at=START))
            wish = {name: value for name, value in more.items() if name != "active"}
            session.add(Preference(person_id=person_id, weekday=weekday, hour=hour, **wish))


def test_next_week_counts_who_will_get_a_digest_by_the_hour_it_comes(sessions: SessionFactory) -> None:
    populate(
        sessions,
        ("Europe/Madrid", 0, 9, {}),
        ("Europe/Berlin", 0, 9, {"skip_week": "2026-W47"}),
        ("Asia/Kolkata", 0, 9, {}),
        ("Europe/Madrid", 4, 15, {}),
        ("Europe/Madrid", 0, 9, {"paused": True}),
        ("Europe/Madrid", 0, 9, {"skip_week": "2026-W48"}),
        ("Europe/Madrid", 0, 9, {"active": False}),
    )
    with sessions.begin() as session:
        told = next_week(session, START, 300)
    assert [(window.start, window.number) for window in told.windows] == [
        (datetime(2026, 11, 23, 3, 30, tzinfo=UTC), 1),
        (datetime(2026, 11, 23, 8, tzinfo=UTC), 2),
        (datetime(2026, 11, 27, 14, tzinfo=UTC), 1),
    ]


def test_the_forecast_asks_for_numbers_and_for_nobody(sessions: SessionFactory) -> None:
    populate(sessions, ("Europe/Madrid", 0, 9, {}))
    with statements(sessions) as heard, sessions.begin() as session:
        next_week(session, START, 300)
    [asked] = [statement for statement, _ in heard if statement.startswith("SELECT")]
    assert "person_id" not in asked.split("FROM")[0]


@pytest.mark.parametrize("tz", ["Europe/Madrid", "Pacific/Kiritimati", "America/Santiago", "Australia/Lord_Howe"])
@pytest.mark.parametrize("hour", range(24))
def test_the_hours_foretold_are_those_in_which_the_outbox_sends(tz: str, hour: int) -> None:
    week = date(2027, 4, 4) - timedelta(days=6)  # It ends with a change of clocks in Chile and on Lord Howe.
    for begin, end in openings(week, 0, hour, tz):
        assert begin + DIGEST_WINDOW <= end + HOUR
        assert next_decent_time(begin, hour, tz) is None
        assert next_decent_time(end - MINUTE, hour, tz) is None
        assert next_decent_time(end, hour, tz) not in (None, end)
    assert len(openings(week, 6, hour, tz)) == 1
    assert openings(week + WEEK, 0, hour, tz)[0][0] > openings(week, 6, hour, tz)[0][0]
