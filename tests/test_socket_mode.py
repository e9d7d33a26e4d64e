"""The same bot over a real Socket Mode connection."""

from collections.abc import Iterator

import pytest

from bot.running import socket_handler
from storage import consents
from tests.candor import Candor


@pytest.fixture
def connected(candor: Candor) -> Iterator[Candor]:
    candor.sandbox.deliver_socket()
    handler = socket_handler(candor.services, candor.client)
    handler.client.connect()
    assert candor.sandbox.wait_for_connections()
    yield candor
    handler.client.close()
    candor.sandbox.deliver_inline(candor.app)


def opted_in(candor: Candor, user_id: str) -> bool:
    with candor.sessions.begin() as session:
        return consents.get(session, user_id) is not None


def opt_in(candor: Candor, user_id: str) -> None:
    """As a person would: each thing on screen is waited for before it is pressed."""
    user = candor.sandbox.user(user_id)
    user.open_home()
    assert candor.sandbox.wait_for(lambda w: w.home(user_id))
    user.press("consent.open")
    assert candor.sandbox.wait_for(lambda w: w.modals(user_id))
    assert user.fill_and_submit(values={"tools": ["cursor"]}).ok


def test_a_person_opts_in_over_the_socket_and_every_ack_is_in_time(connected: Candor) -> None:
    connected.join("U01")
    opt_in(connected, "U01")
    assert opted_in(connected, "U01")
    assert connected.sandbox.workspace.acks
    assert not any(ack.late for ack in connected.sandbox.workspace.acks)


def test_after_slack_asks_to_reconnect_the_bot_still_answers(connected: Candor) -> None:
    connected.join("U01")
    connected.sandbox.disconnect_clients()
    assert connected.sandbox.wait_for_connections()
    connected.sandbox.user("U01").say("help")
    assert connected.sandbox.wait_for(lambda w: len(connected.dms("U01")) == 1)


def test_the_same_event_delivered_twice_over_the_socket_is_answered_once(connected: Candor) -> None:
    connected.join("U01")
    connected.sandbox.user("U01").say("help")
    assert connected.sandbox.wait_for(lambda w: len(connected.dms("U01")) == 1)
    connected.sandbox.send_raw(connected.sandbox.last_payload("events_api"), "events_api")
    connected.sandbox.user("U01").say("pause")
    assert connected.sandbox.wait_for(lambda w: len(connected.dms("U01")) == 2)
