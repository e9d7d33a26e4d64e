"""The same bot over signed HTTP requests."""

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
import uvicorn
from slack_sdk.signature import SignatureVerifier

from bot.app import build_app
from bot.http import web_app
from storage import consents
from tests.candor import Candor
from tests.test_socket_mode import opt_in


@pytest.fixture
def address(candor: Candor) -> Iterator[str]:
    web = web_app(build_app(candor.services, candor.client))
    server = uvicorn.Server(uvicorn.Config(web, port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    candor.sandbox.deliver_http(f"{url}/slack/events")
    yield url
    candor.sandbox.deliver_inline(candor.app)
    server.should_exit = True
    thread.join()


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"} | headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def signed(secret: str, body: bytes, at: float) -> dict[str, str]:
    stamp = str(int(at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature or ""}


def test_a_person_opts_in_by_signed_requests(candor: Candor, address: str) -> None:
    candor.join("U01")
    opt_in(candor, "U01")
    with candor.sessions.begin() as session:
        assert consents.get(session, "U01") is not None


@pytest.mark.parametrize("age", [0, 600])
def test_a_wrong_signature_or_an_old_request_is_refused_and_has_no_effect(
    candor: Candor, address: str, age: int
) -> None:
    candor.join("U01")
    body = (
        b'{"type":"event_callback","event_id":"EvX","event":{"type":"message","channel_type":"im",'
        b'"channel":"D1","user":"U01","text":"stop","ts":"1.0"}}'
    )
    secret = "another secret" if age == 0 else candor.sandbox.signing_secret
    assert post(f"{address}/slack/events", body, signed(secret, body, time.time() - age)) == 401
    assert post(f"{address}/slack/events", body, {}) == 401
    assert candor.dms("U01") == []
