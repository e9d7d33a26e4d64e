"""Real processes that are killed at each step of opening and of closing a wave."""

from itertools import cycle

import pytest
from sqlmodel import select

from bot.pulse.closing import close
from storage import ballots, waves
from storage.database import reading
from storage.tables import ChannelPost, Wave
from tests.candor import Candor
from tests.policy.publishing.worker import Worker
from tests.pulse.worker import CHANNEL, ENDED, started
from tests.pulse.world import answered, begin, found, keys_of, vote

PEOPLE = 12
# What a process stands at before each transaction, and before it is committed.
TRANSACTIONS = ("begins", "commits")
# Closing: no ballot is taken any more; counted and deleted; closed.
STEPS = 6


def killed_at(worker: Worker, step: int) -> None:
    for number, name in zip(range(step + 1), cycle(TRANSACTIONS), strict=False):
        worker.wait_for(name)
        if number < step:
            worker.go_on()
    worker.kill()


@pytest.mark.parametrize("step", range(STEPS))
def test_closing_that_is_killed_at_any_step_loses_nothing_and_publishes_once(candor: Candor, step: int) -> None:
    wave = answered(candor, PEOPLE)
    with started(candor.sessions, "close", keys_of(candor), wave.closes_at) as worker:
        killed_at(worker, step)
    assert (found(candor, wave).state == "closed", posts(candor)) == (False, 0)
    end(candor, wave)
    assert found(candor, wave).outcome == "results"
    with reading(candor.sessions) as session:
        assert (len(ballots.tallies(session)), len(ballots.comments(session, wave.id))) == (3, PEOPLE)
        assert ballots.count(session, wave.id) == 0
    assert (posts(candor), list(keys_of(candor).path.iterdir())) == (1, [])


def test_closing_has_as_many_steps_as_are_killed_at(candor: Candor) -> None:
    wave = answered(candor, PEOPLE)
    with started(candor.sessions, "close", keys_of(candor), wave.closes_at) as worker:
        for _ in range(STEPS // len(TRANSACTIONS)):
            for name in TRANSACTIONS:
                worker.wait_for(name)
                worker.go_on()
        worker.wait_for(ENDED)
    assert found(candor, wave).state == "closed"


@pytest.mark.parametrize("step", range(STEPS))
def test_closing_with_too_few_that_is_killed_at_any_step_shows_nothing(candor: Candor, step: int) -> None:
    wave = answered(candor, 4)
    with started(candor.sessions, "close", keys_of(candor), wave.closes_at) as worker:
        killed_at(worker, step)
    end(candor, wave)
    assert found(candor, wave).outcome == "too few"
    with reading(candor.sessions) as session:
        assert (list(ballots.tallies(session)), ballots.count(session, wave.id)) == ([], 0)
    assert (posts(candor), list(keys_of(candor).path.iterdir())) == (1, [])


@pytest.mark.parametrize("step", range(len(TRANSACTIONS)))
def test_opening_that_is_killed_has_opened_nothing_and_the_next_one_opens_once(candor: Candor, step: int) -> None:
    with started(candor.sessions, "open", keys_of(candor), candor.clock()) as worker:
        killed_at(worker, step)
    with reading(candor.sessions) as session:
        assert waves.newest(session) is None
    assert posts(candor) == 0
    wave = begin(candor, channel=CHANNEL)
    assert (wave.number, posts(candor)) == (1, 1)
    vote(candor, wave, "U0ONE")


def end(candor: Candor, wave: Wave) -> None:
    for _ in range(2):
        close(candor.sessions, keys_of(candor), wave.closes_at, patience=10, channel=CHANNEL)


def posts(candor: Candor) -> int:
    with reading(candor.sessions) as session:
        return len(session.exec(select(ChannelPost)).all())
