"""A call to Slack is over when its time is, whatever it waits for; and what it says is for Slack alone."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from slack_sdk import WebClient

from bot.delivery.messages import Message
from bot.delivery.posting import Outcome, Sent, Unknown, Unreachable, post, sender
from bot.sandbox.server import Sandbox
from storage.tables import Delivery
from tests.delivery.peers import (
    HOST,
    NAME,
    Treat,
    anonymous,
    answers,
    drips,
    hesitates,
    named,
    peer,
    proxies,
    silent,
    tls_before,
    unanswering,
)

# What a call has. Nothing here ends by itself before half a minute has passed; what is to succeed may take its time.
SECONDS, PLENTY = 1, 20
NOTHING_LEFT, TIMEOUT = Unreachable("unreachable"), Unknown("timeout")
POST = "chat.postMessage"
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy")


@pytest.fixture(autouse=True)
def no_proxy_but_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def freed() -> Iterator[threading.Event]:
    """Set when the test is over."""
    event = threading.Event()
    yield event
    event.set()


@dataclass
class Way:
    """The way of one post to a port of this machine, by its name, by TLS, through a proxy; it has so many seconds."""

    slack: Sandbox
    port: int
    host: str = HOST
    tls: ssl.SSLContext | None = None
    proxy: str | None = None
    seconds: int = SECONDS

    def post(self) -> Outcome:
        url = f"http{'s' if self.tls else ''}://{self.host}:{self.port}/api/"
        client = WebClient(token=self.slack.bot_token, base_url=url, ssl=self.tls, proxy=self.proxy)
        self.slack.workspace.add_user(id="U1", name="Somebody")
        delivery = Delivery(id="x", workspace_id="T1", person_id="U1", kind="digest", week="2026-W48", state="sending")
        return post(sender(client, self.seconds), delivery, Message("hello", []))


def port_of(slack: Sandbox) -> int:
    return int(slack.url.rpartition(":")[2])


def posts(slack: Sandbox) -> int:
    return sum(call.method == POST for call in slack.workspace.calls)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 300\r\n"
DRIPPING: dict[str, Treat] = {
    "the head": drips(b"HTTP/1.1 200 OK\r\n", b"x-drip: drip\r\n", b"Content-Length: 0\r\n\r\n"),
    "the body": drips(HEAD + b"\r\n", b" ", b""),
    "a body in chunks": drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", b"0\r\n\r\n"),
    "the body of an error": drips(HEAD.replace(b"200 OK", b"500 Sorry") + b"\r\n", b" ", b""),
    "the body of a redirect": drips(HEAD.replace(b"200 OK", b"302 Found") + b"\r\n", b" ", b""),
}


@pytest.mark.parametrize("what", DRIPPING)
def test_an_answer_that_drips_ends_with_the_time_of_the_call_and_its_line_is_closed(slack: Sandbox, what: str) -> None:
    with peer(DRIPPING[what]) as server:
        assert Way(slack, server.port).post() == TIMEOUT
        assert server.hung_up.wait(20)


def test_the_line_is_closed_even_while_the_error_is_still_looked_at(slack: Sandbox) -> None:
    with peer(DRIPPING["the body of an error"]) as server:
        client = sender(WebClient(base_url=f"http://{HOST}:{server.port}/api/"), SECONDS)
        with pytest.raises(TimeoutError) as raised:
            client.api_test()
        assert server.hung_up.wait(20)
        assert str(raised.value) == "timed out"


def test_a_server_that_says_nothing_has_perhaps_taken_the_message(slack: Sandbox) -> None:
    with peer(silent) as server:
        assert Way(slack, server.port).post() == TIMEOUT


def test_nothing_has_left_when_tls_is_never_spoken_of(slack: Sandbox) -> None:
    with peer(silent) as server:
        assert Way(slack, server.port, tls=anonymous()).post() == NOTHING_LEFT


def test_nothing_has_left_when_tls_cannot_be_agreed(slack: Sandbox) -> None:
    with peer(tls_before(port_of(slack))) as server:
        assert Way(slack, server.port, tls=ssl.create_default_context()).post() == NOTHING_LEFT


def test_nothing_has_left_when_the_connection_is_refused(slack: Sandbox) -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
    assert Way(slack, port).post() == NOTHING_LEFT


def test_a_connection_that_was_made_too_late_is_not_used(slack: Sandbox) -> None:
    late = anonymous()
    late.before_use = lambda: time.sleep(SECONDS)
    with peer(tls_before(port_of(slack))) as server:
        assert Way(slack, server.port, tls=late).post() == NOTHING_LEFT
    assert posts(slack) == 0


def test_a_message_is_sent_by_tls(slack: Sandbox) -> None:
    with peer(tls_before(port_of(slack))) as server:
        assert isinstance(Way(slack, server.port, tls=anonymous(), seconds=PLENTY).post(), Sent)
    assert posts(slack) == 1


def test_silent_addresses_leave_time_for_the_one_that_answers(slack: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with unanswering() as hole:
        monkeypatch.setattr(socket, "getaddrinfo", named([hole] * 3 + [port_of(slack)]))
        assert isinstance(Way(slack, 80, NAME, seconds=4).post(), Sent)


def test_nothing_has_left_when_no_address_answers(slack: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with unanswering() as hole:
        monkeypatch.setattr(socket, "getaddrinfo", named([hole] * 5))
        assert Way(slack, 80, NAME).post() == NOTHING_LEFT


def test_an_address_that_refuses_leads_to_the_next(slack: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((HOST, 0)) as server:
        refuses = server.getsockname()[1]
    monkeypatch.setattr(socket, "getaddrinfo", named([refuses, port_of(slack)]))
    assert isinstance(Way(slack, 80, NAME, seconds=PLENTY).post(), Sent)


def test_a_resolver_that_hangs_is_not_waited_for(
    slack: Sandbox, monkeypatch: pytest.MonkeyPatch, freed: threading.Event
) -> None:
    answered = threading.Event()

    def hang() -> None:
        freed.wait(30)
        answered.set()

    monkeypatch.setattr(socket, "getaddrinfo", named([port_of(slack)], hang))
    assert Way(slack, 80, NAME).post() == NOTHING_LEFT
    assert not answered.is_set()
    assert posts(slack) == 0


def test_a_name_that_nobody_knows_is_asked_for_in_vain(slack: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", named([], unknown))
    assert Way(slack, 80, NAME).post() == NOTHING_LEFT


@pytest.mark.parametrize("tls", [True, False], ids=["https", "http"])
@pytest.mark.parametrize("how", ["given", "environment"])
def test_a_message_is_sent_through_a_proxy(
    slack: Sandbox, monkeypatch: pytest.MonkeyPatch, how: str, tls: bool
) -> None:
    with peer(tls_before(port_of(slack))) as server, peer(proxies) as proxy:
        url = f"http://{HOST}:{proxy.port}"
        if how == "environment":
            monkeypatch.setenv("HTTPS_PROXY", url)
        port, context = (server.port, anonymous()) if tls else (port_of(slack), None)
        given = url if how == "given" else None
        assert isinstance(Way(slack, port, tls=context, proxy=given, seconds=PLENTY).post(), Sent)
        [head] = proxy.heads
    assert head.startswith(b"CONNECT " if tls else b"POST http://")
    assert (b"xoxb" in head) is not tls


def test_what_a_tunnel_took_is_not_there_for_tls(slack: Sandbox) -> None:
    tls = anonymous()
    with peer(tls_before(port_of(slack))) as server, peer(hesitates(0.5)) as proxy:
        through = f"http://{HOST}:{proxy.port}"
        assert isinstance(Way(slack, server.port, tls=tls, proxy=through, seconds=PLENTY).post(), Sent)
    assert tls.given is not None
    assert tls.given <= PLENTY - 0.5


PROXY_ANSWERS: dict[str, Treat] = {
    "drips": drips(b"HTTP/1.0 200 Connected\r\n", b"x-drip: drip\r\n", b"\r\n"),
    "is silent": silent,
    "hangs up": answers(b""),
    "refuses": answers(b"HTTP/1.0 403 No\r\n\r\n"),
    "speaks no HTTP": answers(b"220 ready\r\n\r\n"),
}


@pytest.mark.parametrize("proxy_does", PROXY_ANSWERS)
def test_nothing_has_left_when_the_proxy_makes_no_tunnel(slack: Sandbox, proxy_does: str) -> None:
    with peer(PROXY_ANSWERS[proxy_does]) as proxy:
        through = f"http://{HOST}:{proxy.port}"
        assert Way(slack, port_of(slack), tls=anonymous(), proxy=through).post() == NOTHING_LEFT
