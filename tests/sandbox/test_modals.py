"""Modals: what is submitted, what Slack's client refuses, and what the app answers."""

from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.errors import Misuse
from bot.sandbox.server import Sandbox
from tests.sandbox.acts import answers, open_modal, post
from tests.sandbox.conftest import Clock
from tests.sandbox.samples import actions, button, field, home, modal, option, section, select, text_input

Json = dict[str, Any]


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


def test_an_update_keeps_what_was_filled_in_where_a_field_stays(sandbox: Sandbox, app: App, client: WebClient) -> None:
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


@pytest.mark.parametrize("asked", [False, True])
def test_closing_is_told_only_to_an_app_that_asked(sandbox: Sandbox, app: App, client: WebClient, asked: bool) -> None:
    closed: list[bool] = []

    @app.view_closed("m")
    def on_close(ack: Any, body: Json) -> None:
        ack()
        closed.append(body["is_cleared"])

    open_modal(sandbox, app, client, modal(notify_on_close=asked))
    result = sandbox.user("U01").close_modal()
    assert result.ok
    assert (result.ack is not None) is asked
    assert sandbox.workspace.modals("U01") == []
    assert sandbox.wait_for(lambda _: closed == [False] * asked)


def test_an_external_id_names_one_view_only(sandbox: Sandbox, app: App, client: WebClient) -> None:
    open_modal(sandbox, app, client, modal(external_id="e"))
    client.views_update(external_id="e", view=modal(section("found"), external_id="e"))
    assert sandbox.workspace.modals("U01")[0]["blocks"][0]["text"]["text"] == "found"
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        client.views_publish(user_id="U02", view=home(external_id="e"))


def test_a_view_that_was_closed_cannot_be_updated(sandbox: Sandbox, app: App, client: WebClient) -> None:
    open_modal(sandbox, app, client, modal())
    (view,) = sandbox.workspace.modals("U01")
    sandbox.user("U01").close_modal()
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id=view["id"], view=modal())


def test_an_update_that_saw_an_older_view_is_refused(sandbox: Sandbox, app: App, client: WebClient) -> None:
    open_modal(sandbox, app, client, modal())
    (view,) = sandbox.workspace.modals("U01")
    client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
