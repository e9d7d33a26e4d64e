"""One import: all or nothing, once or twice, now or while somebody opts out."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col
from sqlmodel import select as sql_select

from bot.errors import OperatorError
from bot.usage.importing import import_usage
from storage import usage
from storage.database import SessionFactory, open_engine, session_factory, upgrade
from storage.tables import Consent, ConsentTool, UsageDay, UsageImport
from storage.usage_rows import DatabaseRefused, Import, write
from tests.usage.world import (
    ANA,
    BEN,
    EMAILS,
    NOW,
    bring,
    claude,
    join,
    page,
    pipe,
    stored,
    table,
)

A, B = EMAILS[ANA], EMAILS[BEN]
DAY = "2026-11-16"


def test_a_file_imported_twice_changes_nothing(sessions: SessionFactory) -> None:
    join(sessions, ANA, "claude-code")
    content = page(claude(), claude(terminal_type="tmux"))
    first = bring(sessions, content, "claude-code")
    once = stored(sessions)
    assert bring(sessions, content, "claude-code") == first
    assert stored(sessions) == once


def test_two_imports_of_one_file_at_once_leave_what_one_of_them_leaves(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    lines = [f"{A},chatgpt,chat,2026-{month:02}-{day:02},1" for month in range(1, 11) for day in range(1, 29)]
    content = table(*lines, *lines)
    with ThreadPoolExecutor(4) as pool:
        summaries = list(pool.map(lambda _: bring(sessions, content, "csv"), range(4)))
    assert [summary.kept for summary in summaries] == [2 * len(lines)] * 4
    assert [row["prompts"] for row in stored(sessions).values()] == [2] * len(lines)


def test_a_later_file_stands_in_place_of_an_earlier_one_also_where_it_reports_less(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    bring(
        sessions, table(f"{A},chatgpt,chat,{DAY},9,1,2", header="email,tool,surface,day,prompts,active,credits"), "csv"
    )
    bring(sessions, table(f"{A},chatgpt,chat,{DAY},4"), "csv")
    assert stored(sessions) == {(ANA, "chatgpt", "chat", DAY): {"prompts": 4}}


@pytest.mark.parametrize("flags", [("1", "0"), ("0", "1"), ("", "1"), ("1", "")])
def test_used_once_in_a_day_is_used(sessions: SessionFactory, flags: tuple[str, str]) -> None:
    join(sessions, ANA, "chatgpt")
    lines = (f"{A},chatgpt,chat,{DAY},{flag},0.1" for flag in flags)
    bring(sessions, table(*lines, header="email,tool,surface,day,active,credits"), "csv")
    (row,) = stored(sessions).values()
    assert row["active"] is True
    assert str(row["credits"]) == "0.200000"


def test_the_import_is_noted_for_each_tool_with_its_first_and_last_day(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt", "cursor", "copilot")
    rows = (f"{A},chatgpt,chat,2026-11-18,1", f"{A},chatgpt,chat,2026-11-02,1", f"{A},cursor,ide,2026-11-09,1")
    summary = bring(sessions, table(*rows), "csv")
    with sessions.begin() as session:
        notes = {
            row.tool: (row.data_from, row.data_through, row.source) for row in session.exec(sql_select(UsageImport))
        }
    assert notes == {
        "chatgpt": (date(2026, 11, 2), date(2026, 11, 18), "csv"),
        "cursor": (date(2026, 11, 9), date(2026, 11, 9), "csv"),
    }
    assert (summary.data_from, summary.data_through, summary.matched) == (date(2026, 11, 2), date(2026, 11, 18), 1)


def test_strict_keeps_nothing_when_one_row_is_rejected(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    lines = (f"{A},chatgpt,chat,{DAY},4", f"{A},chatgpt,chat,{DAY},-4")
    summary = bring(sessions, table(*lines), "csv", strict=True)
    assert (summary.outcome, summary.kept, summary.matched, summary.data_from) == ("strict", 0, 0, None)
    assert summary.rejected_total == 1
    assert stored(sessions) == {}
    assert _count(sessions, UsageImport) == 0
    assert bring(sessions, table(lines[0]), "csv", strict=True).kept == 1


def _count(sessions: SessionFactory, of: type[UsageImport] | type[UsageDay]) -> int:
    with sessions.begin() as session:
        return session.exec(select(func.count()).select_from(of)).scalar_one()  # type: ignore[call-overload, no-any-return]


def test_only_the_first_hundred_rejections_are_kept_and_all_are_counted(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    summary = bring(sessions, table(*[f"{A},chatgpt,chat,{DAY},x"] * 250), "csv")
    assert (len(summary.rejected), summary.rejected_total, summary.read) == (100, 250, 250)
    assert summary.rejected[0].line == 2


class Breaking(io.RawIOBase):
    """A stream that gives its bytes, then calls `then`, then goes on with `rest`."""

    def __init__(self, data: bytes, then: Callable[[], None], rest: bytes = b"") -> None:
        self._parts = [data, rest]
        self._then = then

    def read(self, size: int = -1) -> bytes:
        if len(self._parts) == 1:
            self._then()
        return self._parts.pop(0) if self._parts else b""


def test_a_stream_that_fails_in_the_middle_leaves_nothing(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")

    def fail() -> None:
        raise OSError("the pipe broke")

    with pytest.raises(OSError, match="the pipe broke"):
        import_usage(sessions, Breaking(_repeated(60_000), fail), "csv", now=NOW)  # type: ignore[arg-type]
    assert _count(sessions, UsageDay) == _count(sessions, UsageImport) == 0


def _repeated(rows: int) -> bytes:
    return table(*[f"{A},chatgpt,chat,{DAY},1"] * rows).encode()


def test_a_process_killed_in_the_middle_leaves_nothing_and_the_file_can_be_imported_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'candor.db'}"
    engine = open_engine(url)
    upgrade(engine)
    sessions = session_factory(engine)
    join(sessions, ANA, "chatgpt")
    program = (
        "import sys; from datetime import datetime, UTC; from bot.usage.importing import import_usage; "
        "from storage.database import open_engine, session_factory; "
        f"sessions = session_factory(open_engine({url!r})); "
        "import_usage(sessions, sys.stdin.buffer, 'csv', now=datetime(2026, 11, 20, tzinfo=UTC))"
    )
    _kill_while_it_writes(program, tmp_path / "candor.db")
    assert _count(sessions, UsageDay) == _count(sessions, UsageImport) == 0
    assert bring(sessions, table(f"{A},chatgpt,chat,{DAY},5"), "csv").kept == 1
    engine.dispose()


def _kill_while_it_writes(program: str, database: Path) -> None:
    """Feed it more rows than it reads ahead, wait until its transaction is open, and kill it."""
    lines = "".join(f"{A},chatgpt,chat,{date.fromordinal(737_000 + n % 2_000)},1\n" for n in range(200_000))
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    try:
        process.stdin.write(table().encode() + lines.encode())
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while not _is_locked(database):
            assert time.monotonic() < deadline, "the import never began to write"
            time.sleep(0.02)
        assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.wait()
        process.stdin.close()


def _is_locked(database: Path) -> bool:
    connection = sqlite3.connect(database, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def test_a_consent_withdrawn_while_the_file_is_read_counts(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    join(sessions, BEN, "chatgpt")

    def withdraw() -> None:
        with sessions.begin() as session:
            session.exec(delete(ConsentTool).where(col(ConsentTool.person_id) == ANA))

    lines = table(f"{A},chatgpt,chat,{DAY},1", f"{B},chatgpt,chat,{DAY},2").encode()
    import_usage(sessions, Breaking(lines, withdraw), "csv", now=NOW)  # type: ignore[arg-type]
    assert {key[0] for key in stored(sessions)} == {BEN}


def test_a_weekly_file_and_a_daily_one_are_never_counted_twice(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt", "cursor")
    weekly = table(f"{A},chatgpt,chat,2026-11-09,70", header="email,tool,surface,week_starting,prompts")
    daily = table(*(f"{A},chatgpt,chat,2026-11-{day:02},10" for day in (8, 9, 11, 15, 16)))
    other = table(f"{A},cursor,ide,2026-11-11,1")

    def days() -> list[tuple[str, int]]:
        return [
            (day, row["prompts"]) for (_, tool, _, day), row in sorted(stored(sessions).items()) if tool == "chatgpt"
        ]

    bring(sessions, other, "csv")
    bring(sessions, daily, "csv")
    bring(sessions, weekly, "csv")
    assert days() == [("2026-11-08", 10), ("2026-11-09", 70), ("2026-11-16", 10)]
    bring(sessions, table(f"{A},chatgpt,chat,2026-11-15,10"), "csv")
    assert days() == [("2026-11-08", 10), ("2026-11-15", 10), ("2026-11-16", 10)]
    assert (ANA, "cursor", "ide", "2026-11-11") in stored(sessions)


def test_an_unknown_source_and_useless_logins_are_said(sessions: SessionFactory) -> None:
    with pytest.raises(OperatorError, match="claude-code, copilot, cursor, csv"):
        bring(sessions, "", "windsurf")
    with pytest.raises(OperatorError, match="logins"):
        bring(sessions, "", "cursor", logins=pipe(b""))


def test_columns_and_tools_that_would_become_sql_are_checked() -> None:
    for ids, columns in (({"cursor": 1}, ("prompts; --",)), ({"cu'rsor": 1}, ("prompts",))):
        with pytest.raises(ValueError, match="cannot be"):
            Import(ids, columns, "day", frozenset())


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_postgresql_s_own_words_about_a_value_are_not_repeated(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    with pytest.raises(DatabaseRefused, match="PostgreSQL error 22P02") as caught, sessions.begin() as session:
        _write_nonsense(session)
    assert "nonsense" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_who_wants_to_erase_a_person_waits_until_an_import_that_has_seen_their_consent_ends(
    sessions: SessionFactory,
) -> None:
    join(sessions, ANA, "chatgpt")
    lock = sql_select(Consent).where(Consent.person_id == ANA).with_for_update(nowait=True)
    with sessions.begin() as importing:
        usage.hold(importing, [ANA])
        with pytest.raises(OperationalError), sessions.begin() as erasing:
            erasing.exec(lock).all()
    with sessions.begin() as erasing:
        assert len(erasing.exec(lock).all()) == 1


def _write_nonsense(session: Session) -> None:
    provenance = usage.Provenance("csv", "day", "1", NOW)
    ids = usage.open_imports(session, ["chatgpt"], provenance)
    write(session, Import(ids, ("prompts",), "day", frozenset()), iter([(ANA, "chatgpt", "chat", DAY, "nonsense")]))
