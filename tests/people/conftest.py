"""A local workspace, and a Bolt app with nothing but this feature's listeners in it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.people import listeners
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import TEAM_ID
from storage import people
from storage.database import SessionFactory

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MANIFEST = Path(__file__).parents[2] / "manifest.yml"


class Inline(Executor):
    """Runs a listener before `dispatch` returns, so that a test sees all it did."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with Sandbox(MANIFEST, clock=lambda: NOW) as sandbox:
        yield sandbox


@pytest.fixture
def client(slack: Sandbox) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, timeout=5, retry_handlers=[])


@pytest.fixture
def app(slack: Sandbox, client: WebClient, sessions: SessionFactory) -> App:
    """An app that follows the workspace's news."""
    app = App(client=client, signing_secret=slack.signing_secret, listener_executor=Inline())

    @app.use
    def provide(context: dict[str, Any], next: Callable[[], None]) -> None:
        context.update(sessions=sessions, clock=lambda: NOW, workspace_id=TEAM_ID)
        next()

    listeners.register(app)
    with sessions.begin() as session:
        people.ensure_workspace(session, TEAM_ID, "Halden Labs")
    slack.deliver_inline(app)
    return app
