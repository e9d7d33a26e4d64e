"""The ticker itself outlives whatever is met in a tick, and the words for it say what to do."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DataError, IntegrityError, NoResultFound, OperationalError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.sandbox.faults import Fault
from storage import deletions
from storage.database import open_engine
from storage.trouble import in_words, of_one_row
from tests.trouble.lines import ended, logged, loud
from tests.trouble.stage import PEOPLE, Stage

DELETES_NOTHING = (
    "a scheduled job failed and is tried again: Slack deletes nothing for now (HTTP 500); what is to be deleted waits"
)


def test_what_nobody_thought_of_does_not_end_the_thread_that_ticks(stage: Stage) -> None:
    moment = stage.candor.clock.now
    with logged() as lines:
        del stage.candor.clock.now
        for _ in range(3):
            assert stage.ticker.beat().troubles
        assert loud(lines) == ["a scheduled job failed and is tried again: it failed with AttributeError"]
        stage.candor.clock.now = moment
        stage.ticker.beat()
        assert ended(lines) == 1
    assert stage.arrived() == [1] * len(PEOPLE)


def test_a_slack_that_deletes_nothing_costs_one_line_in_its_first_quarter_of_an_hour(stage: Stage) -> None:
    candor = stage.candor
    for _ in range(40):
        posted = candor.client.chat_postMessage(channel="U01", text="canary-text")
        with candor.sessions.begin() as session:
            deletions.queue(session, "message", posted["channel"], posted["ts"], candor.clock())
    with logged() as lines:
        candor.sandbox.faults.add(Fault("chat.delete", "error_500_before", times=10**6))
        stage.tick_for(minutes=15, every_s=60)
        assert loud(lines).count(DELETES_NOTHING) == len(loud(lines)) == 1
        candor.sandbox.faults.clear()
        stage.tick_for(minutes=24 * 60, every_s=1800)
    assert [message.text for message in candor.dms("U01") if message.text == "canary-text"] == []


def of(cause: BaseException) -> OperationalError:
    return OperationalError("SELECT canary-text", {"note": "canary-text"}, cause)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errors.DiskFull(), "its disk is full"),
        (errors.TooManyConnections(), "no connection left"),
        (errors.OutOfMemory(), "out of memory"),
        (errors.ConfigurationLimitExceeded(), "run out of what it needs"),
        (errors.LockNotAvailable(), "keeps it locked"),
        (errors.QueryCanceled(), "longer than it may"),
        (errors.AdminShutdown(), "cannot be reached"),
        (errors.CrashShutdown(), "cannot be reached"),
        (errors.CannotConnectNow(), "cannot be reached"),
        (psycopg.OperationalError("canary-text"), "cannot be reached"),
        (errors.ConnectionTimeout("canary-text"), "cannot be reached"),
        (errors.InvalidPassword(), "user or password"),
        (errors.InvalidCatalogName(), "no such database"),
        (errors.ReadOnlySqlTransaction(), "takes no writes"),
        (errors.UndefinedTable(), "candor db upgrade"),
        (errors.InsufficientPrivilege(), "may not do that"),
        (errors.DeadlockDetected(), "at the same time"),
        (errors.IoError(), "disk fails"),
        (errors.DataCorrupted(), "damaged"),
        (errors.RaiseException("canary-text"), "it answers RaiseException"),
        (RuntimeError("canary-text"), "it answers RuntimeError"),
    ],
    ids=lambda given: type(given).__name__,
)
def test_what_postgresql_says_becomes_words_without_its_text(error: Exception, said: str) -> None:
    words = in_words(of(error))
    assert said in words
    assert "canary" not in words


def test_what_sqlite_says_becomes_words_without_its_text(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_bytes(b"canary-text, and no database at all" * 100)
    said = {}
    for name, file in {"not a database": "text.db", "no folder": "nowhere/candor.db"}.items():
        engine = open_engine(f"sqlite:///{tmp_path / file}")
        with pytest.raises(SQLAlchemyError) as raised, engine.connect():
            pass
        said[name] = in_words(raised.value)
        engine.dispose()
    with pytest.raises(sqlite3.Error) as bare:
        sqlite3.connect(":memory:").execute("SELECT * FROM canary")
    said["no table"] = in_words(bare.value)
    assert "no SQLite database" in said["not a database"]
    assert "cannot be opened" in said["no folder"]
    assert "candor db upgrade" in said["no table"]
    assert "canary" not in str(said)


def test_a_pool_that_is_used_up_is_told_as_that() -> None:
    assert "connections of this process are busy" in in_words(PoolTimeout("canary-text"))


@pytest.mark.parametrize(
    ("error", "one_row"),
    [
        (DataError("s", {}, errors.InvalidDatetimeFormat()), True),
        (IntegrityError("s", {}, errors.UniqueViolation()), True),
        (NoResultFound(), True),
        (StatementError("m", "s", {}, ValueError()), True),
        (of(errors.AdminShutdown()), False),
        (PoolTimeout(), False),
    ],
    ids=lambda given: type(given).__name__,
)
def test_only_what_is_wrong_with_a_row_is_the_rows_own_trouble(error: SQLAlchemyError, one_row: bool) -> None:
    assert of_one_row(error) is one_row
