"""`candor deliveries` as an operator types it, on both databases, with Slack out of reach."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import update
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.weeks import iso_week
from storage.deliveries import State
from storage.tables import Delivery, Workspace
from tests.delivery.world import Clock, World
from tests.shell import shell_env

# As on any day: the commands take the time from the machine.
NOW = datetime.now(UTC).replace(microsecond=0)
WEEK = iso_week(NOW.date())
PEOPLE = ("UCANARY1", "UCANARY2", "UCANARY3", "UCANARY4")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


def candor(engine: Engine, *words: str) -> Result:
    return CliRunner().invoke(app, ["deliveries", *words], env=shell_env(engine, CANDOR_LOG_LEVEL="INFO"))


def said(engine: Engine, *words: str) -> str:
    result = candor(engine, *words)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def change(world: World, person_id: str, **values: object) -> str:
    """Change the person's delivery; returns its id."""
    with world.sessions.begin() as session:
        session.exec(update(Delivery).where(Delivery.person_id == person_id).values(**values))  # type: ignore[arg-type]
    return next(row.id for row in world.rows() if row.person_id == person_id)


@pytest.fixture
def troubled(world: World) -> dict[str, str]:
    """One delivery that waits, one unknown, one failed, one dropped; their ids by state."""
    world.add_people(*PEOPLE)
    world.plan(*PEOPLE, week=WEEK, due=NOW - timedelta(hours=5))
    return {
        "ready": change(world, PEOPLE[0], state="ready"),
        "unknown": change(world, PEOPLE[1], state="unknown", reason="timeout", started_at=NOW - timedelta(hours=3)),
        "failed": change(world, PEOPLE[2], state="failed", reason="channel_not_found", finished_at=NOW),
        "dropped": change(world, PEOPLE[3], state="dropped", reason="opted out", finished_at=NOW),
    }


def test_an_empty_outbox_is_said_plainly(world: World, engine: Engine) -> None:
    assert said(engine) == "Nothing is owed.\nSending: messages may go out.\n"


def test_before_the_first_start_nothing_is_owed_either(engine: Engine) -> None:
    assert said(engine).startswith("Nothing is owed.\nSending: the workspace is not known yet: start the bot once")


def test_counts_ages_and_the_ids_of_what_is_in_trouble(world: World, engine: Engine, troubled: dict[str, str]) -> None:
    lines = said(engine).splitlines()
    assert [" ".join(line.split()) for line in lines[:4]] == [
        "1 digest ready",
        "1 digest unknown",
        "1 digest dropped: opted out",
        "1 digest failed: channel_not_found",
    ]
    assert lines[4].startswith("The oldest waiting is 5 h past due.")
    assert lines[5].startswith(f"Unknown: 1, the oldest since {NOW - timedelta(hours=3):%Y-%m-%d %H:%M:%S} UTC (3 h)")
    assert lines[6] == "Sending: messages may go out."
    failed, unknown = (" ".join(line.split()) for line in lines[8:])
    assert failed == f"{troubled['failed']} digest {WEEK} failed since {NOW:%Y-%m-%d %H:%M:%S} UTC: channel_not_found"
    assert unknown.startswith(f"{troubled['unknown']} digest {WEEK} unknown since ")


def test_nobody_is_named_and_only_ids_in_trouble_are(world: World, engine: Engine, troubled: dict[str, str]) -> None:
    for output in (said(engine), said(engine, "--json")):
        assert "CANARY" not in output
        assert troubled["ready"] not in output and troubled["dropped"] not in output


def test_the_newest_fifty_in_trouble_are_listed_and_the_rest_counted(world: World, engine: Engine) -> None:
    people = [f"U{number:02}" for number in range(53)]
    world.add_people(*people)
    world.plan(*people, week=WEEK)
    for number, person in enumerate(people):
        change(world, person, state="failed", reason="user_not_found", finished_at=NOW + timedelta(seconds=number))
    newest = [row.id for row in sorted(world.rows(), key=lambda row: row.person_id, reverse=True)][:50]
    lines = said(engine).splitlines()
    assert [line.split()[0] for line in lines[-51:-1]] == newest
    assert lines[-1].strip() == "… and 3 more"
    assert "".join(lines).count("user_not_found") == 51


