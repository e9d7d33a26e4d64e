"""Between planning and posting people move, change their minds and leave; planners fail and meet each other."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.digest.jobs import plan
from bot.weeks import WEEK, iso_week, local_day, week_slot
from storage import consents, deliveries, preferences
from storage.database import SessionFactory
from storage.deliveries import DIGEST, Owed
from storage.tables import Consent, Delivery, Person, Preference
from tests.candor import START, Candor
from tests.delivery.world import WORKSPACE, install

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)  # 9:00 in Madrid.
MOVES = [
    ("Pacific/Kiritimati", "Pacific/Pago_Pago"),
    ("Pacific/Pago_Pago", "Pacific/Kiritimati"),
    ("Pacific/Chatham", "America/St_Johns"),
    ("America/St_Johns", "Pacific/Chatham"),
    ("Australia/Lord_Howe", "Asia/Kathmandu"),
]
HOUR = timedelta(hours=1)


def ready(candor: Candor, tz: str = "Europe/Madrid") -> None:
    candor.join("U01", tz=tz)
    candor.opt_in("U01")
    candor.check_in("U01")


def plan_at(candor: Candor, moment: datetime) -> int:
    candor.clock.now = moment
    return plan(candor.sessions, candor.services.workspace_id, moment)


Rows = dict[str, tuple[str, str | None]]


def all_week(candor: Candor, begin: datetime) -> Rows:
    """Tick every five hours for eight days; returns the last that was seen of every week's delivery."""
    seen = rows(candor.sessions)
    for hours in range(0, 8 * 24, 5):
        candor.tick_at(begin + hours * HOUR)
        seen |= rows(candor.sessions)
    return seen


def rows(sessions: SessionFactory) -> Rows:
    """State and reason by week; those of past weeks are deleted after a while."""
    with sessions.begin() as session:
        owed = session.exec(select(Delivery).where(Delivery.kind == DIGEST))
        return {row.week: (row.state, row.reason) for row in owed}


@pytest.mark.parametrize(("here", "there"), MOVES)
@pytest.mark.parametrize("planned_first", [True, False], ids=["after planning", "before planning"])
def test_a_move_around_the_world_brings_each_weeks_message_once(
    candor: Candor, here: str, there: str, planned_first: bool
) -> None:
    ready(candor, here)
    slot = week_slot(MONDAY.date(), 0, time(9), here)
    assert plan_at(candor, slot) == 1 if planned_first else plan_at(candor, slot - HOUR) == 0
    candor.sandbox.workspace.update_user("U01", tz=there)
    seen = all_week(candor, slot)
    assert seen["2026-W48"] == ("sent", None)
    assert Counter(state for state, _ in seen.values()) == {"sent": len(candor.digests("U01"))}
    assert set(seen) <= {"2026-W48", "2026-W49"}


def settings(candor: Candor, **changes: str) -> None:
    user = candor.sandbox.user("U01")
    user.open_home()
    user.press("digest.settings", view=candor.sandbox.workspace.home("U01"))
    assert user.fill_and_submit(values={"weekday": "0", "hour": "9", "figures": "dm", "paused": "no"} | changes).ok


def test_an_hour_changed_after_planning_is_kept_to_and_brings_no_second_message(candor: Candor) -> None:
    ready(candor)
    assert plan_at(candor, MONDAY) == 1
    settings(candor, hour="15")
    candor.tick_at(MONDAY + 5 * HOUR)
    assert candor.digests("U01") == []
    candor.tick_at(MONDAY + 6 * HOUR)
    assert len(candor.digests("U01")) == 1
    assert all_week(candor, MONDAY + 7 * HOUR) == {"2026-W48": ("sent", None), "2026-W49": ("sent", None)}
    assert len(candor.digests("U01")) == 2


def test_a_day_changed_after_planning_brings_no_second_message_that_week(candor: Candor) -> None:
    ready(candor)
    assert plan_at(candor, MONDAY) == 1
    settings(candor, weekday="4")
    assert all_week(candor, MONDAY) == {"2026-W48": ("sent", None)}
    assert len(candor.digests("U01")) == 1


def test_a_pause_after_planning_drops_it_and_taking_up_again_does_not_bring_it_back(candor: Candor) -> None:
    ready(candor)
    assert plan_at(candor, MONDAY) == 1
    candor.sandbox.user("U01").say("pause")
    candor.tick()
    assert rows(candor.sessions) == {"2026-W48": ("dropped", "paused")}
    candor.sandbox.user("U01").say("resume")
    assert all_week(candor, MONDAY + HOUR) == {"2026-W48": ("dropped", "paused"), "2026-W49": ("sent", None)}
    assert len(candor.digests("U01")) == 1


def test_an_opt_out_after_planning_drops_it_and_opting_in_again_does_not_bring_it_back(candor: Candor) -> None:
    ready(candor)
    assert plan_at(candor, MONDAY) == 1
    user = candor.sandbox.user("U01")
    user.say("stop")
    user.press("held.erase_now")
    candor.tick()
    assert rows(candor.sessions) == {"2026-W48": ("dropped", "opted out")}
    candor.opt_in("U01")
    candor.check_in("U01")
    assert all_week(candor, MONDAY + HOUR) == {"2026-W48": ("dropped", "opted out"), "2026-W49": ("sent", None)}
    assert len(candor.digests("U01")) == 1


