"""What commands print of a file's faults: where they are and why, in words."""

import io

from rich.console import Console

from bot.people.directory import DirectoryReport
from bot.people.directory_file import Refusal, read
from bot.reports import show_directory


def _printed(report: DirectoryReport) -> str:
    out = io.StringIO()
    show_directory(Console(file=out, width=200), report, apply=False)
    return out.getvalue()


def test_a_refused_line_is_named_with_its_column_and_reason() -> None:
    refusals = tuple(read(io.BytesIO(b"email,team,manager\n=cmd(),A,yes\nana@haldenlabs.example,A\n")).refusals)
    assert _printed(DirectoryReport(refusals=refusals)).splitlines() == [
        "refused, line 2, column email: begins like a formula (=, +, - or @)",
        "refused, line 3: has 2 columns where the header has 3",
        "2 faults: nothing was changed. Mend the file and import it again.",
    ]


def test_a_skipped_line_is_named_likewise() -> None:
    printed = _printed(DirectoryReport(skipped=(Refusal(2, "email", "no member of the workspace has this address"),)))
    assert printed.startswith("skipped, line 2, column email: no member of the workspace has this address\n")


def test_one_fault_is_one() -> None:
    assert "1 fault: nothing" in _printed(DirectoryReport(refusals=(Refusal(1, "", "the file is empty"),)))
