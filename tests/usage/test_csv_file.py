import codecs
import tracemalloc
from decimal import Decimal

import pytest

from bot.usage.text import BLOCK
from storage.database import SessionFactory
from tests.usage.world import ANA, BEN, EMAILS, bring, join, pipe, read_only, stored, table, text_of

A, B = EMAILS[ANA], EMAILS[BEN]
GOOD = f"{B},chatgpt,chat,2026-11-16,4"


@pytest.fixture
def two(sessions: SessionFactory) -> SessionFactory:
    join(sessions, ANA, "chatgpt")
    join(sessions, BEN, "chatgpt", "copilot")
    return sessions


def test_a_row_of_the_template_is_kept_as_it_stands(two: SessionFactory) -> None:
    header = "tool,surface,day,email,prompts,active,credits"
    bring(two, table(f"chatgpt,chat,2026-11-16,{A},34,1,2.5", header=header), "csv")
    assert stored(two) == {
        (ANA, "chatgpt", "chat", "2026-11-16"): {
            "prompts": 34,
            "active": True,
            "credits": Decimal("2.5"),
            "credit_unit": "credits",
        }
    }


def test_an_empty_cell_is_not_reported_and_a_zero_is_zero(two: SessionFactory) -> None:
    header = "email,tool,surface,day,prompts,active,credits"
    bring(two, table(f"{A},chatgpt,chat,2026-11-16,,0,", header=header), "csv")
    assert stored(two)[(ANA, "chatgpt", "chat", "2026-11-16")] == {"active": False}


def test_quotes_blanks_capitals_a_bom_and_windows_line_ends_do_not_matter(two: SessionFactory) -> None:
    lines = ("Email , TOOL,surface,day,prompts", f'"{A.upper()}",chatgpt,"chat",2026-11-16,"7"', "", f" {GOOD}")
    summary = bring(two, codecs.BOM_UTF8 + "\r\n".join(lines).encode(), "csv")
    assert (summary.kept, summary.rejected) == (2, [])
    assert {key[0]: row["prompts"] for key, row in stored(two).items()} == {ANA: 7, BEN: 4}


def test_tools_in_one_file_are_matched_by_email_and_by_the_consent_to_each(two: SessionFactory) -> None:
    rows = (f"{A},copilot,ide,2026-11-16,1", f"{B},copilot,ide,2026-11-16,2", f"{A},chatgpt,chat,2026-11-16,3")
    summary = bring(two, table(*rows), "csv")
    assert (summary.kept, summary.dropped_not_consenting) == (2, 1)
    assert {key[:2] for key in stored(two)} == {(BEN, "copilot"), (ANA, "chatgpt")}


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (f"{A},chatgpt,chat,2026-11-16,-5", "prompts", "is negative"),
        (f"{A},chatgpt,chat,2026-11-16,5.0", "prompts", "is not a whole number written in digits alone"),
        (f"{A},chatgpt,chat,2026-11-16,1e5", "prompts", "is not a whole number written in digits alone"),
        (f"{A},chatgpt,chat,2026-11-16,NaN", "prompts", "is not a whole number written in digits alone"),
        (f'{A},chatgpt,chat,2026-11-16,"1,000"', "prompts", "is not a whole number written in digits alone"),
        (f"{A},chatgpt,chat,2026-11-16,=1+1", "prompts", "is not a whole number written in digits alone"),
        (f"{A},chatgpt,chat,2026-11-16, 5", "prompts", "is not a whole number written in digits alone"),
        (f"{A},chatgpt,chat,2026-11-16,٣", "prompts", "is not a whole number written in digits alone"),
        (f"{A},chatgpt,chat,2026-11-16,1234567890123", "prompts", "is too large to be a count"),
        (f"{A},chatgpt,chat,2026-02-30,5", "day", "is not a day of the calendar"),
        (f"{A},chatgpt,chat,16.11.2026,5", "day", "is not a day written as YYYY-MM-DD"),
        (f"{A},chatgpt,chat,2026-11-22,5", "day", "lies in the future"),
        (f"{A},chatgpt,chat,1900-01-01,5", "day", "lies before the year 2000"),
        (f"{A},chatgpt,Chat,2026-11-16,5", "surface", "is none of chat, ide, cli, agent, api"),
        (f"{A},gpt,chat,2026-11-16,5", "tool", "is none of claude-code, copilot, cursor, chatgpt"),
        (f"{A},chatgpt,chat,2026-11-16", None, "has 4 columns where the header has 5"),
        (f"{A},chatgpt,chat,2026-11-16,5,6", None, "has 6 columns where the header has 5"),
        (f'{A},chatgpt,chat,2026-11-16,"5', None, "is not readable as CSV"),
    ],
)
def test_a_bad_line_is_rejected_with_its_reason_and_the_rest_goes_on(
    two: SessionFactory, line: str, column: str | None, reason: str
) -> None:
    summary = bring(two, table(GOOD, line, GOOD.replace("16", "17")), "csv")
    (rejection,) = summary.rejected
    assert (rejection.line, rejection.column, rejection.reason) == (3, column, reason)
    assert (summary.read, summary.kept, summary.rejected_total) == (3, 2, 1)
    assert len(stored(two)) == 2


