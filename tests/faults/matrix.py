"""The matrix: each step × each way in which Slack behaves, on one database."""

import random
from dataclasses import dataclass

from bot.sandbox.faults import Fault, FaultKind
from tests.faults.oracle import Verdict, judge
from tests.faults.stage import Stage
from tests.faults.steps import RECONCILING, RECOVERING, Step
from tests.faults.worker import Plot

# Slack accepts late at the latest when the product may begin to look: it waits for 1 + 90 s from the mark on.
LATEST_ACCEPT_S = 90.0
LONGEST_AT_STEP_S = 0.03


@dataclass(frozen=True)
class Cell:
    """One run of the matrix; `seed` sets when exactly the worker dies and how late Slack accepts."""

    step: Step
    slack: FaultKind
    seed: int


@dataclass(frozen=True)
class Outcome:
    """`reached`: whether the worker came to its step, and so was killed there."""

    cell: Cell
    reached: bool
    verdict: Verdict


def run(stage: Stage, cell: Cell) -> Outcome:
    """Kill one of two workers at the step, have others take over, and judge."""
    chance = random.Random(f"{cell.seed} {cell.step} {cell.slack}")
    if cell.step in RECOVERING:
        _kill_while_sending(stage)
    _misbehave(stage, cell, chance)
    doomed = stage.start(Plot(cell.step, after_s=chance.uniform(0, LONGEST_AT_STEP_S)))
    stage.to_rest(doomed, stage.start())
    reached = not doomed.alive
    stage.dismiss_all()
    stage.pass_time()
    stage.settle()
    return Outcome(cell, reached, judge(stage))


def _kill_while_sending(stage: Stage) -> None:
    """Leave something to recover: a claim, and an intent to post whose outcome nobody knows."""
    stage.to_rest(stage.start(Plot(Step.SENDING_AFTER)), stage.start())
    stage.dismiss_all()
    stage.pass_time()


def _misbehave(stage: Stage, cell: Cell, chance: random.Random) -> None:
    seconds = chance.uniform(1, LATEST_ACCEPT_S)
    # One worker waits for a Slack that hangs by the machine's clock: not longer than needed.
    times = 1 if cell.slack == "hang_after" else 3

    def plan(method: str, kind: FaultKind, times: int) -> None:
        stage.slack.faults.add(Fault(method, kind, times=times, retry_after=30, seconds=seconds))

    if cell.step in RECONCILING:
        # Something to look up: one message that is there and one that is not. Slack misbehaves after that.
        plan("chat.postMessage", "drop_after", 1)
        plan("chat.postMessage", "drop_before", 1)
        plan("conversations.history", cell.slack, 1)
    plan("chat.postMessage", cell.slack, times)
