"""Dates, menus and buttons: on every surface that Slack allows them on, and for those only who see them."""

from typing import Any, Literal

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.errors import Misuse
from bot.sandbox.server import Sandbox
from tests.sandbox.acts import answers, listens, open_modal, opens, post
from tests.sandbox.refusals import error_of
from tests.sandbox.samples import actions, button, field, home, modal, option, section, select

Json = dict[str, Any]
Surface = Literal["message", "home", "modal"]

DAY = {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"}
MORE = {"type": "overflow", "action_id": "more", "options": [option("a"), option("b")]}


def shows(surface: Surface, sandbox: Sandbox, app: App, client: WebClient, *blocks: Json) -> None:
    """Puts the blocks on the surface, where U01 sees them."""
    if surface == "message":
        post(client, *blocks)
    elif surface == "home":
        client.views_publish(user_id="U01", view=home(*blocks))
    else:
        open_modal(sandbox, app, client, modal(*blocks))


@pytest.mark.parametrize("surface", ["message", "home", "modal"])
def test_a_menu_a_date_and_an_overflow_tell_the_app_at_once(
    sandbox: Sandbox, app: App, client: WebClient, surface: Surface
) -> None:
    seen = [listens(app, "pick"), listens(app, "day"), listens(app, "more")]
    blocks = (section(accessory=MORE, block_id="s"), actions(select("x", "y"), DAY, block_id="k"))
    shows(surface, sandbox, app, client, *blocks)
    user = sandbox.user("U01")
    assert user.press("pick", selected="y").ok
    assert user.press("day", selected="2026-12-24").ok
    assert user.press("more", selected="b").ok
    (pick,), (day,), (more,) = seen
    assert pick["actions"][0]["selected_option"] == option("y")
    assert day["actions"][0]["selected_date"] == "2026-12-24"
    assert more["actions"][0]["selected_option"] == option("b")
    state = (more["state"] if surface == "message" else more["view"]["state"])["values"]
    assert state["k"]["pick"]["selected_option"] == option("y")
    assert state["k"]["day"] == {"type": "datepicker", "selected_date": "2026-12-24"}
    assert "s" not in state


def test_a_date_of_a_modal_comes_with_its_submission(sandbox: Sandbox, app: App, client: WebClient) -> None:
    seen = answers(app, "m")
    open_modal(sandbox, app, client, modal(field(DAY)))
    assert sandbox.user("U01").fill_and_submit().ok
    open_modal(sandbox, app, client, modal(field(DAY)))
    assert sandbox.user("U01").fill_and_submit(values={"day": "2026-12-24"}).ok
    dates = [body["view"]["state"]["values"]["b"]["day"]["selected_date"] for body in seen]
    assert dates == ["2026-12-01", "2026-12-24"]


@pytest.mark.parametrize("wrong", ["24.12.2026", "2026-02-30", "20261224"])
def test_a_calendar_offers_no_such_day(sandbox: Sandbox, app: App, client: WebClient, wrong: str) -> None:
    seen = listens(app, "day")
    post(client, actions(DAY))
    with pytest.raises(Misuse, match="day"):
        sandbox.user("U01").press("day", selected=wrong)
    assert seen == []


@pytest.mark.parametrize("told", [True, False])
def test_a_menu_of_a_modals_field_is_silent_unless_it_dispatches(
    sandbox: Sandbox, app: App, client: WebClient, told: bool
) -> None:
    seen = listens(app, "pick")
    open_modal(sandbox, app, client, modal(field(select("x", "y"), dispatch_action=told)))
    assert sandbox.user("U01").press("pick", selected="y").ok
    (view,) = sandbox.workspace.modals("U01")
    assert view["state"]["values"]["b"]["pick"]["selected_option"] == option("y")
    assert [body["actions"][0]["selected_option"] for body in seen] == ([option("y")] if told else [])


def test_a_button_in_a_channel_opens_a_view_for_whoever_presses_it(
    sandbox: Sandbox, app: App, client: WebClient
) -> None:
    seen = opens(app, "go", modal())
    sandbox.workspace.invite_bot("C01")
    client.chat_postMessage(channel="C01", text="A new version", blocks=[actions(button("go"))])
    (message,) = sandbox.workspace.messages("C01")
    assert sandbox.user("U02").press("go", message=message).ok
    assert (seen[0]["user"]["id"], seen[0]["channel"]) == ("U02", {"id": "C01", "name": "general"})
    assert sandbox.wait_for(lambda workspace: len(workspace.modals("U02")) == 1)
    assert sandbox.workspace.modals("U01") == []


def test_the_app_posts_only_where_it_is_a_member(sandbox: Sandbox, client: WebClient) -> None:
    assert error_of(lambda: client.chat_postMessage(channel="C01", text="x")) == "not_in_channel"
    sandbox.workspace.add_channel(id="C02", name="closed", is_private=True)
    assert error_of(lambda: client.chat_postMessage(channel="C02", text="x")) == "channel_not_found"
    sandbox.workspace.invite_bot("C02")
    assert client.chat_postMessage(channel="C02", text="x")["channel"] == "C02"


def test_nobody_presses_a_button_that_they_do_not_see(sandbox: Sandbox, app: App, client: WebClient) -> None:
    seen = opens(app, "go", modal())
    sandbox.workspace.invite_bot("C01")
    client.chat_postEphemeral(channel="C01", user="U01", text="x", blocks=[actions(button("go"))])
    post(client, actions(button("go")))
    for message in sandbox.workspace.log:
        with pytest.raises(Misuse, match="does not see"):
            sandbox.user("U02").press("go", message=message)
    assert seen == []
