"""Replicas started for the first time, at once, on a database in which nothing is; from then on they share the work."""

from sqlmodel import func, select

from storage.tables import PolicyVersion, SeenEvent, Workspace
from tests.replicas.fleet import Fleet

ASKED = 9


def test_three_started_at_once_on_an_empty_database_share_all_work_and_end_in_order(fleet: Fleet) -> None:
    fleet.start(3)
    fleet.wait_until_connected(3)
    with fleet.sessions() as session:
        assert [row.number for row in session.exec(select(PolicyVersion))] == [1]
        assert len(session.exec(select(Workspace)).all()) == 1
    # All of them plan and send, while events come in.
    fleet.owe(60)
    _ask_for_help_again_and_again(fleet)
    fleet.wait_until_at_rest()
    # Whatever a replica still does for an event, it does before it ends.
    assert fleet.end() == [0, 0, 0], fleet.said()
    fleet.require_one_each()
    assert len([message for message in fleet.slack.workspace.log if "What you can type" in message.text]) == ASKED
    with fleet.sessions() as session:
        assert session.exec(select(func.count()).select_from(SeenEvent)).one() == ASKED


def _ask_for_help_again_and_again(fleet: Fleet) -> None:
    """Slack gives each event to one of the replicas, and then the same one to every other."""
    for _ in range(ASKED):
        fleet.slack.user("U01").say("help")
        for _ in range(3):
            fleet.slack.send_raw(fleet.slack.last_payload("events_api"), "events_api")
