"""An import beside others, beside people who opt out, and cut off in the middle."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Update, delete, update
from sqlalchemy.exc import OperationalError
from sqlmodel import col
from sqlmodel import select as sql_select

from bot.usage.importing import import_usage
from storage import usage
from storage.database import SessionFactory, open_engine, session_factory, upgrade
from storage.tables import Consent, ConsentTool, Identity, UsageDay, UsageImport
from tests.usage.world import (
    ANA,
    BEN,
    EMAILS,
    NOW,
    Breaking,
    bring,
    count,
    join,
    repeated,
    stored,
    table,
)

A, B = EMAILS[ANA], EMAILS[BEN]
DAY = "2026-11-16"


def test_two_imports_of_one_file_at_once_leave_what_one_of_them_leaves(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    lines = [f"{A},chatgpt,chat,2026-{month:02}-{day:02},1" for month in range(1, 11) for day in range(1, 29)]
    content = table(*lines, *lines)
    with ThreadPoolExecutor(4) as pool:
        summaries = list(pool.map(lambda _: bring(sessions, content, "csv"), range(4)))
    assert [summary.kept for summary in summaries] == [2 * len(lines)] * 4
    assert [row["prompts"] for row in stored(sessions).values()] == [2] * len(lines)


def test_a_stream_that_fails_in_the_middle_leaves_nothing(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")

    def fail() -> None:
        raise OSError("the pipe broke")

    with pytest.raises(OSError, match="the pipe broke"):
        import_usage(sessions, Breaking(repeated(60_000), fail), "csv", now=NOW)  # type: ignore[arg-type]
    assert count(sessions, UsageDay) == count(sessions, UsageImport) == 0


def test_a_process_killed_just_before_its_commit_leaves_nothing_and_the_file_can_be_imported_again(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'candor.db'}"
    engine = open_engine(url)
    upgrade(engine)
    sessions = session_factory(engine)
    join(sessions, ANA, "chatgpt")
    killed = subprocess.run([sys.executable, "-c", _DIES_BEFORE_COMMIT, url], input=repeated(60_000), timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert count(sessions, UsageDay) == count(sessions, UsageImport) == 0
    assert bring(sessions, table(f"{A},chatgpt,chat,{DAY},5"), "csv").kept == 1
    engine.dispose()


_DIES_BEFORE_COMMIT = """
import os, signal, sys
from datetime import UTC, datetime
from sqlalchemy import event
from bot.usage.importing import import_usage
from storage.database import open_engine, session_factory

engine = open_engine(sys.argv[1])

@event.listens_for(engine, "commit")
def die(connection):
    if connection.exec_driver_sql("SELECT count(*) FROM usage_day").scalar_one():
        os.kill(os.getpid(), signal.SIGKILL)

import_usage(session_factory(engine), sys.stdin.buffer, "csv", now=datetime(2026, 11, 20, tzinfo=UTC))
"""


@pytest.mark.parametrize("rows", [1, 60_000], ids=["small", "large"])
def test_a_consent_withdrawn_while_the_file_is_read_counts_and_need_not_wait_for_its_end(
    sessions: SessionFactory, rows: int
) -> None:
    join(sessions, ANA, "chatgpt")
    join(sessions, BEN, "chatgpt")

    def withdraw() -> None:
        with sessions.begin() as session:
            session.exec(delete(ConsentTool).where(col(ConsentTool.person_id) == ANA))

    lines = repeated(rows) + f"{B},chatgpt,chat,{DAY},2\n".encode()
    summary = import_usage(sessions, Breaking(lines, withdraw), "csv", now=NOW)  # type: ignore[arg-type]
    assert {key[0] for key in stored(sessions)} == {BEN}
    assert (summary.read, summary.kept, summary.dropped_not_consenting, summary.matched) == (rows + 1, 1, rows, 1)


@pytest.mark.parametrize(
    "changed",
    [
        update(Identity).where(col(Identity.person_id) == ANA).values(value="ana.new@haldenlabs.example"),
        update(ConsentTool).where(col(ConsentTool.person_id) == ANA).values(since=date(2026, 11, 20)),
    ],
    ids=["address", "consent"],
)
def test_who_gets_another_address_or_consents_anew_while_the_file_is_read_gets_nothing_of_it(
    sessions: SessionFactory, changed: Update
) -> None:
    join(sessions, ANA, "chatgpt")
    join(sessions, BEN, "chatgpt")

    def change() -> None:
        with sessions.begin() as session:
            session.exec(changed)

    lines = table(f"{A},chatgpt,chat,{DAY},1", f"{B},chatgpt,chat,{DAY},2").encode()
    summary = import_usage(sessions, Breaking(lines, change), "csv", now=NOW)  # type: ignore[arg-type]
    assert {key[0] for key in stored(sessions)} == {BEN}
    assert (summary.kept, summary.dropped_not_consenting) == (1, 1)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_who_wants_to_erase_a_person_waits_until_an_import_that_has_seen_their_consent_ends(
    sessions: SessionFactory,
) -> None:
    join(sessions, ANA, "chatgpt")
    lock = sql_select(Consent).where(Consent.person_id == ANA).with_for_update(nowait=True)
    with sessions.begin() as importing:
        usage.hold(importing, ["chatgpt"])
        with pytest.raises(OperationalError), sessions.begin() as erasing:
            erasing.exec(lock).all()
    with sessions.begin() as erasing:
        assert len(erasing.exec(lock).all()) == 1
