"""kill -9 in the middle: another worker finishes the job, and nobody gets a message twice."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.sandbox.faults import FaultKind
from storage.deliveries import State
from tests.delivery.world import FAST, World

ROOT = Path(__file__).parents[2]
PEOPLE = ("U1", "U2", "U3")


def start_worker(world: World, engine: Engine, step: str) -> subprocess.Popen[bytes]:
    url = engine.url.render_as_string(hide_password=False)
    where = [url, world.slack.api_url, world.slack.bot_token, step]
    return subprocess.Popen([sys.executable, "-m", "tests.delivery.worker", *where], cwd=ROOT)


@pytest.mark.parametrize(("step", "state"), [("claimed", State.CLAIMED), ("intended", State.SENDING)])
def test_a_worker_killed_before_it_posts_is_taken_over(world: World, engine: Engine, step: str, state: State) -> None:
    world.add_people(*PEOPLE)
    world.plan(*PEOPLE)
    assert start_worker(world, engine, step).wait(30) == -signal.SIGKILL
    assert state in world.states()
    assert world.run().sent == 0
    world.clock.advance(FAST.lease_s + 1)
    world.rest()
    assert [len(world.messages(person)) for person in PEOPLE] == [1, 1, 1]
    assert set(world.states()) == {State.SENT}


@pytest.mark.parametrize(("fault", "posted"), [("hang_after", True), ("hang_before", False)])
def test_a_worker_killed_while_it_waits_for_slack_is_taken_over(
    world: World, engine: Engine, fault: FaultKind, posted: bool
) -> None:
    world.add_people(*PEOPLE)
    world.plan(*PEOPLE)
    world.fault(fault)
    worker = start_worker(world, engine, "posting")
    try:
        assert world.slack.wait_for(lambda _: world.calls("chat.postMessage") == 1, 30)
    finally:
        worker.kill()
    assert worker.wait(30) == -signal.SIGKILL
    assert sum(len(world.messages(person)) for person in PEOPLE) == posted
    world.clock.advance(FAST.lease_s + 1)
    world.rest()
    assert [len(world.messages(person)) for person in PEOPLE] == [1, 1, 1]
    assert set(world.states()) == {State.SENT}
