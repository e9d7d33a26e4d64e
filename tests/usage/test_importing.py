"""One import: all or nothing, once or twice, and what replaces what."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import select as sql_select

from bot.errors import OperatorError
from bot.usage.importing import import_usage
from storage import usage
from storage.database import SessionFactory
from storage.tables import ConsentTool, UsageImport
from storage.usage_rows import Import, write
from storage.usage_staging import DatabaseRefused, staged
from tests.usage.world import (
    ANA,
    BEN,
    EMAILS,
    NOW,
    Breaking,
    bring,
    claude,
    count,
    join,
    page,
    pipe,
    repeated,
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
    assert count(sessions, UsageImport) == 0
    assert bring(sessions, table(lines[0]), "csv", strict=True).kept == 1


def test_only_the_first_hundred_rejections_are_kept_and_all_are_counted(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    summary = bring(sessions, table(*[f"{A},chatgpt,chat,{DAY},x"] * 250), "csv")
    assert (len(summary.rejected), summary.rejected_total, summary.read) == (100, 250, 250)
    assert summary.rejected[0].line == 2


def test_a_tool_of_which_nothing_is_left_has_no_import(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")

    def withdraw() -> None:
        with sessions.begin() as session:
            session.exec(delete(ConsentTool))

    summary = import_usage(sessions, Breaking(repeated(3), withdraw), "csv", now=NOW)  # type: ignore[arg-type]
    assert (summary.outcome, summary.kept, summary.data_through) == ("kept", 0, None)
    assert count(sessions, UsageImport) == 0


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
def test_postgresql_s_own_words_about_a_value_are_notrepeated(sessions: SessionFactory) -> None:
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
    assert count(sessions, UsageImport) == 0
