"""Acting as a person, with the app dispatched inline: the payloads, and what reaches the app."""

from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.errors import Misuse
from bot.sandbox.server import Sandbox
from bot.sandbox.writing import NO_ANSWER
from tests.sandbox.acts import opens, post
from tests.sandbox.conftest import Clock
from tests.sandbox.samples import actions, button, home, modal, option, plain, section, select

Json = dict[str, Any]


def test_opening_the_home_tab_tells_the_app(sandbox: Sandbox, app: App) -> None:
    tabs: list[str] = []

    @app.event("app_home_opened")
    def opened(event: Json, client: WebClient) -> None:
        tabs.append(event["tab"])
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=home(actions(button())))

    assert sandbox.user("U01").open_home().ok
    assert sandbox.user("U01").open_messages().ok
    assert sandbox.wait_for(lambda workspace: workspace.home("U01") is not None and len(tabs) == 2)
    sandbox.user("U01").open_home()
    assert sandbox.last_payload("events_api")["event"]["view"]["type"] == "home"


def test_typed_text_reaches_the_app_escaped(sandbox: Sandbox, app: App) -> None:
    heard: list[str] = []

    @app.event("message")
    def message(event: Json) -> None:
        heard.append(event["text"])

    sandbox.user("U01").say("<!channel> R&D")
    assert sandbox.wait_for(lambda _: heard == ["&lt;!channel&gt; R&amp;D"])
    assert sandbox.workspace.log[0].pings == []


def test_a_command_is_answered_where_it_was_typed(sandbox: Sandbox, app: App) -> None:
    @app.command("/candor")
    def command(ack: Any, command: Json) -> None:
        ack(f"you said {command['text']} in {command['channel_name']}")

    assert sandbox.user("U01").command("/candor", "help", channel="C01").ok
    (message,) = sandbox.workspace.messages("C01")
    assert (message.text, message.ephemeral_to) == ("you said help in general", "U01")
    with pytest.raises(Misuse, match="not a valid command"):
        sandbox.user("U01").command("/other")


def test_a_pressed_button_carries_what_slack_sends(sandbox: Sandbox, app: App, client: WebClient) -> None:
    seen = opens(app, "go", modal())
    post(client, section("first", block_id="s"), actions(button("go", value="7", style="primary"), block_id="a"))
    assert sandbox.user("U01").press("go").ok
    (body,) = seen
    message = sandbox.workspace.log[0]
    assert body["container"] == {
        "type": "message", "message_ts": message.ts, "channel_id": message.channel, "is_ephemeral": False,
    }  # fmt: skip
    (action,) = body["actions"]
    assert {key: action[key] for key in ("action_id", "block_id", "value", "type", "style")} == {
        "action_id": "go", "block_id": "a", "value": "7", "type": "button", "style": "primary",
    }  # fmt: skip
    assert body["user"]["id"] == "U01"
    assert body["message"]["blocks"][0]["text"]["text"] == "first"
    assert body["response_url"].startswith(sandbox.url)


def test_the_newest_message_with_the_button_is_the_one_pressed(sandbox: Sandbox, app: App, client: WebClient) -> None:
    seen = opens(app, "go", modal())
    post(client, actions(button("go", value="old")))
    post(client, actions(button("go", value="new")))
    post(client, section())
    sandbox.user("U01").press("go")
    assert seen[0]["actions"][0]["value"] == "new"
    sandbox.user("U01").press("go", message=sandbox.workspace.log[0])
    assert seen[1]["actions"][0]["value"] == "old"
    with pytest.raises(Misuse, match="sees no element"):
        sandbox.user("U01").press("other")


def test_a_menu_sends_its_option_and_refuses_any_other(sandbox: Sandbox, app: App, client: WebClient) -> None:
    seen: list[Json] = []

    @app.action("pick")
    def pick(ack: Any, body: Json) -> None:
        ack()
        seen.append(body)

    post(client, actions(select("a", "b"), block_id="x"))
    sandbox.user("U01").press("pick", selected="b")
    assert seen[0]["actions"][0]["selected_option"] == option("b")
    assert seen[0]["state"]["values"]["x"]["pick"]["selected_option"] == option("b")
    with pytest.raises(Misuse, match="no option 'c'"):
        sandbox.user("U01").press("pick", selected="c")


def test_a_late_ack_is_reported(sandbox: Sandbox, app: App, client: WebClient, clock: Clock) -> None:
    @app.command("/candor")
    def slow(ack: Any) -> None:
        clock.move(3.5)
        ack("too late")

    result = sandbox.user("U01").command("/candor")
    assert (result.ok, result.error) == (False, NO_ANSWER)
    ack = sandbox.workspace.acks[-1]
    assert ack.late
    assert ack.seconds == 3.5
    assert sandbox.workspace.log == []


def test_what_no_listener_takes_is_not_acknowledged(sandbox: Sandbox, app: App) -> None:
    result = sandbox.user("U01").command("/candor")
    assert not result.ok
    assert "404" in (result.error or "")


def test_only_subscribed_events_are_sent(sandbox: Sandbox, app: App) -> None:
    assert sandbox.send_event({"type": "reaction_added", "user": "U01"}) is None
    assert sandbox.workspace.acks == []
    sandbox.workspace.update_user("U01", tz="Asia/Tokyo")
    sandbox.workspace.join_user(id="U30", name="New Person")
    assert [ack.type for ack in sandbox.workspace.acks] == ["user_change", "team_join"]
    assert sandbox.last_payload("events_api")["event"]["user"]["id"] == "U30"


def test_a_replay_carries_the_same_event_id(sandbox: Sandbox, app: App) -> None:
    ids: list[str] = []

    @app.event("message")
    def message(body: Json) -> None:
        ids.append(body["event_id"])

    sandbox.user("U01").say("hello")
    sandbox.send_raw(sandbox.last_payload("events_api"), "events_api")
    assert sandbox.wait_for(lambda _: len(ids) == 2)
    assert ids[0] == ids[1]


def test_the_last_words_of_an_uninstalled_app_arrive_and_nothing_after(sandbox: Sandbox, app: App) -> None:
    sandbox.workspace.uninstall_app()
    sandbox.workspace.update_user("U01", tz="Asia/Tokyo")
    assert [ack.type for ack in sandbox.workspace.acks] == ["app_uninstalled"]
    with pytest.raises(Misuse, match="not installed"):
        sandbox.user("U01").command("/candor")


def test_somebody_who_left_cannot_act(sandbox: Sandbox, app: App) -> None:
    with pytest.raises(Misuse, match="deactivated"):
        sandbox.user("U09").open_home()


def test_a_file_dropped_into_the_dm_reaches_the_app(sandbox: Sandbox, app: App, client: WebClient) -> None:
    names: list[str] = []

    @app.event("message")
    def message(event: Json) -> None:
        names.extend(each["name"] for each in event["files"])

    sandbox.user("U01").upload("policy.md", b"# Policy")
    assert sandbox.wait_for(lambda _: names == ["policy.md"])


def test_a_confirmation_text_and_an_overflow_menu_pass(sandbox: Sandbox, app: App, client: WebClient) -> None:
    seen: list[Json] = []

    @app.action("more")
    def more(ack: Any, action: Json) -> None:
        ack()
        seen.append(action)

    confirm = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}
    menu = {"type": "overflow", "action_id": "more", "options": [option("a"), option("b")], "confirm": confirm}
    post(client, section(accessory=menu))
    sandbox.user("U01").press("more", selected="a")
    assert seen[0]["selected_option"] == option("a")