def test_an_account_switched_off_after_planning_and_on_again_gets_next_weeks(candor: Candor) -> None:
    ready(candor)
    assert plan_at(candor, MONDAY) == 1
    candor.sandbox.workspace.update_user("U01", deleted=True)
    candor.tick()
    candor.sandbox.workspace.update_user("U01", deleted=False)
    assert all_week(candor, MONDAY + HOUR) == {"2026-W48": ("dropped", "deactivated"), "2026-W49": ("sent", None)}


# Many people at once


def populate(sessions: SessionFactory, number: int, tz: str = "Europe/Madrid", due: datetime | None = MONDAY) -> None:
    """So many people who opted in, and whose digest is stored as due at that time."""
    install(sessions)
    with sessions.begin() as session:
        ids = [f"U{n:04}" for n in range(number)]
        session.add_all(Person(id=each, tz=tz) for each in ids)
        session.flush()
        session.add_all(
            Consent(person_id=each, receipt_id=each, policy_hash="p", granted_at=START - WEEK) for each in ids
        )
        session.add_all(Preference(person_id=each, next_due=due) for each in ids)


def stored(sessions: SessionFactory) -> dict[str, datetime | None]:
    with sessions.begin() as session:
        return {row.person_id: row.next_due for row in session.exec(select(Preference))}


def keys(sessions: SessionFactory) -> Counter[tuple[str, str]]:
    with sessions.begin() as session:
        return Counter((row.person_id, row.week) for row in session.exec(select(Delivery)))


def test_planners_that_meet_plan_everybody_and_nobody_twice(sessions: SessionFactory) -> None:
    populate(sessions, 200)
    with ThreadPoolExecutor(4) as pool:
        planned = list(pool.map(lambda _: plan(sessions, WORKSPACE, MONDAY, batch=7), range(4)))
    # One that met another's batch may have stopped early: what is left then is for the next tick.
    planned.append(plan(sessions, WORKSPACE, MONDAY, batch=7))
    assert sum(planned) == 200
    assert keys(sessions) == Counter({(f"U{n:04}", "2026-W48"): 1 for n in range(200)})
    assert set(stored(sessions).values()) == {MONDAY + WEEK}


@contextmanager
def failing_at(sessions: SessionFactory, insert: int) -> Iterator[None]:
    """The database goes away at this INSERT of deliveries."""
    engine, seen = sessions.kw["bind"], 0

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal seen
        seen += statement.startswith("INSERT INTO delivery")
        if seen == insert:
            raise ConnectionError

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)


def test_planning_that_fails_between_batches_loses_nobody(sessions: SessionFactory) -> None:
    populate(sessions, 30)
    with failing_at(sessions, 3), pytest.raises(ConnectionError):
        plan(sessions, WORKSPACE, MONDAY, batch=10)
    assert len(keys(sessions)) == 20
    assert Counter(stored(sessions).values()) == {MONDAY + WEEK: 20, MONDAY: 10}
    assert plan(sessions, WORKSPACE, MONDAY, batch=10) == 10
    assert len(keys(sessions)) == 30


def test_planning_does_not_wait_for_somebody_who_changes_their_hour_nor_undo_it(sessions: SessionFactory) -> None:
    if sessions.kw["bind"].dialect.name == "sqlite":
        return  # It has one writer: nobody else is in the middle of anything.
    populate(sessions, 3)
    friday = MONDAY + timedelta(days=4)
    with ThreadPoolExecutor(1) as other, sessions.begin() as session:
        assert consents.hold(session, "U0001")
        mine = preferences.get(session, "U0001")
        assert mine is not None
        mine.weekday, mine.next_due = 4, friday
        session.flush()
        assert other.submit(plan, sessions, WORKSPACE, MONDAY).result(timeout=60) == 2
    assert plan(sessions, WORKSPACE, MONDAY) == 0
    assert stored(sessions) == {"U0000": MONDAY + WEEK, "U0001": friday, "U0002": MONDAY + WEEK}
    assert plan(sessions, WORKSPACE, friday) == 1


@pytest.mark.parametrize("tz", ["Europe/Madrid", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_whatever_time_is_stored_only_the_week_that_it_is_where_they_are_is_planned(
    sessions: SessionFactory, tz: str
) -> None:
    populate(sessions, 40, tz)
    chance = Random(48)
    with sessions.begin() as session:
        for preference in session.exec(select(Preference)):
            off = chance.choice([timedelta(0), WEEK, 10 * WEEK, 60 * WEEK])
            preference.next_due = None if chance.random() < 0.2 else MONDAY + off * chance.choice([-1, 1])
    for hours in range(0, 5 * 24, 7):
        before, now = set(keys(sessions)), MONDAY - 3 * 24 * HOUR + hours * HOUR
        plan(sessions, WORKSPACE, now)
        assert {week for _, week in set(keys(sessions)) - before} <= {iso_week(local_day(now, tz))}
    assert set(keys(sessions).values()) == {1}


def test_whoever_is_named_twice_is_owed_one_message(sessions: SessionFactory) -> None:
    populate(sessions, 2)
    owed = [Owed(person, "digest", "2026-W48", due) for due in (MONDAY, MONDAY, MONDAY + HOUR) for person in ("U0000",)]
    with sessions.begin() as session:
        assert deliveries.plan(session, WORKSPACE, owed) == 1
        assert deliveries.plan(session, WORKSPACE, owed) == 0
        assert deliveries.plan(session, WORKSPACE, []) == 0
    assert keys(sessions) == {("U0000", "2026-W48"): 1}
