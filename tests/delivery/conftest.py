from collections.abc import Iterator

import pytest

from bot.sandbox.server import Sandbox
from storage.database import SessionFactory
from tests.candor import MANIFEST
from tests.delivery.world import Clock, World, install


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(MANIFEST, clock) as sandbox:
        yield sandbox


@pytest.fixture
def world(sessions: SessionFactory, slack: Sandbox, clock: Clock) -> World:
    install(sessions)
    return World(sessions, slack, clock)
