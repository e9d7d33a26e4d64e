"""Rows that a hand has made unreadable: whoever looks through the ledger is told which, and nothing breaks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from bot.cli import app
from bot.ledger.health import examine
from bot.ledger.pruning import LedgerBroken, prune
from bot.ledger.reading import page
from bot.ledger.signing import SigningKeys
from bot.ledger.verifying import look
from bot.settings import Settings
from bot.weeks import WEEK
from storage import ledger, people
from storage.database import Session, SessionFactory, reading
from tests.candor import START
from tests.ledger.world import SINCE, write
from tests.policy.drafts import publish_next
from tests.shell import shell_env
from tests.teams.world import first_week, release, report, staff

pytestmark = pytest.mark.filterwarnings("error")
DEEP = "[" * 100_000
# What each database lets a hand put into a column of entry 2, as SQL.
DAMAGE = {
    "sqlite": {
        "at": ("'garbage'", "5", "X'00ff'", "'2026-13-40 00:00:00'"),
        "who": ("X'00ff'", "X'5531'", "CAST(X'ff' AS TEXT)"),
        "role": ("X'01'",),
        "about": ("CAST(X'c328' AS TEXT)",),
        "season": ("1.5", "'x'", "X'01'"),
        "teams": ("'[1,'", "'{\"a\": 2}'", "'[\"2\"]'", "'[true]'", "X'5b325d'", "2", f"'{DEEP}'"),
        "previous": ("X'00'",),
        "hash": ("X'00'", "CAST(X'ff' AS TEXT)"),
    },
    "postgresql": {
        "at": ("'infinity'", "'-infinity'", "'12000-01-01'", "'0044-03-15 BC'"),
        "teams": ("'{\"a\": 2}'", "'[\"2\"]'", "'[\"x\"]'", "'[2.5]'", "'2'", "'null'"),
    },
}
SAID = "entry 2 was changed: it cannot be read any more"


def dialect(sessions: SessionFactory) -> str:
    engine: Engine = sessions.kw["bind"]
    return engine.dialect.name


def damages(sessions: SessionFactory) -> list[str]:
    by_column = DAMAGE[dialect(sessions)]
    return [
        f"UPDATE ledger_entry SET {name} = {value} WHERE number = 2" for name in by_column for value in by_column[name]
    ]


@contextmanager
def damaged(sessions: SessionFactory, by: str) -> Iterator[Session]:
    """A session in which somebody has done this; afterwards it is undone."""
    with sessions() as session:
        session.connection().exec_driver_sql(by)
        yield session
        session.rollback()


def said(session: Session) -> list[str]:
    return look(ledger.stored(session), ledger.checkpoint(session), ledger.stored_head(session)).said


def test_an_entry_that_cannot_be_read_is_named_as_changed_whatever_was_put_into_it(sessions: SessionFactory) -> None:
    write(sessions, 4)
    for by in damages(sessions):
        with damaged(sessions, by) as session:
            assert SAID in said(session), by
    with reading(sessions) as session:
        assert said(session) == []


def test_a_head_posted_of_an_entry_that_cannot_be_read_differs(sessions: SessionFactory, tmp_path: Path) -> None:
    write(sessions, 4)
    with sessions.begin() as session:
        session.connection().exec_driver_sql(damages(sessions)[0])
    env = shell_env(sessions.kw["bind"], CANDOR_KEYS=str(tmp_path))
    done = CliRunner().invoke(app, ["ledger", "verify", "2:" + "ab" * 8], env=env)
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert f"wrong: {SAID}" in done.output
    assert "entry 2 is another one than was posted (it cannot be read now)" in done.output


def test_doctor_names_an_entry_that_cannot_be_read_and_nothing_is_deleted(
    sessions: SessionFactory, tmp_path: Path
) -> None:
    publish_next(sessions, START - WEEK)
    write(sessions, 4)
    keys = SigningKeys(tmp_path / "keys")
    with sessions.begin() as session:
        session.connection().exec_driver_sql(damages(sessions)[0])
    settings = Settings(_env_file=None, slack_bot_token="xoxb-x", keys=tmp_path / "keys")
    (found,) = examine(settings, sessions)
    assert not found.well and found.said.startswith(SAID)
    with sessions.begin() as session:
        session.connection().execute(text("UPDATE ledger_entry SET at = :at"), {"at": "2020-01-01 00:00:00+00:00"})
    with pytest.raises(LedgerBroken):
        prune(sessions, keys, SINCE + 200 * WEEK)


def test_who_looked_shows_the_entries_that_can_be_read(sessions: SessionFactory) -> None:
    """To somebody who counts in the summary that the entries are about."""
    with sessions.begin() as session:
        people.ensure_workspace(session, "T0HALDEN", "Halden Labs")
    publish_next(sessions, START - 20 * WEEK, effective=str((START - 20 * WEEK).date()))
    staff(sessions, {"Engineering / Payments": ["U1"]})
    week = first_week(sessions)
    report(sessions, week - WEEK, ["U1"])
    assert release(sessions, week) is not None
    with reading(sessions) as session:
        before = page(session, "U1")
    write(sessions, 3)
    mine = [look.number for look in before.looks]
    damaged_one = max(mine) + 2
    for by in damages(sessions):
        with damaged(sessions, by.replace("number = 2", f"number = {damaged_one}")) as session:
            shown = [look.number for look in page(session, "U1").looks]
        assert shown == [damaged_one + 1, damaged_one - 1, *mine], by
    with reading(sessions) as session:
        assert len(page(session, "U1").looks) == len(mine) + 3


HEADS = {
    "sqlite": ["number = 'x'", "number = 1.5", "hash = X'00'", "hash = CAST(X'ff' AS TEXT)"],
    "postgresql": ["number = -1", "hash = 'x'"],
}
CHECKPOINTS = {
    "sqlite": ["made_at = 'garbage'", "hash = X'00'", "signature = X'00'", "public_key = CAST(X'ff' AS TEXT)"],
    "postgresql": ["made_at = 'infinity'", "signature = 'x'", "public_key = ''"],
}


def test_a_head_that_cannot_be_read_is_said(sessions: SessionFactory) -> None:
    write(sessions, 3)
    for change in HEADS[dialect(sessions)]:
        with damaged(sessions, f"UPDATE ledger_head SET {change}") as session:
            found = said(session)
            assert len(found) == 1 and "the head of the ledger" in found[0], change


def test_a_checkpoint_that_cannot_be_read_counts_as_forged(sessions: SessionFactory, tmp_path: Path) -> None:
    publish_next(sessions, START - WEEK)
    assert prune(sessions, SigningKeys(tmp_path / "keys"), START + 200 * WEEK) == 1
    for change in CHECKPOINTS[dialect(sessions)]:
        with damaged(sessions, f"UPDATE ledger_checkpoint SET {change}") as session:
            assert "the checkpoint at entry 1 is not signed by its key: it was forged" in said(session), change
