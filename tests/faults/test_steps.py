"""A worker that is killed at a step leaves behind what the step's name says: neither more nor less."""

import signal

import pytest

from bot.sandbox.faults import Fault
from storage.deliveries import State
from tests.faults.stage import Stage
from tests.faults.steps import Step
from tests.faults.worker import Plot, Word

READY, CLAIMED, SENDING, UNKNOWN, SENT = State.READY, State.CLAIMED, State.SENDING, State.UNKNOWN, State.SENT

# The states of three deliveries, claimed two at a time, and how many of them Slack has.
SENDS = {
    Step.PLAN_BEFORE: ([], 0),
    Step.PLAN_AFTER: ([READY, READY, READY], 0),
    Step.CLAIM_BEFORE: ([READY, READY, READY], 0),
    Step.CLAIM_AFTER: ([CLAIMED, CLAIMED, READY], 0),
    Step.SENDING_BEFORE: ([CLAIMED, CLAIMED, READY], 0),
    Step.SENDING_AFTER: ([CLAIMED, READY, SENDING], 0),
    Step.BYTES_WRITTEN: ([CLAIMED, READY, SENDING], 1),
    Step.RESPONSE_READ: ([CLAIMED, READY, SENDING], 1),
    Step.MARK_BEFORE: ([CLAIMED, READY, SENDING], 1),
    Step.MARK_AFTER: ([CLAIMED, READY, SENT], 1),
}
RECOVERS = {
    Step.RECOVER_BEFORE: [CLAIMED, READY, SENDING],
    Step.RECOVER_AFTER: [READY, READY, UNKNOWN],
}
LOOKS_UP = {
    Step.LOOK_UP_CLAIMED: ([SENT, SENT, UNKNOWN], 0),
    Step.HISTORY_READ: ([SENT, SENT, UNKNOWN], 1),
    Step.RECONCILE_BEFORE: ([SENT, SENT, UNKNOWN], 1),
    Step.RECONCILE_AFTER: ([SENT, SENT, SENT], 1),
}


def killed_at(stage: Stage, step: Step, *, tick: int = 1) -> None:
    """One worker alone, that dies in this tick."""
    worker = stage.start(Plot(step))
    for _ in range(tick - 1):
        assert worker.tick() is Word.DONE
        stage.pass_time()
    assert worker.tick() is Word.DEAD
    assert worker.exit_code == -signal.SIGKILL


def states(stage: Stage) -> list[str]:
    return sorted(row.state for row in stage.rows())


def calls(stage: Stage, method: str) -> int:
    return sum(call.method == method for call in stage.slack.workspace.calls)


@pytest.mark.parametrize("step", SENDS)
def test_a_worker_killed_while_it_plans_and_sends_leaves_that_step_behind(stage: Stage, step: Step) -> None:
    expected, posted = SENDS[step]
    killed_at(stage, step)
    assert states(stage) == expected
    # What a dead process has written still arrives.
    assert stage.slack.wait_for(lambda slack: len(slack.log) >= posted)
    assert calls(stage, "chat.postMessage") == posted


@pytest.mark.parametrize("step", RECOVERS)
def test_a_worker_killed_while_it_takes_over_leaves_that_step_behind(stage: Stage, step: Step) -> None:
    killed_at(stage, Step.SENDING_AFTER)
    stage.pass_time()
    killed_at(stage, step)
    assert states(stage) == RECOVERS[step]


@pytest.mark.parametrize("step", LOOKS_UP)
def test_a_worker_killed_while_it_looks_up_leaves_that_step_behind(stage: Stage, step: Step) -> None:
    expected, looks = LOOKS_UP[step]
    stage.slack.faults.add(Fault("chat.postMessage", "drop_after"))
    killed_at(stage, step, tick=2)
    assert states(stage) == expected
    assert calls(stage, "conversations.history") == looks
    # Nobody else looks it up meanwhile.
    assert all(row.not_before > stage.clock() for row in stage.rows() if row.state == UNKNOWN)
