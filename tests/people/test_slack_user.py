"""What is read of Slack's `user` object."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.people.slack_user import SlackUser


def test_a_member_has_a_name_to_show_an_address_and_a_zone() -> None:
    profile = {"display_name": "Ana", "real_name": "Ana Reyes", "email": " Ana@Example.com "}
    user = SlackUser.parse({"id": "U1", "name": "ana.reyes", "tz": "Europe/Madrid", "profile": profile})
    assert (user.name, user.email, user.zone, user.membership) == (
        "Ana",
        "ana@example.com",
        "Europe/Madrid",
        "member",
    )


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"profile": {"display_name": "", "real_name": "Ana Reyes"}, "name": "ana"}, "Ana Reyes"),
        ({"real_name": "Ana Reyes", "name": "ana", "profile": {}}, "Ana Reyes"),
        ({"name": "ana", "profile": None}, "ana"),
        ({}, "U1"),
    ],
)
def test_the_name_to_show_falls_back_to_what_there_is(fields: dict[str, Any], shown: str) -> None:
    assert SlackUser.parse({"id": "U1"} | fields).name == shown


@pytest.mark.parametrize("tz", [None, "", "Mars/Olympus", "../../etc/passwd", "europe/madrid"])
def test_a_zone_that_no_clock_knows_counts_as_unknown_and_becomes_utc(tz: str | None) -> None:
    user = SlackUser.parse({"id": "U1", "tz": tz})
    assert user.zone == "UTC"
    assert not user.zone_is_known


@pytest.mark.parametrize(
    ("fields", "membership"),
    [
        ({"is_bot": True, "deleted": True}, "bot"),
        ({"is_workflow_bot": True}, "bot"),
        ({"is_connector_bot": True}, "bot"),
        ({"id": "USLACKBOT"}, "bot"),
        ({"is_stranger": True}, "stranger"),
        ({"deleted": True, "is_restricted": True}, "deactivated"),
        ({"is_restricted": True}, "guest"),
        ({"is_ultra_restricted": True}, "guest"),
        ({"is_app_user": True, "is_owner": True, "is_restricted": None}, "member"),
    ],
)
def test_only_full_members_are_persons(fields: dict[str, Any], membership: str) -> None:
    assert SlackUser.parse({"id": "U1"} | fields).membership == membership


@pytest.mark.parametrize(
    ("fields", "membership"),
    [
        ({"team_id": "T1"}, "member"),
        ({"team_id": "T2"}, "stranger"),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}}, "member"),
        ({}, "member"),
    ],
)
def test_an_account_of_another_company_is_a_stranger(fields: dict[str, Any], membership: str) -> None:
    assert SlackUser.parse({"id": "U1"} | fields, workspace_id="T1").membership == membership


def test_an_unreadable_account_is_refused_without_its_values() -> None:
    with pytest.raises(ValidationError) as caught:
        SlackUser.parse({"id": "U1", "deleted": "canary@example.com"})
    assert "canary" not in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["tz", "name", "profile", "is_bot", "deleted", "team_id", "enterprise_user", "real_name"])


@given(st.dictionaries(KEYS, JSON))
def test_whatever_slack_sends_is_an_account_with_a_real_zone_or_is_refused(fields: dict[str, Any]) -> None:
    try:
        user = SlackUser.parse({"id": "U1"} | fields)
    except ValidationError:
        return
    assert ZoneInfo(user.zone).key == user.zone
    assert user.name
