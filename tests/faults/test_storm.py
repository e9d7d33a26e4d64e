"""Slack says 429, again and again, to everybody."""

from datetime import timedelta

import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.model import Call
from tests.faults.bases import Base, Zones, people
from tests.faults.fleet import Fleet
from tests.faults.oracle import judge
from tests.faults.stage import staged

PEOPLE = people(12)
STORM = 20
RETRY_AFTER_S = 45


@pytest.fixture
def zones() -> Zones:
    return PEOPLE


def too_early(calls: list[Call]) -> list[Call]:
    """Posts within the time that an earlier 429 asked for. At the moment of the 429 itself others may be under way."""
    limited = [call.at for call in calls if call.fault == "ratelimited"]
    wait = timedelta(seconds=RETRY_AFTER_S)
    return [call for call in calls if any(at < call.at < at + wait for at in limited)]


def test_in_a_storm_of_429s_both_workers_wait_as_long_as_slack_asks_and_nobody_is_left_out(
    fleet: Fleet, prepared: Base
) -> None:
    with staged(fleet, prepared) as stage:
        fault = stage.slack.faults.add(Fault("chat.postMessage", "ratelimited", STORM, RETRY_AFTER_S))
        stage.to_rest(stage.start(), stage.start())
        stage.settle()
        posts = [call for call in stage.slack.workspace.calls if call.method == "chat.postMessage"]
        assert fault.times == 0
        assert too_early(posts) == []
        assert judge(stage).good, judge(stage)
