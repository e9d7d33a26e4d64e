from collections.abc import Iterator

import pytest

from bot.sandbox.server import Sandbox
from storage.database import SessionFactory
from tests.candor import MANIFEST
from tests.delivery.world import Clock, install
from tests.trouble.front import before
from tests.trouble.fronted import Fronted
from tests.trouble.stage import Stage, staged


@pytest.fixture
def stage(sessions: SessionFactory) -> Iterator[Stage]:
    with staged(sessions) as stage:
        yield stage


@pytest.fixture
def world(sessions: SessionFactory) -> Iterator[Fronted]:
    """A database and a local Slack that another server stands before; its clock stands still until a test moves it."""
    clock = Clock()
    install(sessions)
    with Sandbox(MANIFEST, clock) as slack, before(slack) as front:
        yield Fronted(sessions, slack, clock, front=front)
