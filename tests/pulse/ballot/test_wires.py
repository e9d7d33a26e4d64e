"""The ballot over the ways in which it really comes: in time, and in no log of theirs."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from bot.app import build_app
from bot.http import web_app
from bot.logs import configure_logs
from bot.running import socket_handler
from bot.serving import listen, serving
from storage.tables import Wave
from tests.candor import Candor
from tests.pulse.ballot.acts import kept, posted
from tests.pulse.world import begin

Wire = Callable[[Candor], AbstractContextManager[None]]


@contextmanager
def over_socket_mode(candor: Candor) -> Iterator[None]:
    candor.sandbox.deliver_socket()
    handler = socket_handler(candor.services, candor.client)
    handler.client.connect()
    assert candor.sandbox.wait_for_connections()
    yield
    handler.client.close()


@contextmanager
def over_http(candor: Candor) -> Iterator[None]:
    with listen("127.0.0.1", 0, "CANDOR_PORT") as listener:
        port = listener.getsockname()[1]
        with serving(web_app(build_app(candor.services, candor.client)), listener):
            candor.sandbox.deliver_http(f"http://127.0.0.1:{port}/slack/events")
            yield


def answer(candor: Candor, wave: Wave) -> None:
    """Press the button, wait for the form, fill it in and send it."""
    user = candor.sandbox.user("U01")
    assert user.press("ballot.open", message=posted(candor, wave)).ok
    assert candor.sandbox.wait_for(lambda workspace: workspace.modals("U01"))
    assert user.fill_and_submit(values={"gaming": "2", "comment": "canary"}).ok
    assert "sealed and stored" in str(candor.top_modal("U01"))


@pytest.mark.parametrize("wire", [over_socket_mode, over_http])
def test_a_ballot_is_sealed_and_in_no_log_of_what_brings_it(candor: Candor, wire: Wire) -> None:
    wave, log = begin(candor), io.StringIO()
    candor.join("U01")
    with wire(candor):
        configure_logs("DEBUG", log)
        answer(candor, wave)
        assert log.getvalue() == ""
        candor.sandbox.user("U01").close_modal()
        candor.sandbox.user("U01").command("/candor", "checkin")
        assert candor.sandbox.wait_for(lambda workspace: workspace.modals("U01"))
    assert "refused" in log.getvalue()
    assert [ballot.comment for ballot in kept(candor, wave)] == ["canary"]
    assert not any(ack.late for ack in candor.sandbox.workspace.acks)


def test_a_ballot_over_http_with_a_wrong_signature_is_refused_and_in_no_log(candor: Candor) -> None:
    wave, log = begin(candor), io.StringIO()
    candor.join("U01")
    with over_http(candor):
        assert candor.sandbox.user("U01").press("ballot.open", message=posted(candor, wave)).ok
        assert candor.sandbox.wait_for(lambda workspace: workspace.modals("U01"))
    candor.sandbox.signing_secret = "not the app's"
    with over_http(candor):
        configure_logs("DEBUG", log)
        assert not candor.sandbox.user("U01").fill_and_submit(values={"gaming": "2", "comment": "canary"}).ok
    assert log.getvalue() == ""
    assert kept(candor, wave) == []
