"""The outbox's table: what is planned, claimed, taken over, counted and purged."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from storage import deliveries, leases, pace, people
from storage.database import SessionFactory
from storage.deliveries import DIGEST, State
from storage.leases import Terms
from storage.pace import Rate
from storage.tables import Delivery, SentItem, SlackDeletion
from tests.delivery.world import MONDAY, WEEK, WORKSPACE, World

RATE = Rate(timedelta(seconds=0.2), 50, 10)
MINUTE = timedelta(minutes=1)


def terms(worker: str = "one", batch: int = 20, rate: Rate = RATE, kinds: tuple[str, ...] = (DIGEST,)) -> Terms:
    return Terms(WORKSPACE, worker, kinds, timedelta(seconds=120), batch, rate)


def claim(sessions: SessionFactory, under: Terms, minutes: float = 0) -> list[Delivery]:
    now = MONDAY + minutes * MINUTE
    with sessions.begin() as session:
        return list(leases.claim(session, under, due_by=now, now=now).rows)


def test_planning_twice_owes_one_message(world: World) -> None:
    world.add_people("U1", "U2")
    assert world.plan("U1") == 1
    assert world.plan("U1", "U2", due=MONDAY + MINUTE) == 1
    assert [row.due for row in world.rows()] == [MONDAY, MONDAY + MINUTE]


def test_a_week_and_a_kind_have_a_message_of_their_own(world: World) -> None:
    world.add_people("U1")
    assert world.plan("U1") + world.plan("U1", week="2026-W49") + world.plan("U1", kind="notice") == 3


def test_the_ids_of_deliveries_tell_nothing(world: World) -> None:
    crowd = [f"U{number:05}" for number in range(200)]
    world.add_people(*crowd)
    world.plan(*crowd)
    ids = [row.id for row in world.rows()]
    assert len(set(ids)) == 200
    assert ids != sorted(ids)
    assert not any(person in each for person in crowd for each in ids)


def test_the_earliest_due_are_claimed_first(world: World) -> None:
    world.add_people("U1", "U2", "U3")
    for person, minutes in (("U1", 2), ("U2", 0), ("U3", 1)):
        world.plan(person, due=MONDAY + minutes * MINUTE)
    assert [row.person_id for row in claim(world.sessions, terms(batch=2), 5)] == ["U2", "U3"]


def test_what_is_not_due_is_not_claimed(world: World) -> None:
    world.add_people("U1")
    world.plan("U1", due=MONDAY + MINUTE)
    assert claim(world.sessions, terms()) == []
    assert len(claim(world.sessions, terms(), 1)) == 1


def test_workers_that_claim_at_once_share_the_rows_and_the_rate(world: World) -> None:
    crowd = [f"U{number}" for number in range(60)]
    world.add_people(*crowd)
    world.plan(*crowd)
    held: list[list[Delivery]] = [[] for _ in range(4)]

    def work(number: int) -> None:
        while rows := claim(world.sessions, terms(f"worker {number}", batch=3)):
            held[number] += rows

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [row.id for rows in held for row in rows]
    assert len(ids) == len(set(ids)) == 40
    for number, rows in enumerate(held):
        assert {row.claimed_by for row in rows} <= {f"worker {number}"}


def test_notices_go_first_and_keep_a_fifth_of_the_tokens(world: World) -> None:
    crowd = [f"U{number}" for number in range(60)]
    world.add_people(*crowd)
    world.plan(*crowd)
    assert len(claim(world.sessions, terms(batch=100))) == 40
    world.plan(*crowd, kind="notice")
    mixed = terms(batch=100, kinds=("notice", DIGEST))
    assert [row.kind for row in claim(world.sessions, mixed)] == ["notice"] * 10
    assert [row.kind for row in claim(world.sessions, mixed, 0.01)] == ["notice"] * 3


def test_tokens_of_messages_that_were_not_posted_come_back(world: World) -> None:
    crowd = [f"U{number}" for number in range(60)]
    world.add_people(*crowd)
    world.plan(*crowd)
    with world.sessions.begin() as session:
        first = leases.claim(session, terms(batch=30), due_by=MONDAY, now=MONDAY)
        assert first.tat is not None
        assert pace.refund(session, WORKSPACE, RATE, first.tat, 30)
    assert len(claim(world.sessions, terms(batch=100))) == 30


def test_tokens_do_not_come_back_once_another_worker_has_built_on_them(world: World) -> None:
    world.add_people("U1", "U2")
    world.plan("U1", "U2")
    with world.sessions.begin() as session:
        first = leases.claim(session, terms(batch=1), due_by=MONDAY, now=MONDAY)
        leases.claim(session, terms(batch=1), due_by=MONDAY, now=MONDAY)
        assert first.tat is not None
        assert not pace.refund(session, WORKSPACE, RATE, first.tat, 1)


def test_nothing_is_claimed_in_a_stopped_workspace_until_it_is_resumed(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    with world.sessions.begin() as session:
        people.stop_workspace(session, "token_revoked", MONDAY)
    assert claim(world.sessions, terms()) == []
    with world.sessions.begin() as session:
        assert people.resume_workspace(session, WORKSPACE)
    assert len(claim(world.sessions, terms())) == 1


def test_a_shorter_block_does_not_end_a_longer_one(world: World) -> None:
    with world.sessions.begin() as session:
        longer = pace.block(session, WORKSPACE, MONDAY, 60)
        assert pace.block(session, WORKSPACE, MONDAY, 5) == longer == MONDAY + MINUTE


def test_an_unknown_workspace_is_an_error_that_names_it(sessions: SessionFactory) -> None:
    with sessions.begin() as session, pytest.raises(LookupError, match="T9"):
        pace.gate(session, "T9")


def test_an_expired_claim_is_set_free_and_its_old_holder_changes_nothing(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    [row] = claim(world.sessions, terms())
    late = MONDAY + 3 * MINUTE
    with world.sessions.begin() as session:
        assert leases.recover(session, WORKSPACE, late, late) == (1, 0)
    [again] = claim(world.sessions, terms("two"), 3)
    assert again.fence == row.fence + 1
    with world.sessions.begin() as session:
        assert not deliveries.start(session, row, late, timedelta(seconds=120))
        assert not deliveries.drop(session, row, late, "paused")
        assert not deliveries.release(session, row)
        assert deliveries.start(session, again, late, timedelta(seconds=120))
        assert not deliveries.mark_failed(session, row, late, "channel_not_found")


@pytest.mark.parametrize("how", ["released", "postponed", "refused"])
def test_who_gave_a_message_back_changes_nothing_once_another_holds_it(world: World, how: str) -> None:
    world.add_people("U1")
    world.plan("U1")
    [row] = claim(world.sessions, terms())
    with world.sessions.begin() as session:
        if how == "released":
            assert deliveries.release(session, row)
        elif how == "postponed":
            assert deliveries.postpone(session, row, MONDAY)
        else:
            assert deliveries.mark_refused(session, row, MONDAY, reason="x", not_before=MONDAY, most=8)
    assert len(claim(world.sessions, terms("two"))) == 1
    with world.sessions.begin() as session:
        assert not deliveries.start(session, row, MONDAY, MINUTE)


def test_a_lease_that_still_runs_is_not_taken_over(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    claim(world.sessions, terms())
    with world.sessions.begin() as session:
        assert leases.recover(session, WORKSPACE, MONDAY + 2 * MINUTE, MONDAY) == (0, 0)


def test_an_expired_post_is_unknown_and_a_late_answer_to_it_still_counts(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    [row] = claim(world.sessions, terms())
    late = MONDAY + 3 * MINUTE
    with world.sessions.begin() as session:
        assert deliveries.start(session, row, MONDAY, timedelta(seconds=120))
    with world.sessions.begin() as session:
        assert leases.recover(session, WORKSPACE, late, late + MINUTE) == (0, 1)
        assert leases.take_unknown(session, WORKSPACE, late, late + MINUTE) is None
    with world.sessions.begin() as session:
        assert deliveries.mark_sent(session, row, late, channel="D1", ts="1.2", holds_figures=False)
    assert world.row().state == State.SENT


def test_an_unknown_outcome_is_looked_up_by_one_worker_at_a_time(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    [row] = claim(world.sessions, terms())
    with world.sessions.begin() as session:
        deliveries.start(session, row, MONDAY, timedelta(seconds=120))
        deliveries.mark_unknown(session, row, reason="timeout", not_before=MONDAY)
    with world.sessions.begin() as session:
        assert leases.take_unknown(session, WORKSPACE, MONDAY, MONDAY + MINUTE) is not None
        assert leases.take_unknown(session, WORKSPACE, MONDAY, MONDAY + MINUTE) is None
        assert leases.take_unknown(session, WORKSPACE, MONDAY + MINUTE, MONDAY + 2 * MINUTE) is not None


@pytest.mark.parametrize("consenting", [True, False])
def test_a_sent_message_with_figures_can_be_deleted_later(world: World, consenting: bool) -> None:
    world.add_people("U1", consenting=consenting)
    world.plan("U1")
    [row] = claim(world.sessions, terms())
    with world.sessions.begin() as session:
        deliveries.start(session, row, MONDAY, timedelta(seconds=120))
        assert deliveries.mark_sent(session, row, MONDAY, channel="D1", ts="1.2", holds_figures=True)
    with world.sessions.begin() as session:
        kept = [(each.channel, each.ref) for each in session.exec(select(SentItem))]
        to_delete = [(each.channel, each.ref) for each in session.exec(select(SlackDeletion))]
    assert (kept if consenting else to_delete) == [("D1", "1.2")]
    assert (to_delete if consenting else kept) == []


def test_purging_keeps_the_open_week_and_whatever_is_not_finished(world: World) -> None:
    world.add_people("U1")
    world.plan("U1", week="2026-W46", due=MONDAY - 2 * MINUTE)
    world.plan("U1", week="2026-W47", due=MONDAY)
    world.plan("U1", week=WEEK, due=MONDAY - MINUTE)
    for row in claim(world.sessions, terms(batch=2)):
        with world.sessions.begin() as session:
            deliveries.drop(session, row, MONDAY, "paused")
    with world.sessions.begin() as session:
        assert deliveries.purge(session, WEEK) == 1
    assert sorted((row.week, row.state) for row in world.rows()) == [("2026-W47", "ready"), (WEEK, "dropped")]


def test_counts_say_how_many_and_name_nobody(world: World) -> None:
    world.add_people("U1", "U2", "U3")
    world.plan("U1", "U2", "U3")
    for row in claim(world.sessions, terms(batch=2)):
        with world.sessions.begin() as session:
            deliveries.drop(session, row, MONDAY, "paused")
    with world.sessions.begin() as session:
        assert deliveries.counts(session) == {("dropped", "paused"): 2, ("ready", None): 1}
