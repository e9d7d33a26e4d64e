"""Whatever Slack or the network does to a post, the person has exactly one message and the row says so."""

import pytest

from bot.sandbox.faults import FaultKind
from storage.deliveries import State
from tests.delivery.world import FAST, World

KINDS: list[FaultKind] = [
    "ok", "drop_before", "drop_after", "reset_before", "reset_after", "hang_before", "hang_after", "half_body",
    "error_500_before", "error_500_after", "fatal_error_after", "internal_error_after", "html_200",
    "html_200_before", "ratelimited",
]  # fmt: skip
CERTAIN = {"ok", "ratelimited"}


@pytest.mark.parametrize("kind", KINDS)
def test_one_message_arrives_whatever_happens_to_the_first_post(world: World, kind: FaultKind) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault(kind)

    first = world.run()
    assert first.unknown == (kind not in CERTAIN)
    world.rest()

    [message] = world.messages("U1")
    row = world.row()
    assert row.state == State.SENT
    assert (row.channel, row.ts) == (message.channel, message.ts)
    assert message.metadata == {"event_type": "candor_delivery", "event_payload": {"id": row.id}}


@pytest.mark.parametrize("kind", ["drop_after", "reset_after", "half_body", "error_500_after", "html_200"])
def test_a_message_that_arrived_unnoticed_is_found_and_not_posted_again(world: World, kind: FaultKind) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault(kind)
    world.rest()
    assert world.calls("chat.postMessage") == 1


def test_an_unknown_outcome_is_not_looked_up_before_slack_has_had_time_to_settle(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("drop_after")
    world.run()
    world.clock.advance(FAST.timeout_s + FAST.settle_s - 1)
    world.run()
    assert world.row().state == State.UNKNOWN
    assert world.calls("conversations.history") == 0
    world.clock.advance(1)
    world.run()
    assert world.row().state == State.SENT


def test_a_post_that_slack_accepts_after_the_timeout_is_found(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("slow", seconds=1.5)
    world.run()
    assert world.row().state == State.UNKNOWN
    assert world.slack.wait_for(lambda _: bool(world.messages("U1")))
    world.rest()
    assert world.row().state == State.SENT
    assert len(world.messages("U1")) == 1


@pytest.mark.parametrize("kind", ["drop_before", "error_500_before", "half_body", "ratelimited", "html_200"])
def test_while_the_history_cannot_be_read_nothing_is_sent_again(world: World, kind: FaultKind) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("drop_after")
    world.fault(kind, method="conversations.history", times=3)
    world.run()
    for _ in range(3):
        world.clock.advance(300)
        world.run()
        assert world.row().state == State.UNKNOWN
    world.clock.advance(300)
    world.run()
    assert world.row().state == State.SENT
    assert len(world.messages("U1")) == 1


def test_a_history_of_many_pages_is_read_to_its_end(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("drop_after")
    world.run()
    for number in range(450):
        world.slack.user("U1").say(f"line {number}")
    world.rest()
    assert world.calls("conversations.history") == 3
    assert len([each for each in world.messages("U1") if each.metadata]) == 1


def test_slack_in_trouble_ends_the_run_after_three_unknown_posts(world: World) -> None:
    people = [f"U{number}" for number in range(10)]
    world.add_people(*people)
    world.plan(*people)
    world.fault("error_500_before", times=3)
    assert world.run().unknown == 3
    assert sorted(world.states()) == ["ready"] * 7 + ["unknown"] * 3
    world.rest()
    assert [len(world.messages(each)) for each in people] == [1] * 10


def test_a_mixed_storm_loses_and_doubles_nothing(world: World) -> None:
    people = [f"U{number:02}" for number in range(30)]
    world.add_people(*people)
    world.plan(*people)
    storm: list[FaultKind] = ["ok", "drop_before", "half_body", "ratelimited", "fatal_error_after", "error_500_before"]
    for turn in range(24):
        world.fault(storm[turn % len(storm)])
    world.rest()
    assert [len(world.messages(each)) for each in people] == [1] * 30
    assert set(world.states()) == {State.SENT}


def test_an_outage_of_hours_gives_nobodys_message_up(world: World) -> None:
    people = [f"U{number}" for number in range(5)]
    world.add_people(*people)
    world.plan(*people)
    world.fault("error_500_before", times=10_000)
    for _ in range(6 * 60):
        world.run()
        world.clock.advance(60)
    assert not set(world.states()) & {State.FAILED, State.SENT}
    world.slack.faults.clear()
    world.rest()
    assert [len(world.messages(each)) for each in people] == [1] * 5
