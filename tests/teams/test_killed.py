"""A real process that is killed with -9 while it makes the release that opens a season."""

from collections.abc import Sequence

import pytest

from bot.teams.calendar import cut_off
from storage.database import SessionFactory
from tests.policy.publishing.worker import Worker
from tests.teams.mixed import seasons_in_ledger, whole
from tests.teams.worker import ENDED, STEPS, started
from tests.teams.world import everything, release


def walked(worker: Worker, steps: Sequence[str]) -> None:
    for name in steps:
        worker.wait_for(name)
        worker.go_on()


@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
def test_a_release_that_is_killed_anywhere_leaves_nothing_and_the_next_one_is_whole(
    company: SessionFactory, step: int
) -> None:
    week = whole(company)
    before = everything(company)
    with started(company, cut_off(week)) as worker:
        walked(worker, STEPS[:step])
        worker.wait_for(STEPS[step])
        worker.kill()
    assert (everything(company), seasons_in_ledger(company)) == (before, [])
    made = release(company, week)
    assert made is not None and made.shown == 3
    assert seasons_in_ledger(company) == ["season 1"]


def test_a_release_goes_through_all_the_steps_at_which_it_is_killed(company: SessionFactory) -> None:
    week = whole(company)
    with started(company, cut_off(week)) as worker:
        walked(worker, STEPS)
        worker.wait_for(ENDED)
    assert len(everything(company)["release"]) == 1
