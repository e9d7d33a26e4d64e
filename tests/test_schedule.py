"""The pace: what a tick and the hourly tidying do, and that a failure does not end them."""

import time
from datetime import date, timedelta

from sqlmodel import select

from bot.schedule import preview, start, tidy
from storage import events
from storage.tables import CheckIn, Delivery, SeenEvent, UsageDay
from tests.candor import START, Candor
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
