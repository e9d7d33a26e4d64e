"""`candor run` as a process of its own, as an operator starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.candor import MANIFEST

CANDOR = Path(sys.executable).parent / "candor"


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with Sandbox(MANIFEST) as sandbox:
        sandbox.workspace.add_user(id="U01", name="U01", email="u01@haldenlabs.example", tz="Europe/Madrid")
        yield sandbox


@contextmanager
def started(slack: Sandbox, folder: Path, *words: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
    }
    process = subprocess.Popen(
        [CANDOR, "run", *words], cwd=folder, env=os.environ | settings | env, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()


def answered(slack: Sandbox) -> bool:
    slack.user("U01").say("help")
    return slack.wait_for(lambda w: any("What you can type" in message.text for message in w.log), timeout=10)


def test_by_socket_mode_it_connects_answers_and_ends_in_order(slack: Sandbox, tmp_path: Path) -> None:
    with started(slack, tmp_path):
        assert slack.wait_for_connections(timeout=20)
        assert answered(slack)


def test_by_http_it_serves_slack_and_healthz(slack: Sandbox, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with started(slack, tmp_path, "--http", CANDOR_PORT=str(port)):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        slack.deliver_http(f"http://127.0.0.1:{port}/slack/events")
        assert answered(slack)


def test_without_a_token_it_says_which_setting_is_missing_and_where_it_comes_from(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "CANDOR_"))}
    done = subprocess.run([CANDOR, "run"], cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "SLACK_BOT_TOKEN: is not set" in done.stderr
    assert "Traceback" not in done.stderr
