"""The pace: what a tick and the hourly tidying do, and that a failure does not end them."""

import time
from datetime import date, timedelta
from pathlib import Path

from sqlmodel import select

from bot.files import send_files
from bot.people.roster import sync
from bot.schedule import preview, start, tidy
from storage import deletions, deliveries, events, held, people
from storage.deliveries import Owed
from storage.people import RosterRow
from storage.tables import CheckIn, Delivery, Person, SeenEvent, SentItem, SlackDeletion, UsageDay
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
    candor.join("U01")
    candor.opt_in("U01")
    candor.check_in("U01")
    for weeks in (0, 1):
        candor.tick_at(MONDAY + timedelta(weeks=weeks))
    tidy(candor.services, candor.clock())
    with candor.sessions.begin() as session:
        assert [row.week for row in session.exec(select(Delivery))] == ["2026-W48", "2026-W49"]
    tidy(candor.services, candor.clock() + timedelta(days=1))
    with candor.sessions.begin() as session:
        assert [row.week for row in session.exec(select(Delivery))] == ["2026-W49"]


def test_handled_events_are_forgotten_after_a_day(candor: Candor) -> None:
    with candor.sessions.begin() as session:
        events.first_sight(session, "Ev1", START)
    tidy(candor.services, START + timedelta(hours=23))
    with candor.sessions.begin() as session:
        assert not events.first_sight(session, "Ev1", START)
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
    candor.clock.now = MONDAY
    with candor.sessions.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE delivery RENAME TO elsewhere")
    scheduler = start(candor.services, candor.client, candor.outbox)
    try:
        time.sleep(1.5)
        assert candor.digests("U01") == []
        with candor.sessions.begin() as session:
            session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO delivery")
        assert candor.sandbox.wait_for(lambda w: candor.digests("U01"))
    finally:
        scheduler.shutdown()
