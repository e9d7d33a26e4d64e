"""A worker that sleeps for longer than anybody waits for it."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from tests.faults.fleet import Worker
from tests.faults.oracle import judge
from tests.faults.stage import DELIVERY, Stage
from tests.faults.steps import Step
from tests.faults.worker import Act, Order, Plot, Word


@contextmanager
def asleep(worker: Worker) -> Iterator[None]:
    """The operating system gives it no time."""
    os.kill(worker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker.pid, signal.SIGCONT)


def posts(stage: Stage) -> int:
    return sum(call.method == "chat.postMessage" for call in stage.slack.workspace.calls)


def test_a_worker_stopped_between_intent_and_post_for_longer_than_lease_and_settle_does_not_post(stage: Stage) -> None:
    sleeper = stage.start(Plot(Step.SENDING_AFTER, Act.HOLD), real_pauses=True)
    sleeper.tell(Order.GO)
    assert sleeper.hear(Word.HERE) is Word.HERE
    with asleep(sleeper):
        # Long enough by the machine's own clock, which the sleeper looks at; the others live by the virtual one.
        time.sleep(DELIVERY.timeout_s + 0.2)
        stage.clock.advance(DELIVERY.lease + DELIVERY.settle + timedelta(seconds=1))
        stage.to_rest(stage.start(), stage.start())
        before = posts(stage)
    sleeper.tell(Order.GO)
    assert sleeper.hear(Word.DONE) is Word.DONE
    assert posts(stage) == before == len(stage.people)
    stage.settle()
    assert judge(stage).good, judge(stage)
