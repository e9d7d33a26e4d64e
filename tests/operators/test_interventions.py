"""An operator's retry or abandon: what it does in each state."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import update

from bot.operators.intervening import Answer
from storage.deliveries import State
from storage.interventions import ABANDONED
from storage.tables import Delivery
from tests.delivery.world import FAST, MONDAY, World
from tests.operators.acts import abandoned, retried

IN_FLIGHT = [State.CLAIMED, State.SENDING]


def put(world: World, **values: object) -> str:
    """One delivery with these values; returns its id."""
    world.add_people("U1")
    world.plan("U1")
    with world.sessions.begin() as session:
        session.exec(update(Delivery).values(**values))
    return world.row().id


@pytest.mark.parametrize("reason", ["channel_not_found", "account_inactive", "gave up after 8 refusals"])
def test_what_slack_refused_is_sent_anew_with_all_its_tries(world: World, reason: str) -> None:
    mine = put(world, state="failed", reason=reason, attempts=7, finished_at=MONDAY, started_at=MONDAY, fence=4)
    assert retried(world, mine) == [Answer(mine, True, "it is sent at the next tick.")]
    row = world.row()
    assert (row.state, row.attempts, row.fence, row.finished_at) == (State.READY, 0, 5, None)
    assert world.run().sent == 1
    assert len(world.messages("U1")) == 1


@pytest.mark.parametrize("reason", ["outcome unknown: user_disabled", ABANDONED, "something new"])
@pytest.mark.parametrize("arrived", [True, False])
def test_what_slack_may_have_is_looked_up_and_never_sent_on_a_guess(world: World, reason: str, arrived: bool) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("drop_after" if arrived else "drop_before")
    assert world.run().unknown == 1
    mine = world.row().id
    with world.sessions.begin() as session:
        session.exec(update(Delivery).values(state="failed", reason=reason, finished_at=MONDAY))
    [answer] = retried(world, mine)
    assert answer.done and "looked up first" in answer.words
    assert world.row().state == State.UNKNOWN
    assert world.run().sent == 0
    world.rest()
    assert world.row().state == State.SENT
    assert len(world.messages("U1")) == 1


def test_what_slack_accepts_late_is_not_doubled_by_an_impatient_operator(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("accept_late", seconds=FAST.settle_s - 1)
    assert world.run().unknown == 1
    mine = world.row().id
    for _ in range(60):
        retried(world, mine)
        world.run()
        world.clock.advance(2)
    world.rest()
    assert len(world.messages("U1")) == 1


def test_an_unknown_one_is_looked_up_as_soon_as_that_proves_anything(world: World) -> None:
    later = MONDAY + timedelta(days=1)
    mine = put(world, state="unknown", reason="timeout", started_at=MONDAY, not_before=later, fence=3)
    [answer] = retried(world, mine)
    first = MONDAY + timedelta(seconds=FAST.timeout_s) + FAST.settle
    assert answer.done and world.row().not_before == first
    world.clock.advance(3600)
    retried(world, mine)
    assert world.row().not_before == first
    with world.sessions.begin() as session:
        session.exec(update(Delivery).values(not_before=later))
    retried(world, mine)
    assert world.row().not_before == world.clock()


def test_one_that_waits_is_due_now_and_never_later_than_before(world: World) -> None:
    mine = put(world, state="ready", not_before=MONDAY + timedelta(hours=2))
    assert retried(world, mine) == [Answer(mine, True, "it is due now.")]
    assert world.row().not_before == MONDAY
    world.clock.advance(60)
    retried(world, mine)
    assert world.row().not_before == MONDAY
    assert world.run().sent == 1


@pytest.mark.parametrize("state", [State.SENT, State.DROPPED, *IN_FLIGHT])
@pytest.mark.parametrize("act", [retried, abandoned])
def test_what_is_over_or_under_way_is_refused_in_words_and_left_alone(world: World, state: State, act: object) -> None:
    mine = put(world, state=state.value, reason="opted out", lease_until=MONDAY + timedelta(minutes=2))
    before = world.row()
    [answer] = act(world, mine)  # type: ignore[operator]
    assert not answer.done
    said = {State.SENT: "it was sent", State.DROPPED: "it was dropped (opted out)"}.get(state, "being sent right now")
    assert said in answer.words
    assert world.row() == before


@pytest.mark.parametrize("state", [State.READY, State.UNKNOWN, State.FAILED])
def test_an_abandoned_one_ends_and_no_worker_touches_it_again(world: World, state: State) -> None:
    mine = put(world, state=state.value, started_at=MONDAY, not_before=MONDAY)
    [answer] = abandoned(world, mine)
    assert answer.done and answer.words.startswith("abandoned: ")
    world.clock.advance(3600)
    world.run()
    row = world.row()
    assert (row.state, row.reason, row.finished_at) == (State.FAILED, ABANDONED, MONDAY)
    assert world.calls("chat.postMessage") == world.calls("conversations.history") == 0


def test_an_abandoned_one_that_was_never_posted_can_be_sent_after_all(world: World) -> None:
    mine = put(world, state="ready")
    abandoned(world, mine)
    retried(world, mine)
    assert world.run().sent == 1


@pytest.mark.parametrize(("tz", "over"), [("Pacific/Kiritimati", True), ("Pacific/Pago_Pago", False)])
def test_a_week_is_over_where_the_person_is(world: World, tz: str, over: bool) -> None:
    world.add_people("U1")
    world.plan("U1")
    with world.sessions.begin() as session:
        session.exec(update(Delivery).values(state="failed", reason="channel_not_found"))
        session.connection().execute(text("UPDATE person SET tz = :tz"), {"tz": tz})
    # Monday 03:30 UTC of the next week: afternoon in Kiritimati, still Sunday in Pago Pago.
    world.clock.now = datetime.fromisoformat("2026-11-30T03:30:00+00:00")
    [answer] = retried(world, world.row().id)
    assert answer.done is not over
    assert answer.words.startswith("too late: its week is over") is over
    assert (world.row().state == State.FAILED) is over


def test_each_of_several_ids_has_its_answer_and_an_unknown_one_stops_none(world: World) -> None:
    world.add_people("U1", "U2")
    world.plan("U1", "U2")
    one, two = (row.id for row in world.rows())
    answers = abandoned(world, one, "no-such-id", two, one)
    assert [(answer.id, answer.done) for answer in answers] == [(one, True), ("no-such-id", False), (two, True)]
    assert "there is no such delivery" in answers[1].words
