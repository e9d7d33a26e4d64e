"""A port of this process: taken, served, given back."""

import threading
import urllib.request

import pytest
from slack_bolt import BoltRequest
from slack_sdk import WebClient
from starlette.applications import Starlette

from bot.acks import TimedApp
from bot.errors import OperatorError
from bot.sandbox.server import Sandbox
from bot.serving import listen, serving
from tests.operators.places import get


def test_a_port_in_use_is_one_clear_error_that_names_the_setting() -> None:
    with listen("127.0.0.1", 0, "CANDOR_PORT") as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OperatorError) as error:
            listen("127.0.0.1", port, "CANDOR_OPS_PORT")
    assert str(error.value) == (
        f"CANDOR_OPS_PORT: port {port} on 127.0.0.1 cannot be used (Address already in use). "
        "Stop what uses it, or set CANDOR_OPS_PORT to another."
    )


@pytest.mark.parametrize("host", ["256.0.0.1", "no host at all", "2001:db8::1"])
def test_a_host_that_is_not_this_machines_is_one_clear_error(host: str) -> None:
    with pytest.raises(OperatorError, match="CANDOR_PORT: port 8300 on"):
        listen(host, 8300, "CANDOR_PORT")


def test_a_server_ends_with_its_block_and_gives_its_port_back() -> None:
    before = threading.active_count()
    listener = listen("127.0.0.1", 0, "CANDOR_PORT")
    port = listener.getsockname()[1]
    with serving(Starlette(), listener) as check:
        assert get(f"http://127.0.0.1:{port}/")[0] == 404
        check()
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
    assert threading.active_count() == before
    with pytest.raises(OperatorError, match=f"port {port} has ended by itself"):
        check()
    listen("127.0.0.1", port, "CANDOR_PORT").close()


def test_a_server_ends_with_its_block_when_the_block_fails_too() -> None:
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError), serving(Starlette(), listen("127.0.0.1", 0, "CANDOR_PORT")):
        raise ZeroDivisionError
    assert threading.active_count() == before


def test_an_ack_is_told_with_its_time_and_a_refused_request_is_not(slack: Sandbox) -> None:
    told: list[float] = []
    seconds = iter((10.0, 10.25, 20.0, 30.0, 30.5))
    app = TimedApp(
        acked=told.append,
        monotonic=lambda: next(seconds),
        client=WebClient(token=slack.bot_token, base_url=slack.api_url),
        signing_secret=slack.signing_secret,
        request_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    app.command("/candor")(lambda ack: ack())
    command = BoltRequest(mode="socket_mode", body={"command": "/candor", "type": "slash_commands"})
    nobodys = BoltRequest(mode="socket_mode", body={"command": "/other", "type": "slash_commands"})
    assert [app.dispatch(each).status for each in (command, nobodys, command)] == [200, 404, 200]
    assert told == [0.25, 0.5]
