"""What comes late: a post that Slack accepts after everybody has gone, a clock that lags, a word on what has ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.sandbox.server import Sandbox
from storage import deliveries, leases
from storage.deliveries import State
from storage.leases import Terms
from storage.tables import Delivery
from tests.candor import MANIFEST
from tests.delivery.outcomes import SETTINGS, SETTLE, TIMEOUT, Dies, Fate, Sleeps, Step
from tests.delivery.process import Process
from tests.delivery.world import MONDAY, WORKSPACE, World

LEASE = SETTINGS.lease_s
LATER = timedelta(minutes=5)


def work(world: World, name: str, *fates: Fate) -> None:
    Process(world, name, SETTINGS, list(fates), lambda naps: world.clock.advance(sum(naps))).run()


def come_to_rest(world: World) -> None:
    """Another worker looks every few seconds, so that whatever is done too soon is done."""
    for _ in range(60):
        world.clock.advance(TIMEOUT / 2)
        work(world, "two")
    world.slack.accept_late()
    assert (len(world.messages("U1")), world.row().state) == (1, State.SENT)


def test_a_post_of_a_dead_worker_is_not_looked_up_before_slack_has_settled(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("accept_late", seconds=SETTLE)
    work(world, "one", Sleeps(Step.INTENDED, (TIMEOUT - 1,)), Dies(Step.ANSWERED))
    assert (world.calls("chat.postMessage"), world.row().state) == (1, State.SENDING)
    come_to_rest(world)


def test_the_intent_to_post_holds_the_message_for_a_whole_lease(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("accept_late", seconds=SETTLE)
    work(world, "one", Sleeps(Step.INTENDING, (LEASE - 1,)), Dies(Step.ANSWERED))
    assert (world.calls("chat.postMessage"), world.row().state) == (1, State.SENDING)
    come_to_rest(world)


def test_a_message_is_found_though_slacks_clock_runs_behind(world: World) -> None:
    with Sandbox(MANIFEST, lambda: world.clock() - timedelta(minutes=5)) as slack:
        behind = World(world.sessions, slack, world.clock)
        behind.add_people("U1")
        behind.plan("U1")
        behind.fault("drop_after")
        behind.rest()
        assert len(behind.messages("U1")) == 1


ENDINGS: dict[str, Callable[[Session, Delivery], bool]] = {
    "sent": lambda session, row: deliveries.mark_sent(
        session, row, MONDAY, channel="D1", ts="1.2", holds_figures=False
    ),
    "failed": lambda session, row: deliveries.mark_failed(session, row, MONDAY, "channel_not_found"),
}
LATE_WORDS: dict[str, Callable[[Session, Delivery], bool]] = {
    **ENDINGS,
    "started": lambda session, row: deliveries.start(session, row, MONDAY + LATER, LATER),
    "unknown": lambda session, row: deliveries.mark_unknown(session, row, reason="timeout", not_before=MONDAY),
    "refused": lambda session, row: deliveries.mark_refused(
        session, row, MONDAY, reason="ratelimited", not_before=MONDAY, most=8
    ),
    "dropped": lambda session, row: deliveries.drop(session, row, MONDAY, "opted out"),
    "postponed": lambda session, row: deliveries.postpone(session, row, MONDAY),
    "released": lambda session, row: deliveries.release(session, row),
}


@pytest.mark.parametrize("late", LATE_WORDS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_what_has_ended_stays_as_it_ended(world: World, ending: str, late: str) -> None:
    world.add_people("U1")
    world.plan("U1")
    with world.sessions.begin() as session:
        terms = Terms(WORKSPACE, "one", ("digest",), LATER, 1, SETTINGS.rate)
        [row] = leases.claim(session, terms, due_by=MONDAY, now=MONDAY).rows
        assert deliveries.start(session, row, MONDAY, LATER)
    with world.sessions.begin() as session:
        assert ENDINGS[ending](session, row)
    ended = world.row()
    with world.sessions.begin() as session:
        assert not LATE_WORDS[late](session, row)
    assert world.row() == ended
