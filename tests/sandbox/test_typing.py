"""Typing into fields that tell the app on Enter: on the Home tab, in messages, in modals."""

from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.errors import Misuse
from bot.sandbox.server import Sandbox
from tests.sandbox.acts import listens, open_modal, post
from tests.sandbox.samples import actions, button, field, home, modal, select, text_input

Json = dict[str, Any]

ON_ENTER = {"dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}}
ASK = field(text_input(action_id="ask", **ON_ENTER), dispatch_action=True)


def test_enter_in_a_field_of_the_home_tab_tells_the_app_what_was_typed(
    sandbox: Sandbox, app: App, client: WebClient
) -> None:
    seen = listens(app, "ask")
    note = field(text_input(action_id="note"), block_id="n", optional=True)
    client.views_publish(user_id="U01", view=home(ASK, note))
    assert sandbox.user("U01").type_into("note", "only on the screen").ok
    assert seen == []
    assert sandbox.user("U01").type_into("ask", "Who sees my tokens?").ok
    (body,) = seen
    (action,) = body["actions"]
    assert {name: action[name] for name in ("type", "action_id", "block_id", "value")} == {
        "type": "plain_text_input", "action_id": "ask", "block_id": "b", "value": "Who sees my tokens?",
    }  # fmt: skip
    values = body["view"]["state"]["values"]
    assert values["b"]["ask"]["value"] == "Who sees my tokens?"
    assert values["n"]["note"]["value"] == "only on the screen"
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert body["trigger_id"]
    assert "message" not in body


def test_what_was_typed_goes_when_the_app_publishes_a_field_with_another_block_id(
    sandbox: Sandbox, app: App, client: WebClient
) -> None:
    listens(app, "ask")
    client.views_publish(user_id="U01", view=home(ASK))
    sandbox.user("U01").type_into("ask", "first")
    client.views_publish(user_id="U01", view=home(ASK))
    kept = sandbox.workspace.home("U01")
    assert kept is not None
    assert kept["state"]["values"]["b"]["ask"]["value"] == "first"
    client.views_publish(user_id="U01", view=home({**ASK, "block_id": "b2"}))
    fresh = sandbox.workspace.home("U01")
    assert fresh is not None
    assert fresh["state"]["values"] == {"b2": {"ask": {"type": "plain_text_input", "value": None}}}


def test_enter_in_a_message_carries_the_state_of_all_its_fields(sandbox: Sandbox, app: App, client: WebClient) -> None:
    seen = listens(app, "ask")
    listens(app, "pick")
    post(client, ASK, actions(select("a", "b"), block_id="m"))
    sandbox.user("U01").press("pick", selected="b")
    assert sandbox.user("U01").type_into("ask", "R&D?").ok
    (body,) = seen
    assert body["actions"][0]["value"] == "R&D?"
    assert body["state"]["values"]["b"]["ask"]["value"] == "R&D?"
    assert body["state"]["values"]["m"]["pick"]["selected_option"]["value"] == "b"
    assert body["message"]["ts"] == body["container"]["message_ts"]


def test_enter_in_a_modal_tells_the_app_and_submits_nothing(sandbox: Sandbox, app: App, client: WebClient) -> None:
    seen = listens(app, "ask")
    open_modal(sandbox, app, client, modal(ASK))
    assert sandbox.user("U01").type_into("ask", "x").ok
    assert seen[0]["view"]["type"] == "modal"
    assert len(sandbox.workspace.modals("U01")) == 1


def test_an_emptied_field_is_told_as_nothing(sandbox: Sandbox, app: App, client: WebClient) -> None:
    seen = listens(app, "ask")
    client.views_publish(user_id="U01", view=home(ASK))
    sandbox.user("U01").type_into("ask", "x")
    sandbox.user("U01").type_into("ask", "")
    assert [body["actions"][0]["value"] for body in seen] == ["x", None]


def test_text_that_slacks_client_would_not_take_is_said_beneath_the_field(
    sandbox: Sandbox, app: App, client: WebClient
) -> None:
    seen = listens(app, "ask")
    client.views_publish(user_id="U01", view=home(ASK))
    assert sandbox.user("U01").type_into("ask", "x" * 3001).errors == {"b": "Must be at most 3000 characters."}
    assert sandbox.user("U01").type_into("ask", "two\nlines").errors == {"b": "Must be one line."}
    assert seen == []


def test_one_types_into_text_fields_only(sandbox: Sandbox, app: App, client: WebClient) -> None:
    client.views_publish(user_id="U01", view=home(actions(button("go"), select("a"))))
    for action_id in ("go", "pick"):
        with pytest.raises(Misuse, match="cannot type"):
            sandbox.user("U01").type_into(action_id, "x")
