"""What is ended in a database restored from a backup, what stays, and how a bot at work is noticed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, col, select

from storage import deliveries, restoring
from storage.database import SessionFactory
from storage.deliveries import DIGEST, Owed, State
from storage.restoring import RESTORED, Ended
from storage.tables import Consent, Delivery, Job, Person, SeenEvent, Workspace
from tests.delivery.world import MONDAY, WEEK, WORKSPACE, install

UNFINISHED = [State.READY, State.CLAIMED, State.SENDING, State.UNKNOWN, State.FAILED]
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
LAST_WEEK = "2026-W47"
WEEKS = {"Europe/Madrid": WEEK, "Pacific/Honolulu": LAST_WEEK}
BEAT = "sweep"


@pytest.fixture(autouse=True)
def installed(sessions: SessionFactory) -> None:
    install(sessions)


def add(sessions: SessionFactory, *rows: SQLModel) -> None:
    with sessions.begin() as session:
        session.add_all(rows)


def opt_in(sessions: SessionFactory, *ids: str, tz: str = "Europe/Madrid") -> None:
    add(sessions, *(Person(id=each, tz=tz) for each in ids))
    add(sessions, *(Consent(person_id=each, receipt_id=each, policy_hash="p", granted_at=MONDAY) for each in ids))


def owe(sessions: SessionFactory, person_id: str, *, kind: str = DIGEST, week: str = WEEK, **values: Any) -> None:
    """One delivery, brought into a state by hand."""
    with sessions.begin() as session:
        deliveries.plan(session, WORKSPACE, [Owed(person_id, kind, week, MONDAY)])
        row = session.exec(select(Delivery).where(Delivery.person_id == person_id, Delivery.kind == kind)).one()
        row.sqlmodel_update(values)


def end(sessions: SessionFactory, after: timedelta = timedelta(0)) -> Ended:
    with sessions.begin() as session:
        return restoring.end(session, WORKSPACE, WEEKS.__getitem__, MONDAY + after, summaries="2026-W47")


def rows(sessions: SessionFactory) -> dict[str, Delivery]:
    with sessions() as session:
        return {row.person_id: row for row in session.exec(select(Delivery).order_by(col(Delivery.person_id)))}


def as_stored(found: Iterable[Delivery]) -> list[dict[str, Any]]:
    return [row.model_dump() for row in found]


@pytest.mark.parametrize("state", UNFINISHED)
def test_whatever_may_have_been_sent_since_is_dropped_with_a_higher_fence(
    sessions: SessionFactory, state: State
) -> None:
    opt_in(sessions, "U1")
    owe(sessions, "U1", state=state.value, fence=3, claimed_by="old", lease_until=MONDAY, sweep_at=MONDAY)
    assert end(sessions) == Ended(digests=0, waiting=1)
    row = rows(sessions)["U1"]
    assert (row.state, row.reason, row.fence, row.finished_at) == ("dropped", RESTORED, 4, MONDAY)
    assert (row.claimed_by, row.lease_until, row.sweep_at) == (None, None, None)


@pytest.mark.parametrize("state", [State.SENT, State.DROPPED])
def test_what_the_backup_knows_as_sent_or_dropped_stays_as_it_is(sessions: SessionFactory, state: State) -> None:
    opt_in(sessions, "U1")
    owe(sessions, "U1", state=state.value, channel="D1", ts="1.1", finished_at=MONDAY, sweep_at=MONDAY)
    before = as_stored(rows(sessions).values())
    assert end(sessions) == Ended(digests=0, waiting=0)
    assert as_stored(rows(sessions).values()) == before


def test_everybody_opted_in_has_the_digest_of_their_own_week_dropped_and_nobody_else_has(
    sessions: SessionFactory,
) -> None:
    opt_in(sessions, "U1", "U2")
    opt_in(sessions, "U3", tz="Pacific/Honolulu")
    add(sessions, Person(id="U4", tz="Europe/Madrid"))
    assert end(sessions) == Ended(digests=3, waiting=0)
    found = rows(sessions)
    assert {each: (row.week, row.state) for each, row in found.items()} == {
        "U1": (WEEK, "dropped"),
        "U2": (WEEK, "dropped"),
        "U3": (LAST_WEEK, "dropped"),
    }
    with sessions.begin() as session:
        assert deliveries.plan(session, WORKSPACE, [Owed("U1", DIGEST, WEEK, MONDAY)]) == 0


def test_repeating_it_changes_nothing(sessions: SessionFactory) -> None:
    opt_in(sessions, "U1", "U2")
    owe(sessions, "U2", state="unknown")
    assert end(sessions) == Ended(digests=1, waiting=1)
    before = as_stored(rows(sessions).values())
    assert end(sessions, MINUTE) == Ended(digests=0, waiting=0)
    assert as_stored(rows(sessions).values()) == before


def test_a_notice_and_a_digest_of_the_week_before_that_still_wait_are_ended_too(sessions: SessionFactory) -> None:
    opt_in(sessions, "U1", "U2")
    owe(sessions, "U1", kind="notice", week=WEEK)
    owe(sessions, "U2", week=LAST_WEEK)
    assert end(sessions) == Ended(digests=2, waiting=2)
    with sessions() as session:
        found = session.exec(select(Delivery.kind, Delivery.week, Delivery.state)).all()
    assert sorted(found) == [
        ("digest", LAST_WEEK, "dropped"),
        ("digest", WEEK, "dropped"),
        ("digest", WEEK, "dropped"),
        ("notice", WEEK, "dropped"),
    ]


def test_a_worker_that_held_a_delivery_can_no_longer_move_it(sessions: SessionFactory) -> None:
    opt_in(sessions, "U1")
    owe(sessions, "U1", state="sending", claimed_by="old", lease_until=MONDAY)
    seen = rows(sessions)["U1"]
    end(sessions)
    with sessions.begin() as session:
        assert not deliveries.mark_sent(session, seen, MONDAY, channel="D1", ts="1.1", holds_figures=True)
        assert not deliveries.release(session, seen)
    assert rows(sessions)["U1"].state == "dropped"


def test_the_newest_row_is_found_without_its_own_and_without_times_that_have_not_come(
    sessions: SessionFactory,
) -> None:
    now = MONDAY + timedelta(days=1)

    def newest() -> timedelta | None:
        with sessions() as session:
            found = restoring.newest(session, now)
        return None if found is None else found - MONDAY

    assert newest() is None
    opt_in(sessions, "U1", "U2")
    assert newest() == timedelta(0)
    owe(sessions, "U1", state="sent", finished_at=MONDAY + MINUTE)
    assert newest() == MINUTE
    add(sessions, SeenEvent(event_id="E1", seen_at=MONDAY + 2 * MINUTE))
    add(sessions, SeenEvent(event_id="E2", seen_at=now + SECOND))
    end(sessions, 3 * MINUTE)
    assert newest() == 2 * MINUTE


@pytest.mark.parametrize(
    ("ahead", "noticed"), [(SECOND, True), (2 * MINUTE, True), (timedelta(0), False), (timedelta(days=365), False)]
)
@pytest.mark.parametrize("what", ["a delivery's lease", "a job's lease", "the beat"])
def test_a_bot_at_work_is_noticed_by_what_it_holds_until_that_is_over(
    sessions: SessionFactory, what: str, ahead: timedelta, noticed: bool
) -> None:
    until = MONDAY + ahead
    if what == "a delivery's lease":
        opt_in(sessions, "U1")
        owe(sessions, "U1", state="claimed", lease_until=until)
    elif what == "a job's lease":
        add(sessions, Job(name="tidy", holder="one", lease_until=until))
    else:
        add(sessions, Job(name=BEAT, next_due=until))
    with sessions() as session:
        assert restoring.at_work_until(session, MONDAY, BEAT) == (until if noticed else None)


def test_a_job_that_is_due_again_soon_is_by_itself_no_bot_at_work(sessions: SessionFactory) -> None:
    add(sessions, Job(name="tidy", next_due=MONDAY + 5 * MINUTE))
    with sessions() as session:
        assert restoring.at_work_until(session, MONDAY, BEAT) is None


def test_the_workspace_is_named_once_there_is_one(sessions: SessionFactory) -> None:
    with sessions.begin() as session:
        assert restoring.hold(session) == WORKSPACE
        session.delete(session.get_one(Workspace, WORKSPACE))
        session.flush()
        assert restoring.hold(session) is None
