"""What goes wrong on the wire, as a client without retries meets it."""

import http.client
import threading
import time

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Clock

BROKEN: list[tuple[FaultKind, bool, type[Exception] | tuple[type[Exception], ...]]] = [
    ("drop_before", False, http.client.RemoteDisconnected),
    ("drop_after", True, http.client.RemoteDisconnected),
    ("reset_before", False, ConnectionResetError),
    ("reset_after", True, ConnectionResetError),
    ("hang_before", False, TimeoutError),
    ("hang_after", True, TimeoutError),
    ("half_body", True, http.client.IncompleteRead),
    ("error_500_before", False, SlackApiError),
    ("error_500_after", True, SlackApiError),
    ("fatal_error_after", True, SlackApiError),
    ("internal_error_after", True, SlackApiError),
    ("html_200", True, SlackApiError),
    ("html_200_before", False, SlackApiError),
    ("ratelimited", False, SlackApiError),
    ("accept_late", False, ConnectionResetError),
]


@pytest.fixture
def hasty(sandbox: Sandbox) -> WebClient:
    return WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], timeout=1)


@pytest.mark.parametrize(("kind", "executed", "error"), BROKEN, ids=[case[0] for case in BROKEN])
def test_a_fault_breaks_the_answer_and_the_record_knows_whether_the_call_was_executed(
    sandbox: Sandbox, hasty: WebClient, kind: FaultKind, executed: bool, error: type[Exception]
) -> None:
    fault = sandbox.faults.add(Fault(method="chat.postMessage", kind=kind))
    with pytest.raises(error):
        hasty.chat_postMessage(channel="U01", text="x")
    assert fault.times == 0
    assert len(sandbox.workspace.log) == int(executed)
    call = sandbox.workspace.calls[-1]
    assert (call.fault, call.executed, call.args["text"]) == (kind, executed, "x")
    hasty.chat_postMessage(channel="U01", text="the next one passes")
    assert len(sandbox.workspace.log) == 1 + int(executed)


def test_statuses_and_names_are_those_that_slack_uses(sandbox: Sandbox, hasty: WebClient) -> None:
    seen = []
    kinds: list[FaultKind] = ["error_500_after", "fatal_error_after", "html_200", "ratelimited"]
    for kind in kinds:
        sandbox.faults.add(Fault(method="chat.postMessage", kind=kind, retry_after=7))
        with pytest.raises(SlackApiError) as failed:
            hasty.chat_postMessage(channel="U01", text="x")
        seen.append((failed.value.response.status_code, str(failed.value.response["error"])[:12]))
        headers = failed.value.response.headers
    assert [status for status, _ in seen] == [500, 200, 200, 429]
    assert seen[1][1] == "fatal_error"
    assert seen[3][1] == "ratelimited"
    assert headers["Retry-After"] == "7"


def test_a_slow_call_is_accepted_after_the_client_has_given_up(sandbox: Sandbox, hasty: WebClient) -> None:
    sandbox.faults.add(Fault(method="chat.postMessage", kind="slow", seconds=1.5))
    with pytest.raises(TimeoutError):
        hasty.chat_postMessage(channel="U01", text="x")
    assert sandbox.workspace.log == []
    assert sandbox.wait_for(lambda workspace: len(workspace.log) == 1)


def post_late(sandbox: Sandbox, client: WebClient, seconds: float, text: str) -> None:
    sandbox.faults.add(Fault(method="chat.postMessage", kind="accept_late", seconds=seconds))
    with pytest.raises(ConnectionResetError):
        client.chat_postMessage(channel="U01", text=text)


def test_a_call_accepted_late_is_executed_before_the_first_call_after_its_time_and_stamped_with_its_time(
    sandbox: Sandbox, hasty: WebClient, clock: Clock
) -> None:
    due = clock.now.timestamp() + 60
    post_late(sandbox, hasty, 60, "late")
    clock.move(59)
    hasty.chat_postMessage(channel="U01", text="too early for it")
    clock.move(41)
    channel = str(sandbox.workspace.dm("U01"))
    texts = [message["text"] for message in hasty.conversations_history(channel=channel)["messages"]]
    assert texts == ["late", "too early for it"]
    assert float(sandbox.workspace.log[-1].ts) == due
    hasty.chat_postMessage(channel="U01", text="the present again")
    assert float(sandbox.workspace.log[-1].ts) == due + 40


def test_calls_accepted_late_are_executed_in_the_order_of_their_times_when_a_test_asks(
    sandbox: Sandbox, hasty: WebClient, clock: Clock
) -> None:
    post_late(sandbox, hasty, 30, "second")
    post_late(sandbox, hasty, 20, "first")
    post_late(sandbox, hasty, 90, "not yet")
    clock.move(30)
    sandbox.accept_late()
    assert [message.text for message in sandbox.workspace.log] == ["first", "second"]
    assert [call.executed for call in sandbox.workspace.calls] == [True, True, False]
    sandbox.accept_late()
    assert len(sandbox.workspace.log) == 2


def test_a_call_accepted_late_may_be_refused_then(sandbox: Sandbox, hasty: WebClient, clock: Clock) -> None:
    post_late(sandbox, hasty, 30, "to somebody who has left by then")
    sandbox.workspace.update_user("U01", deleted=True)
    clock.move(30)
    sandbox.accept_late()
    (call,) = sandbox.workspace.calls
    assert (call.executed, call.error, call.fault) == (False, "channel_not_found", "accept_late")


def test_the_default_client_posts_twice_when_the_connection_is_reset(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(method="chat.postMessage", kind="reset_after"))
    WebClient(sandbox.bot_token, base_url=sandbox.api_url).chat_postMessage(channel="U01", text="x")
    assert len(sandbox.workspace.log) == 2


def test_faults_strike_in_order_and_only_calls_that_they_are_for(sandbox: Sandbox, hasty: WebClient) -> None:
    sandbox.faults.add(Fault(method="chat.postMessage", kind="ok"))
    sandbox.faults.add(Fault(method="*", kind="drop_before", when=lambda args: args.get("text") == "b"))
    hasty.auth_test()
    hasty.chat_postMessage(channel="U01", text="b")
    hasty.chat_postMessage(channel="U01", text="a")
    with pytest.raises(http.client.RemoteDisconnected):
        hasty.chat_postMessage(channel="U01", text="b")
    sandbox.faults.add(Fault(method="*", kind="drop_before", times=9))
    sandbox.faults.clear()
    hasty.auth_test()
    assert [each.text for each in sandbox.workspace.log] == ["b", "a"]


def test_stopping_ends_connections_that_hang(sandbox: Sandbox) -> None:
    patient = WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], timeout=30)
    sandbox.faults.add(Fault(method="auth.test", kind="hang_before"))
    failures: list[BaseException] = []

    def call() -> None:
        try:
            patient.auth_test()
        except (OSError, http.client.HTTPException) as failed:
            failures.append(failed)

    thread = threading.Thread(target=call)
    thread.start()
    assert sandbox.wait_for(lambda workspace: bool(workspace.calls))
    started = time.monotonic()
    sandbox.stop()
    thread.join(5)
    assert len(failures) == 1
    assert time.monotonic() - started < 5
