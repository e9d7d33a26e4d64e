"""An operator and workers at the same delivery at once: none is lost, none is doubled."""

import random
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, update

from bot.delivery.messages import Answer as Composed
from bot.operators.intervening import Answer, Move, carry_out
from bot.sandbox.faults import FaultKind
from storage import deliveries, interventions, leases
from storage.deliveries import DIGEST, State
from storage.tables import Delivery
from tests.delivery.world import FAST, MONDAY, WORKSPACE, World, greeting
from tests.operators.acts import abandoned, retried


def test_a_worker_that_holds_the_row_sends_it_once_whatever_the_operator_asks(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    asked: list[Answer] = []

    def compose(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Composed]:
        asked.extend(retried(world, rows[0].id) + abandoned(world, rows[0].id))
        return greeting(session, rows, now)

    world.composers = {DIGEST: compose}
    assert world.run().sent == 1
    assert [answer.done for answer in asked] == [False, False]
    assert len(world.messages("U1")) == 1


def decided(world: World, act: str) -> Move:
    """What the operator decided on the row as it is now, not yet carried out."""
    with world.sessions.begin() as session:
        found = interventions.find(session, world.row().id)
    assert found is not None
    seen, now = found[0], world.clock()
    if act == "abandon":
        return Move(lambda session: interventions.abandon(session, seen, now), "abandoned")
    if seen.state == State.FAILED:
        return Move(lambda session: interventions.send_anew(session, seen, now), "sent anew")
    return Move(lambda session: interventions.hasten(session, seen, now), "due now")


@pytest.mark.parametrize("act", ["retry", "abandon"])
def test_a_decision_on_a_row_that_a_worker_claims_meanwhile_changes_nothing(world: World, act: str) -> None:
    world.add_people("U1")
    world.plan("U1")
    decision = decided(world, act)
    asked: list[Answer] = []

    def compose(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Composed]:
        changed = decision.change(session)
        asked.append(Answer(rows[0].id, changed, ""))
        return greeting(session, rows, now)

    world.composers = {DIGEST: compose}
    assert world.run().sent == 1
    assert [answer.done for answer in asked] == [False]
    assert len(world.messages("U1")) == 1


@pytest.mark.parametrize("act", ["retry", "abandon"])
def test_an_operator_who_waits_for_a_workers_lock_finds_the_row_moved(world: World, act: str) -> None:
    world.add_people("U1")
    world.plan("U1")
    row, decision = world.row(), decided(world, act)
    answers: list[Answer] = []
    operator = threading.Thread(target=lambda: answers.append(carry_out(world.sessions, row, decision)))
    with world.sessions.begin() as session:
        terms = leases.Terms(WORKSPACE, "one", (DIGEST,), FAST.lease, FAST.batch, FAST.rate)
        assert len(leases.claim(session, terms, due_by=MONDAY, now=MONDAY).rows) == 1
        operator.start()
        wait_until_it_waits(world, operator)
    operator.join()
    assert [(answer.done, "it moved while you asked" in answer.words) for answer in answers] == [(False, True)]
    assert world.row().state == State.CLAIMED


def wait_until_it_waits(world: World, operator: threading.Thread) -> None:
    """PostgreSQL says who waits for a lock. On SQLite nobody gets past the writer's, sooner or later."""
    engine = world.sessions.kw["bind"]
    if engine.dialect.name != "postgresql":
        return
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    while operator.is_alive():
        with engine.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return


@pytest.mark.parametrize("act", ["retry", "abandon"])
def test_a_decision_on_a_row_that_was_claimed_and_given_back_changes_nothing(world: World, act: str) -> None:
    world.add_people("U1")
    world.plan("U1")
    row, decision = world.row(), decided(world, act)
    with world.sessions.begin() as session:
        terms = leases.Terms(WORKSPACE, "one", (DIGEST,), FAST.lease, FAST.batch, FAST.rate)
        [claimed] = leases.claim(session, terms, due_by=MONDAY, now=MONDAY).rows
        assert deliveries.postpone(session, claimed, MONDAY + timedelta(hours=20))
    assert not carry_out(world.sessions, row, decision).done
    assert (world.row().state, world.row().not_before) == (State.READY, MONDAY + timedelta(hours=20))


def test_two_operators_at_once_retry_a_failed_one_once(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    with world.sessions.begin() as session:
        session.exec(update(Delivery).values(state="failed", reason="channel_not_found"))
    row, decisions = world.row(), [decided(world, "retry") for _ in range(2)]
    assert [carry_out(world.sessions, row, decision).done for decision in decisions] == [True, False]
    assert world.run().sent == 1


def test_what_a_worker_finds_out_too_late_does_not_undo_a_retry(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("drop_before")
    world.run()
    world.clock.advance(3600)
    with world.sessions.begin() as session:
        held = leases.take_unknown(session, WORKSPACE, world.clock(), world.clock() + FAST.lease)
    assert held is not None
    assert [answer.done for answer in retried(world, held.id)] == [True]
    world.rest()
    assert world.row().state == State.SENT
    with world.sessions.begin() as session:
        late = deliveries.mark_refused(session, held, world.clock(), reason="late", not_before=world.clock(), most=8)
    assert not late
    world.rest()
    assert len(world.messages("U1")) == 1


@pytest.mark.parametrize("seed", range(3))
def test_operators_and_workers_at_once_neither_lose_nor_double(world: World, seed: int) -> None:
    print(f"seed {seed}")
    chance = random.Random(seed)
    people = [f"U{number}" for number in range(6)]
    kinds: list[FaultKind] = ["drop_before", "drop_after", "error_500_after", "html_200", "ratelimited", "ok"]
    world.add_people(*people)
    world.plan(*people)
    for _ in range(12):
        world.fault(chance.choice(kinds))
    ids = [row.id for row in world.rows()]
    done = threading.Event()

    def operator() -> None:
        while not done.is_set():
            retried(world, *chance.sample(ids, 2))

    impatient = threading.Thread(target=operator)
    impatient.start()
    try:
        world.rest()
    finally:
        done.set()
        impatient.join()
    assert set(world.states()) == {State.SENT}
    assert [len(world.messages(person)) for person in people] == [1] * len(people)
