"""The roster sync, against the local workspace and both databases."""

import io
from datetime import UTC, datetime

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.people import directory, roster
from bot.people.listing import PATIENCE
from bot.people.roster import EmptyListing
from bot.sandbox.company import COMPANY
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import TEAM_ID
from storage import people
from storage.database import SessionFactory
from storage.people import RosterRow

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def _roster(sessions: SessionFactory) -> dict[str, tuple[str, bool]]:
    with sessions.begin() as session:
        return {row.id: (row.tz, row.active) for row in people.roster(session).values()}


def _three(slack: Sandbox) -> None:
    for number, tz in enumerate(("Europe/Madrid", "Asia/Kolkata", "Australia/Sydney"), start=1):
        slack.workspace.add_user(id=f"U{number}", name=f"Person {number}", email=f"p{number}@x.example", tz=tz)


def test_members_get_a_row_and_guests_bots_and_deactivated_accounts_get_none(
    sessions: SessionFactory, slack: Sandbox, client: WebClient
) -> None:
    _three(slack)
    slack.workspace.add_user(id="UG1", name="Guest", is_restricted=True)
    slack.workspace.add_user(id="UG2", name="Guest of one channel", is_ultra_restricted=True)
    slack.workspace.add_user(id="UB1", name="Some bot", is_bot=True)
    slack.workspace.add_user(id="UD1", name="Gone", deleted=True)
    slack.workspace.add_user(id="USLACKBOT", name="Slackbot")
    summary = roster.sync(sessions, client, workspace_id=TEAM_ID)
    assert _roster(sessions) == {
        "U1": ("Europe/Madrid", True),
        "U2": ("Asia/Kolkata", True),
        "U3": ("Australia/Sydney", True),
    }
    assert (summary.added, summary.guests, summary.bots, summary.deactivated) == (3, 2, 3, 1)
    assert summary.read == 9


def test_a_second_sync_changes_nothing(sessions: SessionFactory, slack: Sandbox, client: WebClient) -> None:
    _three(slack)
    roster.sync(sessions, client)
    summary = roster.sync(sessions, client)
    assert (summary.added, summary.changed, summary.left, summary.returned) == (0, 0, 0, 0)


def test_moves_leavers_and_returners_are_told_apart(
    sessions: SessionFactory, slack: Sandbox, client: WebClient
) -> None:
    _three(slack)
    with sessions.begin() as session:
        held = [RosterRow("U0MISSING", "UTC"), RosterRow("U1", "UTC"), RosterRow("U3", "Asia/Tokyo", active=False)]
        people.upsert_roster(session, held)
    summary = roster.sync(sessions, client)
    assert (summary.added, summary.changed, summary.left, summary.returned) == (1, 1, 1, 1)
    assert _roster(sessions) == {
        "U0MISSING": ("UTC", False),
        "U1": ("Europe/Madrid", True),
        "U2": ("Asia/Kolkata", True),
        "U3": ("Australia/Sydney", True),
    }


def test_a_member_who_is_made_a_guest_or_deactivated_leaves(
    sessions: SessionFactory, slack: Sandbox, client: WebClient
) -> None:
    _three(slack)
    roster.sync(sessions, client)
    slack.workspace.update_user("U1", is_restricted=True)
    slack.workspace.update_user("U2", deleted=True)
    summary = roster.sync(sessions, client)
    assert (summary.left, summary.guests, summary.deactivated) == (2, 1, 1)
    assert [person for person, (_, active) in _roster(sessions).items() if active] == ["U3"]
    assert _roster(sessions)["U2"] == ("Asia/Kolkata", False)


def test_all_pages_are_read_and_progress_is_told(sessions: SessionFactory, slack: Sandbox, client: WebClient) -> None:
    for number in range(450):
        slack.workspace.add_user(id=f"U{number:04d}", name=f"Person {number}")
    seen: list[int] = []
    summary = roster.sync(sessions, client, progress=seen.append)
    assert (summary.added, seen) == (450, [200, 400, 451])
    assert sum(call.method == "users.list" for call in slack.workspace.calls) == 3


