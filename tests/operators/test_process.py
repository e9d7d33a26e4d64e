"""`candor run` as a process: where operators are served, and that it ends in order."""

import os
import socket
import subprocess
import time
import urllib.error
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as parse
from sqlalchemy import Engine

from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import TEAM_ID
from bot.weeks import iso_week
from storage import deliveries, people
from storage.database import SessionFactory
from storage.deliveries import Owed
from storage.people import RosterRow
from tests.operators.places import get, get_json
from tests.test_run import CANDOR, answered, slack, started

__all__ = ["slack"]

PATIENCE_S = 60


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def database(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def wait_for(what: Callable[[], bool]) -> None:
    """Until it is so. A process that is still starting does not answer yet."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if what():
                return
        except urllib.error.URLError:
            pass
        time.sleep(0.1)
    raise AssertionError("it never came to be")


def samples(address: str) -> dict[str, float]:
    return {sample.name: sample.value for family in parse(get(f"{address}/metrics")[2]) for sample in family.samples}


def owe_one(sessions: SessionFactory, workspace_id: str) -> None:
    """A digest for somebody who has opted out since."""
    now = datetime.now(UTC)
    with sessions.begin() as session:
        people.upsert_roster(session, [RosterRow("U01", "UTC")])
        people.ensure_workspace(session, workspace_id, "Halden Labs")
        deliveries.plan(session, workspace_id, [Owed("U01", "digest", iso_week(now.date()), now)])


def test_by_http_operators_are_served_beside_slack(
    slack: Sandbox, sessions: SessionFactory, engine: Engine, tmp_path: Path
) -> None:
    owe_one(sessions, TEAM_ID)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    env = {"CANDOR_PORT": str(port), "DATABASE_URL": database(engine), "CANDOR_TICK_SECONDS": "1"}
    with started(slack, tmp_path, "--http", **env) as process:
        wait_for(lambda: get_json(f"{address}/healthz") == (200, {"database": "ok"}))
        slack.deliver_http(f"{address}/slack/events")
        assert answered(slack)
        wait_for(lambda: samples(address)["candor_deliveries_dropped_total"] == 1)
        found = samples(address)
        assert found["candor_ack_seconds_count"] >= 1
        assert (found["candor_database_up"], found["candor_sending_stopped"]) == (1, 0)
        assert found["process_resident_memory_bytes"] > 0
        assert get_json(f"{address}/readyz")[0] == 200
    assert process.returncode == 0


@pytest.mark.parametrize("mode", ["--http", "socket"])
def test_on_a_port_of_their_own_operators_are_served_there_only(slack: Sandbox, tmp_path: Path, mode: str) -> None:
    port, ops_port = free_port(), free_port()
    env = {"CANDOR_PORT": str(port), "CANDOR_OPS_PORT": str(ops_port)}
    with started(slack, tmp_path, *(["--http"] if mode == "--http" else []), **env) as process:
        ops = f"http://127.0.0.1:{ops_port}"
        wait_for(lambda: get_json(f"{ops}/healthz") == (200, {"database": "ok"}))
        if mode == "--http":
            wait_for(lambda: get(f"http://127.0.0.1:{port}/slack/events")[0] == 405)
            assert [get(f"http://127.0.0.1:{port}/{path}")[0] for path in ("healthz", "readyz", "metrics")] == [404] * 3
            slack.deliver_http(f"http://127.0.0.1:{port}/slack/events")
        else:
            assert slack.wait_for_connections(timeout=PATIENCE_S)
        assert answered(slack)
        assert samples(ops)["candor_ack_seconds_count"] >= 1
        assert get_json(f"{ops}/readyz")[0] == 200
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("words", "setting"), [(("--http",), "CANDOR_PORT"), (("--http",), "CANDOR_OPS_PORT"), ((), "CANDOR_OPS_PORT")]
)
def test_a_port_in_use_ends_it_in_one_line(
    slack: Sandbox, tmp_path: Path, words: tuple[str, ...], setting: str
) -> None:
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "CANDOR_PORT": "0",
    }
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        env = os.environ | settings | {setting: port}
        done = subprocess.run(
            [CANDOR, "run", *words], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=PATIENCE_S
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"candor: {setting}: port {port} on 127.0.0.1 cannot be used")
    assert "Traceback" not in done.stderr
