"""Acting as a person, with the app dispatched inline: payloads, modals, and what Slack's client refuses."""

from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.actor import NO_ANSWER
from bot.sandbox.errors import Misuse
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Clock
from tests.sandbox.samples import actions, button, field, home, modal, option, plain, section, select, text_input

Json = dict[str, Any]


def opens(app: App, action_id: str, view: Json) -> list[Json]:
    """Makes a button open a modal; returns the list into which the payloads come."""
    seen: list[Json] = []

    def listener(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        seen.append(body)
        client.views_open(trigger_id=body["trigger_id"], view=view)

    app.action(action_id)(listener)
    return seen


def answers(app: App, callback_id: str, **answer: Any) -> list[Json]:
    """Makes the app acknowledge a submitted modal with `answer`."""
    seen: list[Json] = []

    def listener(ack: Any, body: Json) -> None:
        seen.append(body)
        ack(**answer)

    app.view(callback_id)(listener)
    return seen


def post(client: WebClient, *blocks: Json) -> None:
    client.chat_postMessage(channel="U01", text="x", blocks=list(blocks))


def open_modal(sandbox: Sandbox, app: App, client: WebClient, view: Json) -> None:
    opens(app, "go", view)
    post(client, actions(button("go")))
    assert sandbox.user("U01").press("go").ok
    assert sandbox.wait_for(lambda workspace: len(workspace.modals("U01")) == 1)


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


def test_a_submission_holds_the_state_of_every_input(sandbox: Sandbox, app: App, client: WebClient) -> None:
    seen = answers(app, "m")
    view = modal(
        field(text_input(action_id="hours")),
        field(select("a", "b", initial_option=option("a")), block_id="c"),
        field({"type": "checkboxes", "action_id": "boxes", "options": [option("1"), option("2")]}, block_id="d",
              optional=True),
        field({"type": "datepicker", "action_id": "day"}, block_id="e", optional=True),
    )  # fmt: skip
    open_modal(sandbox, app, client, view)
    assert sandbox.user("U01").fill_and_submit(values={"hours": "2 & <3>", "boxes": ["2"]}).ok
    assert seen[0]["view"]["state"]["values"] == {
        "b": {"hours": {"type": "plain_text_input", "value": "2 & <3>"}},
        "c": {"pick": {"type": "static_select", "selected_option": option("a")}},
        "d": {"boxes": {"type": "checkboxes", "selected_options": [option("2")]}},
        "e": {"day": {"type": "datepicker", "selected_date": None}},
    }
    assert sandbox.workspace.modals("U01") == []


REFUSED = [
    (text_input(), None, "required field"),
    (text_input(max_length=3), "four", "at most 3"),
    (text_input(min_length=3), "ab", "at least 3"),
    (text_input(), "two\nlines", "one line"),
    ({"type": "number_input", "action_id": "text", "is_decimal_allowed": False}, "1.5", "whole number"),
    ({"type": "number_input", "action_id": "text", "is_decimal_allowed": True, "max_value": "40"}, "41", "40 or less"),
    ({"type": "number_input", "action_id": "text", "is_decimal_allowed": True, "min_value": "0"}, "-1", "0 or more"),
    ({"type": "email_text_input", "action_id": "text"}, "nobody", "email"),
    ({"type": "url_text_input", "action_id": "text"}, "ftp://x", "URL"),
    ({"type": "datepicker", "action_id": "text"}, "2026-02-30", "date"),
    ({"type": "timepicker", "action_id": "text"}, "24:00", "time"),
]


@pytest.mark.parametrize(("element", "value", "words"), REFUSED)
def test_what_slacks_client_refuses_never_reaches_the_app(
    sandbox: Sandbox, app: App, client: WebClient, element: Json, value: str | None, words: str
) -> None:
    open_modal(sandbox, app, client, modal(field(element)))
    result = sandbox.user("U01").fill_and_submit(values={"text": value})
    assert not result.ok
    assert result.ack is None
    assert words in result.errors["b"]
    assert len(sandbox.workspace.modals("U01")) == 1


def test_an_input_that_the_modal_does_not_have_is_a_mistake_of_the_test(
    sandbox: Sandbox, app: App, client: WebClient
) -> None:
    open_modal(sandbox, app, client, modal(field()))
    with pytest.raises(Misuse, match="no input"):
        sandbox.user("U01").fill_and_submit(values={"other": "x"})


def test_errors_from_the_app_keep_the_modal_open(sandbox: Sandbox, app: App, client: WebClient) -> None:
    answers(app, "m", response_action="errors", errors={"b": "not like this"})
    open_modal(sandbox, app, client, modal(field()))
    result = sandbox.user("U01").fill_and_submit(values={"b": "kept"})
    assert (result.ok, result.errors) == (False, {"b": "not like this"})
    (view,) = sandbox.workspace.modals("U01")
    assert view["state"]["values"]["b"]["text"]["value"] == "kept"


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": modal(section("x" * 3001))},
        {"response_action": "jump"},
        {"text": "thanks"},
    ],
    ids=lambda answer: str(next(iter(answer.values()))),
)
def test_an_answer_that_slack_would_not_understand_is_an_error(
    sandbox: Sandbox, app: App, client: WebClient, answer: Json
) -> None:
    answers(app, "m", **answer)
    open_modal(sandbox, app, client, modal())
    result = sandbox.user("U01").fill_and_submit()
    assert not result.ok
    assert "not valid" in (result.error or "")
    assert len(sandbox.workspace.modals("U01")) == 1


