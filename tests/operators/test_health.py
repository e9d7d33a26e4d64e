"""/healthz and /readyz: which check is red, in words, without ids and without persons."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from sqlmodel import update

from bot.delivery import Tally
from bot.jobs import Tick
from bot.operators.health import Health
from bot.operators.looking import Look
from bot.operators.metrics import Metrics
from bot.operators.web import Operations, operations
from bot.pulse.keys import KeyDirectory
from storage.database import newest_schema, open_engine, session_factory
from storage.tables import Delivery, Workspace
from tests.candor import Candor
from tests.delivery.world import MONDAY, WORKSPACE, World
from tests.operators.places import get_json, served
from tests.pulse.world import begin, keys_away, vote

CHECKS = ["database", "schema", "sending", "deliveries", "unknown", "pulse keys", "tick", "clock"]


class Process:
    """One process's side of it, with a monotonic clock that the test moves."""

    def __init__(self, world: World, keys: Path, database: str | None = None) -> None:
        self.seconds = 0.0
        self.clock_trouble: str | None = None
        self.engine = open_engine(database) if database else world.sessions.kw["bind"]
        look = Look(session_factory(self.engine), WORKSPACE, KeyDirectory(keys))
        self.metrics = Metrics(CollectorRegistry(), look.snapshot, world.clock, lambda: self.seconds)
        self.health = Health(
            look,
            world.clock,
            schema=newest_schema(self.engine),
            tick_age=self.metrics.tick_age,
            longest_tick=timedelta(seconds=120),
            clock_trouble=lambda: self.clock_trouble,
        )

    @contextmanager
    def served(self) -> Iterator[str]:
        with served(Operations(self.metrics, self.health)) as address:
            yield address

    def readyz(self) -> tuple[int, dict[str, Any]]:
        with self.served() as address:
            status, said = get_json(f"{address}/readyz")
        assert said["ready"] is (status == 200)
        return status, said["checks"]

    def red(self) -> dict[str, str]:
        """The checks that are red, with their words."""
        _, checks = self.readyz()
        return {name: said for name, said in checks.items() if said != "ok"}


@pytest.fixture
def process(world: World, tmp_path: Path) -> Process:
    return Process(world, tmp_path / "keys")


def test_all_is_well_at_first(process: Process) -> None:
    assert process.readyz() == (200, dict.fromkeys(CHECKS, "ok"))
    with process.served() as address:
        assert get_json(f"{address}/healthz") == (200, {"database": "ok"})


def test_late_deliveries_are_red_after_the_promised_window_and_not_before(world: World, process: Process) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.clock.now = MONDAY + timedelta(hours=3)
    assert process.red() == {}
    world.clock.advance(1)
    said = "late: the oldest one has been due for 3 h, more than the 3 h promised"
    assert process.red() == {"deliveries": said}
    world.run()
    assert process.red() == {}


def test_what_waits_for_its_time_is_not_late(world: World, process: Process) -> None:
    world.add_people("U1")
    world.plan("U1", due=MONDAY + timedelta(hours=24))
    world.clock.now = MONDAY + timedelta(hours=20)
    assert process.red() == {}


def test_what_slack_puts_off_for_hours_is_late(world: World, process: Process) -> None:
    world.add_people("U1")
    world.plan("U1")
    with world.sessions.begin() as session:
        session.exec(update(Delivery).values(not_before=MONDAY + timedelta(hours=24)))
    world.clock.now = MONDAY + timedelta(hours=4)
    assert list(process.red()) == ["deliveries"]


@pytest.mark.parametrize(("number", "minutes", "red"), [(20, 59, False), (21, 0, True), (1, 61, True)])
def test_unknown_outcomes_are_red_when_they_are_many_or_old(
    world: World, process: Process, number: int, minutes: int, red: bool
) -> None:
    people = [f"U{each}" for each in range(number)]
    world.add_people(*people)
    world.plan(*people)
    with world.sessions.begin() as session:
        session.exec(update(Delivery).values(state="unknown", started_at=MONDAY))
    world.clock.advance(minutes * 60)
    assert list(process.red()) == (["unknown"] if red else [])


