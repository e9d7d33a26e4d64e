"""User groups, and the optional scope that reading them needs."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.errors import Misuse
from bot.sandbox.manifest import Manifest
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import MANIFEST
from tests.sandbox.manifests import changed, workspace_with
from tests.sandbox.refusals import error_of

Json = dict[str, Any]


def test_the_members_of_a_group_are_listed(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.workspace.add_usergroup(id="S01", handle="hr", users=["U02", "U01"])
    assert client.usergroups_users_list(usergroup="S01")["users"] == ["U02", "U01"]


def test_an_unknown_group_and_a_disabled_one_are_no_groups(sandbox: Sandbox, client: WebClient) -> None:
    group = sandbox.workspace.add_usergroup(id="S01", handle="hr", users=["U01"])
    assert error_of(lambda: client.usergroups_users_list(usergroup="S404")) == "no_such_subteam"
    assert error_of(lambda: client.usergroups_users_list(usergroup="")) == "invalid_arguments"
    group.disabled = True
    assert error_of(lambda: client.usergroups_users_list(usergroup="S01")) == "no_such_subteam"
    assert client.usergroups_users_list(usergroup="S01", include_disabled=True)["users"] == ["U01"]


def test_a_group_holds_people_of_the_workspace_only(sandbox: Sandbox) -> None:
    with pytest.raises(KeyError, match="U404"):
        sandbox.workspace.add_usergroup(id="S01", handle="hr", users=["U404"])


def test_groups_are_for_paid_plans(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.workspace.add_usergroup(id="S01", handle="hr", users=["U01"])
    sandbox.workspace.plan = "free"
    assert error_of(lambda: client.usergroups_users_list(usergroup="S01")) == "plan_upgrade_required"


def test_an_optional_scope_can_be_declined_when_the_app_is_installed(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.workspace.add_usergroup(id="S01", handle="hr", users=["U01"])
    assert "usergroups:read" in client.auth_test().headers["X-OAuth-Scopes"]
    sandbox.workspace.decline_scope("usergroups:read")
    assert "usergroups:read" not in client.auth_test().headers["X-OAuth-Scopes"]
    with pytest.raises(SlackApiError) as refused:
        client.usergroups_users_list(usergroup="S01")
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "usergroups:read")
    assert "usergroups:read" not in answer["provided"]


def test_a_needed_scope_cannot_be_declined(sandbox: Sandbox) -> None:
    with pytest.raises(Misuse, match="no optional scope"):
        sandbox.workspace.decline_scope("chat:write")


def test_without_the_scope_no_group_is_read(tmp_path: Path) -> None:
    with workspace_with(changed(tmp_path, oauth_config__scopes={"bot": ["chat:write"]})) as (sandbox, client):
        sandbox.workspace.add_usergroup(id="S01", handle="hr", users=["U01"])
        assert error_of(lambda: client.usergroups_users_list(usergroup="S01")) == "missing_scope"


def test_an_optional_scope_that_is_not_among_all_scopes_is_refused(tmp_path: Path) -> None:
    scopes = yaml.safe_load(MANIFEST.read_text())["oauth_config"]["scopes"]
    wrong = changed(tmp_path, oauth_config__scopes=scopes | {"bot_optional": ["channels:history"]})
    with pytest.raises(ValidationError, match="channels:history"):
        Manifest.read(wrong)
