"""What only two who start at the same moment meet: each is stopped where the other one is in the middle."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.ledger.chain import FIRST_START
from bot.policy.document import read_policy
from bot.policy.versions import ensure_published, store
from bot.settings import Settings
from storage import people, policies
from storage.database import SessionFactory, open_engine
from storage.tables import PolicyVersion, Workspace
from tests.replicas.meeting import meanwhile

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SAMPLE: Path = Settings.model_fields["policy"].default


def test_the_workspace_is_registered_once_by_two_who_start_at_once(engine: Engine, sessions: SessionFactory) -> None:
    def second() -> str:
        with sessions.begin() as session:
            return people.ensure_workspace(session, "T1", "Halden Labs").name

    with sessions() as first:
        people.ensure_workspace(first, "T1", "Halden")
        assert meanwhile(engine, first, second) == "Halden Labs"
    with sessions() as session:
        assert [row.name for row in session.exec(select(Workspace))] == ["Halden Labs"]


@pytest.mark.parametrize("other_file", [False, True])
def test_the_first_policy_version_is_published_once_by_two_who_start_at_once(
    engine: Engine, sessions: SessionFactory, tmp_path: Path, other_file: bool
) -> None:
    file = tmp_path / "policy.md"
    file.write_bytes(SAMPLE.read_bytes() + (b"\nMore.\n" if other_file else b""))
    document = read_policy(SAMPLE)
    with sessions() as first:
        policies.lock_publishing(first)
        store(first, document, publisher=FIRST_START, now=NOW)
        found = meanwhile(engine, first, lambda: ensure_published(sessions, file, NOW))
    assert (found.number, found.hash) == (1, document.hash)
    with sessions() as session:
        assert [row.number for row in session.exec(select(PolicyVersion))] == [1]


def test_a_new_sqlite_file_that_somebody_else_is_writing_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    engine = open_engine(f"sqlite:///{file}")
    with closing(sqlite3.connect(file, isolation_level=None)) as writer, ThreadPoolExecutor(1) as pool:
        writer.execute("CREATE TABLE anything (at_all)")
        writer.execute("BEGIN IMMEDIATE")
        opened = pool.submit(lambda: engine.connect().close())
        time.sleep(0.3)
        assert not opened.done()
        writer.execute("COMMIT")
        opened.result(60)
    engine.dispose()