def test_a_stopped_workspace_is_red_and_says_the_mend(world: World, process: Process) -> None:
    with world.sessions.begin() as session:
        session.exec(update(Workspace).values(stopped_at=MONDAY, stop_reason="token_revoked"))
    [(name, said)] = process.red().items()
    assert name == "sending"
    assert "stopped since 2026-11-23 09:00:00 UTC (token_revoked)" in said and "candor doctor" in said


def test_a_process_that_no_longer_ticks_is_red_and_well_again_with_its_next_tick(process: Process) -> None:
    process.seconds = 120
    assert process.red() == {}
    process.seconds = 121
    assert "the newest one without trouble was 2 min ago, more than 2 min" in process.red()["tick"]
    process.metrics.ticked(Tick(0, Tally(), {"send": "it failed with KeyError"}))
    assert list(process.red()) == ["tick"]
    process.metrics.ticked(Tick())
    assert process.red() == {}


def test_a_wrong_clock_is_red_in_its_own_words(process: Process) -> None:
    process.clock_trouble = "this machine's clock is 3 days ahead of that of Slack. Set both by NTP."
    assert process.red() == {"clock": process.clock_trouble}


def test_a_database_of_another_version_is_red(world: World, process: Process) -> None:
    with world.sessions.begin() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    try:
        [(name, said)] = process.red().items()
    finally:
        newest = newest_schema(process.engine)
        with world.sessions.begin() as session:
            session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{newest}'")
    assert name == "schema"
    assert said == f"the database has 0001, this version works with {newest}"


def test_without_the_database_both_are_red_and_say_so(world: World, tmp_path: Path) -> None:
    process = Process(world, tmp_path, "postgresql://canary:secret@127.0.0.1:9/x")
    status, checks = process.readyz()
    assert status == 503
    assert checks["database"].startswith("away (it cannot be reached")
    assert checks["deliveries"] == "cannot be told without the database"
    assert (list(checks), checks["tick"], checks["clock"]) == (CHECKS, "ok", "ok")
    with process.served() as address:
        status, said = get_json(f"{address}/healthz")
    assert status == 503 and "cannot be reached" in said["database"]
    assert "canary" not in str(said) + str(checks)
    process.engine.dispose()


def test_a_database_that_somebody_else_writes_to_answers_all_the_same(world: World, process: Process) -> None:
    with world.sessions.begin() as session:
        session.exec(update(Workspace).values(name="being renamed"))
        assert process.red() == {}


def test_healthz_is_well_while_readyz_is_red_so_that_nobody_restarts_what_a_restart_does_not_mend(
    world: World, process: Process
) -> None:
    with world.sessions.begin() as session:
        session.exec(update(Workspace).values(stopped_at=MONDAY, stop_reason="token_revoked"))
    process.seconds = 10_000
    with process.served() as address:
        assert get_json(f"{address}/readyz")[0] == 503
        assert get_json(f"{address}/healthz")[0] == 200


def test_what_is_said_holds_no_ids_and_no_persons(world: World, process: Process) -> None:
    world.add_people("UCANARY")
    world.plan("UCANARY")
    with world.sessions.begin() as session:
        session.exec(update(Delivery).values(state="unknown", started_at=MONDAY, reason="timeout"))
    world.clock.advance(7200)
    said = str(process.readyz())
    assert "UCANARY" not in said and world.row().id not in said


def test_keys_of_an_open_pulse_that_are_away_are_red_with_the_mend_and_say_nothing_of_the_answers(
    candor: Candor,
) -> None:
    wave = begin(candor)

    def said() -> str:
        with served(operations(candor.services, lambda: None)) as address:
            status, answer = get_json(f"{address}/readyz")
        words = str(answer["checks"]["pulse keys"])
        assert words == "ok" or status == 503
        return words

    assert said() == "ok"
    with keys_away(candor):
        before = said()
        assert before.startswith("pulse 1: ") and "CANDOR_KEYS" in before
    for user in ("U01", "U02", "U03"):
        vote(candor, wave, user)
    with keys_away(candor):
        assert said() == before
    assert said() == "ok"
