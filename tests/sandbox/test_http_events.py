"""A Bolt app behind a request URL: signed requests, and the retries that Slack makes."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from bot.sandbox.transports.http import signed_headers
from tests.sandbox.conftest import MANIFEST, populate
from tests.sandbox.samples import actions, button

Json = dict[str, Any]


@dataclass
class Front:
    """The web server before a Bolt app; it can be told to fail."""

    app: App
    failures: int = 0
    no_retry: bool = False
    headers: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        sent = {name.lower(): value for name, value in handler.headers.items()}
        self.headers.append(sent)
        if self.failures:
            self.failures -= 1
            self._write(handler, 500, "", {"X-Slack-No-Retry": "1"} if self.no_retry else {})
            return
        response = self.app.dispatch(BoltRequest(body=body, headers={**sent}))
        self._write(handler, response.status, response.body, dict(response.first_headers()))

    def _write(self, handler: BaseHTTPRequestHandler, status: int, body: str, headers: dict[str, str]) -> None:
        self.statuses.append(status)
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body.encode())))
        handler.end_headers()
        handler.wfile.write(body.encode())


@pytest.fixture
def live() -> Iterator[Sandbox]:
    with Sandbox(manifest=MANIFEST) as sandbox:
        populate(sandbox)
        yield sandbox


@pytest.fixture
def front(live: Sandbox) -> Iterator[Front]:
    app = App(client=WebClient(live.bot_token, base_url=live.api_url), signing_secret=live.signing_secret)
    front = Front(app)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            front.answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    live.deliver_http(f"http://127.0.0.1:{server.server_port}/slack/events")
    yield front
    server.shutdown()
    server.server_close()
    thread.join()


def test_events_actions_and_commands_pass_bolts_signature_check(live: Sandbox, front: Front) -> None:
    seen: list[str] = []

    @front.app.event("message")
    def message(event: Json) -> None:
        seen.append(event["text"])

    @front.app.action("go")
    def go(ack: Any, body: Json) -> None:
        ack()
        seen.append(body["actions"][0]["value"])

    @front.app.command("/candor")
    def command(ack: Any, command: Json) -> None:
        ack(f"you said {command['text']}")

    user = live.user("U01")
    assert user.say("hello").ok
    WebClient(live.bot_token, base_url=live.api_url).chat_postMessage(
        channel="U01", text="x", blocks=[actions(button("go", value="ü & 1"))]
    )
    assert user.press("go").ok
    assert user.command("/candor", "a & b = ü").ok
    assert live.wait_for(lambda _: len(seen) == 2)
    assert sorted(seen) == ["hello", "ü & 1"]
    assert live.workspace.log[-1].text == "you said a & b = ü"
    assert front.statuses == [200, 200, 200]
    assert front.headers[0]["content-type"] == "application/json"
    assert "x-slack-retry-num" not in front.headers[0]


def test_a_wrong_signature_is_refused_by_the_app(live: Sandbox, front: Front) -> None:
    body = b'{"type": "event_callback"}'
    right, wrong = live.signing_secret, "0" * 32
    assert signed_headers(right, body, 1)["X-Slack-Signature"] != signed_headers(wrong, body, 1)["X-Slack-Signature"]
    front.app = App(client=WebClient(live.bot_token, base_url=live.api_url), signing_secret=wrong)
    result = live.user("U01").command("/candor")
    assert (result.ok, result.error) == (False, "http_error")
    assert front.statuses == [401]


def test_a_failed_event_is_retried_at_once_with_number_and_reason(live: Sandbox, front: Front) -> None:
    seen: list[str] = []

    @front.app.event("message")
    def message(body: Json) -> None:
        seen.append(body["event_id"])

    front.failures = 1
    assert live.user("U01").say("x").ok
    assert front.headers[1]["x-slack-retry-num"] == "1"
    assert front.headers[1]["x-slack-retry-reason"] == "http_error"
    assert [ack.retry_num for ack in live.workspace.acks] == [0, 1]
    assert live.wait_for(lambda _: len(seen) == 1)
    assert live.run_retries() == []


def test_an_event_that_keeps_failing_is_due_twice_more_and_then_lost(live: Sandbox, front: Front) -> None:
    front.failures = 99
    assert not live.user("U01").say("x").ok
    assert [due.seconds for due in live.due_retries] == [60]
    assert [ack.retry_num for ack in live.run_retries()] == [2]
    assert [due.seconds for due in live.due_retries] == [300]
    assert [ack.retry_num for ack in live.run_retries()] == [3]
    assert live.run_retries() == []
    assert len(front.headers) == 4


def test_an_app_can_ask_for_no_retry(live: Sandbox, front: Front) -> None:
    front.failures, front.no_retry = 1, True
    live.user("U01").say("x")
    assert len(front.headers) == 1


def test_actions_and_commands_are_never_retried(live: Sandbox, front: Front) -> None:
    front.failures = 1
    assert not live.user("U01").command("/candor").ok
    assert len(front.headers) == 1


def test_an_app_that_is_not_there_is_an_error_and_no_crash(live: Sandbox) -> None:
    live.deliver_http("http://127.0.0.1:9/slack/events")
    assert live.user("U01").command("/candor").error == "connection_failed"
