"""The one window that remains: a worker that sleeps between its last look at the clock and the first byte."""

import math
from collections.abc import Callable
from datetime import timedelta

import pytest
import structlog
from slack_sdk import WebClient
from sqlmodel import select

from bot.delivery import Outbox
from bot.delivery.posting import EVENT_TYPE
from bot.delivery.sweeping import sweep
from bot.held.erase import delete_in_slack
from bot.stint import Stint
from storage import deliveries, held, interventions
from storage.database import SessionFactory
from storage.deliveries import State
from storage.tables import Delivery, SentItem
from tests.delivery.world import FAST, MONDAY, WEEK, WORKSPACE, World


class Sleeper:
    """A worker that falls asleep after its last look at the clock, while `meanwhile` happens, and then posts."""

    # Of a run, of the intent, and the one just before the post.
    LOOKS = 3

    def __init__(self, world: World, meanwhile: Callable[[], None]) -> None:
        self._looks, self._meanwhile = 0, meanwhile
        self.outbox: Outbox = world.outbox("sleeper", monotonic=self._look)

    def _look(self) -> float:
        self._looks += 1
        if self._looks == self.LOOKS:
            self._meanwhile()
        return 0.0


def client(world: World) -> WebClient:
    return WebClient(token=world.slack.bot_token, base_url=world.slack.api_url)


def sweep_all(world: World) -> int:
    found = sweep(world.sessions, client(world), WORKSPACE, world.clock, Stint(seconds=math.inf))
    delete_in_slack(world.sessions, client(world), world.clock(), stint=Stint(seconds=math.inf))
    return found


def owed(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")


def looked_for(world: World) -> None:
    """The sleeper's lease ends, and others find that its message has not arrived."""
    world.clock.advance(FAST.lease_s + 1)
    world.run()
    world.clock.advance(FAST.settle_s)


def sent_by_another(world: World) -> None:
    looked_for(world)
    world.rest()
    assert len(world.messages("U1")) == 1


def post_again(world: World, delivery: Delivery) -> None:
    """What the sleeper writes when it wakes up, and dies."""
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"id": delivery.id}}
    client(world).chat_postMessage(channel=delivery.person_id, text="again", metadata=metadata)


def test_a_message_posted_late_is_deleted_when_another_was_sent_meanwhile(world: World) -> None:
    owed(world)
    sleeper = Sleeper(world, lambda: sent_by_another(world))
    sleeper.outbox.run(world.clock())
    assert len(world.messages("U1")) == 2
    assert sweep_all(world) == 1
    [message] = world.messages("U1")
    assert (world.row().state, world.row().ts) == (State.SENT, message.ts)
    assert sweep_all(world) == 0


def test_a_message_posted_late_counts_when_no_other_was_sent_yet(world: World) -> None:
    owed(world)

    def found_missing() -> None:
        world.clock.advance(FAST.lease_s + 1)
        world.fault("error_500_before", method="conversations.history")
        world.run()
        world.clock.advance(FAST.lease_s + 1)
        world.fault("ratelimited")
        world.run()
        assert world.row().state == State.READY

    assert Sleeper(world, found_missing).outbox.run(world.clock()).sent == 1
    world.clock.advance(3600)
    world.run()
    [message] = world.messages("U1")
    assert (world.row().state, world.row().ts) == (State.SENT, message.ts)
    assert sweep_all(world) == 0


def test_a_double_whose_writer_died_is_found_within_the_hour(world: World) -> None:
    owed(world)
    world.fault("drop_before")
    world.rest()
    post_again(world, world.row())
    assert sweep_all(world) == 0
    world.clock.advance(FAST.sweep_s)
    with structlog.testing.capture_logs() as lines:
        assert sweep_all(world) == 1
    assert [line["copies"] for line in lines if "twice" in line["event"]] == [1]
    assert [message.ts for message in world.messages("U1")] == [world.row().ts]


def test_whoever_opted_out_keeps_no_copy(world: World, sessions: SessionFactory) -> None:
    owed(world)

    def opted_out() -> None:
        sent_by_another(world)
        with sessions.begin() as session:
            held.erase(session, "U1", open_week=WEEK, now=world.clock())

    Sleeper(world, opted_out).outbox.run(world.clock())
    world.clock.advance(FAST.sweep_s)
    sweep_all(world)
    assert world.messages("U1") == []
    with sessions.begin() as session:
        assert session.get(SentItem, 1) is None


