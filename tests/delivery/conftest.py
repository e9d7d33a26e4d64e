from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.sandbox.server import Sandbox
from storage.database import SessionFactory
from tests.delivery.world import Clock, World, install

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(tmp_path: Path, clock: Clock) -> Iterator[Sandbox]:
    """The app as its manifest describes it, with the one scope that looking up a first message needs."""
    manifest = yaml.safe_load(MANIFEST.read_text())
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    manifest["oauth_config"]["scopes"]["bot"] = sorted({*scopes, "im:write"})
    path = tmp_path / "manifest.yml"
    path.write_text(yaml.safe_dump(manifest))
    with Sandbox(path, clock) as sandbox:
        yield sandbox


@pytest.fixture
def world(sessions: SessionFactory, slack: Sandbox, clock: Clock) -> World:
    install(sessions)
    return World(sessions, slack, clock)
