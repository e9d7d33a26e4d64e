"""The intent to post is written only while its workspace may be written to."""

from datetime import timedelta

import pytest
from sqlalchemy import literal, select

from storage import deliveries, leases, pace
from storage.deliveries import DIGEST, State
from storage.leases import Terms
from storage.pace import LONGEST_BLOCK
from storage.tables import Delivery, Workspace
from tests.delivery.world import FAST, MONDAY, WORKSPACE, World

INSTANT = timedelta(microseconds=1)
# A block that ends later than this was written by a clock that ran ahead.
FARTHEST = LONGEST_BLOCK + timedelta(seconds=60)
ENDS = (None, -INSTANT, timedelta(0), INSTANT, LONGEST_BLOCK, FARTHEST, FARTHEST + INSTANT, timedelta(days=365))


def _claimed(world: World) -> Delivery:
    world.add_people("U1")
    world.plan("U1")
    terms = Terms(WORKSPACE, "one", (DIGEST,), FAST.lease, FAST.batch, FAST.rate)
    with world.sessions.begin() as session:
        [row] = leases.claim(session, terms, due_by=MONDAY, now=MONDAY).rows
    return row


def _shut(world: World, stopped: bool, ends: timedelta | None) -> None:
    with world.sessions.begin() as session:
        workspace = session.get_one(Workspace, WORKSPACE)
        workspace.stopped_at = MONDAY if stopped else None
        workspace.blocked_until = None if ends is None else MONDAY + ends


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("stopped", [False, True])
def test_the_gate_of_a_statement_opens_and_shuts_with_the_gate(
    world: World, stopped: bool, ends: timedelta | None
) -> None:
    _shut(world, stopped, ends)
    asked = select(pace.is_open(literal(WORKSPACE)))
    with world.sessions.begin() as session:
        answer = session.connection().execute(asked, pace.moments(MONDAY)).scalar_one()
        assert answer == pace.gate(session, WORKSPACE).open(MONDAY)


@pytest.mark.parametrize(("stopped", "ends"), [(True, None), (False, INSTANT)], ids=["stopped", "blocked"])
def test_no_post_begins_in_a_workspace_that_was_shut_since_the_claim(
    world: World, stopped: bool, ends: timedelta | None
) -> None:
    row = _claimed(world)
    _shut(world, stopped, ends)
    with world.sessions.begin() as session:
        assert not deliveries.start(session, row, MONDAY, FAST.lease)
    assert (world.row().state, world.row().started_at) == (State.CLAIMED, None)
    _shut(world, False, None)
    with world.sessions.begin() as session:
        assert deliveries.start(session, row, MONDAY, FAST.lease)
    assert world.row().state == State.SENDING