def test_an_answer_can_update_push_or_clear(sandbox: Sandbox, app: App, client: WebClient) -> None:
    answers(app, "m", response_action="update", view=modal(callback_id="updated"))
    answers(app, "updated", response_action="push", view=modal(callback_id="pushed"))
    answers(app, "pushed", response_action="clear")
    open_modal(sandbox, app, client, modal())
    user = sandbox.user("U01")
    shown = [
        [view["callback_id"] for view in sandbox.workspace.modals("U01")] for _ in range(3) if user.fill_and_submit()
    ]
    assert shown == [["updated"], ["updated", "pushed"], []]


def test_an_update_keeps_what_was_filled_in_where_the_field_stays(
    sandbox: Sandbox, app: App, client: WebClient
) -> None:
    open_modal(sandbox, app, client, modal(field(), field(block_id="gone")))
    user = sandbox.user("U01")
    user.press("text", "b", selected="kept")
    (view,) = sandbox.workspace.modals("U01")
    client.views_update(view_id=view["id"], view=modal(field(), field(block_id="new")))
    (view,) = sandbox.workspace.modals("U01")
    values = {block: entry["text"]["value"] for block, entry in view["state"]["values"].items()}
    assert values == {"b": "kept", "new": None}


def test_a_trigger_is_good_once_and_for_three_seconds(
    sandbox: Sandbox, app: App, client: WebClient, clock: Clock
) -> None:
    triggers: list[str] = []

    @app.action("go")
    def go(ack: Any, body: Json) -> None:
        ack()
        triggers.append(body["trigger_id"])

    post(client, actions(button("go")))
    sandbox.user("U01").press("go")
    sandbox.user("U01").press("go")

    def refused(trigger_id: str) -> str:
        with pytest.raises(SlackApiError) as error:
            client.views_open(trigger_id=trigger_id, view=modal())
        return str(error.value.response["error"])

    client.views_open(trigger_id=triggers[0], view=modal())
    assert refused(triggers[0]) == "exchanged_trigger_id"
    clock.move(3.1)
    assert refused(triggers[1]) == "expired_trigger_id"
    assert refused("1.2.made-up") == "invalid_trigger_id"


def test_three_modals_stack_and_no_more(sandbox: Sandbox, app: App, client: WebClient) -> None:
    failures: list[str] = []

    @app.action("deeper")
    def deeper(ack: Any, body: Json) -> None:
        ack()
        try:
            client.views_push(trigger_id=body["trigger_id"], view=modal(actions(button("deeper"))))
        except SlackApiError as refused:
            failures.append(str(refused.response["error"]))

    open_modal(sandbox, app, client, modal(actions(button("deeper"))))
    user = sandbox.user("U01")
    for _ in range(3):
        user.press("deeper")
    assert sandbox.wait_for(lambda _: failures == ["push_limit_reached"])
    first, second, third = sandbox.workspace.modals("U01")
    assert (second["previous_view_id"], third["root_view_id"]) == (first["id"], first["id"])
    user.close_modal()
    assert sandbox.workspace.modals("U01") == [first, second]


def test_closing_is_told_only_to_an_app_that_asked(sandbox: Sandbox, app: App, client: WebClient) -> None:
    closed: list[bool] = []

    @app.view_closed("m")
    def on_close(ack: Any, body: Json) -> None:
        ack()
        closed.append(body["is_cleared"])

    open_modal(sandbox, app, client, modal())
    assert sandbox.user("U01").close_modal().ack is None
    open_modal(sandbox, app, client, modal(notify_on_close=True))
    assert sandbox.user("U01").close_modal().ok
    assert closed == [False]


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
