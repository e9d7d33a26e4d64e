"""Two replicas that plan the same week at the same time."""

import time
from datetime import timedelta

from sqlalchemy import text

from bot.jobs import LEASE
from tests.faults.fleet import PATIENCE_S
from tests.faults.oracle import judge
from tests.faults.stage import Stage
from tests.faults.steps import Step
from tests.faults.worker import Act, Order, Plot, Word

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def until_somebody_waits(stage: Stage) -> None:
    """Until PostgreSQL says that one transaction waits for another's; SQLite does not say, so a while."""
    if stage.sessions.kw["bind"].dialect.name == "sqlite":
        time.sleep(0.3)
        return
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with stage.sessions.begin() as session:
            if session.connection().scalar(WAITING):
                return
        time.sleep(0.02)
    raise TimeoutError("nobody waits for the transaction that is held open")


def test_two_replicas_that_plan_at_once_plan_each_person_once(stage: Stage) -> None:
    slow, quick = stage.start(Plot(Step.PLAN_BEFORE, Act.HOLD)), stage.start()
    slow.tell(Order.GO)
    assert slow.hear(Word.HERE) is Word.HERE
    # The other one has to think that the first is dead, or it would leave the planning to it.
    stage.clock.advance(LEASE + timedelta(seconds=1))
    quick.tell(Order.GO)
    until_somebody_waits(stage)
    slow.tell(Order.GO)
    assert [slow.hear(Word.DONE), quick.hear(Word.DONE)] == [Word.DONE, Word.DONE]
    assert slow.planned + quick.planned == len(stage.people)
    stage.to_rest(slow, quick)
    stage.settle()
    assert judge(stage).good, judge(stage)


def test_two_replicas_that_tick_at_the_same_moment_plan_and_send_once(stage: Stage) -> None:
    workers = [stage.start(), stage.start()]
    for worker in workers:
        worker.tell(Order.GO)
    assert [worker.hear(Word.DONE) for worker in workers] == [Word.DONE, Word.DONE]
    assert sum(worker.planned for worker in workers) == len(stage.people)
    stage.settle()
    assert judge(stage).good, judge(stage)
