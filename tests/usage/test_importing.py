"""One import: all or nothing, once or twice, now or while somebody opts out."""

import io
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Update, delete, func, select, update
from sqlalchemy.exc import OperationalError
from sqlmodel import col
from sqlmodel import select as sql_select

from bot.errors import OperatorError
from bot.usage.importing import import_usage
from storage import usage
from storage.database import SessionFactory, open_engine, session_factory, upgrade
from storage.tables import Consent, ConsentTool, Identity, UsageDay, UsageImport
from storage.usage_rows import Import, write
from storage.usage_staging import DatabaseRefused, staged
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


def test_a_process_killed_just_before_its_commit_leaves_nothing_and_the_file_can_be_imported_again(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'candor.db'}"
    engine = open_engine(url)
    upgrade(engine)
    sessions = session_factory(engine)
    join(sessions, ANA, "chatgpt")
    killed = subprocess.run([sys.executable, "-c", _DIES_BEFORE_COMMIT, url], input=_repeated(60_000), timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert _count(sessions, UsageDay) == _count(sessions, UsageImport) == 0
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

    lines = _repeated(rows) + f"{B},chatgpt,chat,{DAY},2\n".encode()
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


def test_a_tool_of_which_nothing_is_left_has_no_import(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")

    def withdraw() -> None:
        with sessions.begin() as session:
            session.exec(delete(ConsentTool))

    summary = import_usage(sessions, Breaking(_repeated(3), withdraw), "csv", now=NOW)  # type: ignore[arg-type]
    assert (summary.outcome, summary.kept, summary.data_through) == ("kept", 0, None)
    assert _count(sessions, UsageImport) == 0


def test_what_a_newer_file_of_a_source_no_longer_says_of_a_day_is_gone(sessions: SessionFactory) -> None:
    join(sessions, ANA, "claude-code", "cursor")
    join(sessions, BEN, "claude-code")
    header = "email,tool,surface,day,sessions"
    bring(sessions, page(claude()), "claude-code")
    older = (
        f"{A},claude-code,ide,{DAY},9", f"{A},claude-code,agent,{DAY},9", f"{A},claude-code,ide,2026-11-17,7",
        f"{B},claude-code,ide,{DAY},6",
    )  # fmt: skip
    bring(sessions, table(*older, header=header), "csv")
    bring(sessions, table(f"{A},cursor,ide,{DAY},1"), "csv")
    bring(sessions, table(f"{A},claude-code,ide,2026-11-16,4", header=header.replace("day", "week_starting")), "csv")
    bring(sessions, table(*older, header=header), "csv")
    bring(sessions, table(f"{A},claude-code,agent,{DAY},5", header=header), "csv")
    assert sorted(stored(sessions)) == [
        # Of another source, day, person or tool: it stays.
        (ANA, "claude-code", "agent", DAY),
        (ANA, "claude-code", "cli", DAY),
        (ANA, "claude-code", "ide", "2026-11-17"),
        (ANA, "cursor", "ide", DAY),
        (BEN, "claude-code", "ide", DAY),
    ]


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
    good = Import({"cursor": 1}, ("prompts",), "day", ("chat",))
    bad: tuple[dict[str, Any], ...] = ({"ids": {"cu'rsor": 1}}, {"columns": ("prompts; --",)}, {"surfaces": ("ch'at",)})
    for change in bad:
        with pytest.raises(ValueError, match="cannot be"):
            replace(good, **change)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_postgresql_s_own_words_about_a_value_are_not_repeated(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    rows = iter([(ANA, "chatgpt", "chat", DAY, "nonsense")])
    with (
        pytest.raises(DatabaseRefused, match="PostgreSQL error 22P02") as caught,
        staged(sessions, ("prompts",), rows),
    ):
        raise AssertionError("it was taken")
    assert "nonsense" not in str(caught.value)
    assert caught.value.__cause__ is None


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


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_amounts_that_together_are_too_large_are_refused_without_a_value(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    rows = iter([(ANA, "chatgpt", "chat", DAY, 2**62)] * 4)
    provenance = usage.Provenance("csv", "day", "1", NOW)
    span = {"chatgpt": (date(2026, 11, 16), date(2026, 11, 16))}
    with (
        staged(sessions, ("prompts",), rows) as writing,
        pytest.raises(DatabaseRefused, match="22003"),
        writing.begin() as session,
    ):
        ids = usage.open_imports(session, provenance, span)
        write(session, Import(ids, ("prompts",), "day", ("chat",)))
    assert _count(sessions, UsageImport) == 0
