"""Jobs that one replica at a time does for all, as a tick does them."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.delivery import DeliverySettings, Outbox
from bot.digest.jobs import KIND, compose
from bot.jobs import LEASE, Tick
from bot.schedule import JOBS, tick
from storage import events, jobs
from storage.database import SessionFactory
from storage.jobs import Shift
from storage.tables import Job as JobRow
from storage.tables import SeenEvent
from tests.candor import START, Candor
from tests.replicas.meeting import meanwhile

MONDAY = START + timedelta(days=5)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


class Replica:
    """A replica on the same database and workspace as the first one."""

    def __init__(self, candor: Candor, name: str) -> None:
        self._candor = candor
        self._outbox = Outbox(
            candor.sessions, candor.client, {KIND: compose}, candor.clock,
            workspace_id=candor.services.workspace_id, worker=name, settings=DeliverySettings(),
        )  # fmt: skip

    def tick(self) -> Tick:
        done = tick(self._candor.services, self._candor.client, self._outbox, self._candor.clock())
        assert not done.troubles
        return done


@pytest.fixture
def other(candor: Candor) -> Replica:
    return Replica(candor, "other")


def hold(candor: Candor, name: str) -> None:
    """A third replica has taken the job, and is heard of no more."""
    with candor.sessions.begin() as session:
        assert jobs.take(session, name, Shift("dead", LEASE), candor.clock())


def someone_is_owed(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.check_in("U01")


def test_what_one_replica_is_planning_no_other_plans_until_its_lease_ends(candor: Candor, other: Replica) -> None:
    someone_is_owed(candor)
    candor.clock.now = MONDAY + 3 * HOUR
    hold(candor, "plan")
    for _ in range(2):
        assert other.tick().planned == candor.tick().planned == 0
        candor.clock.now = MONDAY + 3 * HOUR + LEASE - SECOND
    candor.clock.pass_by(seconds=1)
    assert (other.tick().planned, candor.tick().planned) == (1, 0)
    assert len(candor.digests("U01")) == 1


def test_what_is_done_by_the_hour_is_done_once_an_hour_by_all_of_them_together(candor: Candor, other: Replica) -> None:
    def tidied(replica: Candor | Replica) -> bool:
        with candor.sessions.begin() as session:
            events.first_sight(session.connection(), "Ev1", START - timedelta(days=2))
        replica.tick()
        with candor.sessions.begin() as session:
            return session.exec(select(SeenEvent)).all() == []

    assert tidied(candor)
    candor.clock.pass_by(minutes=59)
    assert not tidied(other)
    candor.clock.pass_by(minutes=1)
    assert tidied(other)
    assert not tidied(candor)


def test_every_shared_job_is_given_back_when_it_is_done(candor: Candor, other: Replica) -> None:
    other.tick()
    with candor.sessions.begin() as session:
        rows = {row.name: row.holder for row in session.exec(select(JobRow))}
    assert rows == {job.name: None for job in JOBS if job.shared}


def test_what_a_dead_replica_holds_is_left_alone_by_every_tick_of_the_others(candor: Candor, other: Replica) -> None:
    shared = [job.name for job in JOBS if job.shared]
    for name in shared:
        hold(candor, name)
    other.tick()
    with candor.sessions.begin() as session:
        assert {row.name: row.holder for row in session.exec(select(JobRow))} == dict.fromkeys(shared, "dead")


def test_of_two_who_take_a_job_at_the_same_moment_one_has_it(engine: Engine, sessions: SessionFactory) -> None:
    def second() -> bool:
        with sessions.begin() as session:
            return jobs.take(session, "plan", Shift("second", LEASE), START)

    with sessions() as first:
        assert jobs.take(first, "plan", Shift("first", LEASE), START)
        assert not meanwhile(engine, first, second)
