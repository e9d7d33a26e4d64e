"""The manifest decides what the app can do."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from slack_sdk.errors import SlackApiError

from bot.sandbox.errors import Misuse
from bot.sandbox.server import Sandbox
from tests.sandbox.manifests import changed, workspace_with
from tests.sandbox.samples import actions, button, home

Json = dict[str, Any]


def test_the_projects_own_manifest_is_valid() -> None:
    with Sandbox(manifest=Path(__file__).parents[2] / "manifest.yml") as sandbox:
        assert "chat:write" in sandbox.workspace.manifest.scopes


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("display_information__name", "x" * 36),
        ("display_information__description", "x" * 141),
        ("display_information__long_description", "x" * 174),
        ("features__slash_commands", [{"command": "candor", "description": "no slash"}]),
    ],
)
def test_a_manifest_that_slack_would_refuse_is_refused(tmp_path: Path, where: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        Sandbox(manifest=changed(tmp_path, **{where: value}))


def test_without_a_home_tab_there_is_nothing_to_publish_or_open(tmp_path: Path) -> None:
    with workspace_with(changed(tmp_path, features__app_home__home_tab_enabled=False)) as (sandbox, client):
        with pytest.raises(SlackApiError, match="not_enabled"):
            client.views_publish(user_id="U01", view=home())
        with pytest.raises(Misuse, match="no Home tab"):
            sandbox.user("U01").open_home()


def test_a_read_only_messages_tab_takes_no_typing(tmp_path: Path) -> None:
    path = changed(tmp_path, features__app_home__messages_tab_read_only_enabled=True)
    with workspace_with(path) as (sandbox, client):
        client.chat_postMessage(channel="U01", text="still arrives")
        with pytest.raises(Misuse, match="turned off"):
            sandbox.user("U01").say("hello")


def test_without_a_messages_tab_no_dm_can_be_posted(tmp_path: Path) -> None:
    with (
        workspace_with(changed(tmp_path, features__app_home__messages_tab_enabled=False)) as (_, client),
        pytest.raises(SlackApiError, match="messages_tab_disabled"),
    ):
        client.chat_postMessage(channel="U01", text="x")


def test_without_interactivity_buttons_do_nothing(tmp_path: Path) -> None:
    with workspace_with(changed(tmp_path, settings__interactivity__is_enabled=False)) as (sandbox, client):
        client.chat_postMessage(channel="U01", text="x", blocks=[actions(button("go"))])
        with pytest.raises(Misuse, match="interactive"):
            sandbox.user("U01").press("go")


def test_without_socket_mode_no_connection_is_opened(tmp_path: Path) -> None:
    with (
        workspace_with(changed(tmp_path, settings__socket_mode_enabled=False)) as (sandbox, client),
        pytest.raises(SlackApiError, match="forbidden_team"),
    ):
        client.apps_connections_open(app_token=sandbox.app_token)


def test_an_event_that_is_not_subscribed_is_not_sent(tmp_path: Path) -> None:
    with workspace_with(changed(tmp_path, settings__event_subscriptions__bot_events=["message.im"])) as (sandbox, _):
        sandbox.user("U01").open_home()
        sandbox.workspace.update_user("U01", tz="UTC")
        sandbox.user("U01").say("hello")
        assert [ack.type for ack in sandbox.workspace.acks] == ["message"]
