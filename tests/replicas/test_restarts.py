"""Replicas that are restarted or die while digests go out: each is sent once all the same."""

import signal
import socket
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlmodel import col, update

from bot.sandbox.faults import Fault
from bot.sandbox.model import Call
from storage.deliveries import State
from storage.tables import Delivery
from tests.replicas.fleet import PATIENCE_S, Fleet

MANY = 10**9


def held_by(fleet: Fleet, replica: subprocess.Popen[bytes]) -> list[Delivery]:
    """The rows that name this replica as their holder."""
    name = f"{socket.gethostname()}-{replica.pid}-"
    return [row for row in fleet.rows() if row.claimed_by is not None and row.claimed_by.startswith(name)]


def test_a_rolling_restart_loses_and_doubles_nothing(fleet: Fleet) -> None:
    # So each replica is in the middle of a post when it is told to stop.
    fleet.slack.faults.add(Fault("chat.postMessage", "slow", times=MANY, seconds=0.5))
    old = fleet.start(2)
    fleet.wait_until_connected(2)
    for replica in old:
        before = len(fleet.people)
        fleet.owe(30)
        fleet.wait_until_posted(before + 3)
        assert fleet.rows(State.CLAIMED, State.SENDING)
        replica.send_signal(signal.SIGTERM)
        assert replica.wait(PATIENCE_S) == 0, fleet.said()
        assert not held_by(fleet, replica), "it has not given back what it held"
        fleet.start()
        fleet.wait_until_connected(2)
    fleet.wait_until_at_rest()
    assert fleet.end() == [0, 0], fleet.said()
    fleet.require_one_each()


def test_what_a_killed_replica_held_is_sent_once_by_the_other_when_its_lease_ends(fleet: Fleet) -> None:
    fleet.slack.faults.add(Fault("chat.postMessage", "hang_after"))
    replicas = fleet.start(2)
    fleet.wait_until_connected(2)
    fleet.owe(60)
    dead = _who_waits_for_slack(fleet, replicas)
    dead.kill()
    assert dead.wait(PATIENCE_S) == -signal.SIGKILL
    held = held_by(fleet, dead)
    assert {row.state for row in held} == {State.CLAIMED, State.SENDING}
    fleet.wait_until_at_rest(all_but=len(held))
    _lease_ends(fleet, held)
    fleet.wait_until_at_rest()
    assert fleet.end() == [0], fleet.said()
    fleet.require_one_each()


def _who_waits_for_slack(fleet: Fleet, replicas: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """The replica whose post hangs, once Slack has accepted it and says nothing."""
    fleet.wait(lambda: bool(_hung(fleet)))
    [call] = _hung(fleet)
    [found] = [each for each in replicas if call.args["channel"] in {row.person_id for row in held_by(fleet, each)}]
    return found


def _hung(fleet: Fleet) -> list[Call]:
    return [call for call in fleet.slack.workspace.calls if call.fault == "hang_after"]


def _lease_ends(fleet: Fleet, held: Sequence[Delivery]) -> None:
    """The two minutes of these rows' lease are over at once. Nobody else touches them before."""
    theirs = update(Delivery).where(col(Delivery.id).in_([row.id for row in held]))
    with fleet.sessions.begin() as session:
        session.exec(theirs.values(lease_until=datetime.now(UTC) - timedelta(seconds=1)))
