"""What commands print of a file's faults: where they are and why, in words."""

import io
from importlib import import_module
from pkgutil import iter_modules

import pytest
from rich.console import Console

import bot
from bot.people.directory import DirectoryReport
from bot.people.directory_file import Refusal, read
from bot.reports import show_directory


def _printed(report: DirectoryReport) -> str:
    out = io.StringIO()
    show_directory(Console(file=out, emoji=False, width=200), report, apply=False)
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


def test_one_person_moves_and_several_move() -> None:
    printed = _printed(DirectoryReport(moved={"Sales": 1, "Support": 2, "": 1}))
    assert printed.splitlines()[:3] == ["1 moves to Sales", "2 move to Support", "1 moves to no team"]


@pytest.mark.parametrize("name", [each.name for each in iter_modules(bot.__path__, "bot.") if "cli" in each.name])
def test_a_name_with_colons_is_printed_as_it_is_by_every_command(name: str) -> None:
    consoles = [each for each in vars(import_module(name)).values() if isinstance(each, Console)]
    for console in consoles:
        with console.capture() as printed:
            console.print("Team :smile: & :rocket:", markup=False)
        assert printed.get() == "Team :smile: & :rocket:\n"
    assert consoles or name == "bot.cli_settings"
