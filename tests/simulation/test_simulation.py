"""A small company's week: what was foretold is what comes, and the rate is used to the full."""

from collections import Counter
from datetime import timedelta

import pytest

from bot.delivery import DeliverySettings
from tests.simulation.crowd import ONE_PLACE, crowd
from tests.simulation.week import MINUTE, Outcome, simulate

# 2,000 people at 8 a minute are what 85,000 are at 340: their rushes are as long. What is earned between two ticks can
# be saved up, so that no time is lost, and no tick is spent on every single message.
PEOPLE = 2_000
SLOW = DeliverySettings(per_minute=8, burst=6)
WITHOUT_BURST = 0.95


@pytest.fixture(scope="module")
def week() -> Outcome:
    return simulate(crowd(PEOPLE, ONE_PLACE), SLOW, tick_seconds=30, early=False)


def test_everybody_gets_one_message_and_none_outside_the_hours_that_were_said_to_hold_them(week: Outcome) -> None:
    assert len(week.arrived) == PEOPLE
    assert all(week.arrived[each.id] >= each.slot for each in week.everybody)
    in_time = [window.start for window in week.told.windows if window.holds]
    assert len(in_time) > 5
    for slot in in_time:
        assert week.lateness(slot) == timedelta(0)


def test_what_comes_late_is_as_late_as_was_foretold(week: Outcome) -> None:
    assert week.told.late
    for window in week.told.late:
        assert abs(week.lateness(window.start) - window.lateness) <= MINUTE


def test_every_window_foretold_is_there_with_its_people(week: Outcome) -> None:
    slots = Counter(each.slot for each in week.everybody)
    assert {window.start: window.number for window in week.told.windows} == slots


def test_the_rate_is_used_to_the_full_and_never_passed(week: Outcome) -> None:
    assert WITHOUT_BURST * SLOW.per_minute <= week.attained <= SLOW.per_minute + 0.01


@pytest.mark.parametrize("early", [True, False], ids=["as the rate opens", "at each tick"])
def test_a_worker_has_to_wake_when_the_rate_opens_to_use_all_of_it(early: bool) -> None:
    """In the ten seconds between two ticks 50 messages are earned, and 40 can be saved up."""
    usual = DeliverySettings()
    attained = simulate(crowd(500, {"Europe/Berlin": 100}), usual, early=early).attained
    assert (attained >= WITHOUT_BURST * usual.per_minute) is early
    assert attained <= usual.per_minute + 0.01
