"""A started workspace with two people and a channel, on a clock that the test moves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox

MANIFEST = Path(__file__).parent / "manifest.yml"


@dataclass
class Clock:
    """Time that stands still until it is moved."""

    now: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    seconds: float = 1000.0

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def populate(sandbox: Sandbox) -> None:
    workspace = sandbox.workspace
    workspace.add_user(id="U01", name="Ana Reyes", email="ana@example.com", tz="Europe/Madrid", group="Engineering")
    workspace.add_user(id="U02", name="Bo Lind", tz="Asia/Kolkata")
    workspace.add_user(id="U09", name="Gone Person", deleted=True)
    workspace.add_channel(id="C01", name="general")


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(manifest=MANIFEST, clock=clock, monotonic=clock.monotonic) as started:
        populate(started)
        yield started


@pytest.fixture
def client(sandbox: Sandbox) -> WebClient:
    return WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], timeout=5)


@pytest.fixture
def app(sandbox: Sandbox, client: WebClient) -> App:
    """An empty Bolt app that the workspace dispatches into."""
    app = App(client=client, signing_secret=sandbox.signing_secret)
    sandbox.deliver_inline(app)
    return app
