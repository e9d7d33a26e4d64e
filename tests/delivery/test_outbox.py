"""What the outbox does with what it is told: by the features, by Slack, by the operator, by the people."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
import structlog
from sqlmodel import Session

from bot.delivery import Composer, DeliverySettings, Drop, Later
from bot.delivery.messages import Answer
from bot.sandbox.faults import Fault
from storage import pace
from storage.deliveries import DIGEST, State
from storage.tables import Delivery
from tests.delivery.world import FAST, MONDAY, WEEK, WORKSPACE, World, greeting, in_state

SLOW = FAST.model_copy(update={"per_minute": 60, "burst": 10, "batch": 4})


def saying(answer: Answer) -> dict[str, Composer]:
    def compose(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
        return {row.id: answer for row in rows}

    return {DIGEST: compose}


def test_a_message_goes_out_once_with_its_opaque_id_and_nothing_unfurled(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    assert world.run().sent == 1
    assert world.run().sent == 0
    [call] = [call for call in world.slack.workspace.calls if call.method == "chat.postMessage"]
    assert (call.args["channel"], call.args["text"]) == ("U1", f"Week {WEEK}")
    assert not call.args["unfurl_links"] and not call.args["unfurl_media"]
    assert call.args["metadata"]["event_payload"] == {"id": world.row().id}


@pytest.mark.parametrize("reason", ["opted out", "paused", "skipped", "nothing to say", "deactivated"])
def test_a_dropped_message_says_why_and_is_not_a_failure(world: World, reason: str) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.composers = saying(Drop(reason))
    assert world.run().dropped == 1
    assert (world.row().state, world.row().reason) == (State.DROPPED, reason)
    assert world.calls("chat.postMessage") == 0


def test_dropped_messages_cost_nothing_of_the_rate(world: World) -> None:
    people = [f"U{number:02}" for number in range(40)]
    world.add_people(*people)
    world.plan(*people)
    world.composers = saying(Drop("nothing to say"))
    assert world.run(SLOW).dropped == 40


def test_a_message_for_later_waits_until_then(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.composers = saying(Later(MONDAY + timedelta(hours=20)))
    assert world.run().postponed == 1
    world.composers = {DIGEST: greeting}
    world.clock.advance(19 * 3600)
    assert world.run().sent == 0
    world.clock.advance(3600)
    assert world.run().sent == 1


def test_a_later_that_has_passed_does_not_keep_the_worker_busy(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.composers = saying(Later(MONDAY - timedelta(days=1)))
    assert world.run().postponed == 1


def test_a_message_that_cannot_be_composed_does_not_hold_up_the_others(world: World) -> None:
    def compose(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
        if any(row.person_id == "U2" for row in rows):
            raise ZeroDivisionError("secret figure 4711")
        return greeting(session, rows, now)

    world.add_people("U1", "U2", "U3")
    world.plan("U1", "U2", "U3")
    world.composers = {DIGEST: compose}
    with structlog.testing.capture_logs() as lines:
        assert world.run().sent == 2
    assert any("ZeroDivisionError" in str(line) for line in lines)
    assert "4711" not in str(lines)
    world.rest()
    assert [(row.state, row.reason) for row in world.rows()][1] == ("failed", "gave up after 8 refusals")


def test_a_delivery_the_composer_forgets_is_tried_again(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.composers = {DIGEST: lambda session, rows, now: {}}
    assert world.run().refused == 1
    world.composers = {DIGEST: greeting}
    world.rest()
    assert world.row().state == State.SENT


def test_a_kind_nobody_composes_is_left_alone(world: World) -> None:
    world.add_people("U1")
    world.plan("U1", kind="notice")
    world.run()
    assert world.row().state == State.READY


def test_a_429_stops_every_worker_until_slack_allows_it(world: World) -> None:
    people = [f"U{number}" for number in range(6)]
    world.add_people(*people)
    world.plan(*people)
    world.fault("ok", times=2)
    world.fault("ratelimited", retry_after=45)
    tally = world.outbox("one").run(world.clock())
    assert (tally.sent, tally.refused) == (2, 1)
    assert tally.resume_at == MONDAY + timedelta(seconds=45)
    world.clock.advance(44)
    other = world.outbox("two").run(world.clock())
    assert (other.sent, other.resume_at) == (0, tally.resume_at)
    assert world.calls("chat.postMessage") == 3
    world.clock.advance(1)
    assert world.outbox("two").run(world.clock()).sent == 4


def test_a_429_met_by_one_worker_stops_another_in_the_middle_of_its_batch(world: World) -> None:
    world.add_people("U1", "U2", "U3", "U4")
    world.plan("U1", "U2", "U3", "U4")

    def meanwhile(args: dict[str, object]) -> bool:
        with world.sessions.begin() as session:
            pace.block(session, WORKSPACE, world.clock(), 45)
        return False

    world.slack.faults.add(Fault("chat.postMessage", "ok", when=meanwhile))
    tally = world.run()
    assert (tally.sent, tally.resume_at) == (1, MONDAY + timedelta(seconds=45))
    assert sorted(world.states()) == ["ready", "ready", "ready", "sent"]


@pytest.mark.parametrize("how", ["revoked", "uninstalled", "wrong token"])
def test_a_dead_token_stops_the_workspace_and_loses_nothing(world: World, how: str) -> None:
    world.add_people("U1", "U2")
    world.plan("U1", "U2")
    token = None
    if how == "revoked":
        world.slack.workspace.revoke_tokens()
    elif how == "uninstalled":
        world.slack.workspace.uninstall_app()
    else:
        token = "xoxb-of-another"
    world.outbox(token=token).run(world.clock())
    world.outbox(token=token).run(world.clock())
    assert world.calls("chat.postMessage") == 1
    assert world.states() == ["ready", "ready"]
    assert [row.attempts for row in world.rows()] == [0, 0]
    expected = {"revoked": "token_revoked", "uninstalled": "account_inactive", "wrong token": "invalid_auth"}
    assert world.workspace().stop_reason == expected[how]


def test_an_error_slack_is_sure_of_ends_the_delivery_with_its_code(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.slack.workspace.update_user("U1", deleted=True)
    assert world.run().failed == 1
    assert (world.row().state, world.row().reason) == (State.FAILED, "channel_not_found")


def test_slack_out_of_reach_costs_no_try_and_the_run_ends(world: World) -> None:
    world.add_people("U1", "U2")
    world.plan("U1", "U2")
    outbox = world.outbox()
    world.slack.stop()
    tally = outbox.run(world.clock())
    assert tally.refused == 1
    assert [row.attempts for row in world.rows()] == [0, 0]
    assert world.states() == ["ready", "ready"]


def test_a_message_that_never_gets_through_is_tried_ever_more_rarely_until_it_is_too_late_for_it(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("error_500_before", times=1000)
    for _ in range(24 * 60):
        world.run()
        world.clock.advance(60)
    assert world.row().state in (State.READY, State.UNKNOWN)
    assert 20 <= world.calls("chat.postMessage") <= 40
    world.composers = saying(Drop("too late"))
    world.rest()
    assert (world.row().state, world.row().reason) == (State.DROPPED, "too late")


def test_a_person_gone_before_the_lookup_ends_as_failed_and_is_never_written_to_again(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("drop_before")
    world.run()
    world.slack.workspace.update_user("U1", deleted=True)
    world.rest()
    assert (world.row().state, world.row().reason) == (State.FAILED, "outcome unknown: user_disabled")
    assert world.calls("chat.postMessage") == 1


def test_the_dm_learnt_from_an_earlier_message_saves_opening_it(world: World) -> None:
    world.add_people("U1")
    world.plan("U1", week="2026-W47")
    world.run()
    world.plan("U1")
    world.fault("drop_after")
    world.rest()
    assert world.calls("conversations.open") == 0
    assert len(world.messages("U1")) == 2


def test_the_rate_is_kept_and_the_tally_says_when_to_go_on(world: World) -> None:
    people = [f"U{number:02}" for number in range(20)]
    world.add_people(*people)
    world.plan(*people)
    tally = world.run(SLOW)
    assert (tally.sent, tally.resume_at) == (8, MONDAY + timedelta(seconds=1))
    world.clock.advance(3)
    assert world.run(SLOW).sent == 3


def test_a_worker_that_slept_past_its_deadline_does_not_post(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    # A run's beginning, the intent, the last look before the post; and so once more.
    ticks = iter([0.0, 0.0, 60.0, 100.0, 100.0, 100.1, 100.2])
    sleepy = world.outbox(monotonic=lambda: next(ticks))
    assert sleepy.run(world.clock()).sent == 0
    assert (world.calls("chat.postMessage"), world.row().state) == (0, State.READY)
    assert sleepy.run(world.clock()).sent == 1


def test_workers_running_at_once_send_each_message_once(world: World) -> None:
    people = [f"U{number:02}" for number in range(40)]
    world.add_people(*people)
    world.plan(*people)
    settings = FAST.model_copy(update={"batch": 3})
    workers = [world.outbox(f"worker {number}", settings) for number in range(3)]
    threads = [threading.Thread(target=worker.run, args=(world.clock(),)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(world.messages(person)) for person in people] == [1] * 40
    assert len(in_state(world.rows(), State.SENT)) == 40


def test_the_log_names_deliveries_and_outcomes_only(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    with structlog.testing.capture_logs() as lines:
        world.run()
    row = world.row()
    assert lines == [{"event": "delivery", "delivery": row.id, "outcome": "sent", "log_level": "info"}]


def test_the_default_settings_hold_a_message_back_long_enough_for_slack_to_settle() -> None:
    settings = DeliverySettings()
    assert settings.settle == timedelta(seconds=100)
    assert settings.rate.interval == timedelta(seconds=0.2)
    assert sum((settings.backoff(n) for n in range(1, 8)), timedelta()) == timedelta(hours=2)
