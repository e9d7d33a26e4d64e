"""Notices keep off people's Saturdays and Sundays, wherever they are; a pause says that a notice still comes."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.policy.publishing.decent import next_weekday_time
from tests.candor import Candor
from tests.policy.publishing.acts import policy, publish
from tests.policy.publishing.test_notices import notices_of, opted_in

FRIDAY_NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
# 10:00 in Madrid.
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_version_published_on_a_friday_is_told_of_on_monday(office: Candor) -> None:
    opted_in(office, "U01")
    office.clock.now = FRIDAY_NOON
    publish(office, policy(office))
    for hours in range(0, 69, 3):
        office.tick_at(FRIDAY_NOON + timedelta(hours=hours))
        assert not notices_of(office, "U01")
    office.tick_at(MONDAY)
    assert len(notices_of(office, "U01")) == 1


def test_the_weekend_is_the_one_where_the_person_is(office: Candor) -> None:
    """On Sunday at 21:00 in London it is Monday, 10:00, in Auckland."""
    opted_in(office, "U01", tz="Pacific/Auckland")
    office.clock.now = FRIDAY_NOON
    publish(office, policy(office))
    sunday = MONDAY.replace(day=22, hour=21)
    office.tick_at(sunday - timedelta(minutes=2))
    assert not notices_of(office, "U01")
    office.tick_at(sunday)
    assert len(notices_of(office, "U01")) == 1


def test_a_notice_that_was_held_up_on_friday_waits_for_monday(office: Candor) -> None:
    opted_in(office, "U01")
    office.clock.now = FRIDAY_NOON - timedelta(hours=4)
    publish(office, policy(office))
    office.tick()
    for held_until in (FRIDAY_NOON + timedelta(hours=22), FRIDAY_NOON + timedelta(hours=46)):
        office.tick_at(held_until)
        assert not notices_of(office, "U01")
    office.tick_at(MONDAY)
    assert len(notices_of(office, "U01")) == 1


@pytest.mark.parametrize(("day", "hour", "later"), [(20, 12, None), (20, 22, 23), (21, 12, 23), (22, 12, 23)])
def test_a_decent_time_is_on_a_weekday(day: int, hour: int, later: int | None) -> None:
    now = datetime(2026, 11, day, hour, tzinfo=UTC)
    expected = datetime(2026, 11, later, 10, tzinfo=UTC) if later else None
    assert next_weekday_time(now, 10, "UTC") == expected


def test_whoever_pauses_is_told_that_one_notice_still_comes_and_gets_it(office: Candor) -> None:
    opted_in(office, "U01")
    office.sandbox.user("U01").say("pause")
    assert "If the policy changes, one notice still comes." in office.dms("U01")[-1].text
    office.sandbox.user("U01").open_home()
    assert "one notice still comes" in str(office.sandbox.workspace.home("U01"))
    publish(office, policy(office))
    office.tick_at(MONDAY)
    assert len(notices_of(office, "U01")) == 1