def test_a_stop_and_its_mend_are_said(world: World, engine: Engine) -> None:
    with world.sessions.begin() as session:
        session.exec(update(Workspace).values(stopped_at=NOW, stop_reason="[token_revoked]"))
    output = said(engine)
    assert f"Sending: stopped since {NOW:%Y-%m-%d %H:%M:%S} UTC ([token_revoked]): find out why with candor" in output
    assert "start the bot again" in output


def test_a_429_is_said_with_its_end_and_one_that_is_over_is_not(world: World, engine: Engine) -> None:
    soon = NOW + timedelta(minutes=55)
    with world.sessions.begin() as session:
        session.exec(update(Workspace).values(blocked_until=soon, lookup_blocked_until=soon))
    output = said(engine)
    assert f"nothing goes out before {soon:%Y-%m-%d %H:%M:%S} UTC: Slack asked to wait" in output
    assert f"Looking up: not before {soon:%Y-%m-%d %H:%M:%S} UTC" in output
    with world.sessions.begin() as session:
        session.exec(update(Workspace).values(blocked_until=NOW - timedelta(days=1), lookup_blocked_until=None))
    assert "Sending: messages may go out.\n" in said(engine)


def test_json_says_the_same_to_machines(world: World, engine: Engine, troubled: dict[str, str]) -> None:
    found: dict[str, Any] = json.loads(said(engine, "--json"))
    assert found["owed"] == 2
    assert {"kind": "digest", "state": "failed", "reason": "channel_not_found", "number": 1} in found["counts"]
    assert found["oldest_due"] == (NOW - timedelta(hours=5)).isoformat()
    assert found["lag_seconds"] >= 5 * 3600
    assert [each["id"] for each in found["in_trouble"]] == [troubled["failed"], troubled["unknown"]]
    assert (found["in_trouble_not_listed"], found["stopped_at"], found["blocked_until"]) == (0, None, None)


def test_retry_and_abandon_answer_for_each_id_and_log_its_outcome(
    world: World, engine: Engine, troubled: dict[str, str]
) -> None:
    result = candor(engine, "retry", troubled["failed"], troubled["unknown"], troubled["ready"])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == f"{troubled['failed']}: it is sent at the next tick."
    assert sorted(world.states()) == ["dropped", "ready", "ready", "unknown"]
    again = candor(engine, "abandon", troubled["failed"], troubled["dropped"], "no-such-id")
    assert again.exit_code == 1
    assert "it was dropped (opted out), so there is nothing to abandon." in again.stdout
    assert "no-such-id: there is no such delivery" in again.stdout
    assert f"delivery='{troubled['failed']}' outcome='abandoned'" in again.stderr
    assert f"delivery='{troubled['dropped']}' outcome='left as it was'" in again.stderr
    assert "CANARY" not in result.output + again.output


def test_one_of_a_past_week_is_too_late(world: World, engine: Engine) -> None:
    world.add_people("U1")
    world.plan("U1", week="2020-W01")
    mine = change(world, "U1", state="failed", reason="channel_not_found")
    result = candor(engine, "retry", mine)
    assert (result.exit_code, result.stdout) == (1, f"{mine}: too late: its week is over, so nothing was done.\n")


@pytest.mark.parametrize("dashed", ["-mD3k9x", "--jsonX_y", "-h", "-"])
def test_an_id_that_begins_with_a_dash_is_an_id(world: World, engine: Engine, dashed: str) -> None:
    world.add_people("U1")
    world.plan("U1", week=WEEK)
    change(world, "U1", id=dashed)
    assert candor(engine, "abandon", dashed).exit_code == 0
    assert world.row().state == State.FAILED


def test_a_database_of_an_older_version_is_told_to_be_upgraded(world: World, engine: Engine) -> None:
    with world.sessions.begin() as session:
        newest = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    try:
        assert "run candor db upgrade first" in str(candor(engine).exception)
    finally:
        with world.sessions.begin() as session:
            session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{newest}'")