def test_a_message_posted_late_to_whoever_opted_out_before_it_was_sent_again_goes(world: World) -> None:
    owed(world)

    def opted_out() -> None:
        looked_for(world)
        with world.sessions.begin() as session:
            held.erase(session, "U1", open_week=WEEK, now=world.clock())
        world.rest()

    Sleeper(world, opted_out).outbox.run(world.clock())
    sweep_all(world)
    world.clock.advance(FAST.sweep_s)
    sweep_all(world)
    assert world.messages("U1") == []


def test_a_message_that_was_posted_once_is_never_looked_for_twice(world: World) -> None:
    owed(world)
    world.fault("drop_after")
    world.rest()
    looks = world.calls("conversations.history")
    world.clock.advance(10 * FAST.sweep_s)
    assert sweep_all(world) == 0
    assert world.calls("conversations.history") == looks


@pytest.mark.parametrize("kind", ["error_500_before", "html_200", "ratelimited", "half_body"])
def test_a_history_that_cannot_be_read_is_swept_later(world: World, kind: str) -> None:
    owed(world)
    world.fault("drop_before")
    world.rest()
    post_again(world, world.row())
    world.clock.advance(FAST.sweep_s)
    world.fault(kind, method="conversations.history")  # type: ignore[arg-type]
    assert sweep_all(world) == 0
    world.clock.advance(600)
    assert sweep_all(world) == 1
    assert len(world.messages("U1")) == 1


def test_what_is_still_to_be_swept_outlives_its_week(world: World, sessions: SessionFactory) -> None:
    owed(world)
    world.fault("drop_before")
    world.rest()
    for kept in (1, 0):
        with sessions.begin() as session:
            deliveries.purge(session, "2026-W49")
        assert len(world.rows()) == kept
        world.clock.now = MONDAY + timedelta(days=7)
        sweep_all(world)


@pytest.mark.parametrize("stays", [True, False])
def test_an_abandoned_message_that_arrived_after_all_is_known_of(world: World, stays: bool) -> None:
    owed(world)
    world.fault("drop_after")
    world.run()
    seen = world.row()
    with world.sessions.begin() as session:
        assert interventions.abandon(session, seen, world.clock())
        if not stays:
            held.erase(session, "U1", open_week=WEEK, now=world.clock())
    world.clock.advance(FAST.timeout_s + FAST.settle_s)
    sweep_all(world)
    assert len(world.messages("U1")) == stays
    with world.sessions.begin() as session:
        assert len(session.exec(select(SentItem)).all()) == stays
    assert world.row().state == State.SENT


def posted_twice(world: World, number: int) -> None:
    """To each of so many people, and all of it is to be swept now."""
    people = [f"U{each:02}" for each in range(number)]
    world.add_people(*people)
    world.plan(*people)
    world.fault("drop_before", times=number)
    while number_waiting(world):
        world.run()
        world.clock.advance(60)
    for row in world.rows():
        post_again(world, row)
    world.clock.advance(FAST.sweep_s)


def number_waiting(world: World) -> int:
    return sum(state != State.SENT for state in world.states())


def test_a_sweep_takes_as_many_as_its_stint_and_the_next_one_the_rest(world: World) -> None:
    posted_twice(world, 3)
    found = [
        sweep(world.sessions, client(world), WORKSPACE, world.clock, Stint(most=2, seconds=math.inf)) for _ in range(3)
    ]
    assert found == [2, 1, 0]


def test_a_sweep_begins_no_message_when_its_time_is_over(world: World) -> None:
    posted_twice(world, 3)
    looks = world.calls("conversations.history")

    def seconds() -> float:
        return 15.0 * (world.calls("conversations.history") - looks)

    stint = Stint(seconds=20, monotonic=seconds)
    assert sweep(world.sessions, client(world), WORKSPACE, world.clock, stint) == 2


def test_a_sweep_ends_after_the_page_at_hand_when_it_is_told_to_stop(world: World) -> None:
    posted_twice(world, 2)
    for person in ("U00", "U01"):
        for number in range(250):
            world.slack.user(person).say(f"line {number}")
    looks = world.calls("conversations.history")

    def told() -> bool:
        return world.calls("conversations.history") > looks

    stint = Stint(seconds=math.inf, stopping=told)
    assert sweep(world.sessions, client(world), WORKSPACE, world.clock, stint) == 0
    assert world.calls("conversations.history") == looks + 1
    world.clock.advance(600)
    assert sweep_all(world) == 2
