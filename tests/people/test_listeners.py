"""Slack's news, sent by the local workspace through a Bolt app."""

from datetime import datetime
from typing import Any

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot.people import listeners
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import TEAM_ID
from storage import people
from storage.database import SessionFactory
from storage.tables import Person, Preference, Workspace
from tests.people.conftest import NOW

pytestmark = pytest.mark.usefixtures("app")


def _person(sessions: SessionFactory, person_id: str = "U1") -> Person | None:
    with sessions.begin() as session:
        return people.get(session, person_id)


def _next_due(sessions: SessionFactory) -> datetime | None:
    with sessions.begin() as session:
        return session.exec(select(Preference.next_due).where(col(Preference.person_id) == "U1")).one()


def _workspace(sessions: SessionFactory) -> Workspace:
    with sessions.begin() as session:
        return session.get_one(Workspace, TEAM_ID)


def _join(slack: Sandbox, **details: Any) -> None:
    slack.workspace.join_user(id="U1", name="Ana Reyes", **({"tz": "Europe/Madrid"} | details))


def _looked_up(slack: Sandbox) -> int:
    return sum(call.method == "users.info" for call in slack.workspace.calls)


def test_whoever_joins_gets_a_row(sessions: SessionFactory, slack: Sandbox) -> None:
    _join(slack)
    person = _person(sessions)
    assert person is not None
    assert (person.tz, person.active, person.team_id, person.is_manager) == ("Europe/Madrid", True, None, False)


@pytest.mark.parametrize(
    "details", [{"is_restricted": True}, {"is_bot": True}, {"is_stranger": True}, {"deleted": True}]
)
def test_a_guest_a_bot_a_stranger_or_a_dead_account_that_joins_gets_none(
    sessions: SessionFactory, slack: Sandbox, details: dict[str, bool]
) -> None:
    _join(slack, **details)
    assert _person(sessions) is None


def test_a_move_to_another_zone_is_followed_and_the_digest_planned_anew(
    sessions: SessionFactory, slack: Sandbox
) -> None:
    _join(slack)
    with sessions.begin() as session:
        session.add(Preference(person_id="U1", next_due=NOW))
    slack.workspace.update_user("U1", title="Lead")
    assert _next_due(sessions) == NOW
    slack.workspace.update_user("U1", tz="Asia/Kolkata")
    person = _person(sessions)
    assert person is not None and person.tz == "Asia/Kolkata"
    assert _next_due(sessions) is None


def test_a_deactivated_person_becomes_inactive_keeps_the_zone_and_can_return(
    sessions: SessionFactory, slack: Sandbox
) -> None:
    _join(slack)
    slack.workspace.update_user("U1", deleted=True)
    gone = _person(sessions)
    assert gone is not None and (gone.active, gone.tz) == (False, "Europe/Madrid")
    slack.workspace.update_user("U1", deleted=False)
    back = _person(sessions)
    assert back is not None and back.active


def test_a_member_who_is_made_a_guest_becomes_inactive(sessions: SessionFactory, slack: Sandbox) -> None:
    _join(slack)
    slack.workspace.update_user("U1", is_restricted=True)
    person = _person(sessions)
    assert person is not None and not person.active


def test_a_change_that_is_no_news_asks_slack_nothing(sessions: SessionFactory, slack: Sandbox) -> None:
    _join(slack)
    before = _looked_up(slack)
    slack.workspace.update_user("U1", title="Lead", name="Ana R.")
    assert _looked_up(slack) == before
    slack.workspace.update_user("U1", tz="Asia/Tokyo")
    assert _looked_up(slack) == before + 1


def test_an_old_event_that_comes_late_undoes_nothing(sessions: SessionFactory, slack: Sandbox) -> None:
    _join(slack)
    slack.workspace.update_user("U1", tz="Asia/Tokyo")
    late = slack.last_payload("events_api")["event"]
    slack.workspace.update_user("U1", tz="Asia/Kolkata")
    slack.workspace.update_user("U1", deleted=True)
    ack = slack.send_event(late)
    person = _person(sessions)
    assert ack is not None and ack.ok
    assert person is not None and (person.active, person.tz) == (False, "Asia/Kolkata")


@pytest.mark.parametrize("kind", ["drop_before", "half_body", "error_500_before", "ratelimited"])
def test_when_slack_cannot_be_asked_the_event_itself_is_believed(
    sessions: SessionFactory, slack: Sandbox, kind: FaultKind
) -> None:
    slack.faults.add(Fault(method="users.info", kind=kind))
    with capture_logs() as lines:
        _join(slack)
    person = _person(sessions)
    assert person is not None and person.tz == "Europe/Madrid"
    assert [line["log_level"] for line in lines] == ["warning", "info"]
    assert "Ana" not in repr(lines)


@pytest.mark.parametrize("user", [None, "U1", {}, {"id": ""}, {"id": "U1", "deleted": "canary"}])
def test_an_event_without_a_readable_account_is_acknowledged_and_logged_without_its_content(
    sessions: SessionFactory, slack: Sandbox, user: Any
) -> None:
    with capture_logs() as lines:
        ack = slack.send_event({"type": "user_change", "user": user})
    assert ack is not None and ack.ok
    assert _person(sessions) is None
    assert [line["event"] for line in lines] == ["account event could not be read"]
    assert "canary" not in repr(lines)


def test_the_same_event_twice_changes_nothing_twice(sessions: SessionFactory, slack: Sandbox) -> None:
    _join(slack)
    with sessions.begin() as session:
        known = people.get(session, "U1")
        assert known is not None
        known.invitations = False
    slack.send_raw(slack.last_payload("events_api"), "events_api")
    person = _person(sessions)
    assert person is not None and not person.invitations


def test_removing_the_app_stops_the_workspace(sessions: SessionFactory, slack: Sandbox) -> None:
    slack.workspace.uninstall_app()
    workspace = _workspace(sessions)
    assert (workspace.stopped_at, workspace.stop_reason) == (NOW, "app uninstalled")


def test_revoking_the_bots_token_stops_the_workspace(sessions: SessionFactory, slack: Sandbox) -> None:
    slack.workspace.revoke_tokens()
    workspace = _workspace(sessions)
    assert (workspace.stopped_at, workspace.stop_reason) == (NOW, "tokens revoked")


def test_revoking_one_users_token_stops_nothing(sessions: SessionFactory, slack: Sandbox) -> None:
    slack.send_event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    assert _workspace(sessions).stopped_at is None


def test_every_listener_is_for_an_event_that_the_manifest_subscribes_to(slack: Sandbox) -> None:
    class Recorder:
        def __init__(self) -> None:
            self.events: list[str] = []

        def event(self, name: str) -> Any:
            self.events.append(name)
            return lambda listener: listener

    recorder = Recorder()
    listeners.register(recorder)  # type: ignore[arg-type]
    subscribed = slack.workspace.manifest.settings.event_subscriptions.bot_events
    assert recorder.events
    assert set(recorder.events) <= set(subscribed)
