"""Many write at once, in threads and in processes of their own: it stays one chain without a gap, on both databases."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlmodel import col, delete, insert, update

from bot.ledger.chain import OPENED, record
from storage.database import SessionFactory
from storage.tables import LedgerEntry
from tests.candor import START
from tests.ledger.world import entries_in, head_of, looked_at, write

ROOT = Path(__file__).parents[2]
THREADS, PROCESSES, EACH = 4, 3, 8


def test_threads_that_append_at_once_make_one_chain(sessions: SessionFactory) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(write, sessions, EACH) for _ in range(THREADS)]:
            done.result()
    _require_whole(sessions, THREADS * EACH)


def test_processes_that_append_at_once_make_one_chain(sessions: SessionFactory) -> None:
    url = sessions.kw["bind"].url.render_as_string(hide_password=False)
    command: Sequence[str] = (sys.executable, "-m", "tests.ledger.worker", url, str(EACH))
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(PROCESSES)]
    assert [process.wait(timeout=60) for process in running] == [0] * PROCESSES
    _require_whole(sessions, PROCESSES * EACH)


def _require_whole(sessions: SessionFactory, number: int) -> None:
    found = looked_at(sessions)
    assert (found.said, found.count) == ([], number)
    assert [each.number for each in entries_in(sessions)] == list(range(1, number + 1))


def test_an_entry_that_is_rolled_back_leaves_no_gap(sessions: SessionFactory) -> None:
    write(sessions, 2)
    with pytest.raises(RuntimeError), sessions.begin() as session:
        record(session, START, who="U9", what=OPENED, about="x")
        raise RuntimeError
    write(sessions, 1)
    _require_whole(sessions, 3)


def test_an_entry_comes_back_from_the_database_as_it_was_hashed(sessions: SessionFactory) -> None:
    words = "Ingeniería / Qualität & <b> – «déjà» 𝔘 \\ \" ' \u2028"
    east = datetime(2026, 11, 18, 23, 59, 59, 123456, timezone(timedelta(hours=5, minutes=45)))
    with sessions.begin() as session:
        record(session, east, who="U1", what=OPENED, about=words, season=3, teams=(7, 0))
    (entry,) = entries_in(sessions)
    assert (entry.about, entry.teams, entry.at) == (words, [7, 0], east)
    assert looked_at(sessions).said == []


def test_a_row_changed_by_hand_is_found(sessions: SessionFactory) -> None:
    write(sessions, 4)
    with sessions.begin() as session:
        session.exec(update(LedgerEntry).where(col(LedgerEntry.number) == 2).values(who="U9"))
    assert looked_at(sessions).said == ["entry 2 was changed"]


def test_a_row_removed_by_hand_is_found(sessions: SessionFactory) -> None:
    write(sessions, 4)
    with sessions.begin() as session:
        session.exec(delete(LedgerEntry).where(col(LedgerEntry.number) == 2))
    assert looked_at(sessions).said == ["entry 2 is missing: removed"]


def test_a_row_inserted_by_hand_is_found(sessions: SessionFactory) -> None:
    write(sessions, 4)
    own = entries_in(sessions)[-1].model_dump() | {"number": 5, "previous": head_of(sessions).hash}
    with sessions.begin() as session:
        session.connection().execute(insert(LedgerEntry), [own])
    assert looked_at(sessions).said == [
        "entry 5 was changed",
        "entry 5 is not known to the head of the ledger (entry 4): put in",
    ]