def test_a_rate_limit_is_waited_out_for_as_long_as_slack_asks(
    sessions: SessionFactory, slack: Sandbox, client: WebClient
) -> None:
    _three(slack)
    slack.faults.add(Fault(method="users.list", kind="ratelimited", times=2, retry_after=7))
    waits: list[float] = []
    assert roster.sync(sessions, client, sleep=waits.append).added == 3
    assert waits == [7.0, 7.0]


@pytest.mark.parametrize(("times", "retry_after", "waited"), [(PATIENCE + 1, 3, PATIENCE), (1, 3600, 0)])
def test_endless_or_hour_long_rate_limits_end_the_sync_with_nothing_changed(
    sessions: SessionFactory, slack: Sandbox, client: WebClient, times: int, retry_after: int, waited: int
) -> None:
    _three(slack)
    slack.faults.add(Fault(method="users.list", kind="ratelimited", times=times, retry_after=retry_after))
    waits: list[float] = []
    with pytest.raises(SlackApiError):
        roster.sync(sessions, client, sleep=waits.append)
    assert len(waits) == waited
    assert _roster(sessions) == {}


def test_half_a_list_is_never_taken_for_the_whole(sessions: SessionFactory, slack: Sandbox, client: WebClient) -> None:
    for number in range(300):
        slack.workspace.add_user(id=f"U{number:04d}", name=f"Person {number}")
    roster.sync(sessions, client)
    slack.faults.add(Fault(method="users.list", kind="ok"))
    slack.faults.add(Fault(method="users.list", kind="error_500_before"))
    with pytest.raises(SlackApiError):
        roster.sync(sessions, client)
    assert sum(active for _, active in _roster(sessions).values()) == 300


def test_a_list_without_any_member_changes_nothing(sessions: SessionFactory, slack: Sandbox, client: WebClient) -> None:
    with sessions.begin() as session:
        people.upsert_roster(session, [RosterRow("U1", "UTC")])
    with pytest.raises(EmptyListing):
        roster.sync(sessions, client)
    assert _roster(sessions) == {"U1": ("UTC", True)}


def test_members_of_another_company_get_no_row(sessions: SessionFactory, slack: Sandbox, client: WebClient) -> None:
    _three(slack)
    with sessions.begin() as session:
        people.upsert_roster(session, [RosterRow("U1", "UTC")])
    with pytest.raises(EmptyListing):
        roster.sync(sessions, client, workspace_id="T0ANOTHER")
    assert set(_roster(sessions)) == {"U1"}


def test_the_sample_company_is_taken_over_from_slack_and_from_its_directory(
    sessions: SessionFactory, slack: Sandbox, client: WebClient
) -> None:
    for person in COMPANY.people:
        slack.workspace.add_user(**person.account())
    summary = roster.sync(sessions, client, workspace_id=TEAM_ID)
    assert (summary.added, summary.guests, summary.deactivated, summary.unknown_zones) == (60, 1, 1, 0)
    members = directory.members_by_email(client, workspace_id=TEAM_ID)
    assert len(members) == 59
    from_hr = io.BytesIO(COMPANY.directory_csv())
    report = directory.import_directory(sessions, from_hr, members, now=NOW, apply=True)
    assert (report.refusals, report.skipped, report.people, report.managers_added) == ((), (), 60, 11)
    assert len(report.new_teams) == 11


def test_two_members_with_one_address_are_both_found_under_it(slack: Sandbox, client: WebClient) -> None:
    slack.workspace.add_user(id="U1", name="One", email="Shared@x.example")
    slack.workspace.add_user(id="U2", name="Two", email="shared@x.example")
    slack.workspace.add_user(id="U3", name="Old Two", email="shared@x.example", deleted=True)
    slack.workspace.add_user(id="U4", name="No address")
    assert directory.members_by_email(client) == {"shared@x.example": ("U1", "U2")}
