"""A part of the matrix, drawn by a seed: each step on each database, each way in which Slack behaves."""

import os
import random

import pytest

from bot.sandbox.faults import FaultKind
from tests.faults.bases import Base
from tests.faults.conftest import KINDS
from tests.faults.count import describe
from tests.faults.fleet import Fleet
from tests.faults.matrix import Cell, run
from tests.faults.oracle import judge
from tests.faults.stage import DELIVERY, Stage, staged
from tests.faults.steps import SLACK, Step

SEED = int(os.environ.get("CANDOR_FAULTS_SEED", "20261123"))


def drawn() -> list[tuple[str, Step, FaultKind]]:
    """Every pair of database and step, with the ways in which Slack behaves dealt out to them like cards."""
    pairs = [(kind, step) for kind in KINDS for step in Step]
    cards: list[FaultKind] = []
    chance = random.Random(SEED)
    while len(cards) < len(pairs):
        cards += chance.sample(SLACK, len(SLACK))
    return [(kind, step, slack) for (kind, step), slack in zip(pairs, cards, strict=False)]


@pytest.mark.parametrize(("kind", "step", "slack"), drawn())
def test_everybody_has_one_message_although_a_worker_is_killed_at_the_step_and_slack_behaves_so(
    fleet: Fleet, request: pytest.FixtureRequest, kind: str, step: Step, slack: FaultKind
) -> None:
    print(f"CANDOR_FAULTS_SEED={SEED}")
    base: Base = request.getfixturevalue(f"{kind}_base")
    with staged(fleet, base) as stage:
        outcome = run(stage, Cell(step, slack, SEED))
    assert outcome.verdict.good, describe(outcome)
    assert outcome.reached, describe(outcome)
    assert outcome.verdict.kills >= 1


def test_the_part_holds_every_step_on_each_database_and_every_way_of_slack() -> None:
    assert {(kind, step) for kind, step, _ in drawn()} == {(kind, step) for kind in KINDS for step in Step}
    assert {slack for _, _, slack in drawn()} == set(SLACK)


def test_the_oracle_sees_who_has_nothing(stage: Stage) -> None:
    verdict = judge(stage)
    assert verdict.lost == ("U001", "U002", "U003")
    assert not verdict.exactly_once


def test_the_matrix_finds_what_comes_twice_when_nobody_waits_for_late_accepts(fleet: Fleet, base: Base) -> None:
    impatient = DELIVERY.model_copy(update={"settle_s": 0})
    with staged(fleet, base, impatient) as stage:
        outcome = run(stage, Cell(Step.MARK_AFTER, "accept_late", SEED))
    assert outcome.verdict.doubled, describe(outcome)
