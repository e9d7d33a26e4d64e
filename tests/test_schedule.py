"""The pace: what a tick and the hourly tidying do, and that a failure does not end them."""

import time
from datetime import date, timedelta
from pathlib import Path

import structlog
from sqlmodel import select

from bot.files import send_files
from bot.jobs import LEASE
from bot.people.roster import sync
from bot.schedule import preview, tick, tidy
from bot.ticker import Ticker
from bot.timekeeping import Timekeeper
from storage import deletions, deliveries, events, held, jobs, people
from storage.deliveries import DIGEST, Owed
from storage.jobs import Shift
from storage.people import RosterRow
from storage.tables import (
    CheckIn,
    Consent,
    Delivery,
    Person,
    PolicyVersion,
    Preference,
    SeenEvent,
    SentItem,
    SlackDeletion,
    UsageDay,
)
from tests.candor import START, Candor, in_roster
from tests.rows import add_usage

MONDAY = START + timedelta(days=5)


def test_figures_are_deleted_when_the_policys_weeks_are_over_and_not_before(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code")
    first_kept = date(2026, 11, 16) - timedelta(weeks=26)
    add_usage(candor.sessions, "U01", "claude-code", first_kept - timedelta(days=1), first_kept, sessions=1)
    with candor.sessions.begin() as session:
        for week in (first_kept - timedelta(weeks=1), first_kept):
            session.add(CheckIn(person_id="U01", week=week, saved="0", rework="0", helped=[], reported_at=START))
    tidy(candor.services, START)
    with candor.sessions.begin() as session:
        assert [row.day for row in session.exec(select(UsageDay))] == [first_kept]
        assert [row.week for row in session.exec(select(CheckIn))] == [first_kept]


def test_messages_and_files_as_old_as_that_are_deleted_in_slack_too(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    first_kept = START.replace(hour=0) - timedelta(days=START.weekday(), weeks=26)
    for number, sent_at in enumerate((first_kept - timedelta(minutes=1), first_kept)):
        file = {f"file{number}.txt": b"figures"}
        send_files(candor.client, candor.sessions, "U01", f"message {number}", file, sent_at)
    tidy(candor.services, START)
    candor.tick()
    assert [message.text for message in candor.dms("U01") if message.text] == ["message 1"]
    assert [file.name for file in candor.sandbox.workspace.files.values() if not file.deleted] == ["file1.txt"]
    with candor.sessions.begin() as session:
        assert len(session.exec(select(SentItem)).all()) == 2
        assert session.exec(select(SlackDeletion)).all() == []


def left_at(candor: Candor, person_id: str) -> object:
    with candor.sessions.begin() as session:
        person = people.get(session, person_id)
    return person and person.left_at


def test_the_moment_somebody_leaves_is_kept_until_they_come_back(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    assert left_at(candor, "U01") is None
    candor.sandbox.workspace.update_user("U01", deleted=True)
    assert left_at(candor, "U01") == START
    candor.clock.pass_by(days=3)
    sync(candor.sessions, candor.client, workspace_id=candor.services.workspace_id, now=candor.clock())
    assert left_at(candor, "U01") == START
    candor.sandbox.workspace.update_user("U01", deleted=False)
    assert left_at(candor, "U01") is None
    with candor.sessions.begin() as session:
        people.deactivate(session, ["U01"], START)
        people.upsert_roster(session, [RosterRow("U01", "UTC", active=False)])
    assert left_at(candor, "U01") == START


def test_whoever_the_roster_no_longer_lists_has_left_at_that_moment(candor: Candor) -> None:
    in_roster(candor.sessions, RosterRow("U0GONE", "UTC"))
    sync(candor.sessions, candor.client, workspace_id=candor.services.workspace_id, now=START)
    assert left_at(candor, "U0GONE") == START


def test_a_leaver_nobody_has_dated_counts_from_the_first_tidying(candor: Candor) -> None:
    in_roster(candor.sessions, RosterRow("U0GONE", "UTC", active=False))
    tidy(candor.services, START)
    assert left_at(candor, "U0GONE") == START
    tidy(candor.services, START + timedelta(weeks=26, seconds=1))
    with candor.sessions.begin() as session:
        assert people.get(session, "U0GONE") is None


def test_a_leaver_is_forgotten_when_the_policys_weeks_are_over_and_not_before(candor: Candor) -> None:
    for person_id in ("U01", "U02"):
        candor.join(person_id)
        candor.opt_in(person_id, "claude-code")
        candor.check_in(person_id)
    candor.tick_at(MONDAY)
    gone = candor.clock()
    candor.sandbox.workspace.update_user("U01", deleted=True)
    with candor.sessions.begin() as session:
        deliveries.plan(session, candor.services.workspace_id, [Owed("U01", "digest", "2027-W01", gone)])
        deletions.note_sent(session, "U01", "file", None, "F404", gone + timedelta(weeks=20))

    candor.clock.now = gone + timedelta(weeks=26)
    tidy(candor.services, candor.clock())
    with candor.sessions.begin() as session:
        assert {"consent", "identity", "delivery", "sent_item"} <= set(held.rows_of(session, "U01"))
    candor.clock.pass_by(minutes=1)
    tidy(candor.services, candor.clock())
    with candor.sessions.begin() as session:
        assert held.rows_of(session, "U01") == {}
        assert session.get(Person, "U02") is not None
        assert {"consent", "identity"} <= set(held.rows_of(session, "U02"))
        assert [item.ref for item in session.exec(select(SlackDeletion))][-1:] == ["F404"]
    candor.tick()
    assert candor.digests("U01") == []


def test_the_file_is_rebuilt_when_retention_has_deleted_something_and_only_then(candor: Candor) -> None:
    engine = candor.sessions.kw["bind"]
    if engine.dialect.name != "sqlite":
        return  # PostgreSQL's files cannot be wiped.

    def rebuilt() -> object:
        with candor.sessions.begin() as session:
            return session.connection().exec_driver_sql("PRAGMA schema_version").scalar()

    candor.join("U01")
    candor.opt_in("U01")
    candor.check_in("U01", note="canary-note")
    before = rebuilt()
    tidy(candor.services, candor.clock())
    assert rebuilt() == before
    candor.clock.pass_by(weeks=28)
    tidy(candor.services, candor.clock())
    assert rebuilt() != before
    assert b"canary-note" not in b"".join(
        path.read_bytes() for path in Path(engine.url.database).parent.glob("candor.db*")
    )


def test_the_keys_of_the_open_week_stay_and_those_of_past_weeks_go(candor: Candor) -> None:
    digests = select(Delivery).where(Delivery.kind == DIGEST)
    candor.join("U01")
    candor.opt_in("U01")
    candor.check_in("U01")
    for weeks in (0, 1):
        candor.tick_at(MONDAY + timedelta(weeks=weeks))
    tidy(candor.services, candor.clock())
    with candor.sessions.begin() as session:
        assert [row.week for row in session.exec(digests)] == ["2026-W48", "2026-W49"]
    tidy(candor.services, candor.clock() + timedelta(days=1))
    with candor.sessions.begin() as session:
        assert [row.week for row in session.exec(digests)] == ["2026-W49"]


def test_handled_events_are_forgotten_after_a_day(candor: Candor) -> None:
    with candor.sessions.begin() as session:
        events.first_sight(session.connection(), "Ev1", START)
    tidy(candor.services, START + timedelta(hours=23))
    with candor.sessions.begin() as session:
        assert not events.first_sight(session.connection(), "Ev1", START)
    tidy(candor.services, START + timedelta(hours=25))
    with candor.sessions.begin() as session:
        assert session.exec(select(SeenEvent)).all() == []


def test_a_dry_run_counts_what_is_due_and_changes_nothing(candor: Candor) -> None:
    for number in range(3):
        candor.join(f"U0{number}")
        candor.opt_in(f"U0{number}")
    assert preview(candor.sessions, MONDAY - timedelta(days=1)).due == 0
    assert preview(candor.sessions, MONDAY).due == 3
    assert preview(candor.sessions, MONDAY).due == 3
    with candor.sessions.begin() as session:
        assert session.exec(select(Delivery)).all() == []


def test_the_scheduler_ticks_by_itself_and_goes_on_after_a_failure(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.check_in("U01")
    object.__setattr__(candor.services.settings, "tick_seconds", 1)
    keeper = Timekeeper(candor.sessions, candor.client, candor.clock, shared=lambda sessions: candor.clock())
    candor.clock.now = MONDAY
    with candor.sessions.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE delivery RENAME TO elsewhere")
    with Ticker(candor.services, candor.client, candor.outbox, keeper):
        time.sleep(1.5)
        assert candor.digests("U01") == []
        with candor.sessions.begin() as session:
            session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO delivery")
        assert candor.sandbox.wait_for(lambda w: candor.digests("U01"))


def crowd(candor: Candor, number: int) -> None:
    """So many people in one zone who opted in and changed nothing."""
    ids = [f"U{n:04}" for n in range(number)]
    in_roster(candor.sessions, *(RosterRow(each, "Europe/Madrid") for each in ids))
    with candor.sessions.begin() as session:
        policy = session.exec(select(PolicyVersion.hash)).one()
        for each in ids:
            session.add(Consent(person_id=each, receipt_id=each, policy_hash=policy, granted_at=START))
            session.add(Preference(person_id=each))


def told(candor: Candor) -> list[str]:
    with structlog.testing.capture_logs() as lines:
        candor.tick()
    return [line["event"] for line in lines if line["event"].startswith("Next week")]


def test_the_operator_is_told_once_a_day_before_a_week_whose_hours_do_not_hold_its_digests(candor: Candor) -> None:
    crowd(candor, 200)
    object.__setattr__(candor.services.settings, "messages_per_minute", 1)
    [said] = told(candor)
    assert "3 hours hold 180" in said and "20 min late" in said and "CANDOR_MESSAGES_PER_MINUTE to 2" in said
    assert told(candor) == []
    candor.clock.pass_by(days=1)
    assert told(candor) == [said]
    object.__setattr__(candor.services.settings, "messages_per_minute", 2)
    candor.clock.pass_by(days=1)
    assert told(candor) == []


def test_a_replica_leaves_alone_what_another_one_does_and_takes_it_over_when_that_one_dies(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.check_in("U01")
    candor.clock.now = MONDAY
    other = Shift("a replica that dies", LEASE)
    with candor.sessions.begin() as session:
        assert jobs.take(session, "plan", other, MONDAY)
    assert candor.tick().planned == 0
    candor.clock.now = MONDAY + LEASE
    assert candor.tick().planned == 1
    assert len(candor.digests("U01")) == 1


def test_a_job_that_fails_ends_no_other_and_is_free_for_the_next_tick(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.check_in("U01")
    candor.clock.now = MONDAY
    with candor.sessions.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE seen_event RENAME TO elsewhere")
    done = tick(candor.services, candor.client, candor.outbox, candor.clock())
    assert list(done.troubles) == ["tidy"]
    assert len(candor.digests("U01")) == 1
    with candor.sessions.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO seen_event")
    assert candor.tick().troubles == {}
