"""A real Bolt app over Socket Mode, as it runs in production."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import MANIFEST, populate
from tests.sandbox.samples import actions, button, field, home, modal

Json = dict[str, Any]


@pytest.fixture
def live() -> Iterator[Sandbox]:
    """A workspace on the real clock."""
    with Sandbox(manifest=MANIFEST) as sandbox:
        populate(sandbox)
        yield sandbox


def build(sandbox: Sandbox) -> App:
    app = App(client=WebClient(sandbox.bot_token, base_url=sandbox.api_url), signing_secret="unused")

    @app.event("app_home_opened")
    def opened(event: Json, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view=home(actions(button("go"))))

    @app.action("go")
    def go(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(field()))

    @app.view("m")
    def submitted(ack: Any, view: Json, body: Json, client: WebClient) -> None:
        value = view["state"]["values"]["b"]["text"]["value"]
        if value == "bad":
            ack(response_action="errors", errors={"b": "not this"})
            return
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=value)

    @app.command("/candor")
    def command(ack: Any) -> None:
        ack("here")

    return app


@contextmanager
def running(sandbox: Sandbox) -> Iterator[SocketModeHandler]:
    handler: Any = SocketModeHandler(build(sandbox), sandbox.app_token)
    handler.connect()
    yield handler
    handler.close()


@pytest.fixture
def handler(live: Sandbox) -> Iterator[SocketModeHandler]:
    with running(live) as handler:
        assert live.wait_for_connections()
        yield handler


def test_a_story_runs_over_the_websocket(live: Sandbox, handler: SocketModeHandler) -> None:
    user = live.user("U01")
    assert user.open_home().ok
    assert live.wait_for(lambda workspace: workspace.home("U01") is not None)
    assert user.press("go").ok
    assert live.wait_for(lambda workspace: bool(workspace.modals("U01")))
    assert user.fill_and_submit(values={"b": "bad"}).errors == {"b": "not this"}
    assert user.fill_and_submit(values={"b": "good"}).ok
    assert live.workspace.modals("U01") == []
    assert live.wait_for(lambda workspace: bool(workspace.log))
    assert live.workspace.log[0].text == "good"
    assert user.command("/candor").ok
    assert live.workspace.log[1].text == "here"
    assert all(ack.ok for ack in live.workspace.acks)


def test_a_client_that_is_asked_to_reconnect_does_so(live: Sandbox, handler: SocketModeHandler) -> None:
    before = len([call for call in live.workspace.calls if call.method == "apps.connections.open"])
    live.disconnect_clients()
    assert live.wait_for(
        lambda workspace: len([each for each in workspace.calls if each.method == "apps.connections.open"]) > before
    )
    assert live.wait_for_connections()
    assert live.wait_for(lambda _: live.user("U01").command("/candor").ok)


def test_without_a_connection_nothing_is_delivered_and_a_person_is_told(live: Sandbox) -> None:
    result = live.user("U01").command("/candor")
    assert not result.ok
    assert result.error == "no app is connected over Socket Mode"


def open_socket(sandbox: Sandbox) -> str:
    answer = WebClient(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)
    return str(answer["url"])


def test_an_envelope_carries_the_retry_number_and_an_event_takes_no_answer(live: Sandbox) -> None:
    with connect(open_socket(live)) as socket:
        assert json.loads(socket.recv())["type"] == "hello"
        assert live.wait_for_connections()
        acting = threading.Thread(target=live.user("U01").open_home)
        acting.start()
        envelope = json.loads(socket.recv(5))
        socket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        acting.join()
    assert envelope["type"] == "events_api"
    assert envelope["accepts_response_payload"] is False
    assert envelope["retry_attempt"] == 0
    assert envelope["payload"]["event"]["type"] == "app_home_opened"
    assert live.workspace.acks[-1].ok


def test_a_websocket_address_is_good_for_one_connection(live: Sandbox) -> None:
    url = open_socket(live)
    with connect(url) as socket:
        socket.recv()
        with connect(url) as again, pytest.raises(ConnectionClosed, match="invalid ticket"):
            again.recv()


def test_a_wrong_app_token_opens_no_connection(live: Sandbox) -> None:
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient(base_url=live.api_url).apps_connections_open(app_token="xapp-wrong")


def test_parcels_go_to_the_connections_in_turn(live: Sandbox) -> None:
    seen: list[str] = []
    with running(live) as first, running(live) as second:
        assert live.wait_for_connections(2)
        for name, handler in (("first", first), ("second", second)):
            handler.client.on_message_listeners.append(partial(note, seen, name))
        for _ in range(4):
            assert live.user("U01").command("/candor").ok
    assert sorted(seen) == ["first", "first", "second", "second"]


def note(seen: list[str], name: str, text: str) -> None:
    if "slash_commands" in text:
        seen.append(name)
