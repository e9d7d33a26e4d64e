"""What each way to fail proves: surely not sent, refused for good, or nothing."""

import logging
import socket
import ssl
from collections.abc import Callable
from http.client import IncompleteRead, RemoteDisconnected
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError
from slack_sdk.web import SlackResponse

from bot.delivery.messages import Message
from bot.delivery.posting import (
    FINAL_ERRORS,
    Limited,
    Refused,
    Uninstalled,
    Unknown,
    Unreachable,
    outcome_of,
    post,
    sender,
)
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from bot.wire import Unsent
from storage.tables import Delivery

UNSURE = ["fatal_error", "internal_error", "service_unavailable", "request_timeout", "an_error_of_next_year"]


def answered(error: str, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    client = WebClient(token="xoxb")
    data = {"ok": False, "error": error}
    response = SlackResponse(
        client=client,
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("code", UNSURE)
def test_an_error_that_does_not_say_whether_it_was_done_is_unknown(code: str) -> None:
    assert outcome_of(answered(code)) == Unknown(code)


@pytest.mark.parametrize("code", sorted(FINAL_ERRORS))
def test_a_refusal_that_slack_documents_is_final(code: str) -> None:
    assert outcome_of(answered(code)) == Refused(code)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_proves_nothing_whatever_its_body_says(status: int) -> None:
    assert outcome_of(answered("channel_not_found", status)) == Unknown(f"HTTP {status}")


@pytest.mark.parametrize("code", ["invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"])
def test_a_dead_token_is_told_apart_from_a_refused_message(code: str) -> None:
    assert outcome_of(answered(code)) == Uninstalled(code)


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"Retry-After": "7"}, 7), ({"retry-after": "7"}, 7), ({}, 30), ({"Retry-After": "x"}, 30)]
)
def test_a_429_waits_as_long_as_slack_says(headers: dict[str, str], seconds: float) -> None:
    assert outcome_of(answered("ratelimited", 429, headers)) == Limited("ratelimited", seconds)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        URLError(ConnectionRefusedError()),
        URLError(socket.gaierror(-2, "unknown")),
        URLError(ssl.SSLCertVerificationError("expired")),
    ],
)
def test_a_line_that_was_not_had_proves_nothing_unless_it_is_known_to_be_the_first(error: Exception) -> None:
    assert outcome_of(error) == Unknown("connection broken")


def test_what_fails_before_the_first_byte_is_surely_not_sent() -> None:
    assert outcome_of(URLError(Unsent("refused"))) == Unreachable("unreachable")


@pytest.mark.parametrize("code", ["channel_not_found", "ratelimited", "invalid_auth", "an_error_of_next_year"])
@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_a_redirect_proves_nothing_whatever_its_body_says(status: int, code: str) -> None:
    assert outcome_of(answered(code, status)) == Unknown(f"HTTP {status}")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TimeoutError(), "timeout"),
        (URLError(TimeoutError()), "timeout"),
        (ConnectionResetError(), "connection broken"),
        (URLError(BrokenPipeError()), "connection broken"),
        (RemoteDisconnected("closed"), "connection broken"),
        (IncompleteRead(b"{"), "unreadable answer"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "unreadable answer"),
        (SlackClientNotConnectedError("no"), "unreadable answer"),
        (answered("Received a response in a non-JSON format: <html>"), "unreadable answer"),
    ],
)
def test_what_breaks_on_the_way_proves_nothing(error: Exception, reason: str) -> None:
    assert outcome_of(error) == Unknown(reason)


def test_the_sender_never_retries_by_itself_and_logs_no_bodies() -> None:
    client = sender(WebClient(token="xoxb", base_url="http://127.0.0.1:1/api/"), 3)
    assert (client.retry_handlers, client.timeout, client.base_url) == ([], 3, "http://127.0.0.1:1/api/")
    assert client.logger.getEffectiveLevel() >= logging.CRITICAL


@pytest.mark.parametrize("token_works", [True, False])
def test_an_inactive_account_is_the_persons_when_the_token_still_works(slack: Sandbox, token_works: bool) -> None:
    def answering(refusal: str | None) -> Callable[[dict[str, object]], bool]:
        def when(args: dict[str, object]) -> bool:
            slack.workspace.refusal = refusal
            return False

        return when

    slack.workspace.add_user(id="U1", name="Somebody")
    slack.faults.add(Fault("chat.postMessage", "ok", when=answering("account_inactive")))
    slack.faults.add(Fault("auth.test", "ok", when=answering(None if token_works else "account_inactive")))
    delivery = Delivery(id="x", workspace_id="T1", person_id="U1", kind="digest", week="2026-W48", state="sending")
    client = sender(WebClient(token=slack.bot_token, base_url=slack.api_url), 3)
    expected = Refused("account_inactive") if token_works else Uninstalled("account_inactive")
    assert post(client, delivery, Message("hello", [])) == expected
