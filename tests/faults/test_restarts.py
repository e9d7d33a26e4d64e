"""PostgreSQL's processes are ended at once, and start again, while two workers send."""

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy.exc import DBAPIError

from bot.sandbox.workspace import Workspace
from tests.faults.bases import Base, PostgresBase, people
from tests.faults.fleet import PATIENCE_S, Fleet, Worker, tick_both
from tests.faults.oracle import judge
from tests.faults.server import Server, own_server
from tests.faults.stage import DELIVERY, Stage, staged

MESSAGES = 60
MOST_ROUNDS = 600
# A server that is away answers at once: without a pause all rounds would be over before it is back.
PAUSE_S = 0.1


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_server() as server:
        yield server


@pytest.fixture(scope="module")
def crowd(server: Server) -> Iterator[Base]:
    base = PostgresBase(server.url, people(MESSAGES))
    yield base
    base.remove()


class Restarts(threading.Thread):
    """Restarts the server each time so many messages are in the workspace's log."""

    def __init__(self, server: Server, stage: Stage, after: tuple[int, ...]):
        super().__init__(name="restarts")
        self._server, self._stage, self._after = server, stage, after
        self.done: list[int] = []

    def run(self) -> None:
        for messages in self._after:
            if self._stage.slack.wait_for(partial(_has, messages), PATIENCE_S):
                self._server.restart()
                self.done.append(messages)


def _has(messages: int, slack: Workspace) -> bool:
    return len(slack.log) >= messages


def to_rest_without_a_server(stage: Stage, first: Worker, second: Worker) -> None:
    """As `Stage.to_rest`, where the harness, too, meets a database that is away."""
    for _ in range(MOST_ROUNDS):
        tick_both(first, second)
        try:
            if stage.at_rest:
                return
            stage.pass_time()
        except DBAPIError:
            time.sleep(PAUSE_S)


@pytest.mark.parametrize("after", [(0,), (30,), (10, 40)], ids=["at once", "mid-run", "twice"])
def test_sixty_messages_arrive_once_although_postgresql_is_restarted(
    fleet: Fleet, server: Server, crowd: Base, after: tuple[int, ...]
) -> None:
    with staged(fleet, crowd, DELIVERY.model_copy(update={"batch": 10})) as stage:
        first, second = stage.start(), stage.start()
        restarts = Restarts(server, stage, after)
        restarts.start()
        to_rest_without_a_server(stage, first, second)
        restarts.join()
        stage.settle()
        assert restarts.done == list(after)
        assert first.alive
        assert second.alive
        assert judge(stage).exactly_once, judge(stage)
