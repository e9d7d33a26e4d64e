"""Registered jobs: one replica at a time, taken over when its holder dies, and again when they are due."""

from datetime import timedelta

import pytest

from storage import jobs
from storage.database import SessionFactory
from storage.jobs import Shift
from tests.candor import START

LEASE, HOUR = timedelta(minutes=2), timedelta(hours=1)
SECOND = timedelta(seconds=1)


def take(sessions: SessionFactory, worker: str, after: timedelta = timedelta(0), every: timedelta = HOUR) -> bool:
    shift, now = Shift(worker, LEASE, every), START + after
    with sessions.begin() as session:
        due = jobs.is_due(session, "tidy", shift, now)
        assert jobs.take(session, "tidy", shift, now) is due
    return due


def done(sessions: SessionFactory, worker: str, again: timedelta | None = HOUR) -> None:
    with sessions.begin() as session:
        jobs.done(session, "tidy", worker, None if again is None else START + again)


def test_one_replica_at_a_time_does_a_job(sessions: SessionFactory) -> None:
    assert take(sessions, "one")
    assert not take(sessions, "two")


def test_a_job_is_due_again_after_its_time_whoever_did_it(sessions: SessionFactory) -> None:
    assert take(sessions, "one")
    done(sessions, "one")
    assert not take(sessions, "one", HOUR - SECOND)
    assert take(sessions, "two", HOUR)


def test_a_job_without_a_rhythm_is_free_at_once(sessions: SessionFactory) -> None:
    assert take(sessions, "one", every=timedelta(0))
    done(sessions, "one", None)
    assert take(sessions, "two", every=timedelta(0))


def test_the_job_of_a_replica_that_died_is_taken_over_when_its_lease_ends(sessions: SessionFactory) -> None:
    assert take(sessions, "dead")
    assert not take(sessions, "two", LEASE - SECOND)
    assert take(sessions, "two", LEASE)


def test_a_replica_that_comes_back_does_not_end_the_job_of_another(sessions: SessionFactory) -> None:
    assert take(sessions, "slow")
    assert take(sessions, "two", LEASE)
    done(sessions, "slow")
    assert not take(sessions, "three", LEASE)


def test_a_job_that_was_cut_off_does_not_keep_its_own_replica_waiting(sessions: SessionFactory) -> None:
    assert take(sessions, "one")
    assert take(sessions, "one", SECOND)


@pytest.mark.parametrize("ahead", [timedelta(days=365), timedelta(hours=2)])
def test_a_time_that_a_wrong_clock_wrote_holds_nobody_up(sessions: SessionFactory, ahead: timedelta) -> None:
    assert take(sessions, "one", ahead)
    assert take(sessions, "two")
    done(sessions, "two", ahead)
    assert take(sessions, "three")
