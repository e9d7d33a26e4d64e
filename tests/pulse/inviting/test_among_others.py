"""Invitations beside everything else that is sent, kept, deleted and restored; and planned by several at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import col, select

from bot.delivery import Composer, DeliverySettings, Message, Outbox
from bot.operators.restoring import make_safe
from bot.operators.snapshot import read
from bot.pulse.inviting import planning
from bot.weeks import iso_week
from storage import deliveries, held, people
from storage.database import reading
from storage.deliveries import DIGEST, INVITATION, NOTICE, REMINDER, Owed
from storage.tables import Delivery
from tests.candor import Candor
from tests.policy.publishing.worker import BATCH, started
from tests.pulse.inviting.acts import join, outcomes, person, told
from tests.pulse.inviting.test_inviting import DAY, MONDAY, THURSDAY
from tests.pulse.world import begin

WEEK = "2026-W47"


def says(word: str) -> Composer:
    return lambda session, batch, now: {delivery.id: Message(word, []) for delivery in batch}


def test_invitations_that_several_replicas_plan_are_planned_once(candor: Candor) -> None:
    users = [f"U{number:02d}" for number in range(1, 13)]
    join(candor, *users)
    begin(candor)
    ready, now, workspace = Barrier(3), candor.clock(), candor.services.workspace_id

    def plan(_: int) -> int:
        ready.wait()
        return planning.plan(candor.sessions, workspace, now, batch=5)

    with ThreadPoolExecutor(3) as threads:
        found = sum(threads.map(plan, range(3)))
    # Whoever finds a person in another's batch leaves them to that one, and the next tick looks again.
    assert found + planning.plan(candor.sessions, workspace, now, batch=5) == 12
    candor.tick_at(THURSDAY)
    assert [len(told(candor, user)) for user in users] == [1] * 12


def test_planning_that_is_killed_in_the_middle_leaves_nobody_without_an_invitation_and_nobody_with_two(
    candor: Candor,
) -> None:
    users = [f"U{number:02d}" for number in range(1, 8)]
    join(candor, *users)
    begin(candor)
    with started(candor.sessions, "invite", candor.services.workspace_id, candor.clock()) as worker:
        worker.wait_for("planned")
        worker.go_on()
        worker.wait_for("planned")
        worker.kill()
    planned = [user for user in users if outcomes(candor, user)]
    assert len(planned) == BATCH
    assert [user for user in users if person(candor, user).invited] == planned
    candor.tick()
    candor.tick_at(THURSDAY)
    assert [len(told(candor, user)) for user in users] == [1] * 7


@pytest.mark.parametrize("kind", [NOTICE, INVITATION, REMINDER])
def test_digests_do_not_wait_for_what_goes_to_everybody_however_much_there_is_of_it(candor: Candor, kind: str) -> None:
    """In each minute that brings one token the digest goes first: what goes to everybody gets what digests leave."""
    users = [f"U{number:02d}" for number in range(1, 21)]
    join(candor, *users)
    workspace, now = candor.services.workspace_id, candor.clock()
    with candor.sessions.begin() as session:
        deliveries.plan(session, workspace, [Owed(user, kind, WEEK, now) for user in users])
    few = DeliverySettings(per_minute=1, burst=10)
    kinds = {kind: says("to everybody"), DIGEST: says("the digest")}
    outbox = Outbox(
        candor.sessions, candor.client, kinds, candor.clock, workspace_id=workspace, worker="w", settings=few
    )
    # A fifth of the burst is left to notices.
    assert outbox.run(now).sent == 8
    with candor.sessions.begin() as session:
        deliveries.plan(session, workspace, [Owed(user, DIGEST, WEEK, now) for user in users[:3]])
    for sent in range(1, 4):
        candor.clock.pass_by(minutes=1)
        assert outbox.run(candor.clock()).sent == 1
        assert sum(message.text == "the digest" for user in users[:3] for message in candor.dms(user)) == sent


def test_invitations_that_take_long_or_wait_over_a_weekend_are_no_lateness_to_operators(candor: Candor) -> None:
    workspace, now = candor.services.workspace_id, candor.clock()
    join(candor, "U01")
    with candor.sessions.begin() as session:
        deliveries.plan(session, workspace, [Owed("U01", INVITATION, WEEK, now - timedelta(hours=9))])
    with reading(candor.sessions) as session:
        assert read(session, workspace).lag(now) == timedelta(0)
    with candor.sessions.begin() as session:
        deliveries.plan(session, workspace, [Owed("U01", DIGEST, WEEK, now - timedelta(hours=4))])
    with reading(candor.sessions) as session:
        assert read(session, workspace).lag(now) == timedelta(hours=4)


def test_whoever_opts_out_is_still_invited_and_what_they_were_owed_besides_is_dropped(candor: Candor) -> None:
    join(candor, "U01")
    candor.opt_in("U01")
    begin(candor)
    candor.tick()
    with candor.sessions.begin() as session:
        owed = [Owed("U01", DIGEST, WEEK, THURSDAY)]
        deliveries.plan(session, candor.services.workspace_id, owed)
    candor.sandbox.user("U01").say("stop")
    assert "everybody gets them, opted in or not" in candor.dms("U01")[-1].text
    candor.sandbox.user("U01").press("held.erase_now")
    candor.tick_at(THURSDAY)
    assert len(told(candor, "U01")) == 1
    with candor.sessions() as session:
        digest = session.exec(select(Delivery).where(col(Delivery.kind) == DIGEST)).one()
    assert (digest.state, digest.reason) == ("dropped", "opted out")


def test_whoever_opts_out_after_their_invitation_keeps_a_key_without_place_and_time_and_is_not_invited_again(
    candor: Candor,
) -> None:
    join(candor, "U01")
    candor.opt_in("U01")
    begin(candor)
    candor.tick()
    candor.tick_at(THURSDAY)
    candor.sandbox.user("U01").say("stop")
    candor.sandbox.user("U01").press("held.erase_now")
    with candor.sessions() as session:
        (row,) = held.rows_of(session, "U01")["delivery"]
    assert (row["kind"], row["state"], row["channel"], row["ts"]) == ("pulse", "sent", None, None)
    candor.tick_at(THURSDAY + DAY)
    assert len(told(candor, "U01")) == 1


def test_after_a_backup_was_restored_nobody_is_invited_to_its_wave_or_reminded_of_it(candor: Candor) -> None:
    """The invitations may have gone out since the backup was made."""
    join(candor, "U01", "U02")
    begin(candor)
    planning.plan(candor.sessions, candor.services.workspace_id, candor.clock())
    join(candor, "U03")
    make_safe(candor.sessions, candor.clock())
    for moment in (THURSDAY, MONDAY, MONDAY + DAY):
        candor.tick_at(moment)
    assert not any(told(candor, user) for user in ("U01", "U02", "U03"))
    # Who comes after that has surely not been invited before.
    join(candor, "U04")
    assert planning.plan(candor.sessions, candor.services.workspace_id, candor.clock()) == 1


def test_two_waves_never_share_the_week_in_a_key_and_reminders_have_one_of_their_own(candor: Candor) -> None:
    wave = begin(candor)
    assert planning.week_of(wave, INVITATION) == iso_week(wave.opened_at.date()) == WEEK
    for days in range(14, 400):
        later = wave.model_copy(update={"opened_at": wave.opened_at + timedelta(days=days)})
        assert planning.week_of(later, INVITATION) != planning.week_of(wave, INVITATION)
    short = wave.model_copy(update={"reminder_from": None})
    assert planning.week_of(short, REMINDER) is None
    assert planning.reminds(short, wave.closes_at) is False


def test_people_who_leave_and_are_forgotten_take_their_invitations_with_them(candor: Candor) -> None:
    join(candor, "U01")
    begin(candor)
    candor.tick()
    with candor.sessions.begin() as session:
        people.deactivate(session, ["U01"], candor.clock())
        held.forget(session, "U01", candor.clock())
    candor.tick_at(THURSDAY)
    assert not told(candor, "U01")
    assert outcomes(candor, "U01") == []