@pytest.mark.parametrize(
    ("header", "line", "column"),
    [("credits", "1e3", "credits"), ("credits", "0.1234567", "credits"), ("active", "true", "active"),
     ("tokens_out", "5", "tokens_out")],
)  # fmt: skip
def test_amounts_are_strict_and_only_those_the_person_was_told_of(
    two: SessionFactory, header: str, line: str, column: str
) -> None:
    content = table(f"{A},chatgpt,chat,2026-11-16,{line}", header=f"email,tool,surface,day,{header}")
    (rejection,) = bring(two, content, "csv").rejected
    assert rejection.column == column
    assert stored(two) == {}


@pytest.mark.parametrize(
    ("content", "column", "reason"),
    [
        ("email;tool;surface;day;prompts\n", None, "the columns are separated by semicolons; commas are needed"),
        ("email\ttool\tsurface\tday\tprompts\n", None, "the columns are separated by tabs; commas are needed"),
        ("email,surface,day,prompts\n", "tool", "the column is missing"),
        ("email,tool,surface,prompts\n", "day", "the column is missing; day or week_starting is needed"),
        ("email,tool,surface,day,week_starting,prompts\n", "week_starting",
         "stands beside day; a file is by the day or by the week"),
        ("email,tool,surface,day,prompts,manager\n", "manager", "the column is not known; take it out"),
        ("email,tool,surface,day,prompts,prompts\n", "prompts", "the column appears twice"),
        ("email,tool,surface,day,prompts,x@haldenlabs.example\n", None,
         "the name of column 6 is not known; take the column out"),
        (f"{GOOD}\n", None, "the first line is not a header: it names no column that is known"),
        ("email,tool,surface,day,prompts\rx,y,z\r", None,
         "the lines end in the old Macintosh way; save the file with line ends of Windows or Unix"),
        ('"email,tool\n', None, "the header's quotes are broken"),
        ("", None, "the file is empty"),
        (" \n\n", None, "the file is empty"),
        (b"\xff\xfee\0m\0", None, 'the file is UTF-16; save it as "CSV UTF-8"'),
        (b"PK\x03\x04rest", None, "the file is an Excel workbook or a zip; export it as text"),
        (b"\x1f\x8brest", None, "the file is compressed; unpack it first"),
        (b"\x89PNG\0\0\0", None, "the file is not text"),
        ("x" * 70_000, None, "is longer than 64 KB"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_ours_is_refused_with_the_reason(
    two: SessionFactory, content: str | bytes, column: str | None, reason: str
) -> None:
    summary = bring(two, content, "csv")
    assert summary.outcome == "refused"
    assert (summary.rejected[-1].column, summary.rejected[-1].reason) == (column, reason)
    assert stored(two) == {}


def test_every_fault_of_a_header_is_named_at_once(two: SessionFactory) -> None:
    summary = bring(two, "email,prompts\n", "csv")
    assert [rejection.column for rejection in summary.rejected] == ["tool", "surface", "day"]


def test_a_header_without_counts_says_which_there_could_be(two: SessionFactory) -> None:
    (rejection,) = bring(two, "email,tool,surface,day\n", "csv").rejected
    assert "prompts" in rejection.reason


def test_a_line_of_50_mb_is_refused_by_its_number_in_little_memory_and_the_rest_goes_on() -> None:
    def parts() -> list[str]:
        return [table(GOOD), f"{A},chatgpt,chat,2026-11-16,", *["9" * BLOCK] * 200, "\n", GOOD + "\n", "x" * 70_000]

    tracemalloc.start()
    rows, report = read_only("csv", parts(), {A: ANA, B: BEN})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(rows) == 2
    assert [(each.line, each.reason) for each in report.rejected] == [
        (3, "is longer than 64 KB"),
        (5, "is longer than 64 KB"),
    ]
    assert peak < 10 * BLOCK


def test_bytes_that_are_not_utf8_cost_only_their_own_row() -> None:
    content = table(GOOD).encode() + b"\xe9t\xe9@haldenlabs.example,chatgpt,chat,2026-11-16,5\n" + GOOD.encode()
    rows, report = read_only("csv", text_of(content), {A: ANA, B: BEN})
    assert (len(rows), report.dropped, report.rejected) == (2, 1, [])


def test_a_file_is_read_from_a_stream_that_cannot_seek(two: SessionFactory) -> None:
    assert not pipe(b"").seekable()
    seen: list[int] = []
    content = table(*[GOOD] * 20_000)
    summary = bring(two, content, "csv", progress=seen.append)
    assert summary.kept == 20_000
    assert sum(seen) == len(content)
    assert len(seen) > 1


def test_weekly_rows_stay_weekly_and_begin_on_a_monday(two: SessionFactory) -> None:
    header = "email,tool,surface,week_starting,prompts"
    lines = (f"{A},chatgpt,chat,2026-11-09,9", f"{B},chatgpt,chat,2026-11-10,9")
    summary = bring(two, table(*lines, header=header), "csv")
    assert [str(each) for each in summary.rejected] == [
        "line 3, column week_starting: is not a Monday; weeks begin on Mondays"
    ]
    assert (str(summary.data_from), str(summary.data_through)) == ("2026-11-09", "2026-11-15")
    assert set(stored(two)) == {(ANA, "chatgpt", "chat", "2026-11-09")}


def test_a_week_in_progress_reaches_until_today(two: SessionFactory) -> None:
    content = table(f"{A},chatgpt,chat,2026-11-16,9", header="email,tool,surface,week_starting,prompts")
    assert str(bring(two, content, "csv").data_through) == "2026-11-20"
